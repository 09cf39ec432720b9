# Ce que disent plusieurs fonctions.

# Entre les noms d’une liste.
list-comma = { ", " }

quota-left = { $left ->
    [one] il te reste { $left } clip sur { $limit } aujourd’hui (UTC)
   *[other] il te reste { $left } clips sur { $limit } aujourd’hui (UTC)
}

duration-moments = quelques secondes
duration-seconds = { $count ->
    [one] { $count } seconde
   *[other] { $count } secondes
}
duration-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
duration-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
}
duration-about = environ { $duration }
duration-likely = { $soon }, sans doute en moins de { $late }

# Below the name of the bot; one text for all members, so the English one is shown.
presence = /video crée un clip

count-frames = { $frames ->
    [one] { $frames } image
   *[other] { $frames } images
}
count-steps = { $steps ->
    [one] { $steps } étape
   *[other] { $steps } étapes
}
