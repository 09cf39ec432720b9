"""How fast members are answered while the GPU thread renders: `python -m tests.bench.answers`.

The shipped process runs against the loopback Discord in another process, whose clock counts: from INTERACTION_CREATE
to the edit that shows "Queued", over many `/video` commands of several members, with one clip after the other being
rendered; the longest gap between two heartbeats beyond the asked interval; and how late the bot's event loop is.
Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import lag_bot
from tests.bench.lag_bot import FILE
from tests.discord.peer_client import PeerClient, running_peer
from tests.discord.process import RENDER_S, START_S, ready, running_bot

MEMBERS = 10
PROMPT = "a fox in the snow"
HEARTBEAT_S = 1.0
PROMISED = "Queued"


async def measure(
    data_dir: Path, checkpoint: Path | str, *, commands: int, pause_s: float, prompt: str = PROMPT
) -> dict[str, Any]:
    """The figures of one run; times in milliseconds and seconds.

    Args:
        commands: how many to send once a clip is being rendered.
        pause_s: from one command to the next.
    """
    late = data_dir.parent / "late.json"
    freely = {"MAX_ACTIVE_JOBS": "1000", "DAILY_CLIPS": "10000", "STOP_TIMEOUT_S": "0", FILE: str(late)}
    async with (
        running_peer(heartbeat_interval_s=HEARTBEAT_S) as peer,
        running_bot(peer, data_dir, Path(checkpoint), module=lag_bot.__name__, **freely) as bot,
    ):
        await ready(peer)
        guild = await peer.guild()
        members = [(await peer.call("create_user", name=f"m{i}", guild=guild))["id"] for i in range(MEMBERS)]
        first = await peer.slash("video", {"prompt": prompt})
        await peer.wait_for_message(lambda m: m.interaction_id == first.id and _is_rendering(m.text), RENDER_S)
        sent: list[int] = []
        began = time.time()
        for number in range(commands):
            sent.append((await peer.slash("video", {"prompt": prompt}, user=members[number % MEMBERS])).id)
            await asyncio.sleep(pause_s)
        waits = [await _answered(peer, interaction) for interaction in sent]
        ended = time.time()
        rendered = sum(bool(message.clips) for message in await peer.messages())
        gaps = [gap for connection in await peer.connections() for gap in connection.gaps_s]
        bot.send_signal(signal.SIGTERM)
        await bot.wait()
    return {
        "commands": commands,
        "clips_meanwhile": rendered,
        "queued_ms": _percentiles([1000 * wait for wait in waits]),
        "loop_late_ms": _percentiles([ms for due, ms in json.loads(late.read_text()) if began <= due <= ended]),
        "heartbeats": len(gaps),
        "longest_gap_beyond_interval_s": round(max(0.0, *(gap - HEARTBEAT_S for gap in gaps)), 3),
    }


def _percentiles(milliseconds: Sequence[float]) -> dict[str, int]:
    return {f"p{p}": round(float(np.percentile(milliseconds, p))) for p in (50, 95, 99, 100)}


def _is_rendering(text: str) -> bool:
    return "▰" in text or "▱" in text


async def _answered(peer: PeerClient, interaction: int) -> float:
    """Seconds from the interaction to the first edit that promises its clip."""
    created = (await peer.interaction(interaction)).created_at
    message = await peer.wait_for_message(
        lambda m: m.interaction_id == interaction and any(PROMISED in edit.text for edit in m.edits), START_S
    )
    return next(edit.at for edit in message.edits if PROMISED in edit.text) - created


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.answers", description=__doc__)
    parser.add_argument("--checkpoint", default="starter")
    parser.add_argument("--commands", type=int, default=200)
    parser.add_argument("--pause", type=float, default=0.25, help="seconds between two commands")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = measure(Path(folder) / "var", options.checkpoint, commands=options.commands, pause_s=options.pause)
        print(json.dumps(asyncio.run(run)))


if __name__ == "__main__":
    main()
