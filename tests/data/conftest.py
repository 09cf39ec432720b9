from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from data import Store

from .helpers import HandClock, audit


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flipbook.db"


@pytest_asyncio.fixture
async def store(path: Path, clock: HandClock) -> AsyncIterator[Store]:
    """A store on a real file; whatever the test did, its books must balance in the end."""
    async with Store.open(path, clock=clock) as opened:
        yield opened
    audit(path)


@pytest.fixture
def path_bytes(path: Path) -> Callable[[], bytes]:
    """Everything that the database file holds once SQLite has moved the log into it."""

    def read() -> bytes:
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()

    return read
