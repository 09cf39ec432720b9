# A clip's own message, from the queue to its end.

card-queued = **Queued** · { $position ->
    [1] you are next
   *[other] position { $position }
} · ready in { $wait }
card-loading = **Queued** · its style is being loaded; others are rendered meanwhile
card-rendering = **Rendering** · step { $step } of { $steps }
card-left = { $duration } left
card-recipe = seed { $seed } · { count-frames } · { count-steps }
card-cancelled = **Cancelled.**
card-failed = **This clip could not be made.** { $reason }
    It costs nothing of your quota.
card-undeliverable = **The clip is made but cannot be posted here.** { $reason }
card-mention = { $member }, your clip is ready.

# Buttons
card-try-again = Try again
