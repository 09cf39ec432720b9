# The buttons below a clip, its recipe, and its deletion.

clip-button-cancel = Cancel
clip-button-cancel-here = Cancel
clip-button-look-again = Look again
clip-button-again = Again
clip-button-reroll = Re-roll
clip-button-edit = Edit
clip-button-extend = Extend
clip-button-shorter = Shorter
clip-button-smoother = Smoother
clip-button-larger = Larger
clip-button-recipe = Recipe
clip-button-show = Show
clip-button-delete = Delete

clip-gone = This clip was deleted, or I know nothing of it any more. Use /video to ask anew.
clip-is-longest = This clip is as long as clips can be here ({ count-frames }).
clip-is-shortest = This clip is as short as clips can be ({ count-frames }).
clip-is-smoothest = This clip is as smooth as it gets ({ $fps } frames per second).
clip-is-largest = This clip is as large as I can make it ({ $size } pixels).

clip-not-yours = Only the member who asked for this clip can delete it, and moderators of the channel it was posted in.
clip-not-posted = This clip is not posted yet. A clip that waits or renders can be cancelled with /cancel.
clip-delete-question = Delete clip { $job } for good? Its message, its file and its recipe go; it stays counted in the quota.
clip-delete-sure = Delete for good
clip-deleted = Clip { $job } is deleted.
clip-deleted-but-shown = Clip { $job } is deleted, but Discord kept its message; please delete that by hand.

clip-no-clip-here = There is no clip of mine in this message. Choose a message in which I have posted one.
clip-recipe-menu = Recipe
clip-recipe-title = Recipe of clip { $job }
clip-recipe-negative = Not in the picture: { $text }
clip-recipe-seed = Seed: { $seed }
clip-recipe-length = Length: { $seconds } s, { count-frames } at { $fps } per second
clip-recipe-size = Size: { $size } pixels
clip-recipe-motion = Motion: { $motion }
clip-recipe-drawing = Drawn in { count-steps } ({ $sampler }), guidance { $guidance }
clip-recipe-style = Style: { $style }

clip-edit-title = Edit the recipe
clip-edit-prompt = Prompt
clip-edit-negative = What it must not show
clip-edit-seed = Seed
clip-edit-seed-hint = Leave it empty for another picture
clip-edit-quality = Quality
clip-edit-motion = Motion
clip-edit-as-it-is = as it is
clip-edit-no-seed = A seed is a whole number from 0 to { $most }, or nothing for another picture.
