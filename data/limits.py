"""What servers grant their members and roles, as far as it differs from the settings."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict

from .models import LimitRule


def rules(connection: sqlite3.Connection) -> list[LimitRule]:
    rows = connection.execute("SELECT * FROM limits ORDER BY guild_id, role_id")
    return [LimitRule(**dict(row)) for row in rows]


def put(connection: sqlite3.Connection, rule: LimitRule) -> None:
    connection.execute(
        """INSERT OR REPLACE INTO limits (guild_id, role_id, daily_clips, max_active, gpu_seconds)
           VALUES (:guild_id, :role_id, :daily_clips, :max_active, :gpu_seconds)""",
        asdict(rule),
    )
    connection.execute(
        """DELETE FROM limits WHERE daily_clips IS NULL AND max_active IS NULL AND gpu_seconds IS NULL
               AND guild_id = :guild_id AND role_id = :role_id""",
        asdict(rule),
    )
