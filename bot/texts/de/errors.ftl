# Was schiefgehen kann. Nach „error-“ steht der Code des Fehlers.

error-quota = Deine Clips für heute sind aufgebraucht: { $used } gemacht und { $reserved } unterwegs, von { $limit }. Neue gibt es { $resets }; einen wartenden Clip kannst du mit /cancel abbrechen.
error-budget = Die GPU-Zeit dieses Servers ist für heute verbraucht: Der Clip braucht etwa { $needed } s, übrig sind { $left } s von { $limit } s. Mehr gibt es { $resets }; ein kürzerer Clip oder ein Entwurf braucht weniger.
error-too-many = { $active ->
    [one] Du hast schon { $active } Clip unterwegs (höchstens { $limit }). Siehe /queue.
   *[other] Du hast schon { $active } Clips unterwegs (höchstens { $limit }). Siehe /queue.
}
error-duplicate = Das ist schon unterwegs, als Clip { $job }. Siehe /queue.
error-not-allowed = Das darfst du hier nicht.
error-option = Eine der Optionen konnte ich nicht lesen; bitte wähle sie neu.
error-unforeseen-here = Bei mir ist etwas schiefgegangen; es steht im Log des Betreibers. Von deinem Kontingent wurde nichts abgezogen.
error-discord = Discord hat meine Antwort nicht angenommen. /queue und /history zeigen, was trotzdem geschehen ist; war es nichts, versuche es bitte noch einmal.

error-unforeseen = Bei mir ist etwas schiefgegangen ({ $kind }); es steht im Log des Betreibers.
error-given-up = { $attempts ->
    [1] Ich habe es einmal versucht, und das Programm ist abgestürzt.
   *[other] Ich habe es { $attempts } Mal versucht, und jedes Mal ist das Programm abgestürzt.
}
error-message-closed = Die Nachricht ist weg, oder ich darf sie nicht mehr bearbeiten.
error-clip-too-large = Die Datei ist größer, als Discord hier erlaubt.
error-clip-does-not-fit = Selbst in niedrigster Qualität ist die Datei größer, als Discord hier erlaubt; wähle einen kürzeren Clip.
error-clip-gone = Die Datei ist nicht mehr da.
error-encode = Die Videodatei konnte nicht geschrieben werden; mehr steht im Log des Betreibers.
error-out-of-memory = Die Grafikkarte hat für diese Größe nicht genug Speicher; wähle eine kleinere.
error-no-picture = Der Checkpoint hat nichts gezeichnet; mehr steht im Log des Betreibers.
error-checkpoint = Der Checkpoint lässt sich nicht laden; warum, steht im Log des Betreibers.
error-checkpoint-missing = Unter { $name } gibt es keinen Checkpoint.
error-unsuitable = Der Clip zeigt Inhalte für Erwachsene; die gibt es nur in Kanälen mit Altersbeschränkung.

error-prompt-empty = Der Prompt ist leer; beschreibe, was der Clip zeigt.
error-prompt-characters = Der Prompt enthält ein Zeichen, das sich nicht darstellen lässt; bitte tippe ihn neu.
error-prompt-sides = Vor oder nach { $then } steht nichts; schreibe auf beiden Seiten einen Prompt.
error-prompts-need-frames = { $prompts } Prompts brauchen mindestens ebenso viele Bilder, nicht { $frames }; wähle einen längeren Clip.
error-text-too-long = Dieser Text ist zu lang: höchstens { $most } Zeichen.
error-value-too-large = { $field } darf höchstens { $most } sein.
error-value-too-small = { $field } muss mindestens { $least } sein.
error-most-frames = Zu viele Bilder: hier gehen höchstens { $most }; wähle einen kürzeren Clip.
error-most-steps = Zu viele Schritte: hier gehen höchstens { $most }; wähle eine niedrigere Qualität.
error-frame-rate = { $rate } Bilder pro Sekunde sind zu viele; eine solche Datei spielt höchstens { $most } ab.
error-upscale-side = { $side } Pixel sind zu viele zum Verdoppeln; es gehen höchstens { $most }.
error-size = Dieser Checkpoint kann { $size } nicht zeichnen; am nächsten liegt { $nearest } (Vielfache von { $cell }).
error-style = Den Stil „{ $style }“ gibt es nicht. Wähle einen von diesen: { $choices }.
error-no-styles = Den Stil „{ $style }“ gibt es nicht; hier gibt es überhaupt keine.
error-style-broken = Der Stil „{ $style }“ lässt sich im Moment nicht verwenden; warum, steht im Log des Betreibers.
error-picture-unreadable = Das ist kein Bild, oder es ist beschädigt. Ich kann PNG, JPEG, WebP und GIF lesen.
error-picture-too-large = Dieses Bild ist zu groß. Ich kann bis zu { $mib } MiB, { $side } Pixel je Seite und { $megapixels } Megapixel lesen.
error-picture-missing = Dieser Clip beginnt mit einem Bild, das ich nicht mehr habe; bitte schick es noch einmal mit.
