"""All that is stored about a member, and its erasure in one transaction.

What lies outside the database (files, messages) is written down as remnants in the same transaction, without the
member's name, and is removed after it: a crash leaves nothing undone and nothing to be told apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from . import carried, ledger
from .models import Erasure, Holdings, Job, JobState, Remnant
from .periods import period
from .rows import jobs, one

ERASED = ("holds", "jobs", "quotas", "member_preferences")
"""Tables whose rows a member's erasure removes, in the order that their references ask for."""

KEPT = ("blocks", "member_limits")
"""Tables that name members and outlive their erasure: what a server's moderators have laid down."""

CREDENTIALS = {"token"}
"""Columns that are not the member's but the bot's way to Discord."""


def stored(connection: sqlite3.Connection, user_id: int, *, now: float) -> dict[str, list[dict[str, Any]]]:
    """Every row that names the member, by table."""
    found = {
        table: [
            {name: value for name, value in dict(row).items() if name not in CREDENTIALS}
            for row in connection.execute(f'SELECT * FROM "{table}" WHERE user_id = :user_id', {"user_id": user_id})
        ]
        for table in tables_of_members(connection)
    }
    today = period(now)
    used = carried.carried(connection, user_id, today)
    return {**found, "erased_quotas": [{"period": today, "used": used}] if used else []}


def tables_of_members(connection: sqlite3.Connection) -> list[str]:
    """The tables that name members: those with a column `user_id`."""
    rows = connection.execute(
        """SELECT tables.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
           WHERE tables.type = 'table' AND columns.name = 'user_id' ORDER BY tables.name"""
    )
    return [row["name"] for row in rows]


def holdings(connection: sqlite3.Connection, user_id: int) -> Holdings:
    row = one(
        connection,
        """SELECT count(*) FILTER (WHERE rendered_at IS NOT NULL AND deleted_at IS NULL) AS clips,
               count(*) FILTER (WHERE settled_at IS NULL) AS unfinished,
               count(*) FILTER (WHERE channel_id IS NOT NULL AND deleted_at IS NULL) AS messages
           FROM jobs WHERE user_id = :user_id""",
        {"user_id": user_id},
    )
    assert row is not None
    return Holdings(**dict(row))


def erase(connection: sqlite3.Connection, user_id: int, *, max_messages: int, now: float) -> Erasure:
    unfinished = jobs(
        connection,
        """SELECT * FROM jobs
           WHERE user_id = :user_id AND state IN ('queued', 'running', 'rendered') ORDER BY id""",
        {"user_id": user_id},
    )
    for job in unfinished:
        _settle(connection, job, now=now)
    carried.carry(connection, user_id, now=now)
    held = holdings(connection, user_id)
    removed = _leave_remnants(connection, user_id, max_messages)
    _keep_gpu_time(connection, user_id)
    for table in ERASED:
        connection.execute(f"DELETE FROM {table} WHERE user_id = :user_id", {"user_id": user_id})
    return Erasure(tuple(unfinished), held.clips, messages_removed=removed, messages_kept=held.messages - removed)


def remnants_with_files(connection: sqlite3.Connection, *, limit: int) -> list[Remnant]:
    return _remnants(connection, "has_files ORDER BY job_id", limit)


def remnants_with_message(connection: sqlite3.Connection, *, limit: int) -> list[Remnant]:
    return _remnants(connection, "NOT has_files ORDER BY job_id DESC", limit)


def mark_files_removed(connection: sqlite3.Connection, job_ids: Iterable[int]) -> None:
    given = [{"job_id": job_id} for job_id in job_ids]
    connection.executemany("DELETE FROM remnants WHERE job_id = :job_id AND message_id IS NULL", given)
    connection.executemany("UPDATE remnants SET has_files = 0 WHERE job_id = :job_id", given)


def mark_message_removed(connection: sqlite3.Connection, job_id: int) -> None:
    connection.execute("DELETE FROM remnants WHERE job_id = :job_id AND NOT has_files", {"job_id": job_id})


def _settle(connection: sqlite3.Connection, job: Job, *, now: float) -> None:
    """A waiting job is given back; a running one is not, or whoever erases in time would have the GPU for nothing."""
    if job.state is JobState.QUEUED:
        ledger.settle(connection, job_id=job.id, settlement="refunded", now=now)
    elif job.state is JobState.RUNNING:
        gpu_s = max(0.0, now - (job.started_at or now))
        ledger.settle(connection, job_id=job.id, settlement="spent", now=now, gpu_s=gpu_s)


def _leave_remnants(connection: sqlite3.Connection, user_id: int, max_messages: int) -> int:
    """Note every job's files, and the messages of unfinished jobs and of the newest others; how many messages."""
    given = {"user_id": user_id, "max_messages": max_messages}
    connection.execute("INSERT INTO remnants (job_id) SELECT id FROM jobs WHERE user_id = :user_id", given)
    return connection.execute(
        """UPDATE remnants SET channel_id = told.channel_id, message_id = told.message_id FROM (
               SELECT id, channel_id, message_id FROM jobs
               WHERE user_id = :user_id AND channel_id IS NOT NULL AND state IN ('queued', 'running', 'rendered')
               UNION ALL
               SELECT * FROM (
                   SELECT id, channel_id, message_id FROM jobs
                   WHERE user_id = :user_id AND channel_id IS NOT NULL AND deleted_at IS NULL
                       AND state NOT IN ('queued', 'running', 'rendered')
                   ORDER BY id DESC LIMIT :max_messages
               )
           ) AS told WHERE remnants.job_id = told.id""",
        given,
    ).rowcount


def _keep_gpu_time(connection: sqlite3.Connection, user_id: int) -> None:
    connection.execute(
        """UPDATE budgets SET erased_ms = erased_ms + gone.used_ms FROM (
               SELECT guild_id, period, sum(used_ms) AS used_ms FROM holds
               WHERE user_id = :user_id AND guild_id IS NOT NULL GROUP BY guild_id, period
           ) AS gone WHERE budgets.guild_id = gone.guild_id AND budgets.period = gone.period""",
        {"user_id": user_id},
    )


def _remnants(connection: sqlite3.Connection, which: str, limit: int) -> list[Remnant]:
    rows = connection.execute(
        f"SELECT job_id, channel_id, message_id FROM remnants WHERE {which} LIMIT :limit", {"limit": limit}
    )
    return [Remnant(**dict(row)) for row in rows]
