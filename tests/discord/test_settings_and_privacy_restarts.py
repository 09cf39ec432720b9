"""Settings and privacy in the shipped process: real uploads, panels of an earlier process, kills amid an erasure."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import sqlite3
from contextlib import closing
from zipfile import ZipFile

from tests.discord.peer_client import PeerClient, running_peer
from tests.discord.peer_views import PeerInteraction, PeerMessage
from tests.discord.process import RENDER_S, START_S, ready, running_bot

MESSAGES = r"/channels/\d+/messages/"


async def kill(process, peer: PeerClient) -> None:
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    await peer.wait_disconnected()


async def make(peer: PeerClient, prompt: str, user: str = "alice") -> PeerMessage:
    used = await peer.slash("video", {"prompt": prompt}, user=user)
    return await peer.wait_for_message(lambda m: m.interaction_id == used.id and bool(m.clips), RENDER_S)


async def answer(peer: PeerClient, used: PeerInteraction, part: str = "") -> PeerMessage:
    """What only the member sees."""
    message = await peer.wait_for_message(
        lambda m: m.interaction_id == used.id and part in m.text and not m.thinking, START_S
    )
    assert message.ephemeral_to is not None
    return message


def pressable(message: PeerMessage, label: str) -> str:
    [custom_id] = [button.custom_id for button in message.buttons if button.label == label]
    assert custom_id is not None
    return custom_id


async def exported(peer: PeerClient, used: PeerInteraction) -> ZipFile:
    message = await peer.wait_for_message(lambda m: m.interaction_id == used.id and bool(m.attachments), START_S)
    assert message.ephemeral_to is not None
    return ZipFile(io.BytesIO(await peer.download(message.attachments[0])))


async def test_an_export_is_uploaded_as_one_file_that_fits(tmp_path, tiny_checkpoint):
    data_dir = tmp_path / "var"
    async with running_peer() as peer, running_bot(peer, data_dir, tiny_checkpoint):
        await ready(peer)
        await make(peer, "a fox")
        archive = await exported(peer, await peer.slash("privacy export"))
        assert archive.read("clips/1.mp4") == (data_dir / "clips" / "1.mp4").read_bytes()
        assert json.loads(archive.read("data.json"))["tables"]["jobs"][0]["state"] == "delivered"
        await peer.set_upload_limit(len(archive.read("clips/1.mp4")))
        archive = await exported(peer, await peer.slash("privacy export"))
        assert archive.namelist() == ["data.json"]


async def test_a_question_of_an_earlier_process_still_deletes_and_a_kill_amid_it_leaves_nothing(
    tmp_path, tiny_checkpoint
):
    data_dir = tmp_path / "var"
    async with running_peer() as peer:
        async with running_bot(peer, data_dir, tiny_checkpoint) as bot:
            await ready(peer)
            mine = [await make(peer, "a fox"), await make(peer, "a hen")]
            theirs = await make(peer, "bobs own", user="bob")
            asked = await answer(peer, await peer.slash("privacy delete"), "Delete everything?")
            await kill(bot, peer)
        async with running_bot(peer, data_dir, tiny_checkpoint) as bot:
            await peer.wait_connected(START_S)
            gate = await peer.hold("DELETE", MESSAGES, when="after")
            await peer.press(asked.id, pressable(asked, "Delete everything and my messages"))
            await gate.wait_held(START_S)
            await kill(bot, peer)
            await gate.drop()
        async with running_bot(peer, data_dir, tiny_checkpoint) as bot:

            async def gone() -> bool:
                left = {message.id for message in await peer.messages(viewer="bob")}
                return not left & {message.id for message in mine} and theirs.id in left

            await peer.until(gone, START_S, "the member's messages are still there")
            bot.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(bot.wait(), 30) == 0
    with closing(sqlite3.connect(data_dir / "flipbook.sqlite3")) as database:
        assert database.execute("SELECT count(*), min(id) FROM jobs").fetchone() == (1, 3)
        assert database.execute("SELECT used FROM erased_quotas").fetchall() == [(2,)]
        assert "a fox" not in "\n".join(database.iterdump())
    assert {path.name.split(".")[0] for path in (data_dir / "clips").iterdir()} == {"3"}


async def test_a_panel_of_an_earlier_process_still_works(tmp_path, tiny_checkpoint):
    data_dir = tmp_path / "var"
    async with running_peer() as peer:
        async with running_bot(peer, data_dir, tiny_checkpoint) as bot:
            await ready(peer)
            panel = await answer(peer, await peer.slash("settings me"), "Your settings")
            await kill(bot, peer)
        async with running_bot(peer, data_dir, tiny_checkpoint):
            await peer.wait_connected(START_S)
            await peer.press(panel.id, "flipbook:setting:me:language", values=['"de"'])
            await peer.wait_for_message(lambda m: m.id == panel.id and "Deine Einstellungen" in m.text, START_S)
            asked = await peer.press(panel.id, "flipbook:settings-negative:me")
            asked = await peer.acknowledged(asked.id)
            assert asked.modal is not None
            [label] = asked.modal["components"]
            await peer.modal_submit(asked, {label["component"]["custom_id"]: "Regen"})
            await peer.wait_for_message(lambda m: m.id == panel.id and "Regen" in m.text, START_S)
            await peer.press(panel.id, "flipbook:settings-reset:me")
            await peer.wait_for_message(lambda m: m.id == panel.id and "Your settings" in m.text, START_S)
