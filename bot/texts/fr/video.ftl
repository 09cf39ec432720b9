# /video : demander un clip.

video-description = Transforme une phrase en courte vidéo.
video-prompt = Ce que montre le clip, par exemple : une pomme rouge sur fond bleu
video-negative = Ce qu’il ne doit pas montrer
video-length-option = Sa durée ; un clip plus long demande aussi plus de temps
video-motion = Comment l’image bouge
video-style = Le style
video-quality = Un brouillon va vite ; la meilleure qualité prend bien plus de temps
video-shape = Carré, portrait ou paysage
video-loop = Finit là où il a commencé, pour tourner en boucle sans à-coup
video-seed = Le même seed et le même prompt donnent le même clip
video-first-picture = L’image par laquelle il commence (PNG, JPEG, WebP ou GIF)
video-private = Envoie le clip dans tes messages privés ; personne d’autre ne le voit

video-length = { $seconds } s ({ count-frames })
video-style-none = Sans style

video-motion-static = immobile
video-motion-right = vers la droite
video-motion-left = vers la gauche
video-motion-down = vers le bas
video-motion-up = vers le haut
video-motion-up-right = en haut à droite
video-motion-up-left = en haut à gauche
video-motion-down-right = en bas à droite
video-motion-down-left = en bas à gauche
video-motion-zoom-in = zoom avant
video-motion-zoom-out = zoom arrière
video-motion-rotate-clockwise = rotation horaire
video-motion-rotate-counterclockwise = rotation antihoraire

video-quality-draft = brouillon
video-quality-balanced = équilibrée
video-quality-best = meilleure

video-shape-square = carré
video-shape-portrait = portrait
video-shape-landscape = paysage

video-in-dms = 🔒 Ce clip n’est que pour toi. Il arrive dans [tes messages privés]({ $link }).
video-picture-gone = L’image par laquelle ce clip commence n’est plus conservée. Utilise /video en joignant l’image à nouveau.
