"""How a server's jobs of some days went; an index answers all of it, a million jobs included."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from math import ceil

from . import prompts
from .models import Failure, JobState, Reason, Spread, Stats
from .periods import DAY_S
from .rows import Parameters, one

SAMPLE = 10_000
"""Clips that percentiles are taken of, at least; of many more than these, every so many-th."""

REASONS = 5

_CLIPS = "'rendered', 'delivered', 'undeliverable'"


def stats(connection: sqlite3.Connection, guild_id: int, *, days: int, now: float) -> Stats:
    """What was asked for in the last `days` times 24 hours, and refused on as many UTC days, today among them."""
    asked = {"guild_id": guild_id, "since": now - days * DAY_S}
    jobs = {state: _count(connection, {**asked, "state": state}) for state in JobState}
    clips = sum(jobs[state] for state in (JobState.RENDERED, JobState.DELIVERED, JobState.UNDELIVERABLE))
    timed = connection.execute(
        f"""SELECT started_at - created_at AS wait_s, render_s + encode_s AS render_s FROM jobs
            WHERE guild_id = :guild_id AND state IN ({_CLIPS}) AND created_at >= :since AND id % :every = 0""",
        {**asked, "every": max(1, clips // SAMPLE)},
    ).fetchall()
    return Stats(
        days=days,
        jobs=jobs,
        wait=_spread([max(0.0, row["wait_s"]) for row in timed]),
        render=_spread([row["render_s"] for row in timed]),
        failures=_failures(connection, asked),
        refused=prompts.refusals(connection, guild_id, days=days, now=now),
    )


def _count(connection: sqlite3.Connection, asked: Parameters) -> int:
    row = one(
        connection,
        """SELECT count(*) AS jobs FROM jobs
           WHERE guild_id = :guild_id AND state = :state AND created_at >= :since""",
        asked,
    )
    return 0 if row is None else row["jobs"]


def _failures(connection: sqlite3.Connection, asked: Parameters) -> tuple[Failure, ...]:
    rows = connection.execute(
        """SELECT error, count(*) AS times FROM jobs
           WHERE guild_id = :guild_id AND created_at >= :since AND error IS NOT NULL
           GROUP BY error ORDER BY times DESC, error LIMIT :most""",
        {**asked, "most": REASONS},
    )
    return tuple(Failure(Reason.from_text(row["error"]), row["times"]) for row in rows)


def _spread(seconds: Sequence[float]) -> Spread | None:
    if not seconds:
        return None
    ordered = sorted(seconds)
    p50, p95 = (ordered[ceil(share * len(ordered)) - 1] for share in (0.5, 0.95))  # nearest rank
    return Spread(p50, p95)
