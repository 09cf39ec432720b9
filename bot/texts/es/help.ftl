# /help.

help-description = Lo que sé dibujar, con ejemplos, y todos los comandos.
help-introduction =
    ### Flipbook
    Convierto una frase en un vídeo corto.
help-for-example = **Por ejemplo**
# Shown as far as the checkpoint knows their words; one a line.
help-examples =
    un zorro en la nieve
    un cohete en la noche
    un panda en el campo
help-commands = **Comandos**
help-menus = En el menú de un mensaje (clic derecho o pulsación larga, Aplicaciones): { $names }
help-anything = Pide lo que quieras: este checkpoint no dice lo que sabe dibujar.
help-can-draw = Sé dibujar { $count }.
# The kinds of things that a checkpoint may name.
help-group = { $tag ->
    [animal] animales
    [celebration] fiestas
    [clothing] ropa
    [face] caras
    [food] comida
    [fruit] fruta
    [hot] cosas calientes
    [nature] naturaleza
    [plant] plantas
    [sport] deporte
    [sweet] dulces
    [travel] viajes
    [vehicle] vehículos
   *[other] { $tag }
}:
help-on = fondos:
help-rest = y:
help-also-in = también en { $colours }:
help-back = Atrás
help-list = Lo que sé dibujar
help-more = Más
