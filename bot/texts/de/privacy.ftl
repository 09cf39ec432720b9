# /privacy.

privacy-description = Was ich über dich speichere: als Kopie holen oder löschen.
privacy-export-description = Alles, was ich über dich speichere, in einer Datei.
privacy-delete-description = Alles löschen, was ich über dich speichere.

privacy-exported = Das ist alles, was ich über dich speichere, mit { $clips ->
    [0] keinem Clip
    [one] { $clips } Clip
   *[other] { $clips } Clips
}.
privacy-left-out = { $files ->
    [one] { $files } ältere Datei (ein Clip oder ein Bild) fehlt darin: Alles zusammen wäre
   *[other] { $files } ältere Dateien (Clips oder Bilder) fehlen darin: Alles zusammen wäre
} größer, als Discord hier erlaubt. Deine Clips findest du in /history.

privacy-question =
    ### Alles löschen?
    Ich lösche { $clips ->
        [0] deine Bilder
        [one] deinen { $clips } Clip, deine Bilder
       *[other] deine { $clips } Clips, deine Bilder
    }, deinen Verlauf und deine Einstellungen und breche ab, { $unfinished ->
        [0] was unterwegs ist (zurzeit nichts)
        [one] was unterwegs ist ({ $unfinished } Clip)
       *[other] was unterwegs ist ({ $unfinished } Clips)
    }. Das lässt sich nicht rückgängig machen.
privacy-what-stays = **Was bleibt:** wie viele Clips du heute verbraucht hast, ohne deinen Namen und bis Mitternacht UTC; Sperren und Limits, die dir die Moderation eines Servers gesetzt hat; Clips, die andere aus deinen gemacht haben.
privacy-your-messages = **Deine Nachrichten:** { $messages ->
        [0] In Kanälen steht keine von dir.
        [one] In einem Kanal steht eine mit einem Clip von dir.
       *[other] In Kanälen stehen { $messages } mit Clips von dir.
    } Danach weiß ich nicht mehr, welche deine waren; dann kann sich nur noch die Moderation darum kümmern.
privacy-delete-button = Alles löschen
privacy-delete-with-messages-button = Alles und meine Nachrichten löschen

privacy-deleted = ✅ Gelöscht: { $clips ->
    [0] deine Bilder
    [one] { $clips } Clip
   *[other] { $clips } Clips
}, dein Verlauf und deine Einstellungen. { $cancelled ->
    [0] Unterwegs war nichts.
    [one] { $cancelled } Clip, der unterwegs war, ist abgebrochen.
   *[other] { $cancelled } Clips, die unterwegs waren, sind abgebrochen.
}
privacy-messages-removed = { $messages ->
    [one] { $messages } Nachricht wird entfernt.
   *[other] { $messages } Nachrichten werden entfernt, etwa eine pro Sekunde.
} Wo ich nicht mehr schreiben darf, bleiben sie stehen.
privacy-messages-kept = { $messages ->
    [one] { $messages } Nachricht bleibt in ihrem Kanal.
   *[other] { $messages } Nachrichten bleiben in ihren Kanälen.
}
privacy-stays = Die Clips, die du heute verbraucht hast, zählen noch bis Mitternacht UTC.
