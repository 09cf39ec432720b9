"""The database belongs to one Discord application: only its token can edit the messages stored here."""

from __future__ import annotations

import sqlite3

from .errors import WrongApplication
from .rows import one


def bind(connection: sqlite3.Connection, application_id: int) -> None:
    """Store the application at the first call; raise WrongApplication at a later one with another id."""
    given = {"application_id": application_id}
    connection.execute("INSERT OR IGNORE INTO binding (only_row, application_id) VALUES (1, :application_id)", given)
    bound = one(connection, "SELECT application_id FROM binding", {})
    assert bound is not None
    if bound["application_id"] != application_id:
        raise WrongApplication(bound=bound["application_id"], given=application_id)
