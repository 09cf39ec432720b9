# The local page.

local-topic = Escribe /video prompt: un zorro en la nieve
