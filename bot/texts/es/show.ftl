# /show: un clip se muestra otra vez.

show-description = Muestra un clip otra vez: tuyo o de este servidor.
show-id = Su número; se ofrecen tus propios clips
show-none = No hay ningún clip { $job } que pueda mostrarte aquí. /history muestra los tuyos.
show-unfinished = El clip { $job } aún no está listo. Mira /queue.
show-failed = El clip { $job } no llegó a hacerse: falló o se canceló.
show-adult = Este clip se hizo en un canal con restricción de edad y solo se muestra en esos canales.
show-file-gone = El archivo del clip { $job } ya no se conserva. «Repetir» en /history vuelve a crear el mismo clip.
show-too-large = El clip { $job } ocupa { $size } MiB y aquí Discord solo admite { $limit } MiB. Uno más corto quizá quepa.
