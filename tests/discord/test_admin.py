"""/admin as moderators use it, and what members see of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import pytest

from bot.preferences import Chosen, Owner, Whose
from data import JobState, LimitRule, MemberLimit
from tests.discord.stage import Stage, button, make_settings, stage, text_of

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


@dataclass
class House:
    """A stage with a moderator."""

    stage: Stage
    mod: Any

    @property
    def moderation(self):
        return self.stage.bot.service.moderation

    @property
    def guild_id(self) -> int:
        return self.stage.channel.guild.id

    async def admin(self, command: str, **options: Any) -> Any:
        """The answer to a moderator's command, for their eyes only."""
        result = await self.mod.slash(self.stage.channel, f"admin {command}", **options)
        assert result.response.ephemeral
        return result.response.message

    async def said(self, command: str, **options: Any) -> str:
        return text_of(await self.admin(command, **options))

    async def ask(self, who: Any, channel: Any = None, prompt: str = "fox") -> Any:
        return await who.slash(channel or self.stage.channel, "video", prompt=prompt)


@asynccontextmanager
async def moderated(settings, *, renders: bool = True) -> AsyncGenerator[House]:
    async with stage(settings, renders=renders) as s:
        role = s.channel.guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
        mod = s.channel.guild.add_member(s.env.create_user("mod"), roles=[role])
        yield House(s, mod)


@pytest.fixture
def settings(tmp_path, tiny_checkpoint):
    return make_settings(tmp_path, tiny_checkpoint)


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


async def test_unwanted_words_are_added_shown_and_removed(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        assert "no unwanted words" in await h.said("words show")
        assert "2 words" in await h.said("words add", words="Moon,  blue   cheese ,moon,")
        assert "already" in await h.said("words add", words="moon")
        refused = (await h.ask(s.alice, prompt="a moon of blue cheese")).response
        assert refused.ephemeral and "moon" not in refused.content
        assert "blue cheese · moon" in await h.said("words show")
        offered = await h.mod.autocomplete(s.channel, "admin words remove", "word", "CHEESE")
        assert [choice["value"] for choice in offered] == ["blue cheese"]
        assert "allowed again" in await h.said("words remove", word="Moon")
        assert "not on the list" in await h.said("words remove", word="moon")
        assert "Queued" in text_of((await h.ask(s.alice, prompt="a moon")).response.message)


async def test_too_many_words_are_refused_and_many_come_as_a_file(settings):
    async with moderated(settings, renders=False) as h:
        assert "at most 500" in await h.said("words add", words=",".join(map(str, range(501))))
        assert "more than 100" in (await h.said("words add", words="x" * 101))
        assert "no letter" in (await h.said("words add", words="moon, !?"))
        assert not h.stage.bot.service.prompts.words(h.guild_id)
        await h.said("words add", words=",".join(f"word{number}" for number in range(400)))
        answer = await h.admin("words show")
        assert "400" in text_of(answer) and [file.filename for file in answer.attachments] == ["words.txt"]


async def test_words_of_moderators_smuggle_no_markdown_or_mention(settings):
    async with moderated(settings, renders=False) as h:
        await h.said("words add", words="**@everyone**")
        assert "@everyone" not in await h.said("words show")
        assert "@everyone" not in await h.said("words remove", word="**@everyone**")


async def test_limits_of_the_server_a_role_and_a_member(settings):
    async with moderated(settings, renders=False) as h:
        s, book = h.stage, h.stage.bot.service.limits
        patrons = s.channel.guild.create_role("patrons")
        assert "20 clips a day" in await h.said("quota show")
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


async def open_words(h: House) -> Any:
    return await h.mod.slash(h.stage.channel, "admin words edit")


def lines_of(form: Any) -> dict[str, str]:
    return {
        label["component"]["custom_id"]: label["component"].get("value") or "" for label in form.modal["components"]
    }


async def test_the_whole_list_of_words_is_edited_in_a_form_also_after_a_restart(settings):
    async with moderated(settings, renders=False) as h:
        prompts = h.stage.bot.service.prompts
        await prompts.set_words(h.guild_id, ["blue cheese", "moon"])
        form = await open_words(h)
        assert lines_of(form) == {"words-1": "blue cheese\nmoon"}
        await h.stage.bot.reload_extension("cogs.admin")
        saved = await h.mod.submit_modal(form, {"words-1": "Moon\n\n  Mars \nsun\n"})
        assert saved.response.ephemeral
        assert "3 words or phrases are on the list (2 added, 1 removed)" in saved.response.content
        assert prompts.words(h.guild_id) == ["mars", "moon", "sun"]
        emptied = await h.mod.submit_modal(await open_words(h), {"words-1": ""})
        assert "empty" in emptied.response.content and prompts.words(h.guild_id) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [("x" * 101, "more than 100"), ("moon\n!!", "no letter"), ("\n".join(map(str, range(501))), "at most 500")],
)
async def test_an_edited_list_that_cannot_be_is_handed_back(settings, typed, words):
    async with moderated(settings, renders=False) as h:
        prompts = h.stage.bot.service.prompts
        await prompts.set_words(h.guild_id, ["moon"])
        refused = await h.mod.submit_modal(await open_words(h), {"words-1": typed})
        assert refused.response.ephemeral and words in refused.response.content
        [file] = refused.response.message.attachments
        assert (await file.read()).decode() == typed and prompts.words(h.guild_id) == ["moon"]


async def test_of_two_who_edit_the_list_at_a_time_neither_overwrites_the_other(settings):
    async with moderated(settings, renders=False) as h:
        form = await open_words(h)
        await h.said("words add", words="moon")
        refused = await h.mod.submit_modal(form, {"words-1": "sun"})
        assert "while your form was open" in refused.response.content and refused.response.message.attachments
        assert h.stage.bot.service.prompts.words(h.guild_id) == ["moon"]


async def test_a_form_has_room_for_a_long_list_and_says_so_where_it_has_not(settings):
    async with moderated(settings, renders=False) as h:
        prompts = h.stage.bot.service.prompts
        await prompts.set_words(h.guild_id, [f"{number:03} {'x' * 30}" for number in range(300)])
        form = await open_words(h)
        shown = lines_of(form)
        assert "\n".join(shown.values()).split() == " ".join(prompts.words(h.guild_id)).split()
        assert len(shown) == 3 and all(len(label["label"]) <= 45 for label in form.modal["components"])
        await h.mod.submit_modal(form, shown)
        assert len(prompts.words(h.guild_id)) == 300
        await prompts.set_words(h.guild_id, [f"{number:03} {'x' * 90}" for number in range(300)])
        assert "too long for a form" in (await open_words(h)).response.content


async def test_only_who_may_manage_the_server_can_send_the_form(settings):
    async with moderated(settings, renders=False) as h:
        form = await open_words(h)
        [role] = [each for each in h.stage.bot.get_guild(h.guild_id).roles if each.name == "moderators"]
        h.stage.env.backend.remove_member_role(h.guild_id, h.mod.id, role.id)
        refused = await h.mod.submit_modal(form, {"words-1": "sun"})
        assert "Manage Server" in refused.response.content and not h.stage.bot.service.prompts.words(h.guild_id)
