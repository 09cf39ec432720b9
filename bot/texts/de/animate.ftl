# Ein Bild bewegen.

animate-title = Dieses Bild animieren
animate-prompt = Was der Clip zeigt
animate-placeholder = Ein Fuchs im Schnee
animate-motion = Wie sich das Bild bewegt
animate-quality = Qualität
animate-no-picture = In dieser Nachricht ist kein Bild. Ich kann PNG, JPEG, WebP und GIF lesen.
animate-restarted = Ich wurde neu gestartet, während dein Formular offen war. Öffne es bitte noch einmal an der Nachricht mit dem Bild.
