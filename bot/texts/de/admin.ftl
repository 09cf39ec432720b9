admin-refused-blocked = Du kannst auf diesem Server keine Clips machen: Die Moderation hat dich gesperrt.
admin-refused-channel = In diesem Kanal sind keine Clips erwünscht. Frag mich hier: { $channels }
admin-refused-paused = Die Moderation dieses Servers hat mich pausiert. Wartende Clips behalten ihren Platz; frag bitte später noch einmal.
