"""A private clip goes to its member's direct messages, or by the ephemeral answer where they are closed."""

from __future__ import annotations

import pytest

from data import ChannelRoute, InteractionRoute, JobState
from tests.bot.house import ScriptedExecutor
from tests.discord.stage import button, clips_of, make_settings, stage, text_of
from tests.sketch import save_sketch

CLOSED = {"status": 403, "code": 50007, "message": "Cannot send messages to this user"}


@pytest.fixture
def settings(tmp_path):
    return make_settings(tmp_path / "var", save_sketch(tmp_path / "sketch"), discord_token="a-token")


def seen_clips(s, answer):
    """The clip in alice's own view of an answer."""
    return [m for m in s.channel.history(viewer=s.alice) if m.id == answer.response.id and clips_of(m)]


async def test_on_the_local_page_the_ephemeral_answer_carries_the_clip(tmp_path):
    settings = make_settings(tmp_path / "var", save_sketch(tmp_path / "sketch"))
    async with stage(settings, executor=ScriptedExecutor()) as s:
        answer = await s.alice.slash(s.channel, "video", prompt="a secret", private=True)
        [message] = await s.until(lambda: seen_clips(s, answer), "the clip")
        assert message.flags.ephemeral and s.channel.history(viewer=s.bob) == []
        assert s.alice.user.dm_channel.history() == []


async def test_the_clip_comes_by_direct_message_and_only_its_member_sees_the_answer(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        answer = await s.alice.slash(s.channel, "video", prompt="a secret", private=True)
        letters = s.alice.user.dm_channel
        [letter] = await s.until(lambda: [m for m in letters.history() if clips_of(m)], "the clip")
        assert "a secret" in text_of(letter) and len(letters.history()) == 1
        assert answer.response.ephemeral and letter.jump_url in answer.response.content
        assert s.channel.history(viewer=s.bob) == []
        job = await s.bot.service._store.get(1)
        assert job.route == ChannelRoute(letters.id, letter.id)
        assert job.private and job.message_guild_id is None and job.guild_id == s.channel.guild.id


async def test_closed_direct_messages_leave_the_clip_in_the_ephemeral_answer(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        s.env.inject_error("POST", "/channels/*/messages", **CLOSED)
        answer = await s.alice.slash(s.channel, "video", prompt="slow", private=True)
        job = await s.bot.service._store.get(1)
        assert job.private and isinstance(job.route, InteractionRoute)
        s.bot.service.offer._executor.gate.set()
        await s.until(lambda: seen_clips(s, answer), "the clip")
        assert answer.response.ephemeral and s.channel.history(viewer=s.bob) == []


async def test_closed_direct_messages_and_a_long_queue_are_refused_at_once(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        s.bot.service._forecaster.late_s = lambda _: 3600.0
        s.env.inject_error("POST", "/channels/*/messages", **CLOSED)
        answer = await s.alice.slash(s.channel, "video", prompt="a secret", private=True)
        [told] = answer.followups
        assert told.ephemeral and "direct messages are closed" in told.content
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


async def test_a_refusal_after_the_placeholder_takes_both_messages_back(tmp_path):
    settings = make_settings(
        tmp_path / "var", save_sketch(tmp_path / "sketch"), max_active_jobs=1, discord_token="a-token"
    )
    async with stage(settings, executor=ScriptedExecutor()) as s:
        slow = await s.alice.slash(s.channel, "video", prompt="slow")
        answer = await s.alice.slash(s.channel, "video", prompt="a secret", private=True)
        assert s.alice.user.dm_channel.history() == []
        assert answer.response is None and all(told.ephemeral for told in answer.followups)
        assert len(s.channel.history(viewer=s.bob)) == 1
        await s.alice.click(s.message(slow), custom_id=button(s.message(slow), "Cancel"))


async def test_in_direct_messages_a_clip_is_private_as_it_is(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        answer = await s.alice.user.slash("video", prompt="a secret", private=True)
        letters = s.alice.user.dm_channel
        [message] = await s.until(lambda: [m for m in letters.history() if clips_of(m)], "the clip")
        assert message.id == answer.response.id and len(letters.history()) == 1


async def test_the_settings_can_make_every_clip_private(settings):
    from bot.choices import Choices
    from bot.preferences import Chosen, Owner, Whose

    async with stage(settings, executor=ScriptedExecutor()) as s:
        await s.bot.service.preferences.put(Owner(Whose.ME, s.alice.id), Chosen(Choices(private=True)))
        assert (await s.alice.slash(s.channel, "video", prompt="one")).response.ephemeral
        shown = await s.alice.slash(s.channel, "video", prompt="two", private=False)
        assert not (await s.clip(shown)).flags.ephemeral


async def test_a_private_clip_goes_on_where_the_bot_is_removed_from_the_server(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        slow = await s.bob.slash(s.channel, "video", prompt="slow")
        await s.alice.slash(s.channel, "video", prompt="a secret", private=True)
        await s.bot.service.moderation.leave_guild(s.channel.guild.id)
        assert (await s.bot.service._store.get(2)).state is JobState.QUEUED
        await s.bob.click(s.message(slow), custom_id=button(s.message(slow), "Cancel"))
        await s.until(lambda: [m for m in s.alice.user.dm_channel.history() if clips_of(m)], "the clip")


async def test_a_file_may_be_as_large_as_the_interaction_says_but_not_in_other_messages(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        await s.clip(await s.alice.slash(s.channel, "video", prompt="here"))
        await s.alice.slash(s.channel, "video", prompt="a secret", private=True)
        public, private = [await s.bot.service._store.get(job) for job in (1, 2)]
        assert public.file_limit == 25 << 20 and s.bot.messenger._file_limit(public) == 25 << 20
        assert private.file_limit is None and s.bot.messenger._file_limit(private) == 10 << 20
