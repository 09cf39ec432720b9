"""Where a clip cannot be posted, the command says so at once, with what to grant; elsewhere it works."""

from __future__ import annotations

import discord
import pytest

from tests.bot.house import ScriptedExecutor
from tests.discord.stage import clips_of, make_settings, stage
from tests.sketch import save_sketch


@pytest.fixture
def settings(tmp_path):
    return make_settings(tmp_path / "var", save_sketch(tmp_path / "sketch"), discord_token="a-token")


def without(s, name: str, **denied: bool):
    """A channel where the bot lacks permissions."""
    overwrite = discord.PermissionOverwrite(**{permission: False for permission in denied})
    return s.channel.guild.create_text_channel(name, overwrites={s.bot.user: overwrite})


@pytest.mark.parametrize(
    ("permission", "words"),
    [("attach_files", "Attach Files"), ("embed_links", "Embed Links"), ("send_messages", "Send Messages")],
)
async def test_a_missing_permission_is_told_to_the_member_alone_before_anything_is_rendered(
    settings, permission, words
):
    executor = ScriptedExecutor()
    async with stage(settings, executor=executor) as s:
        channel = without(s, "closed", **{permission: True})
        answer = await s.alice.slash(channel, "video", prompt="x")
        assert answer.response.ephemeral and f"**{words}**" in answer.response.content
        assert channel.history(viewer=s.bob) == [] and executor.renders == []
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


async def test_all_that_is_missing_is_named_at_once(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        channel = without(s, "closed", attach_files=True, embed_links=True)
        told = (await s.alice.slash(channel, "video", prompt="x")).response.content
        assert "**Embed Links**, **Attach Files**" in told


async def test_a_private_clip_needs_no_permission_in_the_channel(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        channel = without(s, "closed", attach_files=True, send_messages=True)
        await s.alice.slash(channel, "video", prompt="x", private=True)
        await s.until(lambda: [m for m in s.alice.user.dm_channel.history() if clips_of(m)], "the clip")


async def test_a_thread_needs_its_own_permission(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        for name, denied, works in ("open", {"send_messages": True}, True), (
            "closed", {"send_messages_in_threads": True}, False,
        ):  # fmt: skip
            parent = without(s, name, **denied)
            started = await s.alice.send(parent, "let us talk")
            channel = s.bot.get_channel(parent.id)
            await channel.get_partial_message(started.id).create_thread(name="talk")
            [thread] = parent.threads
            answer = await s.alice.slash(thread, "video", prompt="x")
            if works:
                await s.until(lambda thread=thread: [m for m in thread.history() if clips_of(m)], "the clip")
            else:
                assert "Send Messages in Threads" in answer.response.content and answer.response.ephemeral


async def test_the_chat_of_a_voice_channel_works(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        voice = s.channel.guild.create_voice_channel("lounge")
        await s.alice.slash(voice, "video", prompt="x")
        await s.until(lambda: [m for m in voice.history() if clips_of(m)], "the clip")


async def test_a_forum_post_works(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        forum = s.channel.guild.create_forum_channel("ideas")
        await s.bot.get_channel(forum.id).create_thread(name="clips", content="post yours")
        [post] = forum.threads
        await s.alice.slash(post, "video", prompt="x")
        await s.until(lambda: [m for m in post.history() if clips_of(m)], "the clip")


async def test_direct_messages_need_no_permission(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        await s.alice.user.slash("video", prompt="x")
        await s.until(lambda: [m for m in s.alice.user.dm_channel.history() if clips_of(m)], "the clip")
