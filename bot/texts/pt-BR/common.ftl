# O que várias funções dizem.

# Entre os nomes de uma lista.
list-comma = { ", " }

quota-left = clipes que restam hoje: { $left } de { $limit } (UTC)

duration-moments = alguns segundos
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
duration-about = cerca de { $duration }
duration-likely = { $soon }, provavelmente em até { $late }

# Below the name of the bot; one text for all members, so the English one is shown.
presence = /video cria um clipe

count-frames = { $frames ->
    [one] { $frames } quadro
   *[other] { $frames } quadros
}
count-steps = { $steps ->
    [one] { $steps } passo
   *[other] { $steps } passos
}
