# /quota.

quota-description = What is left of your clips today.
quota-day = **{ $left ->
    [0] You have no clip left today (of { $limit }).
    [one] You have { $left } clip left today (of { $limit }).
   *[other] You have { $left } clips left today (of { $limit }).
}**
quota-taken = Made today: { $made } · on their way: { $reserved }
quota-resets = New ones { $resets }, at midnight UTC. Clips that fail cost nothing.
quota-active = At a time: { $active } of at most { $limit } on their way
quota-server = GPU seconds of this server: { $left } of { $limit } left today, { $reserved } reserved
