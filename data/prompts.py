"""Each server's unwanted words, and how often prompts were refused; what was asked for is not stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from .periods import DAY_S, period

OUTSIDE_GUILD = 0
"""Stands for all that is asked outside servers; no server has this id."""


def unwanted_words(connection: sqlite3.Connection) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in connection.execute("SELECT guild_id, word FROM unwanted_words ORDER BY guild_id, word"):
        found.setdefault(row["guild_id"], []).append(row["word"])
    return found


def put_unwanted_words(connection: sqlite3.Connection, guild_id: int, words: Iterable[str]) -> None:
    connection.execute("DELETE FROM unwanted_words WHERE guild_id = :guild_id", {"guild_id": guild_id})
    connection.executemany(
        "INSERT INTO unwanted_words (guild_id, word) VALUES (:guild_id, :word)",
        [{"guild_id": guild_id, "word": word} for word in words],
    )


def count_refusal(connection: sqlite3.Connection, guild_id: int | None, category: str, *, now: float) -> None:
    connection.execute(
        """INSERT INTO refusals (period, guild_id, category, times) VALUES (:period, :guild_id, :category, 1)
           ON CONFLICT DO UPDATE SET times = times + 1""",
        {"period": period(now), "guild_id": guild_id or OUTSIDE_GUILD, "category": category},
    )


def refusals(connection: sqlite3.Connection, guild_id: int | None, *, days: int, now: float) -> dict[str, int]:
    rows = connection.execute(
        """SELECT category, sum(times) AS times FROM refusals
           WHERE period > :before AND period <= :today AND guild_id = :guild_id GROUP BY category""",
        {"before": period(now - days * DAY_S), "today": period(now), "guild_id": guild_id or OUTSIDE_GUILD},
    )
    return {row["category"]: row["times"] for row in rows}
