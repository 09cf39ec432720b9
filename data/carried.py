"""Clips of the day that stay counted after their member was erased, under a keyed hash until the day ends.

The key is random, of one day, and goes with it: nothing then leads from a hash in an old copy back to a member.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3

from .periods import next_midnight, period
from .rows import one


def carry(connection: sqlite3.Connection, user_id: int, day: str, used: int) -> None:
    """Add clips that the member used of a day to what is carried."""
    if not used:
        return
    connection.execute(
        "INSERT OR IGNORE INTO erased_days (period, key) VALUES (:period, :key)",
        {"period": day, "key": secrets.token_bytes(32)},
    )
    connection.execute(
        """INSERT INTO erased_quotas (period, member, used) VALUES (:period, :member, :used)
           ON CONFLICT DO UPDATE SET used = used + excluded.used""",
        {"period": day, "member": _hash(connection, user_id, day), "used": used},
    )


def carried(connection: sqlite3.Connection, user_id: int, day: str) -> int:
    """Clips of a day that the member used before they were erased."""
    row = one(
        connection,
        "SELECT used FROM erased_quotas WHERE period = :period AND member = :member",
        {"period": day, "member": _hash(connection, user_id, day)},
    )
    return row["used"] if row else 0


def forget_past(connection: sqlite3.Connection, *, now: float) -> float | None:
    """Remove what is carried of days that are over; when there is more to remove, None where nothing is carried."""
    connection.execute("DELETE FROM erased_days WHERE period < :today", {"today": period(now)})
    is_left = one(connection, "SELECT 1 FROM erased_days LIMIT 1", {}) is not None
    return next_midnight(now) if is_left else None


def _hash(connection: sqlite3.Connection, user_id: int, day: str) -> bytes | None:
    """The member's hash of a day; None where nobody was erased on it."""
    row = one(connection, "SELECT key FROM erased_days WHERE period = :period", {"period": day})
    return None if row is None else hmac.digest(row["key"], str(user_id).encode(), "sha256")
