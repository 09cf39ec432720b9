"""A server's GPU time of a UTC day: a job reserves its estimate and pays what it took, into the day it came from.

Every function is one part of a caller's transaction. What always holds: a day's `reserved_ms` is the sum of its
open holds and its `used_ms` that of its settled ones, `erased_ms` being the part of those that were erased with
their members. Days are counted also where nothing limits them.
"""

from __future__ import annotations

import sqlite3

from .errors import BudgetExceeded
from .models import Budget
from .periods import next_midnight, period
from .rows import one


def reserve(
    connection: sqlite3.Connection, *, job_id: int, guild_id: int, seconds: float, limit_s: float | None, now: float
) -> None:
    """Add an estimate to the job's hold, or raise BudgetExceeded where it does not fit into the day."""
    day = {
        "guild_id": guild_id,
        "period": period(now),
        "cost": _ms(seconds),
        "limit": None if limit_s is None else _ms(limit_s),
        "job_id": job_id,
    }
    connection.execute("INSERT OR IGNORE INTO budgets (guild_id, period) VALUES (:guild_id, :period)", day)
    reserved = one(
        connection,
        """UPDATE budgets SET reserved_ms = reserved_ms + :cost
           WHERE guild_id = :guild_id AND period = :period
               AND (:limit IS NULL OR used_ms + reserved_ms + :cost <= :limit)
           RETURNING reserved_ms""",
        day,
    )
    if reserved is None:
        raise BudgetExceeded(budget(connection, guild_id=guild_id, limit_s=limit_s, now=now), seconds)
    connection.execute("UPDATE holds SET guild_id = :guild_id, reserved_ms = :cost WHERE job_id = :job_id", day)


def settle(connection: sqlite3.Connection, hold: sqlite3.Row, *, used_ms: int) -> None:
    """Give back what a hold reserved and take what was used instead."""
    if hold["guild_id"] is None:
        return
    connection.execute(
        """UPDATE budgets SET reserved_ms = reserved_ms - :reserved, used_ms = used_ms + :used
           WHERE guild_id = :guild_id AND period = :period""",
        {"reserved": hold["reserved_ms"], "used": used_ms, "guild_id": hold["guild_id"], "period": hold["period"]},
    )


def budget(connection: sqlite3.Connection, *, guild_id: int, limit_s: float | None, now: float) -> Budget:
    """The server's account of the UTC day of `now`."""
    account = one(
        connection,
        "SELECT used_ms, reserved_ms FROM budgets WHERE guild_id = :guild_id AND period = :period",
        {"guild_id": guild_id, "period": period(now)},
    )
    used, reserved = (account["used_ms"], account["reserved_ms"]) if account else (0, 0)
    return Budget(used / 1000, reserved / 1000, limit_s, next_midnight(now))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
