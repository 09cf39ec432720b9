# /history: los clips de un miembro.

history-description = Tus clips, los más nuevos primero.
history-words = Solo clips cuyo prompt tenga todas estas palabras
history-title = ### Tus clips
history-title-with = ### Tus clips con «{ $words }»
history-none = Todavía no tienes clips. Prueba /video.
history-none-with = No tienes clips con «{ $words }».
history-facts = semilla { $seed } · { count-frames } · { $when }
history-message = mensaje
history-newest = Los más nuevos
history-older = Más antiguos
