# Lo que puede salir mal. Después de «error-» va el código del error.

error-quota = Ya has gastado tus clips de hoy: hechos { $used }, en camino { $reserved }, de { $limit }. Habrá más { $resets }; un clip en espera se puede cancelar con /cancel.
error-budget = El tiempo de GPU de este servidor se ha agotado por hoy: el clip necesita unos { $needed } s y quedan { $left } s de { $limit } s. Habrá más { $resets }; un clip más corto o un borrador necesita menos.
error-too-many = { $active ->
    [one] Ya tienes { $active } clip en camino (como máximo { $limit }). Mira /queue.
   *[other] Ya tienes { $active } clips en camino (como máximo { $limit }). Mira /queue.
}
error-duplicate = Eso ya está en camino como clip { $job }. Mira /queue.
error-not-allowed = Aquí no puedes hacer eso.
error-option = No he podido leer una de las opciones; elígela de nuevo.
error-unforeseen-here = Algo ha fallado por mi parte; está en el registro del operador. No se ha descontado nada de tu cuota.
error-discord = Discord no aceptó mi respuesta. /queue y /history muestran lo que se hizo de todos modos; si no fue nada, inténtalo de nuevo.

error-unforeseen = Algo ha fallado por mi parte ({ $kind }); está en el registro del operador.
error-given-up = { $attempts ->
    [1] Lo intenté una vez y el programa se detuvo.
   *[other] Lo intenté { $attempts } veces y el programa se detuvo todas las veces.
}
error-message-closed = Su mensaje ha desaparecido o ya no puedo editarlo.
error-clip-too-large = El archivo es más grande de lo que Discord acepta aquí.
error-clip-does-not-fit = Incluso con la calidad más baja, el archivo es más grande de lo que Discord acepta aquí; pide un clip más corto.
error-clip-gone = Su archivo ya no existe.
error-encode = No se pudo escribir el archivo de vídeo; el registro del operador dice más.
error-out-of-memory = La tarjeta gráfica no tiene memoria suficiente para este tamaño; pide uno más pequeño.
error-no-picture = El checkpoint no ha dibujado nada; el registro del operador dice más.
error-checkpoint = No se puede cargar el checkpoint; el registro del operador dice por qué.
error-checkpoint-missing = No hay ningún checkpoint en { $name }.
error-unsuitable = El clip ha resultado ser contenido para adultos, que solo se muestra en canales con restricción de edad.

error-prompt-empty = El prompt está vacío; di qué muestra el clip.
error-prompt-characters = El prompt contiene un carácter que no se puede mostrar; escríbelo de nuevo.
error-prompt-sides = No hay nada antes o después de { $then }; escribe un prompt a cada lado.
error-prompts-need-frames = { $prompts } prompts necesitan al menos otros tantos fotogramas, no { $frames }; pide un clip más largo.
error-text-too-long = Ese texto es demasiado largo: como máximo { $most } caracteres.
error-value-too-large = { $field } puede ser como máximo { $most }.
error-value-too-small = { $field } debe ser como mínimo { $least }.
error-most-frames = Demasiados fotogramas: aquí como máximo { $most }; pide un clip más corto.
error-most-steps = Demasiados pasos: aquí como máximo { $most }; elige una calidad más baja.
error-frame-rate = { $rate } fotogramas por segundo son demasiados; un archivo así reproduce como máximo { $most }.
error-upscale-side = { $side } píxeles son demasiados para duplicar el tamaño; como máximo { $most }.
error-size = Este checkpoint no puede dibujar en { $size }; el tamaño más cercano es { $nearest } (múltiplos de { $cell }).
error-style = No existe el estilo «{ $style }». Elige uno de estos: { $choices }.
error-no-styles = No existe el estilo «{ $style }»; aquí no hay ninguno.
error-style-broken = El estilo «{ $style }» no se puede usar en este momento; el registro del operador dice por qué.
error-picture-unreadable = Eso no es una imagen o está dañada. Puedo leer PNG, JPEG, WebP y GIF.
error-picture-too-large = Esa imagen es demasiado grande. Puedo leer hasta { $mib } MiB, { $side } píxeles por lado y { $megapixels } megapíxeles.
error-picture-missing = Este clip empieza con una imagen que ya no tengo; adjúntala de nuevo.
