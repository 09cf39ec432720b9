# What several features say.

# Between the names of a list.
list-comma = { ", " }

quota-left = { $limit ->
    [one] { $left } of { $limit } clip left today (UTC)
   *[other] { $left } of your { $limit } clips left today (UTC)
}

duration-moments = a few seconds
duration-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
duration-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
duration-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
duration-about = about { $duration }
duration-likely = { $soon }, likely within { $late }

# Below the name of the bot; one text for all members, so the English one is shown.
presence = /video makes a clip

count-frames = { $frames ->
    [one] { $frames } frame
   *[other] { $frames } frames
}
count-steps = { $steps ->
    [one] { $steps } step
   *[other] { $steps } steps
}
