# The local page.

local-topic = Type /video prompt: a red apple on a blue background
