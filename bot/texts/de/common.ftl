# Was mehrere Funktionen sagen.

quota-left = heute noch { $left } von { $limit } Clips übrig (UTC)

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
