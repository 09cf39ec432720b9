# The local page.

local-topic = Digite /video prompt: uma raposa na neve
