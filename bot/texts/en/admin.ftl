admin-refused-blocked = You cannot make clips in this server: its moderators have blocked you.
admin-refused-channel = Clips are not wanted in this channel. Ask me here: { $channels }
admin-refused-paused = This server's moderators have paused me. Clips that wait keep their places; please ask again later.
