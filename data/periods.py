"""The days that quotas count in: UTC, so that they are the same for every member."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

DAY_S = 86_400.0


def period(now: float) -> str:
    """The UTC day of a time, YYYY-MM-DD."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()


def next_midnight(now: float) -> float:
    """When that day ends."""
    midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=1)).timestamp()
