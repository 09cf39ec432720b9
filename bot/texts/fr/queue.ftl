# /queue et /cancel.

queue-description = Tes clips en attente, leur place et quand ils seront prêts.
queue-empty = Tu n’as aucun clip en cours.
queue-more = { $count ->
    [one] … et { $count } autre
   *[other] … et { $count } autres
}
queue-posting = en cours de publication
queue-rendering = rendu en cours, prêt dans { $wait }
queue-position = position { $position }, prêt dans { $wait }
queue-paused = en attente : ce serveur est en pause
queue-loading = en attente : son style est en cours de chargement
queue-waiting-here = { $count ->
    [one] { $count } clip en attente sur ce serveur
   *[other] { $count } clips en attente sur ce serveur
}
queue-waiting-in-all = { $count ->
    [one] { $count } clip en attente en tout
   *[other] { $count } clips en attente en tout
}

queue-cancel-description = Annuler l’un de tes clips.
queue-cancel-job = Lequel ; tous tes clips en attente sont proposés
queue-cancel-which = Tu as plusieurs clips en cours. Lequel dois-je annuler ?
queue-outcome-cancelled = Le clip { $job } est annulé ; rien n’est décompté de ton quota.
queue-outcome-requested = Le clip { $job } s’arrête à la prochaine étape.
queue-outcome-too_late = Le clip { $job } est déjà terminé ; il n’y a rien à annuler.
queue-outcome-not_found = Tu n’as pas de clip { $job }. Tu ne peux annuler que les tiens ; /queue les liste.
