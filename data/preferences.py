"""What members and servers have chosen for themselves; choices are JSON text."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from functools import partial

from .models import Preference

CHOOSES_NOTHING = "{}"


def _read(connection: sqlite3.Connection, table: str, owner: str) -> list[Preference]:
    rows = connection.execute(f"SELECT {owner} AS owner_id, choices, language FROM {table}")
    return [Preference(**dict(row)) for row in rows]


def _put(connection: sqlite3.Connection, preference: Preference, table: str, owner: str) -> None:
    """Replace the owner's row; one that says nothing is removed."""
    if preference.choices == CHOOSES_NOTHING and preference.language is None:
        connection.execute(f"DELETE FROM {table} WHERE {owner} = :owner_id", {"owner_id": preference.owner_id})
        return
    connection.execute(
        f"INSERT OR REPLACE INTO {table} ({owner}, choices, language) VALUES (:owner_id, :choices, :language)",
        asdict(preference),
    )


_MEMBERS = {"table": "member_preferences", "owner": "user_id"}
_GUILDS = {"table": "guild_preferences", "owner": "guild_id"}

of_members = partial(_read, **_MEMBERS)
of_guilds = partial(_read, **_GUILDS)
put_member = partial(_put, **_MEMBERS)
put_guild = partial(_put, **_GUILDS)
