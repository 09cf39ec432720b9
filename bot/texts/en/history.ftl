# /history: a member's clips.

history-description = Your clips, newest first.
history-words = Only clips whose prompt has all of these words
history-title = ### Your clips
history-title-with = ### Your clips with “{ $words }”
history-none = You have no clips yet. Try /video.
history-none-with = You have no clips with “{ $words }”.
history-facts = seed { $seed } · { count-frames } · { $when }
history-message = message
history-newest = Newest
history-older = Older
