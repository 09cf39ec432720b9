# Animar una imagen.

animate-title = Animar esta imagen
animate-prompt = Lo que muestra el clip
animate-placeholder = Un zorro en la nieve
animate-motion = Cómo se mueve la imagen
animate-quality = Calidad
animate-no-picture = En ese mensaje no hay ninguna imagen. Puedo leer PNG, JPEG, WebP y GIF.
animate-restarted = Me reinicié mientras tu formulario estaba abierto. Ábrelo otra vez desde el mensaje de la imagen.
