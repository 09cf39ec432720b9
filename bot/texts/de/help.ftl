# /help.

help-description = Was ich zeichnen kann, mit Beispielen, und alle Befehle.
help-introduction =
    ### Flipbook
    Ich mache aus einem Satz ein kurzes Video.
help-for-example = **Zum Beispiel**
# Shown as far as the checkpoint knows their words; one a line.
help-examples =
    ein Fuchs im Schnee
    eine Rakete in der Nacht
    ein Panda auf der Wiese
help-commands = **Befehle**
help-menus = Im Menü einer Nachricht (Rechtsklick oder lange drücken, Apps): { $names }
help-anything = Du kannst alles verlangen: Dieser Checkpoint sagt nicht, was er zeichnen kann.
help-can-draw = Ich kann { $count } zeichnen.
# The kinds of things that a checkpoint may name.
help-group = { $tag ->
    [animal] Tiere
    [celebration] Feste
    [clothing] Kleidung
    [face] Gesichter
    [food] Essen
    [fruit] Obst
    [hot] Heißes
    [nature] Natur
    [plant] Pflanzen
    [sport] Sport
    [sweet] Süßes
    [travel] Reisen
    [vehicle] Fahrzeuge
   *[other] { $tag }
}:
help-on = Hintergründe:
help-rest = Außerdem:
help-also-in = auch in { $colours }:
help-back = Zurück
help-list = Was ich zeichnen kann
help-more = Mehr
