"""What members and servers have chosen for themselves; choices are JSON text."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict

from .models import Preference


def of_members(connection: sqlite3.Connection) -> list[Preference]:
    return _read(connection, "SELECT user_id AS owner_id, choices, language FROM member_preferences")


def of_guilds(connection: sqlite3.Connection) -> list[Preference]:
    return _read(connection, "SELECT guild_id AS owner_id, choices, language FROM guild_preferences")


def put_member(connection: sqlite3.Connection, preference: Preference) -> None:
    connection.execute(
        """INSERT OR REPLACE INTO member_preferences (user_id, choices, language)
           VALUES (:owner_id, :choices, :language)""",
        asdict(preference),
    )


def put_guild(connection: sqlite3.Connection, preference: Preference) -> None:
    connection.execute(
        """INSERT OR REPLACE INTO guild_preferences (guild_id, choices, language)
           VALUES (:owner_id, :choices, :language)""",
        asdict(preference),
    )


def _read(connection: sqlite3.Connection, sql: str) -> list[Preference]:
    return [Preference(**dict(row)) for row in connection.execute(sql)]
