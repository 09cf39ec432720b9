"""`python -m tests.bench.scale`: one process with 1,000 servers, 10,000 waiting jobs and 1,000,000 clips.

Prints one line of JSON for each figure: what was measured, in which unit, and the median and the worst of the runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from bot.clips import CLIPS_FOLDER
from bot.estimate import Estimator
from bot.forecast import Forecaster
from bot.places import Places
from bot.queue import FairQueue, Ticket
from bot.settings import DATABASE
from data import Store
from generation.request import Defaults, VideoRequest
from tests.bot.house import house
from tests.discord.stage import make_settings

GUILDS, QUEUED, CLIPS, ERASED = 1_000, 10_000, 1_000_000, 50_000
MEMBER = 7
RUNS = 20
NOW, MONTH_S = 1_800_000_000.0, 30 * 86_400.0


def tell(what: str, unit: str, values: list[float]) -> None:
    line = {"what": what, "unit": unit, "median": round(statistics.median(values), 3), "worst": round(max(values), 3)}
    print(json.dumps(line | {"runs": len(values)}), flush=True)


def full_queue() -> FairQueue:
    queue = FairQueue()
    for job_id in range(QUEUED):
        queue.put(Ticket(job_id, job_id % GUILDS, job_id % (3 * GUILDS), 20.0 + job_id % 7))
    return queue


def next_job() -> None:
    queue, took = full_queue(), list[float]()
    for _ in range(min(1_000, QUEUED)):
        began = time.perf_counter()
        ticket = queue.next()
        assert ticket is not None
        queue.settle(ticket.job_id, 21.0)
        took.append(1e3 * (time.perf_counter() - began))
    tell("next job chosen and settled", "ms", took)


async def places() -> None:
    queue = full_queue()
    forecaster = Forecaster(queue, Estimator(), busy_s=lambda: 5.0, tick=time.perf_counter)
    cold, warm, kept_up, lags = list[float](), list[float](), list[float](), list[float]()
    for run in range(RUNS):
        queue._lines.clear()  # as after a start
        for took in (cold, warm):
            began = time.perf_counter()
            assert forecaster.of(QUEUED - 1 - run) is not None
            took.append(1e3 * (time.perf_counter() - began))
    tell("place told, the first time after a start", "ms", cold)
    tell("place told", "ms", warm)

    async def watch() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0)
            lags.append(1e3 * (time.perf_counter() - began))

    for _ in range(RUNS):
        places = Places(queue, refresh=lambda _: None, pace_s=1.0)
        watching = asyncio.create_task(watch())
        began = time.perf_counter()
        await places._keep_up()
        kept_up.append(1e3 * (time.perf_counter() - began))
        watching.cancel()
    tell("places in messages compared with all those in the queue, in slices", "ms", kept_up)
    tell("event loop held by a slice of it", "ms", lags)


def fill(path: Path, *, queued: int, clips: int, guilds: int = GUILDS) -> None:
    """Rows as the store writes them, without a transaction for each; the clips of one month, evenly."""
    request = VideoRequest(prompt="a red fox in the snow", seed=1).resolve(Defaults()).to_json()
    done = "started_at, rendered_at, settled_at, clip_path, clip_bytes, render_s, encode_s"
    columns = "key, user_id, guild_id, channel_id, message_id, request, fingerprint, cost_s, created_at, state"
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany(
            f"INSERT INTO jobs ({columns}) VALUES (?, ?, ?, 1, ?, ?, 'x', 20, 1, 'queued')",
            ((f"q{n}", n % 3000, n % GUILDS, n, request) for n in range(queued)),
        )
        database.executemany(
            f"""INSERT INTO jobs ({columns}, {done})
                VALUES (?, ?, ?, 1, ?, ?, 'x', 20, ?6, 'delivered', ?6 + 10, ?6 + 15, 1, 'clips/1.mp4', 25000, 4, 1)""",
            (
                (f"c{n}", MEMBER if n % 2 else n % 3000, n % guilds, n, request, NOW - MONTH_S * (1 - n / clips))
                for n in range(clips)
            ),
        )


async def measure(run: Callable[[int], Awaitable[object]], runs: int = RUNS) -> list[float]:
    took: list[float] = []
    for number in range(runs):
        began = time.perf_counter()
        await run(number)
        took.append(time.perf_counter() - began)
    return took


async def start_up(folder: Path) -> None:
    """The whole service, from the opening of its database until the next job may be rendered."""
    path = folder / "queued.sqlite3"
    async with Store.open(path):
        pass
    fill(path, queued=QUEUED, clips=0)
    took, busy = list[float](), list[float]()
    for run in range(5):
        settings = make_settings(folder / str(run), "x")
        clips = settings.store_dir / CLIPS_FOLDER
        clips.mkdir(parents=True)
        for number in range(QUEUED):
            (clips / f"{QUEUED + 1 + number}.mp4").touch()
        shutil.copy(path, settings.store_dir / DATABASE)
        began, began_busy = time.perf_counter(), time.process_time()
        async with house(folder / str(run)) as h:
            took.append(time.perf_counter() - began)
            busy.append(time.process_time() - began_busy)
            assert h.service.waiting() == QUEUED
    what = f"start-up with {QUEUED:,} queued jobs and {QUEUED:,} clips on the disk"
    tell(what, "s", took)
    tell(f"{what}, processor time", "s", busy)


async def history(folder: Path, clips: int) -> None:
    path = folder / "clips.sqlite3"
    async with Store.open(path):
        pass
    fill(path, queued=0, clips=clips)
    async with Store.open(path) as store:
        for what, last in (("newest", None), ("middle", clips // 2), ("oldest", 100)):
            took = await measure(lambda _, last=last: store.history(MEMBER, before=last, limit=6))
            tell(f"history of {clips:,} clips, {what} page", "ms", [1e3 * seconds for seconds in took])
        took = await measure(lambda _: store.expendable_files(older_than=None, max_bytes=1e15, limit=64))
        tell(f"room of {clips:,} clips counted", "ms", [1e3 * seconds for seconds in took])


async def stats(folder: Path, clips: int) -> None:
    path = folder / "stats.sqlite3"
    async with Store.open(path):
        pass
    fill(path, queued=0, clips=clips, guilds=1)
    async with Store.open(path, clock=lambda: NOW) as store:
        for days in (1, 7, 30):
            took = await measure(lambda _, days=days: store.stats(0, days=days))
            tell(
                f"stats of {days} days of one server's {clips:,} clips in 30", "ms", [1e3 * seconds for seconds in took]
            )


async def erasure(folder: Path) -> None:
    """One member's long history is erased while another asks for a job again and again."""
    path = folder / "erased.sqlite3"
    async with Store.open(path):
        pass
    fill(path, queued=0, clips=2 * ERASED)  # every other clip is the member's
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO quotas (user_id, period, used) SELECT DISTINCT user_id, '2026-01-01', 0 FROM jobs"
        )
        database.execute(
            """INSERT INTO holds (job_id, user_id, period, settlement, settled_at)
               SELECT id, user_id, '2026-01-01', 'spent', settled_at FROM jobs"""
        )
        database.execute("UPDATE quotas SET used = (SELECT count(*) FROM holds WHERE holds.user_id = quotas.user_id)")
    waits: list[float] = []
    async with Store.open(path, clock=lambda: NOW) as store:
        began = time.perf_counter()
        erasing = asyncio.create_task(store.erase_member(MEMBER, max_messages=500))
        while not erasing.done():
            waits += await measure(lambda _: store.get(1), runs=1)
            await asyncio.sleep(0.002)
        assert (await erasing).clips >= ERASED
        tell(f"a member with {ERASED:,} clips erased", "s", [time.perf_counter() - began])
    tell("another's wait for the store meanwhile", "ms", [1e3 * seconds for seconds in waits])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--clips", type=int, default=CLIPS, help="of the history")
    clips = parser.parse_args().clips
    next_job()
    asyncio.run(places())
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(start_up(Path(folder)))
        asyncio.run(history(Path(folder), clips))
        asyncio.run(stats(Path(folder), clips))
        asyncio.run(erasure(Path(folder)))


if __name__ == "__main__":
    main()
