# /privacy.

privacy-description = Lo que guardo sobre ti: recibe una copia o bórralo.
privacy-export-description = Recibe en un archivo todo lo que guardo sobre ti.
privacy-delete-description = Borra todo lo que guardo sobre ti.

privacy-exported = Esto es todo lo que guardo sobre ti, con { $clips ->
    [0] ningún clip
    [one] { $clips } clip
   *[other] { $clips } clips
}.
privacy-left-out = { $files ->
    [one] Falta { $files } archivo más antiguo (un clip o una imagen): todo junto sería
   *[other] Faltan { $files } archivos más antiguos (clips o imágenes): todo junto sería
} más grande de lo que Discord admite aquí. Tus clips están en /history.

privacy-question =
    ### ¿Borrarlo todo?
    Borro { $clips ->
        [0] tus imágenes
        [one] tu { $clips } clip, tus imágenes
       *[other] tus { $clips } clips, tus imágenes
    }, tu historial y tus ajustes, y cancelo { $unfinished ->
        [0] lo que está en camino (ahora nada)
        [one] { $unfinished } clip en camino
       *[other] { $unfinished } clips en camino
    }. No se puede deshacer.
privacy-what-stays = **Lo que queda:** cuántos clips has usado hoy, sin tu nombre y hasta la medianoche UTC; los bloqueos y límites que te haya puesto la moderación de un servidor; los clips que otros hicieron a partir de los tuyos.
privacy-your-messages = **Tus mensajes:** { $messages ->
        [0] no hay ninguno en los canales.
        [one] hay uno con un clip tuyo en un canal.
       *[other] hay { $messages } con clips tuyos en canales.
    } Después ya no sabré cuáles eran tuyos; solo la moderación podrá ocuparse de ellos.
privacy-delete-button = Borrarlo todo
privacy-delete-with-messages-button = Borrarlo todo, también mis mensajes

privacy-deleted = ✅ Borrado: { $clips ->
    [0] tus imágenes
    [one] { $clips } clip
   *[other] { $clips } clips
}, tu historial y tus ajustes. { $cancelled ->
    [0] No había nada en camino.
    [one] Se ha cancelado { $cancelled } clip en camino.
   *[other] Se han cancelado { $cancelled } clips en camino.
}
privacy-messages-removed = { $messages ->
    [one] Se está eliminando { $messages } mensaje.
   *[other] Se están eliminando { $messages } mensajes, más o menos uno por segundo.
} Donde ya no puedo escribir, se quedan.
privacy-messages-kept = { $messages ->
    [one] { $messages } mensaje se queda en su canal.
   *[other] { $messages } mensajes se quedan en sus canales.
}
privacy-stays = Los clips que has usado hoy siguen contando hasta la medianoche UTC.
