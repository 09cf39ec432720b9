# /quota.

quota-description = Los clips que te quedan hoy.
quota-day = **{ $left ->
    [0] Hoy no te queda ninguno de tus { $limit } clips.
    [one] Hoy te queda { $left } de tus { $limit } clips.
   *[other] Hoy te quedan { $left } de tus { $limit } clips.
}**
quota-taken = Hechos hoy: { $made } · en camino: { $reserved }
quota-resets = Tendrás nuevos { $resets }, a medianoche UTC. Un clip que falla no cuesta nada.
quota-active = A la vez: { $active } en camino de un máximo de { $limit }
quota-server = Este servidor: hoy quedan { $left } de { $limit } segundos de GPU, { $reserved } reservados
