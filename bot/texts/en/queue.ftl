# /queue and /cancel.

queue-description = Your waiting clips, their places and when they will be ready.
queue-empty = You have no clips on their way.
queue-more = { $count ->
    [one] … and { $count } more
   *[other] … and { $count } more
}
queue-posting = being posted
queue-rendering = rendering, ready in { $wait }
queue-position = position { $position }, ready in { $wait }
queue-paused = waits: this server is paused
queue-loading = waits: its style is being loaded
queue-waiting-here = { $count ->
    [one] { $count } clip waits in this server
   *[other] { $count } clips wait in this server
}
queue-waiting-in-all = { $count ->
    [one] { $count } clip waits in all
   *[other] { $count } clips wait in all
}

queue-cancel-description = Cancel one of your clips.
queue-cancel-job = Which one; all your waiting clips are offered
queue-cancel-which = You have several clips on their way. Which one shall I cancel?
queue-outcome-cancelled = Clip { $job } is cancelled; it costs nothing of your quota.
queue-outcome-requested = Clip { $job } stops at its next step.
queue-outcome-too_late = Clip { $job } is over already; there is nothing to cancel.
queue-outcome-not_found = You have no clip { $job }. Only your own clips can be cancelled; /queue lists them.
