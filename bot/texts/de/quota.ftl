# /quota.

quota-description = Was heute von deinen Clips übrig ist.
quota-day = **{ $left ->
    [0] Von deinen { $limit } Clips ist heute keiner mehr übrig.
    [one] Heute ist noch { $left } deiner { $limit } Clips übrig.
   *[other] Heute sind noch { $left } deiner { $limit } Clips übrig.
}**
quota-taken = Heute gemacht: { $made } · unterwegs: { $reserved }
quota-resets = Neue gibt es { $resets }, um Mitternacht UTC. Clips, die misslingen, kosten nichts.
quota-active = Gleichzeitig: { $active } von höchstens { $limit } unterwegs
quota-server = Dieser Server: heute noch { $left } von { $limit } GPU-Sekunden übrig, { $reserved } reserviert
