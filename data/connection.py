"""One SQLite connection in a thread of its own; whatever is asked of it happens whole or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import aiosqlite

from .errors import DatabaseUnusable
from .schema import open_database

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]


class Connection:
    """The only connection that writes. Work waits its turn; each piece runs from start to end in the thread.

    Cancelling a task that waits for its work abandons the answer, never the work: it still commits or rolls
    back whole, and the next piece starts outside any transaction.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._raw: sqlite3.Connection | None = None
        self._worker: threading.Thread | None = None
        self._thread = aiosqlite.Connection(self._connect, iter_chunk_size=64)

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator[Connection, None]:
        """Open and migrate `path`; the thread has ended when the block is left, however it is left."""
        connection = cls(path)
        try:
            async with connection._thread:
                yield connection
        finally:
            # Where opening fails or is cancelled, aiosqlite neither waits for its thread nor closes what the
            # thread has opened.
            if connection._worker is not None:
                await asyncio.to_thread(connection._worker.join)
            if connection._raw is not None:
                connection._raw.close()

    async def read(self, work: Work[Result]) -> Result:
        """Run `work`, which writes nothing, outside a transaction; it sees everything committed before it."""
        return await self._in_thread(work)

    async def transaction(self, work: Work[Result]) -> Result:
        """Run `work` between BEGIN IMMEDIATE and COMMIT; any exception rolls all of it back and is raised."""
        return await self._in_thread(partial(_transact, work))

    async def empty_log(self) -> None:
        """Move what was committed into the database file: what was overwritten there leaves the log as well."""
        await self._in_thread(_empty_log)

    def _connect(self) -> sqlite3.Connection:
        self._worker = threading.current_thread()
        self._raw = open_database(self._path)
        return self._raw

    async def _in_thread(self, work: Work[Result]) -> Result:
        # aiosqlite's public calls are one statement each, and a task cancelled between two of them leaves its
        # transaction open for the next task to join. Only `_execute` hands the thread a whole function.
        execute = cast(
            Callable[..., Awaitable[Result]],
            self._thread._execute,  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]
        )
        try:
            return await execute(work, self._raw)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise  # a defect of ours, not of the file
            raise DatabaseUnusable(self._path, str(error)) from error


def _transact(work: Work[Result], connection: sqlite3.Connection) -> Result:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _empty_log(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
