# /show: a clip is shown again.

show-description = Show a clip again: one of yours, or one of this server.
show-id = Its number; your own clips are offered
show-none = There is no clip { $job } that I may show you here. /history lists yours.
show-unfinished = Clip { $job } is not ready yet. See /queue.
show-failed = Nothing came of clip { $job }: it failed or was cancelled.
show-adult = This clip was made in an age-restricted channel and is shown in such channels only.
show-file-gone = The file of clip { $job } is not kept any more. “Again” in /history makes the same clip anew.
show-too-large = Clip { $job } has { $size } MiB, and Discord takes { $limit } MiB here. A shorter one may fit.
