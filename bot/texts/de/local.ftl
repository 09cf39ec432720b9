# The local page.

local-topic = Tippe /video prompt: ein Fuchs im Schnee
