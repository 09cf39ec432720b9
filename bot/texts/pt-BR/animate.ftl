# Animar uma imagem.

animate-title = Animar esta imagem
animate-prompt = O que o clipe mostra
animate-placeholder = Uma raposa na neve
animate-motion = Como a imagem se move
animate-quality = Qualidade
animate-no-picture = Não há nenhuma imagem nessa mensagem. Consigo ler PNG, JPEG, WebP e GIF.
animate-restarted = Fui reiniciado enquanto seu formulário estava aberto. Abra-o de novo na mensagem da imagem.
