"""Messages in which clips were shown again; they go with their clip."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from .models import Copy
from .rows import changed


def put(connection: sqlite3.Connection, copy: Copy) -> bool:
    return changed(
        connection,
        """INSERT OR REPLACE INTO copies (message_id, channel_id, job_id)
           SELECT :message_id, :channel_id, id FROM jobs WHERE id = :job_id AND deleted_at IS NULL""",
        {"message_id": copy.message_id, "channel_id": copy.channel_id, "job_id": copy.job_id},
    )


def doom(connection: sqlite3.Connection, job_ids: Sequence[int]) -> None:
    """The clips of these jobs are gone: their copies are to be removed."""
    connection.execute(
        "UPDATE copies SET is_doomed = 1 WHERE job_id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(job_ids)},
    )


def doomed(connection: sqlite3.Connection, *, limit: int) -> list[Copy]:
    rows = connection.execute(
        "SELECT job_id, channel_id, message_id FROM copies WHERE is_doomed ORDER BY message_id LIMIT :limit",
        {"limit": limit},
    )
    return [Copy(**dict(row)) for row in rows]


def mark_removed(connection: sqlite3.Connection, message_id: int) -> None:
    connection.execute("DELETE FROM copies WHERE message_id = :message_id AND is_doomed", {"message_id": message_id})


def forget(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM copies")
