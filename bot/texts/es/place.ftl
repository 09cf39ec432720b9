# Dónde se puede publicar un clip y con qué puede empezar.

place-missing = No puedo publicar clips aquí. Pide a la moderación que me dé estos permisos: { $permissions }.
place-view-channel = Ver canal
place-connect = Conectar
place-send-messages = Enviar mensajes
place-send-messages-in-threads = Enviar mensajes en hilos
place-embed-links = Insertar enlaces
place-attach-files = Adjuntar archivos
place-dms-closed = Tus mensajes directos están cerrados para mí, y la cola es más larga de lo que Discord me deja responder aquí (15 minutos). Permite los mensajes directos de este servidor o inténtalo más tarde.

upload-no-picture = Ese archivo no es una imagen que yo pueda leer. Sirven PNG, JPEG, WebP y GIF.
upload-too-large = Esa imagen es demasiado grande; como máximo { $most } MiB.
upload-unreadable = Discord no me entrega esa imagen ahora mismo. Inténtalo de nuevo.
