"""All that is stored about a member, and its erasure: begun in one transaction, and carried on slice by slice.

What lies outside the database (files, messages) is written down as remnants with each slice, without the member's name,
and is removed after it. A crash leaves an erasure to be carried on, in which every job is either whole or gone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from . import carried, copies, ledger
from .models import ChannelRoute, Erasure, Holdings, Job, JobState, Remnant
from .periods import period
from .rows import jobs, one

ERASED = ("erasures", "holds", "jobs", "member_preferences", "quotas")
"""Tables whose rows a member's erasure removes."""

KEPT = ("blocks", "member_limits")
"""Tables that name members and outlive their erasure: what a server's moderators have laid down."""

SLICE = 200
"""Jobs that are erased in one transaction: some hundredths of a second."""

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
    found["copies"] = [dict(row) for row in connection.execute(_COPIES, {"user_id": user_id})]
    return {**found, "erased_quotas": [{"period": today, "used": used}] if used else []}


_COPIES = """SELECT copies.* FROM jobs JOIN copies ON copies.job_id = jobs.id
             WHERE jobs.user_id = :user_id ORDER BY copies.message_id"""


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


def begin_erasure(connection: sqlite3.Connection, user_id: int, *, max_messages: int, now: float) -> Erasure:
    unfinished = jobs(
        connection,
        """SELECT * FROM jobs
           WHERE user_id = :user_id AND state IN ('queued', 'running', 'rendered') ORDER BY id""",
        {"user_id": user_id},
    )
    for job in unfinished:
        _settle(connection, job, now=now)
    held = holdings(connection, user_id)
    told = [job.id for job in unfinished if isinstance(job.route, ChannelRoute)]
    removed = len(told) + min(max_messages, held.messages - len(told))
    _erase_jobs(connection, user_id, [job.id for job in unfinished], told, now=now)
    connection.execute("DELETE FROM member_preferences WHERE user_id = :user_id", {"user_id": user_id})
    connection.execute(
        """INSERT INTO erasures (user_id, last_job_id, messages_left)
           SELECT :user_id, coalesce(max(id), 0), :max_messages FROM jobs WHERE user_id = :user_id
           ON CONFLICT DO UPDATE SET last_job_id = excluded.last_job_id,
               messages_left = max(messages_left, excluded.messages_left)""",
        {"user_id": user_id, "max_messages": max_messages},
    )
    return Erasure(tuple(unfinished), held.clips, messages_removed=removed, messages_kept=held.messages - removed)


def erasures(connection: sqlite3.Connection) -> list[int]:
    return [row["user_id"] for row in connection.execute("SELECT user_id FROM erasures ORDER BY user_id")]


def erase_slice(connection: sqlite3.Connection, user_id: int, *, now: float) -> bool:
    """Erase the newest jobs that are left, and the erasure with the last of them; whether some are left."""
    given = {"user_id": user_id, "slice": SLICE}
    erasure = one(connection, "SELECT last_job_id, messages_left FROM erasures WHERE user_id = :user_id", given)
    if erasure is None:
        return False
    rows = connection.execute(
        """SELECT id, channel_id IS NOT NULL AND deleted_at IS NULL AS has_message FROM jobs
           WHERE user_id = :user_id AND id <= :last_job_id ORDER BY id DESC LIMIT :slice""",
        {**given, "last_job_id": erasure["last_job_id"]},
    ).fetchall()
    told = [row["id"] for row in rows if row["has_message"]][: erasure["messages_left"]]
    _erase_jobs(connection, user_id, [row["id"] for row in rows], told, now=now)
    if len(rows) == SLICE:
        connection.execute(
            "UPDATE erasures SET messages_left = messages_left - :told WHERE user_id = :user_id",
            {**given, "told": len(told)},
        )
        return True
    connection.execute("DELETE FROM erasures WHERE user_id = :user_id", given)
    connection.execute(  # who came back meanwhile has a day again
        """DELETE FROM quotas WHERE user_id = :user_id AND NOT EXISTS (
               SELECT 1 FROM holds WHERE holds.user_id = quotas.user_id AND holds.period = quotas.period
           )""",
        given,
    )
    return False


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


def _erase_jobs(
    connection: sqlite3.Connection, user_id: int, job_ids: Sequence[int], told: Sequence[int], *, now: float
) -> None:
    """Erase some jobs with what counts them; the messages of those that are `told` are still to be removed."""
    given = {"ids": json.dumps(job_ids), "told": json.dumps(told), "user_id": user_id}
    days = connection.execute(
        """SELECT period, count(*) FILTER (WHERE settlement = 'spent') AS used FROM holds
           WHERE job_id IN (SELECT value FROM json_each(:ids)) GROUP BY period""",
        given,
    ).fetchall()
    for day in days:
        if day["period"] >= period(now):  # later ones where the clock was set back
            carried.carry(connection, user_id, day["period"], day["used"])
        connection.execute(
            "UPDATE quotas SET used = used - :used WHERE user_id = :user_id AND period = :period",
            {"user_id": user_id, "period": day["period"], "used": day["used"]},
        )
    connection.execute(
        """UPDATE budgets SET erased_ms = erased_ms + gone.used_ms FROM (
               SELECT guild_id, period, sum(used_ms) AS used_ms FROM holds
               WHERE job_id IN (SELECT value FROM json_each(:ids)) AND guild_id IS NOT NULL GROUP BY guild_id, period
           ) AS gone WHERE budgets.guild_id = gone.guild_id AND budgets.period = gone.period""",
        given,
    )
    connection.execute("INSERT INTO remnants (job_id) SELECT value FROM json_each(:ids)", given)
    connection.execute(
        """UPDATE remnants SET channel_id = told.channel_id, message_id = told.message_id FROM (
               SELECT id, channel_id, message_id FROM jobs WHERE id IN (SELECT value FROM json_each(:told))
           ) AS told WHERE remnants.job_id = told.id""",
        given,
    )
    copies.doom(connection, told)
    connection.execute(
        "DELETE FROM copies WHERE NOT is_doomed AND job_id IN (SELECT value FROM json_each(:ids))", given
    )
    connection.execute("DELETE FROM holds WHERE job_id IN (SELECT value FROM json_each(:ids))", given)
    connection.execute("DELETE FROM jobs WHERE id IN (SELECT value FROM json_each(:ids))", given)


def _remnants(connection: sqlite3.Connection, which: str, limit: int) -> list[Remnant]:
    rows = connection.execute(
        f"SELECT job_id, channel_id, message_id FROM remnants WHERE {which} LIMIT :limit", {"limit": limit}
    )
    return [Remnant(**dict(row)) for row in rows]
