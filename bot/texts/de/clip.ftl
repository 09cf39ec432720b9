# Die Schaltflächen unter einem Clip, sein Rezept und sein Löschen.

clip-button-cancel = Abbrechen
clip-button-cancel-here = Abbrechen
clip-button-look-again = Aktualisieren
clip-button-again = Nochmal
clip-button-reroll = Neu würfeln
clip-button-edit = Ändern
clip-button-extend = Verlängern
clip-button-shorter = Kürzer
clip-button-smoother = Flüssiger
clip-button-larger = Größer
clip-button-recipe = Rezept
clip-button-show = Zeigen
clip-button-delete = Löschen

clip-gone = Dieser Clip wurde gelöscht, oder ich weiß nichts mehr von ihm. Mit /video kannst du einen neuen bestellen.
clip-is-longest = Dieser Clip ist schon so lang, wie Clips hier sein dürfen ({ count-frames }).
clip-is-shortest = Kürzer kann ein Clip nicht sein ({ count-frames }).
clip-is-smoothest = Flüssiger geht es nicht ({ $fps } Bilder pro Sekunde).
clip-is-largest = Größer kann ich diesen Clip nicht machen ({ $size } Pixel).

clip-not-yours = Löschen kann diesen Clip nur, wer ihn bestellt hat, und wer den Kanal moderiert, in dem er steht.
clip-not-posted = Dieser Clip ist noch nicht gepostet. Solange er wartet oder gerendert wird, kannst du ihn mit /cancel abbrechen.
clip-delete-question = Clip { $job } endgültig löschen? Nachricht, Datei und Rezept verschwinden; im Kontingent zählt er weiter.
clip-delete-sure = Endgültig löschen
clip-deleted = Clip { $job } ist gelöscht.
clip-deleted-but-shown = Clip { $job } ist gelöscht, aber Discord hat seine Nachricht behalten; bitte lösche sie von Hand.

clip-no-clip-here = In dieser Nachricht ist kein Clip von mir. Wähle eine, in der ich einen gepostet habe.
clip-recipe-menu = Rezept
clip-recipe-title = Rezept von Clip { $job }
clip-recipe-negative = Nicht im Bild: { $text }
clip-recipe-seed = Seed: { $seed }
clip-recipe-length = Länge: { $seconds } s, { count-frames }, { $fps } pro Sekunde
clip-recipe-size = Größe: { $size } Pixel
clip-recipe-motion = Bewegung: { $motion }
clip-recipe-drawing = Gezeichnet: { count-steps } ({ $sampler }), Guidance { $guidance }
clip-recipe-style = Stil: { $style }

clip-edit-title = Rezept ändern
clip-edit-prompt = Prompt
clip-edit-negative = Was nicht zu sehen sein soll
clip-edit-seed = Seed
clip-edit-seed-hint = Leer lassen für ein anderes Bild
clip-edit-quality = Qualität
clip-edit-motion = Bewegung
clip-edit-as-it-is = wie bisher
clip-edit-no-seed = Ein Seed ist eine ganze Zahl von 0 bis { $most }, oder leer für ein anderes Bild.
