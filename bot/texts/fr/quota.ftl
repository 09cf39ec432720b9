# /quota.

quota-description = Ce qu’il te reste de clips aujourd’hui.
quota-day = **{ $left ->
    [0] Il ne te reste aucun clip aujourd’hui (sur { $limit }).
    [one] Il te reste { $left } clip aujourd’hui (sur { $limit }).
   *[other] Il te reste { $left } clips aujourd’hui (sur { $limit }).
}**
quota-taken = Faits aujourd’hui : { $made } · en cours : { $reserved }
quota-resets = Tu en auras d’autres { $resets }, à minuit UTC. Un clip qui échoue ne coûte rien.
quota-active = En même temps : { $active } en cours sur { $limit } au maximum
quota-server = Secondes de GPU de ce serveur : encore { $left } sur { $limit } aujourd’hui, réservées : { $reserved }
