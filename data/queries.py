"""Every question about jobs, each one SELECT that an index answers."""

from __future__ import annotations

import sqlite3
import unicodedata
from contextlib import closing
from itertools import islice
from types import EllipsisType

from .models import Job, Measured
from .rows import job, jobs, one

# An id no job has: SQLite's largest integer, so that "before" without a page means "from the newest".
_AFTER_ALL = 2**63 - 1


def get(connection: sqlite3.Connection, job_id: int) -> Job | None:
    row = one(connection, "SELECT * FROM jobs WHERE id = :id", {"id": job_id})
    return job(row) if row else None


def queued(connection: sqlite3.Connection) -> list[Job]:
    return jobs(connection, "SELECT * FROM jobs WHERE state = 'queued' ORDER BY id")


def rendered(connection: sqlite3.Connection) -> list[Job]:
    return jobs(connection, "SELECT * FROM jobs WHERE state = 'rendered' ORDER BY id")


def untold(connection: sqlite3.Connection) -> list[Job]:
    return jobs(
        connection,
        "SELECT * FROM jobs WHERE told_at IS NULL AND state IN ('cancelled', 'failed') ORDER BY id",
    )


def active(connection: sqlite3.Connection, user_id: int) -> list[Job]:
    return jobs(
        connection,
        """SELECT * FROM jobs
           WHERE user_id = :user_id AND state IN ('queued', 'running', 'rendered') ORDER BY id""",
        {"user_id": user_id},
    )


def history(
    connection: sqlite3.Connection,
    user_id: int,
    *,
    before: int | None,
    limit: int,
    guild_id: int | EllipsisType | None,
    words: str,
) -> list[Job]:
    rows = connection.execute(
        """SELECT *, json_extract(request, '$.prompt') AS prompt FROM jobs
           WHERE user_id = :user_id AND id < :before AND (:anywhere OR guild_id IS :guild_id)
               AND state IN ('rendered', 'delivered', 'undeliverable') AND deleted_at IS NULL
           ORDER BY id DESC""",
        {
            "user_id": user_id,
            "before": _AFTER_ALL if before is None else before,
            "anywhere": guild_id is ...,
            "guild_id": None if guild_id is ... else guild_id,
        },
    )
    # Not in SQL: SQLite knows the lower case of ASCII alone.
    wanted = _folded(words).split()
    matching = (row for row in rows if all(word in _folded(row["prompt"] or "") for word in wanted))
    with closing(rows):
        return [job(row) for row in islice(matching, limit)]


def _folded(text: str) -> str:
    """Text in which only the letters count: neither their case nor their width."""
    return unicodedata.normalize("NFKC", text).casefold()


def render_seconds(connection: sqlite3.Connection, fingerprint: str, *, limit: int) -> list[Measured]:
    rows = connection.execute(
        """SELECT request, render_s + encode_s AS seconds, device FROM jobs
           WHERE fingerprint = :fingerprint AND rendered_at IS NOT NULL
           ORDER BY rendered_at DESC LIMIT :limit""",
        {"fingerprint": fingerprint, "limit": limit},
    )
    return [Measured(row["request"], row["seconds"], row["device"]) for row in rows]
