# /history: die Clips eines Mitglieds.

history-description = Deine Clips, die neuesten zuerst.
history-words = Nur Clips, deren Prompt alle diese Wörter enthält
history-title = ### Deine Clips
history-title-with = ### Deine Clips mit „{ $words }“
history-none = Du hast noch keine Clips. Probier /video aus.
history-none-with = Du hast keine Clips mit „{ $words }“.
history-facts = Seed { $seed } · { count-frames } · { $when }
history-message = Nachricht
history-newest = Neueste
history-older = Ältere
