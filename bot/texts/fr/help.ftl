# /help.

help-description = Ce que je sais dessiner, avec des exemples, et toutes les commandes.
help-introduction =
    ### Flipbook
    Je transforme une phrase en courte vidéo.
help-for-example = **Par exemple**
# Shown as far as the checkpoint knows their words; one a line.
help-examples =
    un renard dans la neige
    une fusée dans la nuit
    un panda dans un pré
help-commands = **Commandes**
help-menus = Dans le menu d’un message (clic droit ou appui long, Applications) : { $names }
help-anything = Demande ce que tu veux : ce checkpoint ne dit pas ce qu’il sait dessiner.
help-can-draw = Je sais dessiner { $count }.
# The kinds of things that a checkpoint may name.
help-group = { $tag ->
    [animal] animaux
    [celebration] fêtes
    [clothing] vêtements
    [face] visages
    [food] nourriture
    [fruit] fruits
    [hot] choses chaudes
    [nature] nature
    [plant] plantes
    [sport] sport
    [sweet] douceurs
    [travel] voyage
    [vehicle] véhicules
   *[other] { $tag }
} :
help-on = fonds :
help-rest = et :
help-also-in = aussi en { $colours } :
help-back = Retour
help-list = Ce que je sais dessiner
help-more = Plus
