"""What the moderators of each server decided: a pause, blocked members, the channels for answers, members' limits."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import Any

from . import ledger
from .models import Decisions, Job, MemberLimit
from .rows import jobs


def decisions(connection: sqlite3.Connection) -> Decisions:
    return Decisions(
        paused=frozenset(row["guild_id"] for row in connection.execute("SELECT guild_id FROM paused_guilds")),
        blocked=_by_guild(connection, "SELECT guild_id, user_id FROM blocks"),
        channels=_by_guild(connection, "SELECT guild_id, channel_id FROM answer_channels"),
    )


def pause(connection: sqlite3.Connection, guild_id: int, *, now: float) -> list[Job]:
    connection.execute(
        "INSERT OR IGNORE INTO paused_guilds (guild_id, paused_at) VALUES (:guild_id, :now)",
        {"guild_id": guild_id, "now": now},
    )
    return _cancel(connection, "application_id IS NOT NULL", {"guild_id": guild_id, "now": now})


def resume(connection: sqlite3.Connection, guild_id: int) -> None:
    connection.execute("DELETE FROM paused_guilds WHERE guild_id = :guild_id", {"guild_id": guild_id})


def block(connection: sqlite3.Connection, guild_id: int, user_id: int, *, now: float) -> list[Job]:
    connection.execute(
        "INSERT OR IGNORE INTO blocks (guild_id, user_id, blocked_at) VALUES (:guild_id, :user_id, :now)",
        {"guild_id": guild_id, "user_id": user_id, "now": now},
    )
    return _cancel(connection, "user_id = :user_id", {"guild_id": guild_id, "user_id": user_id, "now": now})


def unblock(connection: sqlite3.Connection, guild_id: int, user_id: int) -> None:
    connection.execute(
        "DELETE FROM blocks WHERE guild_id = :guild_id AND user_id = :user_id",
        {"guild_id": guild_id, "user_id": user_id},
    )


def cancel_waiting(connection: sqlite3.Connection, guild_id: int, *, now: float) -> list[Job]:
    return _cancel(connection, "true", {"guild_id": guild_id, "now": now})


def put_channels(connection: sqlite3.Connection, guild_id: int, channel_ids: frozenset[int]) -> None:
    connection.execute("DELETE FROM answer_channels WHERE guild_id = :guild_id", {"guild_id": guild_id})
    connection.executemany(
        "INSERT INTO answer_channels (guild_id, channel_id) VALUES (:guild_id, :channel_id)",
        [{"guild_id": guild_id, "channel_id": channel_id} for channel_id in channel_ids],
    )


def member_limits(connection: sqlite3.Connection) -> list[MemberLimit]:
    rows = connection.execute("SELECT * FROM member_limits ORDER BY guild_id, user_id")
    return [MemberLimit(**dict(row)) for row in rows]


def put_member_limit(connection: sqlite3.Connection, limit: MemberLimit) -> None:
    connection.execute(
        "DELETE FROM member_limits WHERE guild_id = :guild_id AND user_id = :user_id",
        {"guild_id": limit.guild_id, "user_id": limit.user_id},
    )
    if limit.limits_something:
        connection.execute(
            """INSERT INTO member_limits (guild_id, user_id, daily_clips, max_active)
               VALUES (:guild_id, :user_id, :daily_clips, :max_active)""",
            asdict(limit),
        )


def _cancel(connection: sqlite3.Connection, which: str, given: dict[str, Any]) -> list[Job]:
    """Cancel and refund a server's waiting jobs, or some of them; they are still to be told."""
    cancelled = jobs(
        connection,
        f"""UPDATE jobs SET state = 'cancelled', settled_at = :now
            WHERE guild_id = :guild_id AND state = 'queued' AND {which} RETURNING *""",
        given,
    )
    for each in cancelled:
        ledger.settle(connection, job_id=each.id, settlement="refunded", now=given["now"])
    return cancelled


def _by_guild(connection: sqlite3.Connection, pairs: str) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for guild_id, other_id in connection.execute(pairs):
        found.setdefault(guild_id, set()).add(other_id)
    return {guild_id: frozenset(others) for guild_id, others in found.items()}
