# Onde um clipe pode ser publicado e com o que pode começar.

place-missing = Não posso publicar clipes aqui. Peça à moderação para me dar estas permissões: { $permissions }.
place-view-channel = Ver canal
place-connect = Conectar
place-send-messages = Enviar mensagens
place-send-messages-in-threads = Enviar mensagens em tópicos
place-embed-links = Inserir links
place-attach-files = Anexar arquivos
place-dms-closed = Suas mensagens diretas estão fechadas para mim, e a fila é mais longa do que o Discord me deixa responder aqui (15 minutos). Permita mensagens diretas deste servidor ou tente mais tarde.

upload-no-picture = Esse arquivo não é uma imagem que eu consiga ler. Servem PNG, JPEG, WebP e GIF.
upload-too-large = Essa imagem é grande demais; no máximo { $most } MiB.
upload-unreadable = O Discord não está me entregando essa imagem agora. Tente de novo.
