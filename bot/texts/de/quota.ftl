# /quota.

quota-description = Was heute von deinen Clips übrig ist.
quota-day = **{ $left ->
    [0] Du hast heute keinen Clip mehr übrig (von { $limit }).
    [one] Du hast heute noch { $left } Clip übrig (von { $limit }).
   *[other] Du hast heute noch { $left } Clips übrig (von { $limit }).
}**
quota-taken = Heute gemacht: { $made } · unterwegs: { $reserved }
quota-resets = Neue gibt es { $resets }, um Mitternacht UTC. Clips, die misslingen, kosten nichts.
quota-active = Gleichzeitig: { $active } von höchstens { $limit } unterwegs
quota-server = GPU-Sekunden dieses Servers: heute noch { $left } von { $limit } übrig, { $reserved } reserviert
