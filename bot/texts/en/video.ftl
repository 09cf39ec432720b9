# /video: asking for a clip.

video-description = Make a short video from a sentence.
video-prompt = What the clip shows, for example: a red apple on a blue background
video-negative = What it must not show
video-length-option = How long it plays; longer takes longer to make
video-motion = How the picture moves
video-style = The look
video-quality = A draft is quick; the best takes much longer than usual
video-shape = Square, portrait or landscape
video-loop = Ends where it began, so that it can repeat without a jump
video-seed = The same seed and prompt give the same clip
video-first-picture = The picture it begins with (PNG, JPEG, WebP or GIF)
video-private = Sends the clip to your direct messages; nobody else sees it

video-length = { $seconds } s ({ count-frames })
video-style-none = No style

video-motion-static = still
video-motion-right = right
video-motion-left = left
video-motion-down = down
video-motion-up = up
video-motion-up-right = up and right
video-motion-up-left = up and left
video-motion-down-right = down and right
video-motion-down-left = down and left
video-motion-zoom-in = zoom in
video-motion-zoom-out = zoom out
video-motion-rotate-clockwise = turn clockwise
video-motion-rotate-counterclockwise = turn counterclockwise

video-quality-draft = draft
video-quality-balanced = balanced
video-quality-best = best

video-shape-square = square
video-shape-portrait = portrait
video-shape-landscape = landscape

video-in-dms = 🔒 I'm making it for you alone. It comes in [your direct messages]({ $link }).
video-picture-gone = The picture that this clip begins with is not kept any more. Use /video with the picture to ask anew.
