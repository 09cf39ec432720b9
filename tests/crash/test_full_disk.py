"""The real process goes through a time in which nothing can be written, as on a full disk, without a restart."""

from __future__ import annotations

import asyncio
import resource
import signal

import pytest

from .lane import Lane, check, lane

FILLED_S = 4.0
"""Long enough for some tries."""

LEAST_BYTES = 4096
"""Of each file that may still be written: a small clip, but no frame of the database's log."""


def fill_disk(one: Lane) -> None:
    _limit_files(one, LEAST_BYTES)


def empty_disk(one: Lane) -> None:
    _limit_files(one, resource.RLIM_INFINITY)


def _limit_files(one: Lane, most_bytes: int) -> None:
    assert one.pid is not None
    resource.prlimit(one.pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of a running process are Linux's")
async def test_a_clip_that_ends_on_a_full_disk_is_delivered_when_there_is_room_again(tmp_path):
    async with lane(tmp_path, CRASH_STEP_S="0.7") as one:
        await one.start()
        asked = [await one.ask(), await one.ask()]
        await one.until(lambda jobs: jobs == [(1, "running"), (2, "queued")], "the first job runs")
        fill_disk(one)
        await asyncio.sleep(3 * 0.7 + FILLED_S)
        assert one.jobs() == [(1, "running"), (2, "queued")]
        empty_disk(one)
        await one.settled()
        assert await one.end(signal.SIGTERM) == 0
        assert "cannot be used" in (one.data_dir.parent / "bot.log").read_text()
        assert await check(one, asked) == []
