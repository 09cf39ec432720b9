"""How a job comes in: what is asked twice, too much or beyond a quota is refused, and then nothing was written.

One part of a caller's transaction, which rolls back where this raises.
"""

from __future__ import annotations

import sqlite3

from . import budget, ledger
from .errors import DuplicateJob, TooManyJobs
from .models import Job, NewJob
from .rows import job, one, route_columns

PRESS_WINDOW_S = 3.0
"""Two presses of one button by one member closer together than this are one press."""


def submit(
    connection: sqlite3.Connection,
    new: NewJob,
    *,
    daily_limit: int,
    max_active: int,
    guild_limit_s: float | None,
    now: float,
) -> Job:
    _refuse_duplicate(connection, new, now)
    _refuse_crowd(connection, new.user_id, max_active)
    row = one(
        connection,
        """INSERT INTO jobs (key, press, user_id, guild_id, message_id, channel_id, application_id, token,
               token_expires_at, request, fingerprint, cost_s, language, age_restricted, private, file_limit,
               created_at)
           VALUES (:key, :press, :user_id, :guild_id, :message_id, :channel_id, :application_id, :token,
               :token_expires_at, :request, :fingerprint, :cost_s, :language, :age_restricted, :private, :file_limit,
               :now)
           RETURNING *""",
        {
            "key": new.key,
            "press": new.press,
            "user_id": new.user_id,
            "guild_id": new.guild_id,
            "request": new.request,
            "fingerprint": new.fingerprint,
            "cost_s": new.cost_s,
            "language": new.language,
            "age_restricted": new.age_restricted,
            "private": new.private,
            "file_limit": new.file_limit,
            "now": now,
            **route_columns(new.route),
        },
    )
    assert row is not None
    submitted = job(row)
    ledger.reserve(connection, job_id=submitted.id, user_id=new.user_id, limit=daily_limit, now=now)
    if new.guild_id is not None:
        budget.reserve(
            connection,
            job_id=submitted.id,
            guild_id=new.guild_id,
            seconds=new.cost_s,
            limit_s=guild_limit_s,
            now=now,
        )
    return submitted


def _refuse_duplicate(connection: sqlite3.Connection, new: NewJob, now: float) -> None:
    earlier = one(connection, "SELECT * FROM jobs WHERE key = :key", {"key": new.key})
    if earlier is None and new.press is not None:
        # Both sides of `now`: a clock that was set back must not let a second press through.
        earlier = one(
            connection,
            """SELECT * FROM jobs
               WHERE user_id = :user_id AND press = :press
                   AND created_at > :now - :window AND created_at < :now + :window
               ORDER BY created_at DESC LIMIT 1""",
            {"user_id": new.user_id, "press": new.press, "now": now, "window": PRESS_WINDOW_S},
        )
    if earlier is not None:
        raise DuplicateJob(job(earlier))


def _refuse_crowd(connection: sqlite3.Connection, user_id: int, max_active: int) -> None:
    row = one(
        connection,
        """SELECT count(*) AS active FROM jobs
           WHERE user_id = :user_id AND state IN ('queued', 'running', 'rendered')""",
        {"user_id": user_id},
    )
    assert row is not None
    if row["active"] >= max_active:
        raise TooManyJobs(active=row["active"], limit=max_active)
