# Why an order cannot be taken.

service-restarts = I'm being restarted; please try again in a minute. Clips in the queue are kept.
service-unavailable = No clips can be made at the moment. { $reason } Clips in the queue are kept.
service-no-checkpoint = No checkpoint is loaded.
service-wait-too-long = The queue is longer than Discord lets me answer here (15 minutes). Try again later, or ask in a server where I'm a member.

# What a prompt asks for
prompt-minors = I make no sexual content with minors. Nothing was taken from your quota.
prompt-adult = I make adult content in age-restricted channels only. Nothing was taken from your quota.
prompt-server = This server does not want a word of your prompt. Nothing was taken from your quota.
negative-minors = What the clip must not show names sexual content with minors; I make no clip with such words. Nothing was taken from your quota.
negative-server = This server does not want a word of what the clip must not show. Leave it out, also in /settings. Nothing was taken from your quota.
