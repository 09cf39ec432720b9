# /video: pedir un clip.

video-description = Convierte una frase en un vídeo corto.
video-prompt = Lo que muestra el clip, por ejemplo: una manzana roja sobre fondo azul
video-negative = Lo que no debe mostrar
video-length-option = Cuánto dura; uno más largo tarda más en hacerse
video-motion = Cómo se mueve la imagen
video-style = El estilo
video-quality = Un borrador es rápido; la mejor calidad tarda mucho más
video-shape = Cuadrado, vertical u horizontal
video-loop = Termina donde empezó, para repetirse sin saltos
video-seed = La misma semilla y el mismo prompt dan el mismo clip
video-first-picture = La imagen con la que empieza (PNG, JPEG, WebP o GIF)
video-private = Envía el clip a tus mensajes directos; nadie más lo ve

video-length = { $seconds } s ({ count-frames })
video-style-none = Sin estilo

video-motion-static = quieto
video-motion-right = a la derecha
video-motion-left = a la izquierda
video-motion-down = hacia abajo
video-motion-up = hacia arriba
video-motion-up-right = arriba a la derecha
video-motion-up-left = arriba a la izquierda
video-motion-down-right = abajo a la derecha
video-motion-down-left = abajo a la izquierda
video-motion-zoom-in = acercar
video-motion-zoom-out = alejar
video-motion-rotate-clockwise = girar a la derecha
video-motion-rotate-counterclockwise = girar a la izquierda

video-quality-draft = borrador
video-quality-balanced = equilibrada
video-quality-best = la mejor

video-shape-square = cuadrado
video-shape-portrait = vertical
video-shape-landscape = horizontal

video-in-dms = 🔒 Este clip es solo para ti. Llegará a [tus mensajes directos]({ $link }).
video-picture-gone = La imagen con la que empieza este clip ya no se conserva. Usa /video y adjunta la imagen otra vez.
