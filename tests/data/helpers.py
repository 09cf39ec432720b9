"""What the store's tests share: a clock that is set by hand, jobs to submit, and an auditor of the ledger."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from data import Artifact, ChannelRoute, InteractionRoute, Job, NewJob, Store

NOON = 1_767_268_800.0  # 2026-01-01 12:00 UTC
DAY_S = 86_400.0
MEMBER = 7
GUILD = 70

CHANNEL = ChannelRoute(channel_id=11, message_id=12)
PRIVATE = InteractionRoute(application_id=1, token="aW50ZXJhY3Rpb24", message_id=13, expires_at=NOON + 900)
CLIP = Artifact(path="clips/1.mp4", bytes=1_000, render_s=20.0, encode_s=1.5)

_keys = itertools.count()


@dataclass
class HandClock:
    """Seconds UTC; moves only when a test moves it."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


def new_job(
    key: str | None = None,
    *,
    user_id: int = MEMBER,
    guild_id: int | None = GUILD,
    route: ChannelRoute | InteractionRoute = CHANNEL,
    request: str = '{"prompt": "a panda surfing a wave"}',
    fingerprint: str = "starter",
    press: str | None = None,
    private: bool = False,
) -> NewJob:
    return NewJob(
        key=key if key is not None else f"interaction/{next(_keys)}",
        user_id=user_id,
        guild_id=guild_id,
        route=route,
        request=request,
        fingerprint=fingerprint,
        cost_s=20.0,
        press=press,
        private=private,
    )


async def submitted(store: Store, new: NewJob | None = None) -> Job:
    return await store.submit(new or new_job(), daily_limit=100, max_active=100)


async def running(store: Store, new: NewJob | None = None) -> Job:
    job = await store.claim((await submitted(store, new)).id)
    assert job is not None
    return job


async def rendered(store: Store, new: NewJob | None = None, clip: Artifact = CLIP) -> Job:
    job = await running(store, new)
    assert await store.finish_render(job, clip)
    return job


async def delivered(store: Store, new: NewJob | None = None, clip: Artifact = CLIP) -> Job:
    job = await rendered(store, new, clip)
    assert await store.mark_delivered(job)
    return job


async def now(store: Store, job: Job) -> Job:
    """The job as it stands in the store."""
    current = await store.get(job.id)
    assert current is not None
    return current


async def account(store: Store, user_id: int = MEMBER) -> tuple[int, int]:
    """(used, reserved) of the clock's UTC day."""
    quota = await store.quota(user_id, limit=100)
    return quota.used, quota.reserved


@asynccontextmanager
async def another_writer(path: Path) -> AsyncIterator[None]:
    """While the block runs, no transaction of a store on this file can get beyond its BEGIN."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def audit(path: Path) -> None:
    """Compare every counter with the holds and every hold with its job, over another connection."""
    with closing(sqlite3.connect(path)) as books:
        assert books.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert books.execute("PRAGMA foreign_key_check").fetchall() == []
        counters = books.execute("SELECT user_id, period, used, reserved FROM quotas").fetchall()
        for user_id, period, used, reserved in counters:
            holds = books.execute(
                """SELECT count(*) FILTER (WHERE settlement = 'spent'),
                          count(*) FILTER (WHERE settlement IS NULL)
                   FROM holds WHERE user_id = ? AND period = ?""",
                (user_id, period),
            ).fetchone()
            assert holds == (used, reserved), f"user {user_id}, {period}"
        days = books.execute("SELECT guild_id, period, used_ms - erased_ms, reserved_ms FROM budgets").fetchall()
        for guild_id, period, used, reserved in days:
            holds = books.execute(
                """SELECT coalesce(sum(used_ms), 0), coalesce(sum(reserved_ms) FILTER (WHERE settlement IS NULL), 0)
                   FROM holds WHERE guild_id = ? AND period = ?""",
                (guild_id, period),
            ).fetchone()
            assert holds == (used, reserved), f"guild {guild_id}, {period}"
        expected = {
            "queued": {None},
            "running": {None},
            "rendered": {"spent"},
            "delivered": {"spent"},
            "undeliverable": {"spent"},
            "failed": {"refunded"},
            "cancelled": {"refunded", "spent"},
        }
        holds = books.execute(
            """SELECT jobs.id, jobs.state, holds.settlement, holds.job_id IS NOT NULL
               FROM jobs LEFT JOIN holds ON holds.job_id = jobs.id"""
        ).fetchall()
        for job_id, state, settlement, has_hold in holds:
            assert has_hold, f"job {job_id} has no hold"
            assert settlement in expected[state], f"job {job_id} is {state}, its hold {settlement}"
