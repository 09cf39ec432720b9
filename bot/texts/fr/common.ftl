# Ce que disent plusieurs fonctions.

quota-left = il te reste { $left } clips sur { $limit } aujourd’hui (UTC)
