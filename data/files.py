"""Which files of clips take up room, which of them may go, and which first pictures are still needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from .models import StoredFile
from .rows import one

_HAS_FILE = "rendered_at IS NOT NULL AND file_deleted_at IS NULL"  # as the index jobs_files has it


def expendable(
    connection: sqlite3.Connection, *, older_than: float | None, max_bytes: float | None, limit: int
) -> list[StoredFile]:
    """The oldest files that are too old or beyond the room for all; never one of a clip not yet delivered."""
    total = one(connection, f"SELECT coalesce(sum(clip_bytes), 0) AS bytes FROM jobs WHERE {_HAS_FILE}", {})
    assert total is not None
    excess = 0 if max_bytes is None else total["bytes"] - max_bytes
    rows = connection.execute(
        f"""SELECT id, clip_path, clip_bytes, rendered_at FROM jobs
            WHERE {_HAS_FILE} AND state IN ('delivered', 'undeliverable')
            ORDER BY rendered_at LIMIT :limit""",
        {"limit": limit},
    )
    chosen: list[StoredFile] = []
    for row in rows:
        is_old = older_than is not None and row["rendered_at"] < older_than
        if not is_old and excess <= 0:
            break
        excess -= row["clip_bytes"]
        chosen.append(StoredFile(row["id"], row["clip_path"]))
    return chosen


def of_deleted(connection: sqlite3.Connection) -> list[StoredFile]:
    """The files of deleted clips that are still to go."""
    rows = connection.execute(
        "SELECT id, clip_path FROM jobs WHERE deleted_at IS NOT NULL AND file_deleted_at IS NULL ORDER BY id"
    )
    return [StoredFile(row["id"], row["clip_path"]) for row in rows]


def mark_deleted(connection: sqlite3.Connection, job_ids: Sequence[int], *, now: float) -> None:
    connection.executemany(
        "UPDATE jobs SET file_deleted_at = :now WHERE id = :id AND state IN ('delivered', 'undeliverable')",
        [{"id": job_id, "now": now} for job_id in job_ids],
    )


def needed_pictures(connection: sqlite3.Connection, *, since: float) -> set[str]:
    rows = connection.execute(
        f"""SELECT DISTINCT picture FROM jobs
            WHERE picture IS NOT NULL AND (settled_at IS NULL OR settled_at > :since OR ({_HAS_FILE}))""",
        {"since": since},
    )
    return {row["picture"] for row in rows}
