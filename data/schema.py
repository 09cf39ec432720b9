"""Opens a database file that is ours, sound and of this release's schema, or says why it cannot."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

from . import migrations
from .errors import DatabaseTooNew, DatabaseUnusable

BUSY_TIMEOUT_MS = 5_000
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables

_OUR_APPLICATION_ID = 0x466C6970  # as the first migration sets it


def read_migrations() -> list[str]:
    """The SQL of every migration; the first leads from schema 0 to 1. Works from a wheel and from a zip."""
    found = sorted(
        (entry for entry in files(migrations).iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: entry.name,
    )
    numbers = [int(entry.name.partition("_")[0]) for entry in found]
    if not found or numbers != list(range(1, len(found) + 1)):
        raise RuntimeError(f"data/migrations must hold 0001_*.sql and so on without a gap, found {numbers}")
    return [entry.read_text(encoding="utf-8") for entry in found]


UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What sqlite3 raises for a damaged file; it wants to quote the schema even where that is no UTF-8 any more."""


def open_database(path: Path) -> sqlite3.Connection:
    """Open, check and migrate the file at `path`, which is created where it is missing.

    A commit on the connection survives power loss (WAL, synchronous=FULL). A file that is not ours, is
    damaged or is of a newer schema is left as it was.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise DatabaseUnusable(path, f"SQLite {sqlite3.sqlite_version} is older than {oldest}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # isolation_level=None: transactions begin and end where our code says so, and nowhere else.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except (sqlite3.Error, OSError) as error:
        raise DatabaseUnusable(path, str(error)) from error
    with _closed_on_failure(connection, path):
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        known = read_migrations()
        version = _check(connection, path, len(known))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # an erased token leaves the file, not only the row
        for number, sql in enumerate(known[version:], start=version + 1):
            _migrate(connection, number, sql)
        connection.execute("PRAGMA foreign_keys = ON")
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a database of ours for reading alone, also while another process writes to it.

    Raises:
        DatabaseTooNew, DatabaseUnusable: there is none, or it is not ours, damaged or of a newer schema.
    """
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise DatabaseUnusable(path, str(error)) from error
    with _closed_on_failure(connection, path):
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        if _check(connection, path, len(read_migrations())) == 0:
            raise DatabaseUnusable(path, "it is empty")
    return connection


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection, path: Path) -> Generator[None]:
    """Let go of the file where it cannot be used, and say so in our words."""
    try:
        yield
    except UNREADABLE as error:
        connection.close()
        raise DatabaseUnusable(path, str(error)) from error
    except BaseException:
        connection.close()
        raise


def check_database(path: Path) -> None:
    """Look at everything in a database of ours, as SQLite's integrity_check does; changes nothing.

    Raises:
        DatabaseTooNew, DatabaseUnusable: what is wrong with it.
    """
    with closing(open_to_read(path)) as connection:
        try:
            check_integrity(connection, path, quick=False)
        except UNREADABLE as error:
            raise DatabaseUnusable(path, str(error)) from error


def check_integrity(connection: sqlite3.Connection, path: Path, *, quick: bool) -> None:
    """Raise DatabaseUnusable where SQLite finds damage; `quick` leaves out comparing indices with tables."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)" if quick else "PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise DatabaseUnusable(path, f"the file is damaged ({verdict})")


def _check(connection: sqlite3.Connection, path: Path, known: int) -> int:
    version = _number(connection, "PRAGMA user_version")
    is_empty = _number(connection, "SELECT count(*) FROM sqlite_schema") == 0 and version == 0
    if not is_empty and _number(connection, "PRAGMA application_id") != _OUR_APPLICATION_ID:
        raise DatabaseUnusable(path, "it is the database of another program")
    if version > known:
        raise DatabaseTooNew(found=version, known=known)
    check_integrity(connection, path, quick=True)
    return version


def _migrate(connection: sqlite3.Connection, number: int, sql: str) -> None:
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _number(connection: sqlite3.Connection, sql: str) -> int:
    (value,) = connection.execute(sql).fetchone()
    return int(value)
