# /quota.

quota-description = Quantos clipes ainda restam hoje.
quota-day = **{ $left ->
    [0] Hoje não resta nenhum clipe (de { $limit }).
    [one] Hoje resta { $left } clipe (de { $limit }).
   *[other] Hoje restam { $left } clipes (de { $limit }).
}**
quota-taken = Feitos hoje: { $made } · a caminho: { $reserved }
quota-resets = Haverá mais { $resets }, à meia-noite UTC. Um clipe que falha não custa nada.
quota-active = Ao mesmo tempo: { $active } a caminho, no máximo { $limit }
quota-server = Segundos de GPU deste servidor: hoje restam { $left } de { $limit }, em reserva { $reserved }
