# /settings.

settings-description = Deine Vorgaben, die des Servers und die Sprache.
settings-me-description = Wie deine Clips werden, wenn du nichts angibst, und in welcher Sprache ich mit dir spreche.
settings-server-description = Wie die Clips dieses Servers werden, wenn niemand etwas angibt, und seine Sprache.
settings-title-me =
    ### Deine Einstellungen
    Sie gelten, wo du bei /video etwas weglässt. Was du offenlässt, ist so, wie es der Server vorgibt.
settings-title-server =
    ### Einstellungen dieses Servers
    Sie gelten für Mitglieder, die etwas offenlassen. Die Sprache ist die der Nachrichten, die alle lesen.

settings-name-negative = Nie zu sehen
settings-name-length = Länge
settings-name-motion = Bewegung
settings-name-style = Stil
settings-name-quality = Qualität
settings-name-shape = Format
settings-name-loop = Schleife
settings-name-private = Privat
settings-name-language = Sprache
# Wie diese Sprache sich selbst nennt.
settings-language-name = Deutsch

settings-value = { $name }: { $value }
settings-more = Mehr … (Seite { $page } von { $pages })
settings-open = nicht festgelegt
settings-yes = ja
settings-no = nein
settings-from-own = hier festgelegt
settings-from-server = wie vom Server vorgegeben
settings-from-usual = Standard
settings-from-discord = wie in Discord eingestellt

settings-change = Ändern
settings-reset = Alles zurücksetzen
settings-negative-label = Was nie zu sehen sein soll; leer: nichts
settings-no-server = Servereinstellungen gibt es nur auf Servern. Deine eigenen findest du unter /settings me.
settings-not-allowed = Nur wer diesen Server verwalten darf, kann seine Einstellungen ändern.
