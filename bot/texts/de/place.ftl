# Wo ein Clip gepostet werden kann, und was ihn beginnen kann.

place-missing = Ich kann hier keinen Clip posten. Bitte die Moderation, mir das zu erlauben: { $permissions }.
place-view-channel = Kanal ansehen
place-connect = Verbinden
place-send-messages = Nachrichten senden
place-send-messages-in-threads = Nachrichten in Threads senden
place-embed-links = Links einbetten
place-attach-files = Dateien anhängen
place-dms-closed = Deine Direktnachrichten sind für mich geschlossen, und die Warteschlange ist länger, als Discord mich hier antworten lässt (15 Minuten). Erlaube Direktnachrichten von diesem Server oder versuche es später noch einmal.

upload-no-picture = Diese Datei ist kein Bild, das ich lesen kann. PNG, JPEG, WebP und GIF gehen.
upload-too-large = Dieses Bild ist zu groß; höchstens { $most } MiB gehen.
upload-unreadable = Discord gibt mir dieses Bild gerade nicht. Versuche es bitte noch einmal.
