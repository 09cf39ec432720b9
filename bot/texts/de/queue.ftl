# /queue und /cancel.

queue-description = Deine wartenden Clips, ihre Plätze und wann sie fertig sind.
queue-empty = Du hast keine Clips unterwegs.
queue-more = { $count ->
    [one] … und { $count } weiterer
   *[other] … und { $count } weitere
}
queue-posting = wird gerade gepostet
queue-rendering = wird gerendert, fertig in { $wait }
queue-position = Platz { $position }, fertig in { $wait }
queue-paused = wartet: Dieser Server ist pausiert
queue-loading = wartet: Sein Stil wird geladen
queue-waiting-here = { $count ->
    [one] { $count } Clip wartet auf diesem Server
   *[other] { $count } Clips warten auf diesem Server
}
queue-waiting-in-all = { $count ->
    [one] insgesamt wartet { $count } Clip
   *[other] insgesamt warten { $count } Clips
}

queue-cancel-description = Einen deiner Clips abbrechen.
queue-cancel-job = Welchen; alle deine wartenden Clips werden angeboten
queue-cancel-which = Du hast mehrere Clips unterwegs. Welchen soll ich abbrechen?
queue-outcome-cancelled = Clip { $job } ist abgebrochen; von deinem Kontingent wird nichts abgezogen.
queue-outcome-requested = Clip { $job } stoppt beim nächsten Schritt.
queue-outcome-too_late = Clip { $job } ist schon fertig oder vorbei; es gibt nichts abzubrechen.
queue-outcome-not_found = Du hast keinen Clip { $job }. Abbrechen kannst du nur deine eigenen; /queue zeigt sie.
