# /privacy.

privacy-description = Ce que j’enregistre sur toi : en recevoir une copie ou l’effacer.
privacy-export-description = Recevoir tout ce que j’enregistre sur toi dans un fichier.
privacy-delete-description = Effacer tout ce que j’enregistre sur toi.

privacy-exported = Voici tout ce que j’enregistre sur toi, avec { $clips ->
    [0] aucun clip
    [one] { $clips } clip
   *[other] { $clips } clips
}.
privacy-left-out = { $files ->
    [one] { $files } fichier plus ancien (un clip ou une image) n’y est pas : le tout serait
   *[other] { $files } fichiers plus anciens (clips ou images) n’y sont pas : le tout serait
} plus gros que ce que Discord accepte ici. Tes clips sont dans /history.

privacy-question =
    ### Tout effacer ?
    J’efface { $clips ->
        [0] tes images
        [one] ton { $clips } clip, tes images
       *[other] tes { $clips } clips, tes images
    }, ton historique et tes réglages, et j’annule { $unfinished ->
        [0] ce qui est en cours (rien pour l’instant)
        [one] { $unfinished } clip en cours
       *[other] { $unfinished } clips en cours
    }. C’est définitif.
privacy-what-stays = **Ce qui reste :** le nombre de clips que tu as utilisés aujourd’hui, sans ton nom et jusqu’à minuit UTC ; les blocages et limites que la modération d’un serveur t’a fixés ; les clips que d’autres ont faits à partir des tiens.
privacy-your-messages = **Tes messages :** { $messages ->
        [0] il n’y en a aucun dans les salons.
        [one] un message avec un de tes clips est dans un salon.
       *[other] { $messages } messages avec tes clips sont dans des salons.
    } Ensuite, je ne saurai plus lesquels étaient les tiens ; seule la modération pourra s’en occuper.
privacy-delete-button = Tout effacer
privacy-delete-with-messages-button = Tout effacer, mes messages aussi

privacy-deleted = ✅ Effacé : { $clips ->
    [0] tes images
    [one] { $clips } clip
   *[other] { $clips } clips
}, ton historique et tes réglages. { $cancelled ->
    [0] Rien n’était en cours.
    [one] { $cancelled } clip en cours est annulé.
   *[other] { $cancelled } clips en cours sont annulés.
}
privacy-messages-removed = { $messages ->
    [one] { $messages } message va être supprimé.
   *[other] { $messages } messages vont être supprimés, environ un par seconde.
} Là où je ne peux plus écrire, ils restent.
privacy-messages-kept = { $messages ->
    [one] { $messages } message reste dans son salon.
   *[other] { $messages } messages restent dans leurs salons.
}
privacy-stays = Les clips utilisés aujourd’hui comptent encore jusqu’à minuit UTC.
