# /queue y /cancel.

queue-description = Tus clips en espera, su puesto y cuándo estarán listos.
queue-empty = No tienes clips en camino.
queue-more = { $count ->
    [one] … y { $count } más
   *[other] … y { $count } más
}
queue-posting = publicándose
queue-rendering = renderizando, listo en { $wait }
queue-position = puesto { $position }, listo en { $wait }
queue-paused = en espera: este servidor está en pausa
queue-loading = en espera: se está cargando su estilo
queue-waiting-here = { $count ->
    [one] { $count } clip en espera en este servidor
   *[other] { $count } clips en espera en este servidor
}
queue-waiting-in-all = { $count ->
    [one] { $count } clip en espera en total
   *[other] { $count } clips en espera en total
}

queue-cancel-description = Cancelar uno de tus clips.
queue-cancel-job = Cuál; se ofrecen todos tus clips en espera
queue-cancel-which = Tienes varios clips en camino. ¿Cuál cancelo?
queue-outcome-cancelled = El clip { $job } está cancelado; no se descuenta nada de tu cuota.
queue-outcome-requested = El clip { $job } se detiene en el próximo paso.
queue-outcome-too_late = El clip { $job } ya terminó; no hay nada que cancelar.
queue-outcome-not_found = No tienes ningún clip { $job }. Solo puedes cancelar los tuyos; /queue los muestra.
