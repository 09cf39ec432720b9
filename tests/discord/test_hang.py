"""A render that hangs costs one attempt, never the queue: the process ends, and the next one delivers."""

from __future__ import annotations

import asyncio
import signal
import sqlite3

from bot.app import THREADS_REST_S
from bot.renders import EVICTION_S
from tests.discord.peer_client import running_peer
from tests.discord.process import RENDER_S, START_S, ready, running_bot

SPARE_S = 5.0

HANGING = "tests.discord.hanging_bot"


async def queued(peer) -> int:
    """Ask for a clip and wait for the promise; returns the interaction's id."""
    used = await peer.slash("video", {"prompt": "a panda"})
    await peer.wait_for_message(lambda m: m.interaction_id == used.id and "Queued" in m.text, START_S)
    return used.id


def attempts(data_dir) -> list[tuple[str, int]]:
    with sqlite3.connect(data_dir / "flipbook.sqlite3") as database:
        return database.execute("SELECT state, attempt FROM jobs").fetchall()


async def test_a_hung_render_ends_the_process_and_the_next_start_counts_it_and_delivers(tmp_path, tiny_checkpoint):
    data_dir = tmp_path / "var"
    async with running_peer() as peer:
        async with running_bot(peer, data_dir, tiny_checkpoint, module=HANGING, STALL_TIMEOUT_S="2") as bot:
            await ready(peer)
            interaction = await queued(peer)
            assert await asyncio.wait_for(bot.wait(), START_S) == 70
            await peer.wait_disconnected()
        assert attempts(data_dir) == [("running", 0)]
        async with running_bot(peer, data_dir, tiny_checkpoint):
            await peer.wait_for_message(lambda m: m.interaction_id == interaction and bool(m.clips), START_S + RENDER_S)
        [(_, counted)] = attempts(data_dir)
        assert counted == 1


async def test_a_stop_ends_the_process_even_while_a_render_hangs(tmp_path, tiny_checkpoint):
    data_dir = tmp_path / "var"
    async with (
        running_peer() as peer,
        running_bot(peer, data_dir, tiny_checkpoint, module=HANGING, STOP_TIMEOUT_S="1") as bot,
    ):
        await ready(peer)
        await queued(peer)
        async with asyncio.timeout(START_S):
            while attempts(data_dir) != [("running", 0)]:
                await asyncio.sleep(0.1)
        bot.send_signal(signal.SIGTERM)
        # The settable time, a step's and the threads'.
        assert await asyncio.wait_for(bot.wait(), 1 + EVICTION_S + THREADS_REST_S + SPARE_S) == 0
        assert attempts(data_dir) == [("queued", 0)], "a stop is no attempt"
