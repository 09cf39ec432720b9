"""The shipped process against a loopback Discord in another process: killed, started again, delivered once."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3

import pytest

from generation.encode import read_recipe
from tests.discord.peer_client import PeerClient, running_peer
from tests.discord.process import RENDER_S, START_S, ready, running_bot


async def kill(process, peer: PeerClient) -> None:
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    await peer.wait_disconnected()


@pytest.mark.parametrize("moment", ["before the clip is sent", "after the clip was taken, before the answer"])
async def test_a_queued_clip_survives_kill_9_and_arrives_exactly_once(tmp_path, tiny_checkpoint, moment):
    data_dir = tmp_path / "var"
    async with running_peer() as peer:
        async with running_bot(peer, data_dir, tiny_checkpoint) as bot:
            await ready(peer)
            used = await peer.slash("video", {"prompt": "a panda", "seed": 11})
            await peer.wait_for_message(lambda m: m.interaction_id == used.id and "Queued" in m.text, START_S)
            # From here on the member was promised a clip.
            if moment.startswith("before"):
                gate = await peer.hold("PATCH", r"/channels/\d+/messages/", when="before")
                await gate.wait_held(RENDER_S)
                await kill(bot, peer)
                await gate.drop()
            else:
                await peer.wait_for_message(lambda m: m.interaction_id == used.id and "Rendering" in m.text, RENDER_S)
                gate = await peer.hold("PATCH", r"/channels/\d+/messages/", when="after")
                async with asyncio.timeout(RENDER_S):
                    while not [m for m in await peer.messages() if m.clips]:
                        held = await gate.wait_held(RENDER_S)
                        assert held
                        if not [m for m in await peer.messages() if m.clips]:
                            await gate.release()
                            gate = await peer.hold("PATCH", r"/channels/\d+/messages/", when="after")
                await kill(bot, peer)
                await gate.drop()
        async with running_bot(peer, data_dir, tiny_checkpoint) as bot:
            clip = await peer.wait_for_message(
                lambda m: m.interaction_id == used.id and bool(m.clips), START_S + RENDER_S
            )
            await peer.wait_connected(START_S)
            bot.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(bot.wait(), 30) == 0
        clip = await peer.message(clip.id)  # the second process may have shown it again, in place
        assert [a.filename for a in clip.attachments] == ["flipbook-1.mp4"]
        posted = [m for m in await peer.messages() if m.clips]
        assert [m.id for m in posted] == [clip.id], "one clip, on its own message"
        data = await peer.download(clip.clips[0])
    with sqlite3.connect(data_dir / "flipbook.sqlite3") as database:
        assert database.execute("SELECT state, attempt FROM jobs").fetchall() in (
            [("delivered", 0)],
            [("delivered", 1)],
        )
    assert data == (data_dir / "clips" / "1.mp4").read_bytes()
    assert read_recipe(data_dir / "clips" / "1.mp4").request.seed == 11


async def test_an_upload_that_discord_answers_with_errors_is_tried_again(tmp_path, tiny_checkpoint):
    async with running_peer() as peer, running_bot(peer, tmp_path / "var", tiny_checkpoint) as bot:
        await ready(peer)
        gate = await peer.hold("PATCH", r"/channels/\d+/messages/", when="before", skip=1)
        used = await peer.slash("video", {"prompt": "stormy weather"})
        await gate.wait_held(RENDER_S)
        await peer.inject("PATCH", r"/channels/\d+/messages/", status=503, count=3)
        await gate.drop()
        clip = await peer.wait_for_message(lambda m: m.interaction_id == used.id and bool(m.clips), RENDER_S + START_S)
        assert clip.clips and bot.returncode is None


async def test_a_clips_buttons_and_an_open_form_outlive_kill_9_and_a_lost_connection_is_told(tmp_path, tiny_checkpoint):
    data_dir = tmp_path / "var"
    async with running_peer() as peer:
        async with running_bot(peer, data_dir, tiny_checkpoint) as bot:
            await ready(peer)
            used = await peer.slash("video", {"prompt": "a panda"})
            clip = await peer.wait_for_message(lambda m: m.interaction_id == used.id and bool(m.clips), RENDER_S)
            form = await peer.acknowledged((await peer.press(clip.id, "flipbook:edit:1")).id)
            await kill(bot, peer)
        async with running_bot(peer, data_dir, tiny_checkpoint) as bot:
            await peer.wait_connected(START_S)
            written = {"prompt": "a cat", "seed": "8", "quality": ["draft"], "motion": ["left"]}
            sent = await peer.modal_submit(form, written)
            pressed = await peer.press(clip.id, "flipbook:reroll:1", user="bob")
            for each in (sent, pressed):
                await peer.wait_for_message(lambda m, id=each.id: m.interaction_id == id and bool(m.clips), RENDER_S)
            gate = await peer.hold("POST", r"/interactions/\d+/[^/]+/callback", when="before")
            used = await peer.slash("quota")
            await gate.wait_held(START_S)
            await gate.drop()
            told = await peer.wait_for_message(lambda m: m.interaction_id == used.id and bool(m.text), START_S)
            assert "did not take my answer" in told.text and told.ephemeral_to is not None
            gate = await peer.hold("POST", r"/interactions/\d+/[^/]+/callback", when="after")
            used = await peer.slash("video", {"prompt": "a panda"})
            await gate.wait_held(START_S)
            await gate.drop()
            told = await peer.wait_for_message(
                lambda m: m.interaction_id == used.id and "did not take" in m.text, START_S
            )
            assert told.ephemeral_to is not None

            async def taken_back() -> bool:
                return not [m for m in await peer.messages(viewer="bob") if m.interaction_id == used.id]

            await peer.until(taken_back, START_S, "the placeholder is still there")
            assert bot.returncode is None and "Traceback" not in (tmp_path / "bot.log").read_text()


async def test_commands_are_registered_once_and_not_again_at_every_start(tmp_path, tiny_checkpoint):
    async with running_peer() as peer:
        for _ in range(2):
            async with running_bot(peer, tmp_path / "var", tiny_checkpoint) as bot:
                await ready(peer)
                await kill(bot, peer)
        assert len(await peer.command_syncs()) == 1


async def test_the_process_refuses_a_second_one_on_the_same_data(tmp_path, tiny_checkpoint):
    async with running_peer() as peer, running_bot(peer, tmp_path / "var", tiny_checkpoint):
        await peer.wait_connected(START_S)
        async with running_bot(peer, tmp_path / "var", tiny_checkpoint) as second:
            assert await asyncio.wait_for(second.wait(), START_S) == 1
        assert "Stop it first" in (tmp_path / "bot.log").read_text()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DISCORD_GATEWAY_URL": ""}, "belong together"),
        ({"DAILY_CLIPS": "many"}, "DAILY_CLIPS"),
    ],
)
async def test_settings_that_cannot_work_are_refused_by_name(tmp_path, tiny_checkpoint, settings, words):
    async with running_peer() as peer, running_bot(peer, tmp_path / "var", tiny_checkpoint, **settings) as bot:
        assert await asyncio.wait_for(bot.wait(), START_S) == 2
    assert words in (tmp_path / "bot.log").read_text()
    assert peer.where.environment()["DISCORD_TOKEN"] not in (tmp_path / "bot.log").read_text()


async def test_a_refused_token_is_explained(tmp_path, tiny_checkpoint):
    async with (
        running_peer() as peer,
        running_bot(peer, tmp_path / "var", tiny_checkpoint, DISCORD_TOKEN="wrong") as bot,
    ):
        assert await asyncio.wait_for(bot.wait(), START_S) == 1
    assert "Developer Portal" in (tmp_path / "bot.log").read_text()


async def test_kill_9_amid_ten_renders_costs_nobody_their_clip_and_gives_nobody_two(tmp_path, slow_checkpoint):
    data_dir = tmp_path / "var"
    async with running_peer() as peer:
        async with running_bot(peer, data_dir, slow_checkpoint) as bot:
            await ready(peer)
            asked = []
            for number in range(10):
                member = ("alice", "bob")[number % 2]
                asked.append(await peer.slash("video", {"prompt": f"panda {number}"}, user=member))
            for used in asked:
                await peer.wait_for_message(lambda m, id=used.id: m.interaction_id == id and bool(m.text), START_S)
            await peer.wait_for_message(lambda m: bool(m.clips), RENDER_S)
            await kill(bot, peer)
        delivered_before = len([m for m in await peer.messages() if m.clips])
        assert 1 <= delivered_before < 10, "the kill must fall amid the renders"
        async with running_bot(peer, data_dir, slow_checkpoint) as bot:
            for used in asked:
                await peer.wait_for_message(
                    lambda m, id=used.id: m.interaction_id == id and bool(m.clips), START_S + RENDER_S
                )
            bot.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(bot.wait(), 30) == 0
        clips = [m for m in await peer.messages() if m.clips]
        assert sorted(m.interaction_id for m in clips) == sorted(used.id for used in asked)
        assert all(len(m.clips) == 1 for m in clips)
    with sqlite3.connect(data_dir / "flipbook.sqlite3") as database:
        assert database.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall() == [("delivered", 10)]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    files = sorted(path.name for path in (data_dir / "clips").iterdir())
    assert files == sorted(f"{job}.{end}" for job in range(1, 11) for end in ("mp4", "strip.webp")), "no orphan files"
