"""`python -m bot` which notes how late its event loop is: every tick that was due, and by how much it was missed.

A loop that stands still for a second misses a hundred ticks, not one; so the percentiles are shares of time.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from bot.__main__ import main
from bot.app import Flipbook

FILE = "LAG_FILE"
TICK_S = 0.01


async def watch(path: Path) -> None:
    """Note when each tick was due, in seconds since the epoch, and by how many milliseconds it was late."""
    loop = asyncio.get_running_loop()
    epoch = time.time() - loop.time()
    late: list[tuple[float, float]] = []
    due = loop.time() + TICK_S
    try:
        while True:
            await asyncio.sleep(due - loop.time())
            now = loop.time()
            while due <= now:
                late.append((epoch + due, 1e3 * (now - due)))
                due += TICK_S
    finally:
        path.write_text(json.dumps(late))


class Watched(Flipbook):
    """Watches its loop from when it is logged in until it is closed."""

    async def setup_hook(self) -> None:
        await super().setup_hook()
        self.watching = asyncio.create_task(watch(Path(os.environ[FILE])))

    async def close(self) -> None:
        self.watching.cancel()
        with suppress(asyncio.CancelledError):
            await self.watching
        await super().close()


if __name__ == "__main__":
    import bot.app

    bot.app.Flipbook = Watched
    sys.exit(main())
