# /help.

help-description = What I can draw, with examples, and all commands.
help-introduction =
    ### Flipbook
    I turn a sentence into a short video.
help-for-example = **For example**
# Shown as far as the checkpoint knows their words; one a line.
help-examples =
    a red fox in the snow
    a rocket in the night sky
    a panda in a green field
help-commands = **Commands**
help-menus = In the menu of a message (right click or long press, Apps): { $names }
help-anything = Ask for anything: this checkpoint does not say what it can draw.
help-can-draw = I can draw { $count }.
# The kinds of things that a checkpoint may name.
help-group = { $tag ->
    [animal] animals
    [celebration] celebrations
    [clothing] clothes
    [face] faces
    [food] food
    [fruit] fruit
    [hot] hot things
    [nature] nature
    [plant] plants
    [sport] sports
    [sweet] sweets
    [travel] travel
    [vehicle] vehicles
   *[other] { $tag }
}:
help-on = on:
help-rest = and:
help-also-in = also in { $colours }:
help-back = Back
help-list = What I can draw
help-more = More
