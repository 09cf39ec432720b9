# The local page.

local-topic = Tape /video prompt: un renard dans la neige
