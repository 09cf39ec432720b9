# Lo que dicen varias funciones.

quota-left = { $left ->
    [one] hoy te queda { $left } de tus { $limit } clips (UTC)
   *[other] hoy te quedan { $left } de tus { $limit } clips (UTC)
}

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
