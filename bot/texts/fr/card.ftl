# Le message d’un clip, de la file d’attente à la fin.

card-queued = **En file d’attente** · { $position ->
    [1] prochain de la file
   *[other] position { $position }
} · prêt dans { $wait }
card-loading = **En file d’attente** · son style est en cours de chargement ; d’autres clips passent entre-temps
card-rendering = **Rendu en cours** · étape { $step } sur { $steps }
card-left = encore { $duration }
card-recipe = seed { $seed } · { count-frames } · { count-steps }
card-cancelled = **Annulé.**
card-failed = **Ce clip n’a pas pu être créé.** { $reason }
    Rien n’est décompté de ton quota.
card-undeliverable = **Le clip est prêt, mais il ne peut pas être publié ici.** { $reason }
card-mention = { $member }, ton clip est prêt.

# Boutons
card-try-again = Réessayer
