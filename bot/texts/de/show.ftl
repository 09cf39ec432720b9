# /show: ein Clip wird noch einmal gezeigt.

show-description = Einen Clip noch einmal zeigen: einen von dir oder von diesem Server.
show-id = Seine Nummer; deine eigenen Clips werden angeboten
show-none = Es gibt keinen Clip { $job }, den ich dir hier zeigen darf. /history zeigt deine.
show-unfinished = Clip { $job } ist noch nicht fertig. Siehe /queue.
show-failed = Aus Clip { $job } ist nichts geworden: Er ist misslungen oder wurde abgebrochen.
show-adult = Dieser Clip entstand in einem Kanal mit Altersbeschränkung und wird nur in solchen gezeigt.
show-file-gone = Die Datei von Clip { $job } wird nicht mehr aufbewahrt. „Nochmal“ in /history macht denselben Clip neu.
show-too-large = Clip { $job } hat { $size } MiB, und Discord nimmt hier nur { $limit } MiB. Ein kürzerer passt vielleicht.
