# Animer une image.

animate-title = Animer cette image
animate-prompt = Ce que montre le clip
animate-placeholder = Un renard dans la neige
animate-motion = Comment l’image bouge
animate-quality = Qualité
animate-no-picture = Il n’y a pas d’image dans ce message. Je sais lire PNG, JPEG, WebP et GIF.
animate-restarted = J’ai redémarré pendant que ton formulaire était ouvert. Rouvre-le depuis le message avec l’image.
