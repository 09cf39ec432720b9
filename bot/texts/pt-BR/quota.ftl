# /quota.

quota-description = Quantos clipes ainda restam hoje.
quota-day = **{ $left ->
    [0] Hoje não resta nenhum dos seus { $limit } clipes.
    [one] Hoje resta { $left } dos seus { $limit } clipes.
   *[other] Hoje restam { $left } dos seus { $limit } clipes.
}**
quota-taken = Feitos hoje: { $made } · a caminho: { $reserved }
quota-resets = Novos clipes { $resets }, à meia-noite UTC. Um clipe que falha não custa nada.
quota-active = Ao mesmo tempo: { $active } a caminho, no máximo { $limit }
quota-server = Este servidor: hoje restam { $left } de { $limit } segundos de GPU, { $reserved } reservados
