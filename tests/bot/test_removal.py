"""The bot is removed from a server: what waits there is cancelled and refunded, and nothing else is touched."""

from __future__ import annotations

import discord

from bot.app import open_bot
from bot.orders import Order, Wish
from data import ChannelRoute, InteractionRoute, JobState
from generation.request import VideoRequest
from tests.bot.house import MEMBER, ScriptedExecutor, house
from tests.discord.stage import make_settings


async def test_what_waits_in_a_server_that_was_left_is_cancelled_and_refunded(tmp_path):
    async with house(tmp_path, resume=False) as h:
        left, elsewhere = [await h.ask("fox", guild_id=guild_id) for guild_id in (1, 2)]
        answered = await h.ask("fox", guild_id=1, route=InteractionRoute(1, "token", 5, h.now[0] + 900))
        await h.service.moderation.leave_guild(1)
        states = [(await h.store.get(job.id)).state for job in (left, elsewhere, answered)]
        assert states == [JobState.CANCELLED, JobState.QUEUED, JobState.QUEUED]
        assert (await h.service.limits.quota(MEMBER)).reserved == 2 and h.service.waiting() == 2
        assert (await h.service.limits.budget(1)).reserved_s == answered.cost_s
    async with house(tmp_path, resume=False) as h:
        assert h.service._recovery.untold == (), "there is nobody left to tell"


async def test_a_server_left_while_the_bot_was_away_is_noticed(tmp_path):
    async with house(tmp_path, resume=False) as h:
        left, kept, private = [await h.ask("fox", guild_id=guild_id) for guild_id in (1, 2, None)]
        await h.service.moderation.stay_in({2, 3})
        states = [(await h.store.get(job.id)).state for job in (left, kept, private)]
        assert states == [JobState.CANCELLED, JobState.QUEUED, JobState.QUEUED]


async def test_discords_word_of_the_removal_reaches_the_queue(tmp_path):
    async with open_bot(make_settings(tmp_path, "starter"), executor=ScriptedExecutor()) as bot:
        wish = Wish(MEMBER, 5, VideoRequest(prompt="a red apple"))
        await bot.service.submit(Order(wish, ChannelRoute(2, 3), "k"))
        await bot.on_guild_remove(discord.Object(5))
        assert bot.service.waiting() == 0
