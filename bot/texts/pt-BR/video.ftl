# /video: pedir um clipe.

video-description = Transforma uma frase em um vídeo curto.
video-prompt = O que o clipe mostra, por exemplo: uma maçã vermelha em um fundo azul
video-negative = O que ele não deve mostrar
video-length-option = Quanto tempo dura; um mais longo demora mais para ficar pronto
video-motion = Como a imagem se move
video-style = O estilo
video-quality = Um rascunho é rápido; a melhor qualidade demora bem mais
video-shape = Quadrado, retrato ou paisagem
video-loop = Termina onde começou, para repetir sem saltos
video-seed = A mesma seed e o mesmo prompt dão o mesmo clipe
video-first-picture = A imagem com que ele começa (PNG, JPEG, WebP ou GIF)
video-private = Envia o clipe para suas mensagens diretas; ninguém mais vê

video-length = { $seconds } s ({ count-frames })
video-style-none = Sem estilo

video-motion-static = parado
video-motion-right = para a direita
video-motion-left = para a esquerda
video-motion-down = para baixo
video-motion-up = para cima
video-motion-up-right = para cima e à direita
video-motion-up-left = para cima e à esquerda
video-motion-down-right = para baixo e à direita
video-motion-down-left = para baixo e à esquerda
video-motion-zoom-in = aproximar
video-motion-zoom-out = afastar
video-motion-rotate-clockwise = girar no sentido horário
video-motion-rotate-counterclockwise = girar no sentido anti-horário

video-quality-draft = rascunho
video-quality-balanced = equilibrada
video-quality-best = a melhor

video-shape-square = quadrado
video-shape-portrait = retrato
video-shape-landscape = paisagem

video-in-dms = 🔒 Este clipe é só para você. Ele vai chegar nas [suas mensagens diretas]({ $link }).
video-picture-gone = A imagem com que este clipe começa não está mais guardada. Use /video e anexe a imagem de novo.
