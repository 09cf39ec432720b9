# Was Moderatoren erfahren, und wem sie etwas verweigern.

admin-description = Die Clips dieses Servers moderieren.
admin-more = und noch { $count }

admin-refused-rights = Dafür brauchst du die Berechtigung „Server verwalten“.
admin-refused-blocked = Du kannst auf diesem Server keine Clips machen: Die Moderation hat dich gesperrt.
admin-refused-channel = In diesem Kanal sind keine Clips erwünscht. Frag mich hier: { $channels }
admin-refused-paused = Die Moderation dieses Servers hat mich pausiert. Wartende Clips behalten ihren Platz; frag bitte später noch einmal.

admin-waits-paused = **Pausiert** von der Moderation dieses Servers. Der Clip behält seinen Platz.

admin-pause-description = Die Clips dieses Servers pausieren: Was wartet, behält seinen Platz.
admin-pause-done = { $waiting ->
    [0] Auf diesem Server bin ich bis /admin resume pausiert. Nichts wartet.
    [one] Auf diesem Server bin ich bis /admin resume pausiert. { $waiting } wartender Clip behält seinen Platz; was gerade gerendert wird, wird fertig.
   *[other] Auf diesem Server bin ich bis /admin resume pausiert. { $waiting } wartende Clips behalten ihren Platz; was gerade gerendert wird, wird fertig.
}
admin-resume-description = Mit den Clips dieses Servers weitermachen.
admin-resume-done = { $waiting ->
    [0] Ich nehme auf diesem Server wieder Anfragen an. Nichts wartet.
    [one] Auf diesem Server geht es weiter. { $waiting } Clip wartet.
   *[other] Auf diesem Server geht es weiter. { $waiting } Clips warten.
}

admin-clear-description = Alle wartenden Clips dieses Servers abbrechen.
admin-clear-none = Auf diesem Server wartet kein Clip.
admin-clear-ask = { $waiting ->
    [one] Auf diesem Server wartet { $waiting } Clip. Soll ich ihn abbrechen? Er wird nicht auf das Kontingent angerechnet.
   *[other] Auf diesem Server warten { $waiting } Clips. Soll ich sie alle abbrechen? Sie werden nicht auf die Kontingente angerechnet.
}
admin-clear-button = { $waiting ->
    [one] { $waiting } Clip abbrechen
   *[other] { $waiting } Clips abbrechen
}
admin-clear-done = { $cancelled ->
    [0] Es hat kein Clip mehr gewartet.
    [one] { $cancelled } Clip ist abgebrochen und wird nicht angerechnet.
   *[other] { $cancelled } Clips sind abgebrochen und werden nicht angerechnet.
}

admin-block-description = Von einem Mitglied auf diesem Server keine Anfragen mehr annehmen.
admin-block-member = Wer gesperrt werden soll
admin-block-done = { $cancelled ->
    [0] { $member } kann auf diesem Server keine Clips mehr machen.
    [one] { $member } kann auf diesem Server keine Clips mehr machen. { $cancelled } wartender Clip ist abgebrochen.
   *[other] { $member } kann auf diesem Server keine Clips mehr machen. { $cancelled } wartende Clips sind abgebrochen.
}
admin-unblock-description = Von einem gesperrten Mitglied wieder Anfragen annehmen.
admin-unblock-member = Wer entsperrt werden soll
admin-unblock-done = { $member } kann auf diesem Server wieder Clips machen.
admin-unblock-not = { $member } ist auf diesem Server nicht gesperrt.
admin-blocked-description = Die gesperrten Mitglieder dieses Servers auflisten.
admin-blocked-list = Auf diesem Server gesperrt: { $members }
admin-blocked-none = Auf diesem Server ist niemand gesperrt.

admin-channels-description = Wo auf diesem Server ich Clips machen darf.
admin-channels-add-description = Clips nur in den genannten Kanälen machen, auch in diesem.
admin-channels-add-channel = Ein Kanal mit seinen Threads oder eine Kategorie mit allen ihren Kanälen
admin-channels-remove-description = Einen Kanal von der Liste nehmen.
admin-channels-remove-channel = Einer der Kanäle auf der Liste
admin-channels-show-description = Zeigen, in welchen Kanälen ich Clips mache.
admin-channels-list = Ich mache Clips nur in: { $channels }
admin-channels-all = Ich mache Clips in allen Kanälen dieses Servers.
admin-channels-not = Dieser Kanal steht nicht auf der Liste. Wähle einen der vorgeschlagenen.

admin-words-description = Wörter, die dieser Server in Prompts nicht will.
admin-words-add-description = Prompts mit diesen Wörtern oder Wendungen ablehnen.
admin-words-add-words = Wörter oder Wendungen, durch Kommas getrennt
admin-words-remove-description = Ein Wort oder eine Wendung wieder erlauben.
admin-words-remove-word = Eines der unerwünschten Wörter
admin-words-show-description = Die unerwünschten Wörter zeigen.
admin-words-added = { $count ->
    [0] Diese Wörter standen schon auf der Liste.
    [one] { $count } Wort oder Wendung ist jetzt auf der Liste. Prompts damit werden abgelehnt.
   *[other] { $count } Wörter oder Wendungen sind jetzt auf der Liste. Prompts damit werden abgelehnt.
}
admin-words-edit-description = Die ganze Liste unerwünschter Wörter in einem Formular bearbeiten.
admin-words-edit-title = Unerwünschte Wörter
admin-words-edit-label = Ein Wort oder eine Wendung pro Zeile
admin-words-edit-part = Eines pro Zeile, Teil { $number } von { $parts }
admin-words-too-many-for-a-form = Die Liste ist zu lang für ein Formular. Nutze /admin words add und /admin words remove; /admin words show schickt sie ganz als Datei.
admin-words-changed-meanwhile = Jemand hat die Liste geändert, während dein Formular offen war. Deshalb ist nichts gespeichert; was du geschrieben hast, steht in der Datei. Öffne das Formular bitte noch einmal.
admin-words-saved = { $count ->
    [0] Gespeichert: Die Liste ist leer ({ $added } dazu, { $removed } weg).
    [one] Gespeichert: { $count } Wort oder Wendung steht auf der Liste ({ $added } dazu, { $removed } weg).
   *[other] Gespeichert: { $count } Wörter oder Wendungen stehen auf der Liste ({ $added } dazu, { $removed } weg).
}
admin-words-too-many = Die Liste fasst höchstens { $most } Wörter oder Wendungen. Nichts wurde geändert.
admin-words-too-long = „{ $word }“ hat mehr als { $longest } Zeichen. Nichts wurde geändert.
admin-words-no-letters = In „{ $word }“ ist weder Buchstabe noch Ziffer, danach kann ich nicht suchen. Nichts wurde geändert.
admin-words-removed = „{ $word }“ ist wieder erlaubt.
admin-words-not = „{ $word }“ steht nicht auf der Liste.
admin-words-none = Dieser Server hat keine eigenen unerwünschten Wörter.
admin-words-list = { $count ->
    [one] { $count } unerwünschtes Wort: { $words }
   *[other] { $count } unerwünschte Wörter oder Wendungen: { $words }
}
admin-words-file = Alle { $count } unerwünschten Wörter und Wendungen stehen in der Datei.

admin-quota-description = Wie viel die Mitglieder dieses Servers haben dürfen.
admin-quota-set-description = Limits für diesen Server, eine Rolle oder ein Mitglied setzen.
admin-quota-who = Ein Mitglied oder eine Rolle; weglassen für den ganzen Server
admin-quota-clips = Clips pro Mitglied und Tag
admin-quota-at-once = Clips pro Mitglied, die gleichzeitig unterwegs sind
admin-quota-gpu-seconds = GPU-Sekunden pro Tag, nur für den ganzen Server
admin-quota-remove-description = Die Limits dieses Servers, einer Rolle oder eines Mitglieds entfernen.
admin-quota-show-description = Alle Limits dieses Servers zeigen.
admin-quota-nothing = Gib mindestens ein Limit an: clips, at_once oder gpu_seconds.
admin-quota-gpu-is-the-servers = GPU-Sekunden sind ein Konto für den ganzen Server. Lass „who“ weg, um sie zu setzen.
admin-quota-done = Gesetzt. { $rule }
admin-quota-removed = Entfernt. Jetzt gilt:
    { $rules }
admin-quota-standard = **{ $rules ->
    [0] Alle
   *[other] Alle anderen
}**: { admin-quota-clips-a-day } · { admin-quota-active }
admin-quota-rule = **{ $who }**: { $limits }
admin-quota-server = Dieser Server
admin-quota-clips-a-day = { $clips ->
    [one] { $clips } Clip pro Tag
   *[other] { $clips } Clips pro Tag
}
admin-quota-active = { $active } gleichzeitig
admin-quota-seconds-a-day = { $seconds ->
    [one] { $seconds } GPU-Sekunde pro Tag
   *[other] { $seconds } GPU-Sekunden pro Tag
}

admin-stats-description = Wie es mit den Clips dieses Servers läuft: Zahlen, Wartezeiten, Fehler.
admin-stats-gpu = GPU-Zeit heute (UTC): { $used } s verbraucht, { $reserved } s reserviert
admin-stats-gpu-of = GPU-Zeit heute (UTC): { $used } s verbraucht, { $reserved } s reserviert, von { $limit } s
admin-stats-days = { $days ->
    [one] **Letzte 24 Stunden**
   *[other] **Letzte { $days } Tage**
}
admin-stats-jobs = { $delivered } geliefert · { $undeliverable } nicht zustellbar · { $failed } gescheitert · { $cancelled } abgebrochen · { $queued } wartend · { $running } in Arbeit · { $rendered } vor dem Posten
admin-stats-wait = Warten aufs Rendern: die Hälfte höchstens { NUMBER($p50, maximumFractionDigits: 1) } s, 95 % höchstens { NUMBER($p95, maximumFractionDigits: 1) } s
admin-stats-render = Rendern: die Hälfte höchstens { NUMBER($p50, maximumFractionDigits: 1) } s, 95 % höchstens { NUMBER($p95, maximumFractionDigits: 1) } s
admin-stats-failure = { $times } × { $reason }
admin-stats-refused = Abgelehnte Prompts: nicht jugendfrei { $adult } · Minderjährige { $minors } · unerwünschte Wörter { $server }
