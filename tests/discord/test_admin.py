"""/admin as moderators use it, and what members see of it."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.preferences import Chosen, Owner, Whose
from data import JobState
from tests.discord.moderated import moderated
from tests.discord.stage import Stage, button, text_of

COMMANDS: dict[str, dict[str, Any]] = {
    "admin pause": {},
    "admin resume": {},
    "admin clear": {},
    "admin block": {"member": "alice"},
    "admin unblock": {"member": "alice"},
    "admin blocked": {},
    "admin stats": {},
    "admin quota set": {"clips": 1},
    "admin quota remove": {},
    "admin quota show": {},
    "admin channels add": {"channel": "general"},
    "admin channels remove": {"channel": "1"},
    "admin channels show": {},
    "admin words add": {"words": "moon"},
    "admin words remove": {"word": "moon"},
    "admin words edit": {},
    "admin words show": {},
}


async def test_each_command_is_refused_to_whoever_may_not_manage_the_server_though_it_is_shown_to_them(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        assert not any(name.startswith("admin") for name in s.bob.available_commands(s.channel))
        [command] = [each for each in await s.bot.tree.fetch_commands() if each.name == "admin"]
        s.channel.guild.set_command_permissions(command, {s.bob: True})
        assert {name for name in s.bob.available_commands(s.channel) if name.startswith("admin")} == COMMANDS.keys()
        who = {"alice": s.alice, "general": s.channel}
        for name, options in COMMANDS.items():
            filled = {option: who.get(value, value) for option, value in options.items()}
            answer = (await s.bob.slash(s.channel, name, **filled)).response
            assert answer.ephemeral and "Manage Server" in answer.content, name
        assert len(s.env.errors) == len(COMMANDS)
        assert await s.bob.autocomplete(s.channel, "admin words remove", "word", "") == []
        assert await s.bob.autocomplete(s.channel, "admin channels remove", "channel", "") == []
        assert not h.moderation.is_paused(h.guild_id) and not h.moderation.blocked(h.guild_id)
        assert not h.moderation.channels(h.guild_id) and not s.bot.service.limits.of_guild(h.guild_id)
        assert not s.bot.service.prompts.words(h.guild_id)


async def test_there_is_nothing_to_moderate_in_direct_messages(settings):
    async with moderated(settings, renders=False) as h:
        alice = h.stage.env.create_user("carol")
        with pytest.raises(Exception, match="admin"):
            await alice.slash("admin pause")


async def test_a_paused_server_refuses_members_says_so_on_what_waits_and_goes_on_later(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        waiting = await h.ask(s.alice)
        assert "1 waiting clip keeps its place" in await h.said("pause")
        refused = (await h.ask(s.bob)).response
        assert refused.ephemeral and "paused" in refused.content
        assert len(s.channel.history(viewer=s.alice)) == 1, "no placeholder is left"
        await s.bot.service.resume()
        await s.text(waiting, "Paused")
        assert (await s.bot.service.limits.quota(s.bob.id)).left == 20
        assert "1 clip waits" in await h.said("resume")
        await s.clip(waiting)
        await s.clip(await h.ask(s.bob))


async def test_a_pause_outlives_a_restart(settings):
    async with moderated(settings) as h:
        await h.said("pause")
    async with moderated(settings) as h:
        assert h.moderation.is_paused(h.guild_id)
        assert "paused" in (await h.ask(h.stage.bob)).response.content


async def test_clear_asks_how_many_and_then_cancels_refunds_and_tells_each(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        assert "No clip waits" in await h.said("clear")
        waiting = [await h.ask(who) for who in (s.alice, s.bob, s.bob)]
        question = await h.admin("clear")
        assert "3 clips wait" in text_of(question)
        pressed = await h.mod.click(question, custom_id=button(question, "Cancel 3 clips"))
        assert "3 clips are cancelled" in text_of(pressed.response.message if pressed.response else question)
        await s.bot.service.resume()
        for answer in waiting:
            await s.text(answer, "Cancelled")
        assert [(await s.bot.service.limits.quota(who.id)).left for who in (s.alice, s.bob)] == [20, 20]


async def test_the_button_that_clears_works_after_a_restart_and_for_moderators_only(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        await h.ask(s.alice)
        question = await h.admin("clear")
        press = button(question, "Cancel 1 clip")
        public = await s.bot.get_channel(s.channel.id).send(view=_with(press))
        refused = await s.bob.click(public, custom_id=press)
        assert refused.response.ephemeral and "Manage Server" in refused.response.content
        assert h.moderation.waiting(h.guild_id) == 1
        await h.mod.click(public, custom_id=press)
        assert h.moderation.waiting(h.guild_id) == 0
        assert not await s.bot.service.mine(s.alice.id)


def _with(press: str) -> discord.ui.View:
    """What an earlier process has posted."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Cancel", custom_id=press))
    view.stop()
    return view


async def test_a_blocked_member_is_refused_by_command_and_button_and_their_waiting_clips_are_cancelled(settings):
    async with moderated(settings) as h:
        s = h.stage
        made = await s.clip(await h.ask(s.bob))
        assert "can no longer make clips" in await h.said("block", member=s.alice)
        presses = [button(made, label) for label in ("Re-roll", "Extend", "Smoother", "Larger")]
        answers = [await h.ask(s.alice), *[await s.alice.click(made, custom_id=press) for press in presses]]
        for answer in answers:
            assert answer.response.ephemeral and "blocked" in answer.response.content
        assert len(s.channel.history(viewer=s.bob)) == 1
        assert f"<@{s.alice.id}>" in await h.said("blocked")
        assert "again" in await h.said("unblock", member=s.alice)
        assert "not blocked" in await h.said("unblock", member=s.alice)
        assert "Nobody" in await h.said("blocked")
        await s.clip(await h.ask(s.alice))


async def test_blocking_cancels_what_waits(settings):
    async with moderated(settings, renders=False) as h:
        await h.ask(h.stage.alice)
        await h.ask(h.stage.bob)
        assert "1 waiting clip is cancelled" in await h.said("block", member=h.stage.alice)
        assert h.moderation.waiting(h.guild_id) == 1


async def test_stats_count_this_servers_jobs(settings):
    async with moderated(settings) as h:
        s = h.stage
        await s.clip(await h.ask(s.alice))
        await s.until(lambda: not s.bot.service.waiting(), "an empty queue")
        await h.said("words add", words="moon")
        await h.ask(s.alice, prompt="a moon")
        [job] = await s.bot.service.album.of(s.alice.id)
        await _until_delivered(s, job.id)
        shown = await h.said("stats")
        assert "1 delivered" in shown and "Last 24 hours" in shown and "Last 30 days" in shown
        assert "unwanted words 1" in shown and "Render: half within" in shown and "GPU time today" in shown


async def _until_delivered(s: Stage, job_id: int) -> None:
    states: list[JobState] = []

    async def look() -> None:
        job = await s.bot.service._store.get(job_id)
        assert job is not None
        states.append(job.state)

    while not states or states[-1] is not JobState.DELIVERED:
        await look()


async def test_a_message_that_is_deleted_meanwhile_stops_no_moderator(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        answers = [await h.ask(s.alice), await h.ask(s.bob)]
        await s.message(answers[0]).delete()
        question = await h.admin("clear")
        await h.mod.click(question, custom_id=button(question, "Cancel 2 clips"))
        await s.bot.service.resume()
        await s.text(answers[1], "Cancelled")
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_what_discord_refuses_undoes_no_decision(settings, status):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        await h.ask(s.alice)
        s.env.inject_error("PATCH", "/channels/*/messages/*", status=status, times=3)
        await h.said("pause")
        await s.bot.service.resume()
        await h.said("block", member=s.alice)
        assert h.moderation.is_paused(h.guild_id) and h.moderation.waiting(h.guild_id) == 0
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


async def test_moderators_are_answered_in_their_own_language(settings):
    async with moderated(settings, renders=False) as h:
        await h.stage.bot.service.preferences.put(Owner(Whose.ME, h.mod.id), Chosen(language="de"))
        assert "pausiert" in await h.said("pause")
