# /help.

help-description = O que sei desenhar, com exemplos, e todos os comandos.
help-introduction =
    ### Flipbook
    Transformo uma frase em um vídeo curto.
help-for-example = **Por exemplo**
# Shown as far as the checkpoint knows their words; one a line.
help-examples =
    uma raposa na neve
    um foguete na noite
    um panda no campo
help-commands = **Comandos**
help-menus = No menu de uma mensagem (botão direito ou toque longo, Aplicativos): { $names }
help-anything = Peça o que quiser: este checkpoint não diz o que sabe desenhar.
help-can-draw = Sei desenhar { $count }.
# The kinds of things that a checkpoint may name.
help-group = { $tag ->
    [animal] animais
    [celebration] festas
    [clothing] roupas
    [face] rostos
    [food] comida
    [fruit] frutas
    [hot] coisas quentes
    [nature] natureza
    [plant] plantas
    [sport] esporte
    [sweet] doces
    [travel] viagem
    [vehicle] veículos
   *[other] { $tag }
}:
help-on = fundos:
help-rest = e:
help-also-in = também em { $colours }:
help-back = Voltar
help-list = O que sei desenhar
help-more = Mais
