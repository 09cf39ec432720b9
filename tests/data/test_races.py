"""Whatever runs at once and is cut off at whatever moment: one press is one job, and no quota is overspent by one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from data import PRESS_WINDOW_S, CancelOutcome, DuplicateJob, Job, QuotaExceeded, Reason, Store, TooManyJobs

from .helpers import CLIP, DAY_S, audit, new_job
from .machine import StoreMachine

DAILY_LIMIT = 4
MAX_ACTIVE = 3
MEMBERS = (1, 2, 3)
REFUSALS = (DuplicateJob, TooManyJobs, QuotaExceeded)


@dataclass(frozen=True, slots=True)
class Call:
    """One task of a crowd; `cut_after` is how many turns of the loop it lives, None for ever."""

    verb: str
    member: int
    pick: int
    cut_after: int | None


calls = st.builds(
    Call,
    verb=st.sampled_from(["command", "command", "press", "cancel", "claim", "finish", "stop", "fail", "deliver"]),
    member=st.sampled_from(MEMBERS),
    pick=st.integers(0, 7),
    cut_after=st.none() | st.integers(0, 12),
)


class Crowd(StoreMachine):
    """Each rule lets a crowd of tasks loose on the store at once and looks when all have ended or were cut off."""

    rounds = 0

    async def act(self, call: Call) -> object:
        """What a cog or the worker would do, with whatever copy of the job it holds."""
        job = self.pick(call.pick)
        match call.verb:
            case "command":  # Discord sends the same interaction again
                return await self.submit(f"interaction/{self.rounds}/{call.pick % 3}", call.member, None)
            case "press":  # each press is an interaction of its own
                key = f"press/{self.rounds}/{call.member}/{call.pick}"
                return await self.submit(key, call.member, f"again/{call.pick % 2}")
            case "cancel" if job:
                return await self.store.cancel(job.id, user_id=call.member)
            case "claim" if job:
                claimed = await self.store.claim(job.id)
                if claimed is not None:
                    self.seen.append(claimed)
                return claimed
            case "finish" if job:
                return await self.store.finish_render(job, CLIP)
            case "stop" if job:
                return await self.store.finish_cancel(job, refund=bool(call.pick % 2))
            case "fail" if job:
                return await self.store.fail(job, Reason("broken"))
            case "deliver" if job:
                return await self.store.mark_delivered(job)
            case _:
                return None

    async def submit(self, key: str, member: int, press: str | None) -> Job:
        new = new_job(key, user_id=member, press=press)
        job = await self.store.submit(new, daily_limit=DAILY_LIMIT, max_active=MAX_ACTIVE)
        self.seen.append(job)
        return job

    async def loose(self, crowd: list[Call]) -> list[tuple[Call, object]]:
        async def cut(task: asyncio.Task[object], turns: int) -> None:
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()

        tasks = [asyncio.ensure_future(self.act(call)) for call in crowd]
        cuts: list[Coroutine[Any, Any, None]] = [
            cut(task, call.cut_after) for task, call in zip(tasks, crowd, strict=True) if call.cut_after is not None
        ]
        outcomes, _ = await asyncio.gather(asyncio.gather(*tasks, return_exceptions=True), asyncio.gather(*cuts))
        # A task that was cut off leaves its work to the store's thread; this waits behind it.
        await self.store.queued()
        return list(zip(crowd, outcomes, strict=True))

    @rule(crowd=st.lists(calls, min_size=2, max_size=24))
    def happen_at_once(self, crowd: list[Call]) -> None:
        self.rounds += 1
        outcomes = self.run(self.loose(crowd))
        answered = Counter[str]()
        for call, outcome in outcomes:
            if isinstance(outcome, BaseException):
                assert isinstance(outcome, (*REFUSALS, asyncio.CancelledError)), outcome
            if isinstance(outcome, Job) and call.verb in ("command", "press"):
                answered[outcome.key] += 1
        assert all(times == 1 for times in answered.values()), "one interaction was told of two new jobs"

    @rule(crowd=st.lists(calls.filter(lambda call: call.verb == "press"), min_size=2, max_size=12))
    def press_twice(self, crowd: list[Call]) -> None:
        self.happen_at_once(crowd)

    @rule(seconds=st.sampled_from([0.5, PRESS_WINDOW_S, DAY_S / 2, -1.0]))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule()
    def crash(self) -> None:
        self.reopen()
        self.seen += self.run(self.store.recover(max_attempts=3)).queued

    @invariant()
    def one_press_is_one_job(self) -> None:
        with closing(sqlite3.connect(self.path)) as books:
            pressed = books.execute(
                "SELECT user_id, press, created_at FROM jobs WHERE press IS NOT NULL ORDER BY 1, 2, 3"
            ).fetchall()
        for (*earlier, at), (*later, then) in pairwise(pressed):
            assert earlier != later or then - at >= PRESS_WINDOW_S

    @invariant()
    def no_quota_is_overspent(self) -> None:
        audit(self.path)
        with closing(sqlite3.connect(self.path)) as books:
            assert books.execute(
                "SELECT count(*) FROM quotas WHERE used + reserved > ?", (DAILY_LIMIT,)
            ).fetchone() == (0,)
            crowded = books.execute(
                """SELECT count(*) FROM jobs WHERE state IN ('queued', 'running', 'rendered')
                   GROUP BY user_id HAVING count(*) > ?""",
                (MAX_ACTIVE,),
            ).fetchall()
            assert crowded == []


TestCrowd = Crowd.TestCase
TestCrowd.settings = settings(
    max_examples=25,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


async def test_a_hundred_tasks_for_the_last_clip_of_the_day_get_exactly_one(store: Store):
    outcomes = await asyncio.gather(
        *(store.submit(new_job(), daily_limit=1, max_active=100) for _ in range(100)), return_exceptions=True
    )
    assert Counter(type(outcome) for outcome in outcomes) == {Job: 1, QuotaExceeded: 99}


async def test_cancel_and_finish_at_once_end_in_one_of_the_two(store: Store):
    ends = Counter[str]()
    for _ in range(30):
        job = await store.claim((await store.submit(new_job(), daily_limit=100, max_active=100)).id)
        assert job is not None
        verbs = [store.finish_render(job, CLIP), store.cancel(job.id, user_id=job.user_id)]
        if job.id % 2:
            verbs.reverse()
        outcomes = await asyncio.gather(*verbs)
        assert (True in outcomes) != (CancelOutcome.REQUESTED in outcomes)
        ends["clip" if True in outcomes else "cancelled"] += 1
        if True not in outcomes:
            assert await store.finish_cancel(job, refund=True)
    assert set(ends) == {"clip", "cancelled"}
