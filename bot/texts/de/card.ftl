# Die Nachricht eines Clips, von der Warteschlange bis zum Ende.

card-queued = **In der Warteschlange** · { $position ->
    [1] als Nächstes dran
   *[other] Platz { $position }
} · fertig in { $wait }
card-loading = **In der Warteschlange** · Der Stil wird geladen; so lange werden andere gerendert
card-rendering = **Wird gerendert** · Schritt { $step } von { $steps }
card-left = noch { $duration }
card-recipe = Seed { $seed } · { count-frames } · { count-steps }
card-cancelled = **Abgebrochen.**
card-failed = **Dieser Clip ist nicht gelungen.** { $reason }
    Von deinem Kontingent wird nichts abgezogen.
card-undeliverable = **Der Clip ist fertig, lässt sich hier aber nicht posten.** { $reason }
card-mention = { $member }, dein Clip ist fertig.

# Schaltflächen
card-try-again = Erneut versuchen
