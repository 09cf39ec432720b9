# /quota.

quota-description = What is left of your clips today.
quota-day = **{ $left ->
    [0] None of your { $limit } clips is left today.
    [one] { $left } of your { $limit } clips is left today.
   *[other] { $left } of your { $limit } clips are left today.
}**
quota-taken = Made today: { $made } · on their way: { $reserved }
quota-resets = New ones { $resets }, at midnight UTC. Clips that fail cost nothing.
quota-active = At a time: { $active } of at most { $limit } on their way
quota-server = This server: { $left } of { $limit } GPU seconds left today, { $reserved } reserved
