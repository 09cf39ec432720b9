"""A thousand kills at random times, and kills of real renders; `pytest -m soak` runs what takes long.

SOAK_KILLS sets how many kills; the seed of each run is printed and SOAK_SEED repeats it.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from .lane import OVER, Asked, check, lane
from .sweep import LANES, instants_of_a_job, sweep_jobs
from .test_kill import REAL

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]

KILLS = int(os.environ.get("SOAK_KILLS", "1000"))
SEED = int(os.environ.get("SOAK_SEED", random.randrange(2**32)))
LIFE_IN_JOBS = 10.0
"""The longest life of a bot in the time that an undisturbed job takes here: many kills meet a job at work, and about
one job in a thousand meets three in a row, after which it is given up."""


async def soak(folder: Path, number: int) -> tuple[Counter[str], Counter[str], list[str]]:
    """One lane's share of the kills: in which states they met jobs, how these ended, and what promises were broken."""
    chance = random.Random(SEED + number)
    asked: list[Asked] = []
    met: Counter[str] = Counter()
    async with lane(folder / f"lane {number}", CRASH_STEP_S="0.05") as one:
        await one.start()
        began = time.perf_counter()
        asked.append(await one.ask())
        await one.until(lambda jobs: [state for _, state in jobs] == ["delivered"], "the clip is delivered")
        longest_life_s = LIFE_IN_JOBS * (time.perf_counter() - began)
        assert await one.end(signal.SIGTERM) == 0
        for _ in range(KILLS // LANES):
            await one.start()
            for _ in range(chance.choice((0, 1, 1, 2))):
                asked.append(await one.ask())
            await asyncio.sleep(chance.uniform(0, longest_life_s))
            assert await one.end(signal.SIGKILL) == -signal.SIGKILL
            met.update({state for _, state in one.jobs() if state not in OVER})
        await one.start()
        await one.settled()
        assert await one.end(signal.SIGTERM) == 0
        return met, Counter(state for _, state in one.jobs()), await check(one, asked)


async def test_random_kills_lose_nothing_double_nothing_and_fail_hardly_anything(tmp_path):
    results = await asyncio.gather(*(soak(tmp_path, number) for number in range(LANES)))
    met = sum((counted for counted, _, _ in results), Counter[str]())
    ends = sum((counted for _, counted, _ in results), Counter[str]())
    print(f"seed {SEED}: {KILLS} kills, which met jobs {dict(met)}; {ends.total()} jobs: {dict(ends)}")
    assert [broken for *_, each in results for broken in each] == []
    assert met.total() >= KILLS / 20
    assert ends["delivered"] >= 0.99 * ends.total()


async def test_a_kill_at_any_instant_of_a_real_render_ends_in_exactly_one_clip(tmp_path):
    instants = await instants_of_a_job(tmp_path, **REAL)
    report = await sweep_jobs(tmp_path, instants, **REAL)
    print(f"{report.instants} instants, missed: {report.missed}")
    assert report.broken == []
    assert report.instants >= 70 and len(report.missed) <= report.instants // 10
