"""What a member is entitled to: a copy of all that is stored about them, and to be forgotten."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedIOBase
from pathlib import Path
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from data import Erasure, Holdings, InteractionRoute, Job

from .clips import CLIPS_FOLDER, stored_file
from .eraser import Eraser
from .messages import Undeliverable, Unreachable
from .parts import Parts
from .pictures import Pictures, picture_file
from .preferences import Preferences

log = logging.getLogger(__name__)

MESSAGES = 500
"""The newest messages of finished clips that are removed for a member who asks for it."""

ENTRY_BYTES = 1024
"""Of a zip file's own for each entry, at most; names are short."""

SPOOLED_BYTES = 1 << 20
"""Of a copy that are held in memory before it goes to the disk."""

JSON_COLUMNS = {"request", "choices"}
"""Columns that hold JSON text, told as what they hold."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A zip file, open to be read: the stored data as data.json, clips and first pictures.

    `clips` are in it; `left_out` files did not fit.
    """

    file: BufferedIOBase
    clips: int
    left_out: int


class Privacy:
    """Copies and forgets members.

    Args:
        let_go: a job that is erased is neither to be waited for nor to be rendered any more.
        is_busy: whether a job is still being rendered or told of.
    """

    def __init__(
        self,
        parts: Parts,
        preferences: Preferences,
        pictures: Pictures,
        *,
        let_go: Callable[[Job], None],
        is_busy: Callable[[int], bool],
    ) -> None:
        self._store = parts.store
        self._folder = parts.settings.store_dir
        self._messenger = parts.messenger
        self._clock = parts.clock
        self._preferences = preferences
        self._let_go = let_go
        self._copying = asyncio.Lock()
        self.eraser = Eraser(parts, pictures, is_busy=is_busy)

    async def holdings(self, user_id: int) -> Holdings:
        """How much an erasure would erase."""
        return await self._store.holdings(user_id)

    async def copy(self, user_id: int, *, max_bytes: int) -> Copy:
        """Put all that is stored about a member into one file, one member after the other.

        The newest clips come first where not all fit; `max_bytes` 0 leaves them all out.
        """
        async with self._copying:
            found = await self._store.stored_about(user_id)
            made_at = datetime.fromtimestamp(self._clock.now(), UTC)
            return await asyncio.to_thread(_pack, self._folder, user_id, found, made_at, max_bytes)

    async def erase(self, user_id: int, *, messages: bool) -> Erasure:
        """Forget a member; what they used of this day stays counted until it ends.

        Files, and messages where they are wanted gone, follow in the background, also after a restart.
        """
        try:
            erased = await self._store.erase_member(user_id, max_messages=MESSAGES if messages else 0)
        finally:
            self.eraser.wake()  # also where it was cut short
        self._preferences.forget(user_id)
        for job in erased.unfinished:
            self._let_go(job)
        log.info("a member is erased: %d clips, %d unfinished jobs", erased.clips, len(erased.unfinished))
        for job in erased.unfinished:
            if isinstance(job.route, InteractionRoute):  # its token goes with this moment
                with suppress(Undeliverable, Unreachable):
                    await self._messenger.remove(job.route)
        return erased


def _pack(
    folder: Path, user_id: int, found: dict[str, list[dict[str, Any]]], made_at: datetime, max_bytes: int
) -> Copy:
    # Whoever sends it closes it, and then it is gone; so it is where the process is killed.
    file = cast(BufferedIOBase, tempfile.SpooledTemporaryFile(SPOOLED_BYTES, dir=str(folder)))  # noqa: SIM115
    try:
        data = {"user_id": user_id, "made_at": made_at.isoformat(), "tables": _told(found)}
        clips = left_out = 0
        with ZipFile(file, "w") as archive:
            archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1), ZIP_DEFLATED)
            for number, path in enumerate(_files(folder, found["jobs"])):
                with suppress(FileNotFoundError):  # given up meanwhile
                    if file.tell() + path.stat().st_size + (number + 2) * ENTRY_BYTES > max_bytes:
                        left_out += 1
                        continue
                    archive.write(path, f"{path.parent.name}/{path.name}", ZIP_STORED)  # neither kind shrinks
                    clips += path.parent.name == CLIPS_FOLDER
        file.seek(0)
        return Copy(file, clips, left_out)
    except BaseException:
        file.close()
        raise


def _told(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {table: [{name: _value(name, row[name]) for name in row} for row in rows] for table, rows in found.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return json.loads(value) if name in JSON_COLUMNS and value is not None else value


def _files(folder: Path, jobs: list[dict[str, Any]]) -> list[Path]:
    """The clips and first pictures of these jobs that are there, newest first, each once."""
    found: dict[Path, None] = {}
    for job in sorted(jobs, key=lambda job: -job["id"]):
        with suppress(FileNotFoundError):
            if job["clip_path"] is not None:
                found[stored_file(folder, job["clip_path"])] = None
        if job["picture"] is not None:
            found[picture_file(folder, job["picture"])] = None
    return [path for path in found if path.is_file()]
