# Where a clip can be posted, and what can be sent to begin it.

place-missing = I can't post a clip here. Please ask a moderator to grant me: { $permissions }.
place-view-channel = View Channel
place-connect = Connect
place-send-messages = Send Messages
place-send-messages-in-threads = Send Messages in Threads
place-embed-links = Embed Links
place-attach-files = Attach Files
place-dms-closed = Your direct messages are closed to me, and the queue is longer than Discord lets me answer here (15 minutes). Allow direct messages from this server, or try again later.

upload-no-picture = That file is no picture that I can read. PNG, JPEG, WebP and GIF will do.
upload-too-large = That picture is too large; at most { $most } MiB will do.
upload-unreadable = Discord does not hand me that picture at the moment. Please try again.
