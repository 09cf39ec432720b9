"""How a clip reaches a member: by the bot's token where it is a member, by the interaction's where it is not."""

from __future__ import annotations

import asyncio
import signal
import sqlite3

from generation.encode import read_recipe
from tests.discord.peer_client import running_peer
from tests.discord.peer_views import PeerFile
from tests.discord.process import RENDER_S, START_S, ready, running_bot
from tests.discord.stage import clips_of
from tests.pictures import photo


async def test_where_the_bot_is_no_member_the_interaction_carries_the_clip_and_its_token_is_erased(
    tmp_path, tiny_checkpoint
):
    async with running_peer() as peer, running_bot(peer, tmp_path / "var", tiny_checkpoint) as bot:
        await ready(peer)
        alice = await peer.user("alice")
        elsewhere = await peer.call("create_guild", name="elsewhere", owner=alice, bot_present=False)
        channel = await peer.call("create_channel", guild=elsewhere["id"], name="talk")
        used = await peer.slash("video", {"prompt": "a guest"}, channel=channel["id"])
        clip = await peer.wait_for_message(lambda m: m.interaction_id == used.id and bool(m.clips), RENDER_S)
        assert {edit.via for edit in clip.edits} == {"interaction"}
        bot.send_signal(signal.SIGTERM)  # a stop lets a delivery that is under way be written down
        assert await asyncio.wait_for(bot.wait(), START_S) == 0
    with sqlite3.connect(tmp_path / "var" / "flipbook.sqlite3") as database:
        dump = "\n".join(database.iterdump())
    assert "interaction:" not in dump, "a used token is a credential that nobody needs any more"


async def test_in_a_server_of_ours_only_the_bots_token_edits_the_message(tmp_path, tiny_checkpoint):
    async with running_peer() as peer, running_bot(peer, tmp_path / "var", tiny_checkpoint):
        await ready(peer)
        used = await peer.slash("video", {"prompt": "at home"})
        clip = await peer.wait_for_message(lambda m: m.interaction_id == used.id and bool(m.clips), RENDER_S)
        # The first write is Discord's own placeholder.
        assert {edit.via for edit in clip.edits[1:]} <= {"bot"} and clip.edits[-1].via == "bot"
        assert clip.pinged == [] and clip.mentions in ([], [await peer.user("alice")])


async def test_a_private_clip_reaches_direct_messages_and_the_ephemeral_answer_where_they_are_closed(
    tmp_path, tiny_checkpoint
):
    async with running_peer() as peer, running_bot(peer, tmp_path / "var", tiny_checkpoint):
        await ready(peer)
        used = await peer.slash("video", {"prompt": "a secret", "private": True})
        letter = await peer.wait_for_message(lambda m: bool(clips_of(m)), RENDER_S)
        assert letter.interaction_id != used.id and {edit.via for edit in letter.edits[1:]} <= {"bot"}
        await peer.inject("POST", r"/channels/\d+/messages", status=403, code=50007)
        used = await peer.slash("video", {"prompt": "another", "private": True})
        clip = await peer.wait_for_message(lambda m: m.interaction_id == used.id and bool(clips_of(m)), RENDER_S)
        assert {edit.via for edit in clip.edits} == {"interaction"}
        assert not [m for m in await peer.messages("general", viewer="bob") if m.text or m.attachments]


async def test_a_clip_begins_with_the_picture_that_was_sent(tmp_path, tiny_checkpoint):
    async with running_peer() as peer, running_bot(peer, tmp_path / "var", tiny_checkpoint):
        await ready(peer)
        sent = PeerFile("me.jpg", photo(), "image/jpeg")
        used = await peer.slash("video", {"prompt": "a fox", "first_picture": sent})
        await peer.wait_for_message(lambda m: m.interaction_id == used.id and bool(clips_of(m)), RENDER_S)
    [kept] = (tmp_path / "var" / "pictures").iterdir()
    assert read_recipe(tmp_path / "var" / "clips" / "1.mp4").request.first_picture == kept.stem


async def test_a_guest_gets_a_private_clip_by_direct_message(tmp_path, tiny_checkpoint):
    async with running_peer() as peer, running_bot(peer, tmp_path / "var", tiny_checkpoint):
        await ready(peer)
        alice = await peer.user("alice")
        elsewhere = await peer.call("create_guild", name="elsewhere", owner=alice, bot_present=False)
        channel = await peer.call("create_channel", guild=elsewhere["id"], name="talk")
        used = await peer.slash("video", {"prompt": "a guest's", "private": True}, channel=channel["id"])
        letter = await peer.wait_for_message(lambda m: bool(clips_of(m)), RENDER_S)
        assert letter.interaction_id != used.id and letter.channel_id != channel["id"]
        answer = await peer.wait_for_message(lambda m: m.interaction_id == used.id and "direct messages" in m.text, 10)
        assert answer.channel_id == channel["id"]
