# /show : un clip est remontré.

show-description = Montrer de nouveau un clip : l’un des tiens, ou un de ce serveur.
show-id = Son numéro ; tes propres clips sont proposés
show-none = Il n’y a pas de clip { $job } que je puisse te montrer ici. /history liste les tiens.
show-unfinished = Le clip { $job } n’est pas encore prêt. Voir /queue.
show-failed = Le clip { $job } n’a rien donné : il a échoué ou a été annulé.
show-adult = Ce clip a été créé dans un salon soumis à une limite d’âge et n’est montré que dans ces salons.
show-file-gone = Le fichier du clip { $job } n’est plus conservé. « Refaire » dans /history recrée le même clip.
show-too-large = Le clip { $job } fait { $size } Mio, et Discord n’accepte ici que { $limit } Mio. Un clip plus court passerait peut-être.
