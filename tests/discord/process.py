"""`python -m bot` as an operator runs it, pointed at the loopback Discord."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.discord.peer_client import PeerClient

ROOT = Path(__file__).parents[2]
START_S = 60.0
RENDER_S = 90.0


@asynccontextmanager
async def running_bot(
    peer: PeerClient, data_dir: Path, checkpoint: Path, *, module: str = "bot", **settings: str
) -> AsyncGenerator[Process]:
    """The process, its output in `bot.log` beside `data_dir`; ended on exit if it still runs."""
    environment = os.environ | peer.where.environment()
    environment |= {"DATA_DIR": str(data_dir), "CHECKPOINT": str(checkpoint), "PYTHONPATH": str(ROOT)}
    with (data_dir.parent / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, env=environment | settings, cwd=data_dir.parent, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ready(peer: PeerClient) -> None:
    """Wait until members can use the commands."""
    await peer.wait_synced("video", START_S)
    await peer.wait_connected(START_S)
