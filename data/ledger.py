"""The quota as a ledger: each job has one hold, which settles once, into the UTC day that it came from.

Every function is one part of a caller's transaction. What always holds: a day's `reserved` is the number of
its open holds and its `used` the number of its spent ones. What an erased member used counts besides (`carried`).
"""

from __future__ import annotations

import sqlite3
from typing import Literal

from . import budget
from .carried import carried
from .errors import QuotaExceeded
from .models import Quota
from .periods import next_midnight, period
from .rows import one

Settlement = Literal["spent", "refunded"]


def reserve(connection: sqlite3.Connection, *, job_id: int, user_id: int, limit: int, now: float) -> None:
    """Open the job's hold in the UTC day of `now`, or raise QuotaExceeded."""
    today = period(now)
    left = limit - carried(connection, user_id, today)
    day = {"user_id": user_id, "period": today, "left": left}
    connection.execute("INSERT OR IGNORE INTO quotas (user_id, period) VALUES (:user_id, :period)", day)
    reserved = one(
        connection,
        """UPDATE quotas SET reserved = reserved + 1
           WHERE user_id = :user_id AND period = :period AND used + reserved + 1 <= :left
           RETURNING reserved""",
        day,
    )
    if reserved is None:
        raise QuotaExceeded(quota(connection, user_id=user_id, limit=limit, now=now))
    connection.execute(
        "INSERT INTO holds (job_id, user_id, period) VALUES (:job_id, :user_id, :period)",
        {**day, "job_id": job_id},
    )


def settle(
    connection: sqlite3.Connection, *, job_id: int, settlement: Settlement, now: float, gpu_s: float = 0.0
) -> None:
    """Close the job's open hold; its server pays `gpu_s` seconds. The caller's fence makes sure of once."""
    used_ms = round(gpu_s * 1000)
    hold = one(
        connection,
        """UPDATE holds SET settlement = :settlement, settled_at = :now, used_ms = :used_ms
           WHERE job_id = :job_id AND settlement IS NULL RETURNING user_id, period, guild_id, reserved_ms""",
        {"job_id": job_id, "settlement": settlement, "now": now, "used_ms": used_ms},
    )
    if hold is None:
        raise RuntimeError(f"job {job_id} has no open hold")
    connection.execute(
        """UPDATE quotas SET reserved = reserved - 1, used = used + :spent
           WHERE user_id = :user_id AND period = :period""",
        {"user_id": hold["user_id"], "period": hold["period"], "spent": int(settlement == "spent")},
    )
    budget.settle(connection, hold, used_ms=used_ms)


def quota(connection: sqlite3.Connection, *, user_id: int, limit: int, now: float) -> Quota:
    """The member's account of the UTC day of `now`."""
    account = one(
        connection,
        "SELECT used, reserved FROM quotas WHERE user_id = :user_id AND period = :period",
        {"user_id": user_id, "period": period(now)},
    )
    return Quota(
        used=(account["used"] if account else 0) + carried(connection, user_id, period(now)),
        reserved=account["reserved"] if account else 0,
        limit=limit,
        resets_at=next_midnight(now),
    )
