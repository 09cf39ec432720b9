# Pourquoi une demande n’est pas acceptée.

service-restarts = Je redémarre ; réessaie dans une minute. Les clips en file d’attente sont conservés.
service-unavailable = Je ne peux pas créer de clips pour le moment. { $reason } Les clips en file d’attente sont conservés.
service-no-checkpoint = Aucun checkpoint n’est chargé.
service-wait-too-long = La file d’attente dépasse le temps que Discord me laisse pour répondre ici (15 minutes). Réessaie plus tard, ou demande sur un serveur dont je suis membre.

# Ce que demande un prompt
prompt-minors = Je ne crée aucun contenu sexuel avec des mineurs. Rien n’a été décompté de ton quota.
prompt-adult = Je ne crée du contenu pour adultes que dans les salons soumis à une limite d’âge. Rien n’a été décompté de ton quota.
prompt-server = Ton prompt contient un mot que ce serveur refuse. Rien n’a été décompté de ton quota.
negative-minors = Ce que le clip ne doit pas montrer évoque un contenu sexuel avec des mineurs ; je ne crée aucun clip avec de tels mots. Rien n’a été décompté de ton quota.
negative-server = Ce que le clip ne doit pas montrer contient un mot que ce serveur refuse. Retire-le, aussi dans /settings. Rien n’a été décompté de ton quota.
