# Los botones debajo de un clip, su receta y su borrado.

clip-button-cancel = Cancelar
clip-button-cancel-here = Cancelar
clip-button-look-again = Actualizar
clip-button-again = Repetir
clip-button-reroll = Otra versión
clip-button-edit = Editar
clip-button-extend = Alargar
clip-button-shorter = Más corto
clip-button-smoother = Más fluido
clip-button-larger = Más grande
clip-button-recipe = Receta
clip-button-show = Mostrar
clip-button-delete = Borrar

clip-gone = Este clip se borró o ya no sé nada de él. Usa /video para pedir uno nuevo.
clip-is-longest = Este clip ya es tan largo como puede ser aquí ({ count-frames }).
clip-is-shortest = Un clip no puede ser más corto ({ count-frames }).
clip-is-smoothest = Este clip ya es lo más fluido posible ({ $fps } fotogramas por segundo).
clip-is-largest = No puedo hacer este clip más grande ({ $size } píxeles).

clip-not-yours = Solo puede borrar este clip quien lo pidió o quien modera el canal donde se publicó.
clip-not-posted = Este clip todavía no está publicado. Mientras espera o se renderiza, puedes cancelarlo con /cancel.
clip-delete-question = ¿Borrar el clip { $job } para siempre? Desaparecen su mensaje, su archivo y su receta; sigue contando en la cuota.
clip-delete-sure = Borrar para siempre
clip-deleted = El clip { $job } está borrado.
clip-deleted-but-shown = El clip { $job } está borrado, pero Discord conservó su mensaje; bórralo a mano.

clip-no-clip-here = En este mensaje no hay ningún clip mío. Elige uno en el que yo haya publicado un clip.
clip-recipe-menu = Receta
clip-recipe-title = Receta del clip { $job }
clip-recipe-negative = Fuera de la imagen: { $text }
clip-recipe-seed = Semilla: { $seed }
clip-recipe-length = Duración: { $seconds } s, { count-frames }, { $fps } por segundo
clip-recipe-size = Tamaño: { $size } píxeles
clip-recipe-motion = Movimiento: { $motion }
clip-recipe-drawing = Dibujado en { count-steps } ({ $sampler }), guía { $guidance }
clip-recipe-style = Estilo: { $style }

clip-edit-title = Editar la receta
clip-edit-prompt = Prompt
clip-edit-negative = Lo que no debe mostrar
clip-edit-seed = Semilla
clip-edit-seed-hint = Déjalo vacío para otra imagen
clip-edit-quality = Calidad
clip-edit-motion = Movimiento
clip-edit-as-it-is = como está
clip-edit-no-seed = La semilla es un número entero de 0 a { $most }, o nada para otra imagen.
