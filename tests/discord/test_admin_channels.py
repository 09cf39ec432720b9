"""/admin channels: where clips may be asked for."""

from __future__ import annotations

from typing import Any

import discord

from tests.discord.moderated import moderated
from tests.discord.stage import Stage, text_of


async def test_clips_are_made_in_the_listed_channels_and_their_threads_only(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        allowed = s.channel.guild.create_text_channel("clips")
        assert "every channel" in await h.said("channels show")
        assert f"<#{allowed.id}>" in await h.said("channels add", channel=allowed)
        refused = (await h.ask(s.alice)).response
        assert refused.ephemeral and f"<#{allowed.id}>" in refused.content
        assert s.channel.history(viewer=s.bob) == [], "nothing is shown to others"
        assert "Queued" in text_of((await h.ask(s.alice, allowed)).response.message)
        inside, outside = [await _thread(s, home) for home in (allowed, s.channel)]
        assert "Queued" in text_of((await h.ask(s.alice, inside)).response.message)
        assert "not wanted" in (await h.ask(s.alice, outside)).response.content
        assert not (await s.alice.slash(s.channel, "queue")).response.content.startswith("Clips are not"), (
            "that posts nothing"
        )

        await h.said("channels add", channel=outside)
        assert h.moderation.channels(h.guild_id) == sorted([allowed.id, s.channel.id]), (
            "a thread stands for its channel"
        )
        offered = await h.mod.autocomplete(s.channel, "admin channels remove", "channel", "#clip")
        assert offered == [{"name": "#clips", "value": str(allowed.id)}]
        await h.said("channels remove", channel=str(allowed.id))
        assert "not on the list" in await h.said("channels remove", channel=str(allowed.id))
        assert "every channel" in await h.said("channels remove", channel=str(s.channel.id))


async def test_a_listed_category_stands_for_all_its_channels_and_their_threads(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        category = s.channel.guild.create_category("studio")
        inside = s.channel.guild.create_text_channel("clips", category=category)
        assert f"<#{category.id}>" in await h.said("channels add", channel=category)
        refused = (await h.ask(s.alice)).response
        assert refused.ephemeral and f"<#{category.id}>" in refused.content
        assert "Queued" in text_of((await h.ask(s.alice, inside)).response.message)
        thread = await _thread(s, inside)
        assert "Queued" in text_of((await h.ask(s.alice, thread)).response.message)
        offered = await h.mod.autocomplete(s.channel, "admin channels remove", "channel", "stud")
        assert [choice["value"] for choice in offered] == [str(category.id)]


async def test_a_listed_channel_that_was_deleted_can_be_taken_from_the_list(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        gone = s.channel.guild.create_text_channel("gone")
        await h.said("channels add", channel=gone)
        await s.bot.get_channel(gone.id).delete()
        assert "not wanted" in (await h.ask(s.alice)).response.content
        [offered] = await h.mod.autocomplete(s.channel, "admin channels remove", "channel", "")
        assert "every channel" in await h.said("channels remove", channel=offered["value"])


async def _thread(s: Stage, home: Any) -> Any:
    made = await s.bot.get_channel(home.id).create_thread(name="thread", type=discord.ChannelType.public_thread)
    return next(thread for thread in home.threads if thread.id == made.id)
