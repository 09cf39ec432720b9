# Was mehrere Funktionen sagen.

# Zwischen den Namen einer Liste.
list-comma = { ", " }

quota-left = { $limit ->
    [one] heute noch { $left } von { $limit } Clip übrig (UTC)
   *[other] heute noch { $left } von { $limit } Clips übrig (UTC)
}

duration-moments = ein paar Sekunden
duration-seconds = { $count ->
    [one] { $count } Sekunde
   *[other] { $count } Sekunden
}
duration-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}
duration-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
duration-about = etwa { $duration }
duration-likely = { $soon }, wahrscheinlich innerhalb von { $late }

# Below the name of the bot; one text for all members, so the English one is shown.
presence = /video macht einen Clip

count-frames = { $frames ->
    [one] { $frames } Bild
   *[other] { $frames } Bilder
}
count-steps = { $steps ->
    [one] { $steps } Schritt
   *[other] { $steps } Schritte
}
