"""Every command, button and form in every row of the matrix; a new one is in it as soon as `acts` knows it.

| Row                                  | Test                                                              |
|--------------------------------------|-------------------------------------------------------------------|
| nothing is missing                   | test_the_matrix_knows_every_command_button_and_form               |
| who sees the answer; in a channel, a | test_each_answer_is_seen_by_whom_it_is_for_and_each_clip_comes    |
| thread, a forum post, a DM           |                                                                   |
| right after a restart                | test_each_works_right_after_a_restart                             |
| by another member                    | test_what_is_another_members_is_theirs                            |
| by a member without rights           | test_what_moderators_do_others_cannot, test_admin                 |
| by a blocked member                  | test_a_blocked_member_gets_no_clip_by_any_way_and_all_else_works  |
| Discord answers 403, 404, 413, 429,  | test_whatever_discord_answers_nothing_is_lost_or_unsaid           |
| 500, once or as long as it is tried  |                                                                   |
| the same, on the way to its message  | test_deliveries                                                   |
| its message is deleted meanwhile     | test_deliveries                                                   |
| bodies within Discord's limits       | every test: `stage` checks what was sent; test_bodies             |
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from inspect import getclosurevars
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands, ui
from discord.ext import commands

from bot.app import Flipbook
from cogs.forms import answers
from tests.discord.acts import ACTS, Act, Sight, sight_of, told
from tests.discord.scene import DAILY, ROOMS, Scene, scene
from tests.discord.stage import clips_of

STATUSES = {403: 50001, 404: 10062, 413: 40005, 429: 0, 500: 0}
"""What Discord may answer, with the code that it gives."""

LATE = (Scene.waiting, Scene.queue, Scene.clear)
"""What stands on the screen only as long as no clip is rendered."""


def check_answer(act: Act, result: Any) -> None:
    """The act did what it does."""
    assert sight_of(result) == act.sight, (result, "" if isinstance(result, list) else told(result))
    if act.says:
        assert re.search(act.says, told(result)), told(result)


def troubles(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What an operator would be alarmed by."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def possible(s: Scene) -> list[Act]:
    """What can be done in a place; what takes away the others' doing comes last."""
    return sorted((act for act in ACTS if act.in_dms or not s.in_dms), key=lambda act: act.erases)


def doable(bot: Flipbook) -> Iterator[str]:
    """All that a bot answers, as acts name it; what is pressed and sent by how its ids begin."""
    for command in bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield f"/{command.qualified_name}"
            for parameter in command.parameters:
                if parameter.autocomplete:
                    yield f"typing {command.qualified_name} {parameter.display_name}:"
    for kind in (discord.AppCommandType.message, discord.AppCommandType.user):
        for menu in bot.tree.get_commands(type=kind):
            yield f"menu {menu.name.split()[0]}"
    forms = [getclosurevars(each.__func__).nonlocals["template"] for each in bot.extra_events["on_interaction"]]
    for template in (*(each.pattern for each in bot._connection._view_store._dynamic_items), *forms):
        for start in beginnings(template):
            yield f"form {start}" if template in forms else f"press {start}"


def beginnings(template: str) -> list[str]:
    """How ids begin that fit a template; each of its first alternatives is one, as whose settings they are about."""
    fixed, _, rest = template.removeprefix("(?s)").partition("(?P")
    chosen = re.match(r"<\w+>([a-z]+(?:\|[a-z]+)+)\)", rest)
    return [f"{fixed}{each}" for each in chosen[1].split("|")] if chosen else [fixed] * (fixed != "(?!)")


def missing(bot: Flipbook) -> set[str]:
    """What a bot answers and no act does."""
    names = {act.name.removesuffix(" private") for act in ACTS}
    begun = {f"{'form' if act.name.startswith('form') else 'press'} {act.presses}" for act in ACTS if act.presses}
    return {each for each in doable(bot) if each not in names and not any(act.startswith(each) for act in begun)}


async def test_the_matrix_knows_every_command_button_and_form(tmp_path):
    async with scene(tmp_path) as s:
        assert missing(s.stage.bot) == set()


async def test_whatever_is_missing_from_the_matrix_is_found(tmp_path):
    class Later(commands.Cog):
        @answers(r"flipbook:later-form:(?P<job>\d+)")
        async def sent(self, interaction, submitted):
            raise NotImplementedError

    class LaterButton(ui.DynamicItem[ui.Button], template=r"flipbook:later:(?P<whose>me|server):(?P<job>\d+)"):
        pass

    async def later(interaction: discord.Interaction, word: str) -> None:
        raise NotImplementedError

    async def suggest(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        raise NotImplementedError

    async def look(interaction: discord.Interaction, message: discord.Message) -> None:
        raise NotImplementedError

    async with scene(tmp_path) as s:
        command = app_commands.Command(name="later", description="Later", callback=later)
        command.autocomplete("word")(suggest)
        s.stage.bot.tree.add_command(command)
        s.stage.bot.tree.add_command(app_commands.ContextMenu(name="Later", callback=look))
        s.stage.bot.add_dynamic_items(LaterButton)
        await s.stage.bot.add_cog(Later())
        assert missing(s.stage.bot) == {
            "/later",
            "typing later word:",
            "menu Later",
            "press flipbook:later:me",
            "press flipbook:later:server",
            "form flipbook:later-form:",
        }


@pytest.mark.parametrize("room", ROOMS)
async def test_each_answer_is_seen_by_whom_it_is_for_and_each_clip_comes(tmp_path, subtests, caplog, room):
    async with scene(tmp_path, room) as s:
        for act in possible(s):
            with subtests.test(act.name):
                result = await act.do(s)
                check_answer(act, result)
                if act.sight in (Sight.ALL, Sight.MEMBER) and result.response is not None and not s.in_dms:
                    seen = {message.id for message in s.room.history(viewer=s.bob.actor)}
                    assert (result.response.id in seen) == (act.sight is Sight.ALL)
                if act.orders:
                    await s.finish()
                    if act.sight is Sight.ALL:
                        assert clips_of(s.message(result.response.id))
                    assert s.jobs()[-1]["state"] == "delivered"
        assert not troubles(caplog)


async def test_each_works_right_after_a_restart(tmp_path, subtests, caplog):
    async with scene(tmp_path) as s:
        acts = sorted(possible(s), key=lambda act: act.screen in LATE)
        screens = {act: await act.screen(s, act.doer(s)) for act in acts}
        first = s.stage.bot
        await s.restart()
        assert s.stage.bot is not first
        for act in possible(s):
            with subtests.test(act.name):
                before = len(s.jobs())
                result = await act.go(act.doer(s), screens[act])
                if act.name == "form animate":  # nobody remembers its picture
                    assert sight_of(result) is Sight.MEMBER and "restarted" in told(result)
                    continue
                check_answer(act, result)
                assert len(s.jobs()) == before + act.orders or act.erases
        assert not troubles(caplog)
        await s.finish()


async def test_what_is_another_members_is_theirs(tmp_path, subtests):
    async with scene(tmp_path) as s:
        for act in possible(s):
            if act.moderates or act.screen is Scene.nothing or not (act.presses or act.others):
                continue
            with subtests.test(act.name):
                shown = await act.screen(s, s.alice)
                before = [tuple(job)[:8] for job in s.jobs(s.alice)]
                if act.name.startswith("form"):
                    with pytest.raises(simcord.SetupError, match="opener"):
                        await act.go(s.bob, shown)
                    continue
                forged = shown.flags.ephemeral
                if forged:
                    with pytest.raises(simcord.SetupError, match="not visible"):
                        await act.go(s.bob, shown)
                    shown = await s.forged(shown, act.presses)
                result = await act.go(s.bob, shown)
                if act.others:
                    assert act.others in told(result), told(result)
                    assert sight_of(result) is Sight.MEMBER or forged
                elif act.orders:
                    assert sight_of(result) is act.sight and s.jobs()[-1]["user_id"] == s.bob.id
                else:
                    assert sight_of(result) in (act.sight, Sight.MEMBER) or forged
                assert [tuple(job)[:8] for job in s.jobs(s.alice)] == before, "hers is as it was"


async def test_what_moderators_do_others_cannot(tmp_path, subtests):
    async with scene(tmp_path) as s:
        [admin] = [each for each in await s.stage.bot.tree.fetch_commands() if each.name == "admin"]
        s.stage.guild.set_command_permissions(admin, {s.stage.bob: True})
        for act in possible(s):
            if not act.moderates:
                continue
            with subtests.test(act.name):
                shown = await act.screen(s, act.doer(s))
                if act.name.startswith("form"):  # opened by a moderator who is none any more
                    with s.demoted():
                        result = await act.go(act.doer(s), shown)
                else:
                    if act.presses:
                        shown = await s.forged(shown, act.presses)
                    result = await act.go(s.bob, shown)
                if act.sight is Sight.CHOICES:
                    assert result == []
                else:
                    assert sight_of(result) is Sight.MEMBER and (act.others or "Manage Server") in told(result)
        assert s.stage.env.errors, "the refusals"


async def test_a_blocked_member_gets_no_clip_by_any_way_and_all_else_works(tmp_path, subtests):
    async with scene(tmp_path) as s:
        acts = sorted((act for act in possible(s) if not act.moderates), key=lambda act: act.screen in LATE)
        screens = {act: await act.screen(s, s.alice) for act in acts}
        await s.person(s.mod).slash("admin block", member=s.alice.actor)
        left, jobs = await s.left(s.alice), len(s.jobs())
        for act in sorted(acts, key=lambda act: act.erases):
            if act.screen is Scene.waiting and act.presses:  # the block has cancelled it
                continue
            with subtests.test(act.name):
                s.now[0] += 60.0
                result = await act.go(s.alice, screens[act])
                if act.orders:
                    assert sight_of(result) is Sight.MEMBER and "blocked" in told(result), told(result)
                    assert len(s.jobs()) == jobs and await s.left(s.alice) == left
                elif act.sight is Sight.ALL:
                    assert sight_of(result) is Sight.MEMBER, "shown to them alone"
                else:
                    assert sight_of(result) is act.sight


@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_whatever_discord_answers_nothing_is_lost_or_unsaid(tmp_path, caplog, act):
    async with scene(tmp_path) as s:
        for method, path in await routes_of(s, act):
            for status in STATUSES:
                for times in (1, None):
                    await check_refusal(s, act, caplog, method, path, status, times)
        check_answer(act, await act.do(s))  # and it goes on
        assert s.stage.env.errors is not None  # looked at: what was refused is among them
        await s.finish()
        for job in s.jobs():
            assert job["state"] in ("delivered", "cancelled"), "nothing is lost"
            message = s.message(job["message_id"])
            assert message is None or job["state"] == "cancelled" or job["deleted_at"] or clips_of(message)
        assert not troubles(caplog)


async def routes_of(s: Scene, act: Act) -> list[tuple[str, str]]:
    """What an act asks of Discord, each once, as patterns."""
    who = act.doer(s)
    shown = await act.screen(s, who)
    before = len(s.stage.env.http_requests)
    check_answer(act, await act.go(who, shown))
    asked = [(each.method, each.path) for each in s.stage.env.http_requests[before:]]
    return list(dict.fromkeys((method, pattern_of(path)) for method, path in asked))


def pattern_of(path: str) -> str:
    return re.sub(r"/\d+", "/*", re.sub(r"^/(interactions|webhooks)/\d+/[^/]+", r"/\1/*/*", path))


async def check_refusal(
    s: Scene, act: Act, caplog: pytest.LogCaptureFixture, method: str, path: str, status: int, times: int | None
) -> None:
    """One act while Discord refuses one of the requests that it makes, once or every time."""
    case = f"{method} {path}: {status}, {'once' if times else 'always'}"
    who = act.doer(s)
    shown = await act.screen(s, who)
    stored = {job["id"] for job in s.jobs()}
    s.stage.env.inject_error(method, path, status=status, code=STATUSES[status], message=case, times=times)
    result = await act.go(who, shown)
    s.stage.env.backend.faults.clear()
    assert not troubles(caplog), case
    ordered = [job for job in s.jobs() if job["id"] not in stored]
    assert len(ordered) <= act.orders, case
    if times and act.sight is not Sight.CHOICES:
        assert ordered or act.sight is Sight.FORM or told(result).strip(), f"{case}: the member is told nothing"
    await s.stage.until(lambda: not [j for j in s.jobs() if j["state"] == "running" and j["cancel_requested"]], case)
    if "forget" not in act.name:
        counted = [job for job in s.jobs(s.alice) if job["state"] not in ("cancelled", "failed")]
        assert await s.left(s.alice) == DAILY - len(counted), case
    rooms = [s.room, s.stage.alice.user.dm_channel]
    waits = [m for room in rooms for m in room.history() if m.flags.loading or m.content == "…"]
    assert times is None or all(s.is_job_of(message.id) or message.flags.ephemeral for message in waits), case
