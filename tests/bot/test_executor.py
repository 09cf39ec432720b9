"""The thread that renders: it ends quietly, whatever it was doing."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from bot.executor import LocalExecutor
from generation.errors import CheckpointUnavailable


class SlowlyRefused(LocalExecutor):
    """Finds out that its checkpoint cannot be loaded once `gate` is open."""

    def __init__(self) -> None:
        super().__init__("anything")
        self.loading, self.gate = threading.Event(), threading.Event()

    def _load(self):
        self.loading.set()
        self.gate.wait()
        raise CheckpointUnavailable("there is no checkpoint")


@pytest.fixture
def executor():
    refused = SlowlyRefused()
    yield refused
    refused.gate.set()


def test_a_load_that_fails_during_the_stop_leaves_no_traceback_in_the_log(executor, caplog):
    async def stop_while_loading() -> None:
        start = asyncio.create_task(executor.start())
        await asyncio.to_thread(executor.loading.wait)
        start.cancel()
        await asyncio.gather(start, return_exceptions=True)
        closing = asyncio.create_task(executor.close(timeout_s=60))
        await asyncio.sleep(0.1)
        executor.gate.set()
        assert await closing

    asyncio.run(stop_while_loading())
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


async def test_closing_does_not_wait_for_a_thread_that_hangs(executor):
    start = asyncio.create_task(executor.start())
    await asyncio.to_thread(executor.loading.wait)
    assert not await executor.close(timeout_s=0.1)
    executor.gate.set()
    await asyncio.gather(start, return_exceptions=True)
