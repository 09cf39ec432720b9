# Les boutons sous un clip, sa recette et sa suppression.

clip-button-cancel = Annuler
clip-button-cancel-here = Annuler
clip-button-look-again = Actualiser
clip-button-again = Refaire
clip-button-reroll = Autre version
clip-button-edit = Modifier
clip-button-extend = Prolonger
clip-button-shorter = Plus court
clip-button-smoother = Plus fluide
clip-button-larger = Plus grand
clip-button-recipe = Recette
clip-button-show = Montrer
clip-button-delete = Supprimer

clip-gone = Ce clip a été supprimé, ou je n’en sais plus rien. Utilise /video pour en demander un nouveau.
clip-is-longest = Ce clip est déjà aussi long que possible ici ({ count-frames }).
clip-is-shortest = Un clip ne peut pas être plus court ({ count-frames }).
clip-is-smoothest = Ce clip est déjà aussi fluide que possible ({ $fps } images par seconde).
clip-is-largest = Je ne peux pas agrandir davantage ce clip ({ $size } pixels).

clip-not-yours = Seuls la personne qui a demandé ce clip et les modérateurs du salon où il a été publié peuvent le supprimer.
clip-not-posted = Ce clip n’est pas encore publié. Tant qu’il attend ou que son rendu est en cours, tu peux l’annuler avec /cancel.
clip-delete-question = Supprimer définitivement le clip { $job } ? Son message, son fichier et sa recette disparaissent ; il reste compté dans le quota.
clip-delete-sure = Supprimer définitivement
clip-deleted = Le clip { $job } est supprimé.
clip-deleted-but-shown = Le clip { $job } est supprimé, mais Discord a gardé son message ; supprime-le à la main.

clip-no-clip-here = Il n’y a pas de clip de moi dans ce message. Choisis-en un où j’en ai publié un.
clip-recipe-menu = Recette
clip-recipe-title = Recette du clip { $job }
clip-recipe-negative = À éviter : { $text }
clip-recipe-seed = Seed : { $seed }
clip-recipe-length = Durée : { $seconds } s, { count-frames }, { $fps } par seconde
clip-recipe-size = Taille : { $size } pixels
clip-recipe-motion = Mouvement : { $motion }
clip-recipe-drawing = Dessiné en { count-steps } ({ $sampler }), guidance { $guidance }
clip-recipe-style = Style : { $style }

clip-edit-title = Modifier la recette
clip-edit-prompt = Prompt
clip-edit-negative = Ce qu’il ne doit pas montrer
clip-edit-seed = Seed
clip-edit-seed-hint = Laisse vide pour une autre image
clip-edit-quality = Qualité
clip-edit-motion = Mouvement
clip-edit-as-it-is = inchangé
clip-edit-no-seed = Le seed est un nombre entier de 0 à { $most }, ou rien pour une autre image.
