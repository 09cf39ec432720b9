"""A backup is one file that passed integrity_check; the file it replaces stays until then."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from .errors import DatabaseUnusable
from .schema import check_integrity


def copy(source: sqlite3.Connection, part: Path) -> None:
    """Copy `source` to `part` with SQLite's online backup, in one go: nothing is written meanwhile."""
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        destination = sqlite3.connect(part)
        try:
            source.backup(destination)
            # Without WAL the copy has no second file beside it, and can be moved and kept as it is.
            destination.execute("PRAGMA journal_mode = DELETE")
        finally:
            destination.close()
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise DatabaseUnusable(part, str(error)) from error


def keep_if_sound(part: Path, target: Path) -> None:
    """Rename `part` to `target` once it is whole and on the disk; a damaged copy is deleted."""
    try:
        destination = sqlite3.connect(part)
        try:
            check_integrity(destination, part, quick=False)
        finally:
            destination.close()
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
