# /quota.

quota-description = Los clips que te quedan hoy.
quota-day = **{ $left ->
    [0] Hoy no te queda ningún clip (de { $limit }).
    [one] Hoy te queda { $left } clip (de { $limit }).
   *[other] Hoy te quedan { $left } clips (de { $limit }).
}**
quota-taken = Hechos hoy: { $made } · en camino: { $reserved }
quota-resets = Tendrás nuevos { $resets }, a medianoche UTC. Un clip que falla no cuesta nada.
quota-active = A la vez: { $active } en camino de un máximo de { $limit }
quota-server = Segundos de GPU de este servidor: hoy quedan { $left } de { $limit }, en reserva { $reserved }
