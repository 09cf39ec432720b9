# The local page.

local-topic = /video prompt: 雪の中のきつね と入力してください
