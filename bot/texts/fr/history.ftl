# /history : les clips d’un membre.

history-description = Tes clips, les plus récents d’abord.
history-words = Seulement les clips dont le prompt contient tous ces mots
history-title = ### Tes clips
history-title-with = ### Tes clips avec « { $words } »
history-none = Tu n’as pas encore de clips. Essaie /video.
history-none-with = Tu n’as pas de clips avec « { $words } ».
history-facts = seed { $seed } · { count-frames } · { $when }
history-message = message
history-newest = Les plus récents
history-older = Plus anciens
