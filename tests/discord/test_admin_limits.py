"""/admin quota: what the members of a server may have."""

from __future__ import annotations

from data import LimitRule, MemberLimit
from tests.discord.moderated import moderated


async def test_limits_of_the_server_a_role_and_a_member(settings):
    async with moderated(settings, renders=False) as h:
        s, book = h.stage, h.stage.bot.service.limits
        patrons = s.channel.guild.create_role("patrons")
        assert "**Everybody**: 20 clips a day" in await h.said("quota show")
        assert "10 clips a day · 100 GPU seconds" in await h.said("quota set", clips=10, gpu_seconds=100)
        assert f"<@&{patrons.id}>" in await h.said("quota set", who=patrons, clips=50)
        assert f"<@{s.alice.id}>" in await h.said("quota set", who=s.alice, clips=1)
        assert "1 clip a day · 3 at once" in await h.said("quota set", who=s.alice, at_once=3), "the others stay"
        assert book.of_guild(h.guild_id) == [
            LimitRule(h.guild_id, h.guild_id, daily_clips=10, gpu_seconds=100),
            LimitRule(h.guild_id, patrons.id, daily_clips=50),
        ]
        assert book.members_of(h.guild_id) == [MemberLimit(h.guild_id, s.alice.id, daily_clips=1, max_active=3)]
        shown = await h.said("quota show")
        assert all(
            part in shown for part in (f"<@&{patrons.id}>", f"<@{s.alice.id}>", "10 clips a day", "50 clips a day")
        )

        await h.ask(s.alice)
        assert (
            "1 clips for today" in (await h.ask(s.alice)).response.content
            or "today" in (await h.ask(s.alice)).response.content
        )
        assert (await s.bot.service.limits.quota(s.bob.id, guild_id=h.guild_id)).limit == 10

        await h.said("quota remove", who=s.alice)
        await h.said("quota remove", who=patrons)
        assert "20 clips a day" in await h.said("quota remove")
        assert book.of_guild(h.guild_id) == [] and book.members_of(h.guild_id) == []


async def test_limits_that_mean_nothing_are_explained(settings):
    async with moderated(settings, renders=False) as h:
        patrons = h.stage.channel.guild.create_role("patrons")
        assert "at least one limit" in await h.said("quota set")
        for who in (patrons, h.stage.alice):
            assert "one account" in await h.said("quota set", who=who, gpu_seconds=5, clips=3)
        assert h.stage.bot.service.limits.of_guild(h.guild_id) == []
