# /quota.

quota-description = Ce qu’il te reste de clips aujourd’hui.
quota-day = **{ $left ->
    [0] Il ne te reste aucun de tes { $limit } clips aujourd’hui.
    [one] Il te reste { $left } clip sur { $limit } aujourd’hui.
   *[other] Il te reste { $left } clips sur { $limit } aujourd’hui.
}**
quota-taken = Faits aujourd’hui : { $made } · en cours : { $reserved }
quota-resets = De nouveaux clips { $resets }, à minuit UTC. Un clip qui échoue ne coûte rien.
quota-active = En même temps : { $active } en cours sur { $limit } au maximum
quota-server = Ce serveur : encore { $left } secondes de GPU sur { $limit } aujourd’hui, { $reserved } réservées
