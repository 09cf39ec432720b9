# Lo que dicen varias funciones.

# Entre los nombres de una lista.
list-comma = { ", " }

quota-left = clips que te quedan hoy: { $left } de { $limit } (UTC)

duration-moments = unos segundos
duration-seconds = { $count ->
    [one] { $count } segundo
   *[other] { $count } segundos
}
duration-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
}
duration-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
}
duration-about = aprox. { $duration }
duration-likely = { $soon }, probablemente en menos de { $late }

# Below the name of the bot; one text for all members, so the English one is shown.
presence = /video crea un clip

count-frames = { $frames ->
    [one] { $frames } fotograma
   *[other] { $frames } fotogramas
}
count-steps = { $steps ->
    [one] { $steps } paso
   *[other] { $steps } pasos
}
