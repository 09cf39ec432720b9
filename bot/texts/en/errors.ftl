# What can go wrong. After “error-” stands the code of the error.

error-quota = You have used up your clips for today: { $used } made and { $reserved } on their way, of { $limit }. New ones { $resets }; a clip that waits can be cancelled with /cancel.
error-budget = This server's GPU time for today is used up: the clip needs about { $needed } s, and { $left } s of { $limit } s are left. There is more { $resets }; a shorter clip or a draft needs less.
error-too-many = { $active ->
    [one] You already have { $active } clip on its way (at most { $limit }). See /queue.
   *[other] You already have { $active } clips on their way (at most { $limit }). See /queue.
}
error-duplicate = That is already on its way as clip { $job }. See /queue.
error-not-allowed = You may not do that here.
error-option = I could not read one of the options; please choose it anew.
error-unforeseen-here = Something went wrong on my side; it is in the operator's log. Nothing was taken from your quota.
error-discord = Discord did not take my answer. /queue and /history show what was done all the same; if nothing was, please try again.

error-unforeseen = Something went wrong on my side ({ $kind }); it is in the operator's log.
error-given-up = { $attempts ->
    [1] I tried once, and the program stopped.
   *[other] I tried { $attempts } times, and the program stopped each time.
}
error-message-closed = Its message is gone, or I may no longer edit it.
error-clip-too-large = The file is larger than Discord takes here.
error-clip-does-not-fit = Even at the lowest quality the file is larger than Discord takes here; ask for a shorter clip.
error-clip-gone = Its file is gone.
error-encode = The video file could not be written; the operator's log says more.
error-out-of-memory = The graphics card has not enough memory for this size; ask for a smaller one.
error-no-picture = The checkpoint drew nothing; the operator's log says more.
error-checkpoint = The checkpoint cannot be loaded; the operator's log says why.
error-checkpoint-missing = There is no checkpoint at { $name }.
error-unsuitable = The clip came out as adult content, which is shown in age-restricted channels only.

error-prompt-empty = The prompt is empty; say what the clip shows.
error-prompt-characters = The prompt holds a character that cannot be shown; please type it anew.
error-prompt-sides = Nothing stands before or after { $then }; write a prompt on both sides of it.
error-prompts-need-frames = { $prompts } prompts need as many frames at least, not { $frames }; ask for a longer clip.
error-text-too-long = That text is too long: at most { $most } characters.
error-value-too-large = { $field } may be at most { $most }.
error-value-too-small = { $field } must be at least { $least }.
error-most-frames = Too many frames: at most { $most } here; ask for a shorter clip.
error-most-steps = Too many steps: at most { $most } here; choose a lower quality.
error-frame-rate = { $rate } frames per second are too many; a file of this kind plays at most { $most }.
error-upscale-side = { $side } pixels are too many to be doubled; at most { $most } are.
error-size = This checkpoint cannot draw { $size }; the nearest size is { $nearest } (multiples of { $cell }).
error-style = There is no style “{ $style }”. Choose one of these: { $choices }.
error-no-styles = There is no style “{ $style }”, and there are none here at all.
error-style-broken = The style “{ $style }” cannot be used at the moment; the operator's log says why.
error-picture-unreadable = That is no picture, or it is damaged. I can read PNG, JPEG, WebP and GIF.
error-picture-too-large = That picture is too large. I can read up to { $mib } MiB, { $side } pixels a side and { $megapixels } megapixels.
error-picture-missing = This clip begins with a picture that I no longer have; give it again.
