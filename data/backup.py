"""A backup is one file that passed integrity_check; the file it replaces stays until then.

The database may be in use by another process: SQLite's online backup reads one consistent state of it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from .errors import DatabaseUnusable
from .schema import check_integrity, open_to_read


def back_up(source: Path, target: Path) -> None:
    """Write a whole, checked copy of the database `source` to `target`, replacing an older one only then.

    Raises:
        DatabaseTooNew, DatabaseUnusable: `source` is not a database of ours, the copy cannot be written, or it
            does not pass SQLite's integrity_check.
    """
    part = target.with_name(f"{target.name}.part")
    with closing(open_to_read(source)) as connection:
        _copy(connection, part)
    _keep_if_sound(part, target)


def clips_of(database: Path) -> list[str]:
    """The files that a database's clips lie in, relative to its folder."""
    return _column(database, "SELECT clip_path FROM jobs WHERE clip_path IS NOT NULL ORDER BY id")


def pictures_of(database: Path) -> list[str]:
    """The digests of the first pictures of a database's jobs."""
    return _column(database, "SELECT DISTINCT picture FROM jobs WHERE picture IS NOT NULL ORDER BY picture")


def awaited_clips(database: Path) -> list[str]:
    """The files, relative to its folder, of clips that are still to be delivered."""
    return _column(database, "SELECT clip_path FROM jobs WHERE state = 'rendered' ORDER BY id")


def awaited_pictures(database: Path) -> list[str]:
    """The digests of the first pictures of clips that are still to be made."""
    waiting = "picture IS NOT NULL AND state IN ('queued', 'running')"
    return _column(database, f"SELECT DISTINCT picture FROM jobs WHERE {waiting} ORDER BY picture")


def _column(database: Path, sql: str) -> list[str]:
    with closing(open_to_read(database)) as connection:
        try:
            return [str(value) for (value,) in connection.execute(sql)]
        except sqlite3.Error as error:
            raise DatabaseUnusable(database, str(error)) from error


def _copy(source: sqlite3.Connection, part: Path) -> None:
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as destination:
            source.backup(destination)
            # Without WAL the copy has no second file beside it, and can be moved and kept as it is.
            destination.execute("PRAGMA journal_mode = DELETE")
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise DatabaseUnusable(part, str(error)) from error


def _keep_if_sound(part: Path, target: Path) -> None:
    """Rename `part` to `target` once it is whole and on the disk; a damaged copy is deleted."""
    try:
        with closing(sqlite3.connect(part)) as destination:
            check_integrity(destination, part, quick=False)
        _fsync(part)
        os.replace(part, target)
        _fsync(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise DatabaseUnusable(part, str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def _fsync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open a folder; its rename is journalled
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
