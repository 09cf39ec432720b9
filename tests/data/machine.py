"""What stateful tests of the store share: one store in a folder of its own, closed and opened again by a crash."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from data import Job, Store

from .helpers import HandClock

Result = TypeVar("Result")


class StoreMachine(RuleBasedStateMachine):
    """Rules call the store through `run`; `seen` holds copies of jobs, stale ones too, for `pick` to choose from."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "flipbook.db"
        self.clock = HandClock()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.store = self.open()
        self.seen: list[Job] = []

    def open(self) -> Store:
        return self.run(self.stack.enter_async_context(Store.open(self.path, clock=self.clock)))

    def reopen(self) -> None:
        self.run(self.stack.aclose())
        self.store = self.open()

    def run(self, work: Awaitable[Result]) -> Result:
        async def wait() -> Result:
            return await work

        return self.runner.run(wait())

    def pick(self, number: int) -> Job | None:
        return self.seen[-1 - number % len(self.seen)] if self.seen else None

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)
