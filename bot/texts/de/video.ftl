# /video: einen Clip bestellen.

video-description = Macht aus einem Satz ein kurzes Video.
video-prompt = Was der Clip zeigt, zum Beispiel: ein roter Apfel auf blauem Hintergrund
video-negative = Was nicht zu sehen sein soll
video-length-option = Wie lang der Clip ist; ein längerer braucht länger, bis er fertig ist
video-motion = Wie sich das Bild bewegt
video-style = Der Stil
video-quality = Ein Entwurf geht schnell; das Beste dauert viel länger als üblich
video-shape = Quadratisch, hochkant oder quer
video-loop = Endet, wo er begann, und läuft so ohne Sprung in Schleife
video-seed = Gleicher Seed und gleicher Prompt ergeben den gleichen Clip
video-first-picture = Das Bild, mit dem er beginnt (PNG, JPEG, WebP oder GIF)
video-private = Schickt den Clip in deine Direktnachrichten; sonst sieht ihn niemand

video-length = { $seconds } s ({ count-frames })
video-style-none = Ohne Stil

video-motion-static = ruhig
video-motion-right = nach rechts
video-motion-left = nach links
video-motion-down = nach unten
video-motion-up = nach oben
video-motion-up-right = nach rechts oben
video-motion-up-left = nach links oben
video-motion-down-right = nach rechts unten
video-motion-down-left = nach links unten
video-motion-zoom-in = heranzoomen
video-motion-zoom-out = herauszoomen
video-motion-rotate-clockwise = im Uhrzeigersinn drehen
video-motion-rotate-counterclockwise = gegen den Uhrzeigersinn drehen

video-quality-draft = Entwurf
video-quality-balanced = ausgewogen
video-quality-best = beste

video-shape-square = quadratisch
video-shape-portrait = hochkant
video-shape-landscape = quer

video-in-dms = 🔒 Der Clip ist nur für dich. Er kommt in [deine Direktnachrichten]({ $link }).
video-picture-gone = Das Bild, mit dem dieser Clip beginnt, ist nicht mehr gespeichert. Nimm /video und gib das Bild noch einmal mit.
