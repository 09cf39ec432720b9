# Où un clip peut être publié, et ce qui peut le commencer.

place-missing = Je ne peux pas publier de clip ici. Demande à la modération de m’accorder : { $permissions }.
place-view-channel = Voir le salon
place-connect = Se connecter
place-send-messages = Envoyer des messages
place-send-messages-in-threads = Envoyer des messages dans les fils
place-embed-links = Intégrer des liens
place-attach-files = Joindre des fichiers
place-dms-closed = Tes messages privés me sont fermés, et la file d’attente est plus longue que ce que Discord me laisse pour répondre ici (15 minutes). Autorise les messages privés de ce serveur, ou réessaie plus tard.

upload-no-picture = Ce fichier n’est pas une image que je sais lire. PNG, JPEG, WebP et GIF conviennent.
upload-too-large = Cette image est trop lourde ; { $most } Mio au maximum.
upload-unreadable = Discord ne me donne pas cette image pour le moment. Réessaie.
