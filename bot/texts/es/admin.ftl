# Lo que leen los moderadores y aquellos a quienes niegan algo.

admin-description = Moderar los clips de este servidor.
admin-more = y { $count } más

admin-refused-rights = Para esto necesitas el permiso «Gestionar servidor».
admin-refused-blocked = No puedes crear clips en este servidor: sus moderadores te han bloqueado.
admin-refused-channel = En este canal no se quieren clips. Pídemelos aquí: { $channels }
admin-refused-paused = Los moderadores de este servidor me han puesto en pausa. Los clips en espera conservan su puesto; inténtalo más tarde.

admin-waits-paused = **En pausa** por decisión de los moderadores de este servidor. El clip conserva su puesto.

admin-pause-description = Pausar los clips de este servidor: los que esperan conservan su puesto.
admin-pause-done = { $waiting ->
    [0] Estoy en pausa en este servidor hasta /admin resume. No hay nada en espera.
    [one] Estoy en pausa en este servidor hasta /admin resume. { $waiting } clip en espera conserva su puesto; el que se esté renderizando se termina.
   *[other] Estoy en pausa en este servidor hasta /admin resume. { $waiting } clips en espera conservan su puesto; el que se esté renderizando se termina.
}
admin-resume-description = Seguir con los clips de este servidor.
admin-resume-done = { $waiting ->
    [0] Vuelvo a aceptar peticiones en este servidor. No hay nada en espera.
    [one] Sigo en este servidor. { $waiting } clip espera.
   *[other] Sigo en este servidor. { $waiting } clips esperan.
}

admin-clear-description = Cancelar todos los clips en espera de este servidor.
admin-clear-none = Ningún clip espera en este servidor.
admin-clear-ask = { $waiting ->
    [one] { $waiting } clip espera en este servidor. ¿Lo cancelo? No contará en la cuota.
   *[other] { $waiting } clips esperan en este servidor. ¿Los cancelo todos? No contarán en las cuotas.
}
admin-clear-button = { $waiting ->
    [one] Cancelar { $waiting } clip
   *[other] Cancelar { $waiting } clips
}
admin-clear-done = { $cancelled ->
    [0] Ya no esperaba ningún clip.
    [one] { $cancelled } clip cancelado; no cuenta en la cuota.
   *[other] { $cancelled } clips cancelados; no cuentan en las cuotas.
}

admin-block-description = No aceptar más peticiones de un miembro en este servidor.
admin-block-member = A quién bloquear
admin-block-done = { $cancelled ->
    [0] { $member } ya no puede crear clips en este servidor.
    [one] { $member } ya no puede crear clips en este servidor. { $cancelled } clip en espera cancelado.
   *[other] { $member } ya no puede crear clips en este servidor. { $cancelled } clips en espera cancelados.
}
admin-unblock-description = Volver a aceptar peticiones de un miembro bloqueado.
admin-unblock-member = A quién desbloquear
admin-unblock-done = { $member } puede volver a crear clips en este servidor.
admin-unblock-not = { $member } no está bloqueado en este servidor.
admin-blocked-description = Listar los miembros bloqueados en este servidor.
admin-blocked-list = Bloqueados en este servidor: { $members }
admin-blocked-none = No hay nadie bloqueado en este servidor.

admin-channels-description = Dónde puedo crear clips en este servidor.
admin-channels-add-description = Crear clips solo en los canales de la lista, incluido este.
admin-channels-add-channel = Un canal con sus hilos, o una categoría con todos sus canales
admin-channels-remove-description = Quitar un canal de la lista.
admin-channels-remove-channel = Uno de los canales de la lista
admin-channels-show-description = Mostrar los canales donde creo clips.
admin-channels-list = Solo creo clips en: { $channels }
admin-channels-all = Creo clips en todos los canales de este servidor.
admin-channels-not = Ese canal no está en la lista. Elige uno de los que se te ofrecen.

admin-words-description = Palabras que este servidor no quiere en los prompts.
admin-words-add-description = Rechazar prompts con estas palabras o frases.
admin-words-add-words = Palabras o frases, separadas por comas
admin-words-remove-description = Volver a permitir una palabra o frase.
admin-words-remove-word = Una de las palabras no deseadas
admin-words-show-description = Mostrar las palabras no deseadas.
admin-words-added = { $count ->
    [0] Esas palabras ya estaban en la lista.
    [one] { $count } palabra o frase está ahora en la lista. Los prompts que la contengan se rechazan.
   *[other] { $count } palabras o frases están ahora en la lista. Los prompts que las contengan se rechazan.
}
admin-words-edit-description = Editar toda la lista de palabras no deseadas en un formulario.
admin-words-edit-title = Palabras no deseadas
admin-words-edit-label = Una palabra o frase por línea
admin-words-edit-part = Una por línea, parte { $number } de { $parts }
admin-words-too-many-for-a-form = La lista es demasiado larga para un formulario. Usa /admin words add y /admin words remove; /admin words show la envía entera en un archivo.
admin-words-changed-meanwhile = Alguien cambió la lista mientras tu formulario estaba abierto. No se guardó nada; lo que escribiste está en el archivo. Abre el formulario otra vez.
admin-words-saved = { $count ->
    [0] Guardado: la lista está vacía ({ $added } más, { $removed } menos).
    [one] Guardado: hay { $count } palabra o frase en la lista ({ $added } más, { $removed } menos).
   *[other] Guardado: hay { $count } palabras o frases en la lista ({ $added } más, { $removed } menos).
}
admin-words-too-many = La lista admite como máximo { $most } palabras o frases. No se cambió nada.
admin-words-too-long = «{ $word }» tiene más de { $longest } caracteres. No se cambió nada.
admin-words-no-letters = En «{ $word }» no hay ninguna letra ni cifra, así que no se puede buscar. No se cambió nada.
admin-words-removed = «{ $word }» vuelve a estar permitida.
admin-words-not = «{ $word }» no está en la lista.
admin-words-none = Este servidor no tiene palabras no deseadas propias.
admin-words-list = { $count ->
    [one] { $count } palabra o frase no deseada: { $words }
   *[other] { $count } palabras o frases no deseadas: { $words }
}
admin-words-file = Las { $count } palabras y frases no deseadas están todas en el archivo.

admin-quota-description = Cuánto pueden tener los miembros de este servidor.
admin-quota-set-description = Fijar límites para este servidor, un rol o un miembro.
admin-quota-who = Un miembro o un rol; vacío para todo el servidor
admin-quota-clips = Clips por miembro y día
admin-quota-at-once = Clips en camino a la vez, por miembro
admin-quota-gpu-seconds = Segundos de GPU al día, solo para todo el servidor
admin-quota-remove-description = Quitar los límites de este servidor, un rol o un miembro.
admin-quota-show-description = Mostrar todos los límites de este servidor.
admin-quota-nothing = Indica al menos un límite: clips, at_once o gpu_seconds.
admin-quota-gpu-is-the-servers = Los segundos de GPU son una cuenta común de todo el servidor. Deja «who» vacío para fijarlos.
admin-quota-done = Hecho. { $rule }
admin-quota-removed = Quitado. Lo que vale ahora:
    { $rules }
admin-quota-standard = **{ $rules ->
    [0] Todos
   *[other] Todos los demás
}**: { admin-quota-clips-a-day } · { admin-quota-active }
admin-quota-rule = **{ $who }**: { $limits }
admin-quota-server = Este servidor
admin-quota-clips-a-day = { $clips ->
    [one] { $clips } clip al día
   *[other] { $clips } clips al día
}
admin-quota-active = { $active } a la vez
admin-quota-seconds-a-day = { $seconds ->
    [one] { $seconds } segundo de GPU al día
   *[other] { $seconds } segundos de GPU al día
}

admin-stats-description = Cómo van los clips de este servidor: cifras, esperas, fallos.
admin-stats-gpu = Tiempo de GPU hoy (UTC): { $used } s usados, { $reserved } s reservados
admin-stats-gpu-of = Tiempo de GPU hoy (UTC): { $used } s usados, { $reserved } s reservados, de { $limit } s
admin-stats-days = { $days ->
    [one] **Últimas 24 horas**
   *[other] **Últimos { $days } días**
}
admin-stats-jobs = entregados: { $delivered } · no entregables: { $undeliverable } · fallidos: { $failed } · cancelados: { $cancelled } · en espera: { $queued } · en curso: { $running } · por publicar: { $rendered }
admin-stats-wait = Espera hasta el renderizado: la mitad en { NUMBER($p50, maximumFractionDigits: 1) } s o menos, el 95 % en { NUMBER($p95, maximumFractionDigits: 1) } s o menos
admin-stats-render = Renderizado: la mitad en { NUMBER($p50, maximumFractionDigits: 1) } s o menos, el 95 % en { NUMBER($p95, maximumFractionDigits: 1) } s o menos
admin-stats-failure = { $times } × { $reason }
admin-stats-refused = Prompts rechazados: para adultos { $adult } · menores { $minors } · palabras no deseadas { $server }
