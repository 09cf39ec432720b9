# What moderators are told, and whom they refuse.

admin-description = Moderate the clips of this server.
admin-more = and { $count } more

admin-refused-rights = You need the Manage Server permission for this.
admin-refused-blocked = You cannot make clips in this server: its moderators have blocked you.
admin-refused-channel = Clips are not wanted in this channel. Ask me here: { $channels }
admin-refused-paused = This server's moderators have paused me. Clips that wait keep their places; please ask again later.

admin-waits-paused = **Paused** by this server's moderators. The clip keeps its place.

admin-pause-description = Pause this server's clips: what waits keeps its place.
admin-pause-done = { $waiting ->
    [0] I am paused in this server until /admin resume. Nothing waits.
    [one] I am paused in this server until /admin resume. { $waiting } waiting clip keeps its place; a clip that is being rendered is finished.
   *[other] I am paused in this server until /admin resume. { $waiting } waiting clips keep their places; a clip that is being rendered is finished.
}
admin-resume-description = Go on with this server's clips.
admin-resume-done = { $waiting ->
    [0] I take requests in this server again. Nothing waits.
    [one] I go on in this server. { $waiting } clip waits.
   *[other] I go on in this server. { $waiting } clips wait.
}

admin-clear-description = Cancel all waiting clips of this server.
admin-clear-none = No clip waits in this server.
admin-clear-ask = { $waiting ->
    [one] { $waiting } clip waits in this server. Shall I cancel it? Its member gets it back on their quota.
   *[other] { $waiting } clips wait in this server. Shall I cancel them all? Their members get them back on their quotas.
}
admin-clear-button = { $waiting ->
    [one] Cancel { $waiting } clip
   *[other] Cancel { $waiting } clips
}
admin-clear-done = { $cancelled ->
    [0] No clip was waiting any more.
    [one] { $cancelled } clip is cancelled and returned to its member's quota.
   *[other] { $cancelled } clips are cancelled and returned to their members' quotas.
}

admin-block-description = Take no requests from a member in this server.
admin-block-member = Whom to block
admin-block-done = { $cancelled ->
    [0] { $member } can no longer make clips in this server.
    [one] { $member } can no longer make clips in this server. { $cancelled } waiting clip is cancelled.
   *[other] { $member } can no longer make clips in this server. { $cancelled } waiting clips are cancelled.
}
admin-unblock-description = Take requests from a blocked member again.
admin-unblock-member = Whom to unblock
admin-unblock-done = { $member } can make clips in this server again.
admin-unblock-not = { $member } is not blocked in this server.
admin-blocked-description = List the members who are blocked in this server.
admin-blocked-list = Blocked in this server: { $members }
admin-blocked-none = Nobody is blocked in this server.

admin-channels-description = Where in this server I may make clips.
admin-channels-add-description = Make clips only in the listed channels, this one among them.
admin-channels-add-channel = A channel with its threads, or a category with all its channels
admin-channels-remove-description = Take a channel from the list.
admin-channels-remove-channel = One of the listed channels
admin-channels-show-description = Show the channels in which I make clips.
admin-channels-list = I make clips only in: { $channels }
admin-channels-all = I make clips in every channel of this server.
admin-channels-not = That channel is not on the list. Choose one of those that are offered.

admin-words-description = Words this server does not want in prompts.
admin-words-add-description = Refuse prompts with these words or phrases.
admin-words-add-words = Words or phrases, separated by commas
admin-words-remove-description = Allow a word or phrase again.
admin-words-remove-word = One of the unwanted words
admin-words-show-description = Show the unwanted words.
admin-words-added = { $count ->
    [0] These words were on the list already.
    [one] { $count } word or phrase is on the list now. Prompts with it are refused.
   *[other] { $count } words or phrases are on the list now. Prompts with them are refused.
}
admin-words-edit-description = Edit the whole list of unwanted words in a form.
admin-words-edit-title = Unwanted words
admin-words-edit-label = One word or phrase on each line
admin-words-edit-part = One on each line, part { $number } of { $parts }
admin-words-too-many-for-a-form = The list is too long for a form. Use /admin words add and /admin words remove; /admin words show sends it all as a file.
admin-words-changed-meanwhile = Somebody changed the list while your form was open. Nothing was changed; what you wrote is in the file. Please open the form again.
admin-words-saved = { $count ->
    [0] Saved: the list is empty ({ $added } added, { $removed } removed).
    [one] Saved: { $count } word or phrase is on the list ({ $added } added, { $removed } removed).
   *[other] Saved: { $count } words or phrases are on the list ({ $added } added, { $removed } removed).
}
admin-words-too-many = The list takes at most { $most } words or phrases. Nothing was changed.
admin-words-too-long = “{ $word }” has more than { $longest } characters. Nothing was changed.
admin-words-no-letters = There is no letter or digit in “{ $word }”, so it cannot be looked for. Nothing was changed.
admin-words-removed = “{ $word }” is allowed again.
admin-words-not = “{ $word }” is not on the list.
admin-words-none = This server has no unwanted words of its own.
admin-words-list = { $count ->
    [one] { $count } unwanted word or phrase: { $words }
   *[other] { $count } unwanted words or phrases: { $words }
}
admin-words-file = All { $count } unwanted words and phrases are in the file.

admin-quota-description = How much the members of this server may have.
admin-quota-set-description = Set limits for this server, a role or a member.
admin-quota-who = A member or a role; leave it out for the whole server
admin-quota-clips = Clips per member and day
admin-quota-at-once = Clips on their way at the same time, per member
admin-quota-gpu-seconds = GPU seconds per day, for the whole server only
admin-quota-remove-description = Remove the limits of this server, a role or a member.
admin-quota-show-description = Show all limits of this server.
admin-quota-nothing = Name at least one limit: clips, at_once or gpu_seconds.
admin-quota-gpu-is-the-servers = GPU seconds are one account for the whole server. Leave “who” out to set them.
admin-quota-done = Set. { $rule }
admin-quota-removed = Removed. What holds now:
    { $rules }
admin-quota-standard = **{ $rules ->
    [0] Everybody
   *[other] Everybody else
}**: { admin-quota-clips-a-day } · { admin-quota-active }
admin-quota-rule = **{ $who }**: { $limits }
admin-quota-server = This server
admin-quota-clips-a-day = { $clips ->
    [one] { $clips } clip a day
   *[other] { $clips } clips a day
}
admin-quota-active = { $active } at once
admin-quota-seconds-a-day = { $seconds ->
    [one] { $seconds } GPU second a day
   *[other] { $seconds } GPU seconds a day
}

admin-stats-description = How this server's clips go: numbers, waits, failures.
admin-stats-gpu = GPU time today (UTC): { $used } s used, { $reserved } s reserved
admin-stats-gpu-of = GPU time today (UTC): { $used } s used, { $reserved } s reserved, of { $limit } s
admin-stats-days = { $days ->
    [one] **Last 24 hours**
   *[other] **Last { $days } days**
}
admin-stats-jobs = { $delivered } delivered · { $undeliverable } undeliverable · { $failed } failed · { $cancelled } cancelled · { $queued } waiting · { $running } rendering · { $rendered } being posted
admin-stats-wait = Wait for the render: half within { NUMBER($p50, maximumFractionDigits: 1) } s, 95 % within { NUMBER($p95, maximumFractionDigits: 1) } s
admin-stats-render = Render: half within { NUMBER($p50, maximumFractionDigits: 1) } s, 95 % within { NUMBER($p95, maximumFractionDigits: 1) } s
admin-stats-failure = { $times } × { $reason }
admin-stats-refused = Refused prompts: adult { $adult } · minors { $minors } · unwanted words { $server }
