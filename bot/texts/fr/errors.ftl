# Ce qui peut mal tourner. Après « error- » vient le code de l’erreur.

error-quota = Tes clips du jour sont épuisés : créés { $used }, en cours { $reserved }, sur { $limit }. Tu en auras d’autres { $resets } ; un clip en attente peut être annulé avec /cancel.
error-budget = Le temps GPU de ce serveur est épuisé pour aujourd’hui : le clip demande environ { $needed } s, et il reste { $left } s sur { $limit } s. Il y en aura davantage { $resets } ; un clip plus court ou un brouillon en demande moins.
error-too-many = { $active ->
    [one] Tu as déjà { $active } clip en cours ({ $limit } au maximum). Voir /queue.
   *[other] Tu as déjà { $active } clips en cours ({ $limit } au maximum). Voir /queue.
}
error-duplicate = C’est déjà en cours : clip { $job }. Voir /queue.
error-not-allowed = Tu n’as pas le droit de faire ça ici.
error-option = Je n’ai pas pu lire l’une des options ; choisis-la à nouveau.
error-unforeseen-here = Quelque chose a mal tourné de mon côté ; c’est noté dans le journal de l’opérateur. Rien n’a été décompté de ton quota.
error-discord = Discord n’a pas accepté ma réponse. /queue et /history montrent ce qui a tout de même été fait ; si rien ne l’a été, réessaie.

error-unforeseen = Quelque chose a mal tourné de mon côté ({ $kind }) ; c’est noté dans le journal de l’opérateur.
error-given-up = { $attempts ->
    [1] J’ai essayé une fois, et le programme s’est arrêté.
   *[other] J’ai essayé { $attempts } fois, et le programme s’est arrêté à chaque fois.
}
error-message-closed = Son message a disparu, ou je n’ai plus le droit de le modifier.
error-clip-too-large = Le fichier est plus gros que ce que Discord accepte ici.
error-clip-does-not-fit = Même à la qualité la plus basse, le fichier est plus gros que ce que Discord accepte ici ; demande un clip plus court.
error-clip-gone = Son fichier n’existe plus.
error-encode = Le fichier vidéo n’a pas pu être écrit ; le journal de l’opérateur en dit plus.
error-out-of-memory = La carte graphique n’a pas assez de mémoire pour cette taille ; demandes-en une plus petite.
error-no-picture = Le checkpoint n’a rien dessiné ; le journal de l’opérateur en dit plus.
error-checkpoint = Le checkpoint ne peut pas être chargé ; le journal de l’opérateur dit pourquoi.
error-checkpoint-missing = Il n’y a pas de checkpoint à l’emplacement { $name }.
error-unsuitable = Le clip montre du contenu pour adultes, réservé aux salons soumis à une limite d’âge.

error-prompt-empty = Le prompt est vide ; dis ce que montre le clip.
error-prompt-characters = Le prompt contient un caractère impossible à afficher ; retape-le.
error-prompt-sides = Il n’y a rien avant ou après { $then } ; écris un prompt de chaque côté.
error-prompts-need-frames = { $prompts } prompts demandent au moins autant d’images, pas { $frames } ; demande un clip plus long.
error-text-too-long = Ce texte est trop long : { $most } caractères au maximum.
error-value-too-large = { $field } : { $most } au maximum.
error-value-too-small = { $field } : { $least } au minimum.
error-most-frames = Trop d’images : { $most } au maximum ici ; demande un clip plus court.
error-most-steps = Trop d’étapes : { $most } au maximum ici ; choisis une qualité plus basse.
error-frame-rate = { $rate } images par seconde, c’est trop ; un tel fichier en affiche { $most } au maximum.
error-upscale-side = { $side } pixels, c’est trop pour doubler la taille ; { $most } au maximum.
error-size = Ce checkpoint ne sait pas dessiner en { $size } ; la taille la plus proche est { $nearest } (multiples de { $cell }).
error-style = Il n’y a pas de style « { $style } ». Choisis parmi : { $choices }.
error-no-styles = Il n’y a pas de style « { $style } » ; il n’y en a aucun ici.
error-style-broken = Le style « { $style } » est inutilisable pour le moment ; le journal de l’opérateur dit pourquoi.
error-picture-unreadable = Ce n’est pas une image, ou elle est endommagée. Je sais lire PNG, JPEG, WebP et GIF.
error-picture-too-large = Cette image est trop grande. Je lis jusqu’à { $mib } Mio, { $side } pixels par côté et { $megapixels } mégapixels.
error-picture-missing = Ce clip commence par une image que je n’ai plus ; joins-la à nouveau.
