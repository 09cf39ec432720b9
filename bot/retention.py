"""Clips that were posted do not fill the disk: the oldest files go by age and by the room for all.

First pictures go with the last file of a clip that began with them.

A file is deleted before the store is told: a crash between the two leaves a job whose missing file is found missing
the next time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from data import StoredFile

from .clips import remove_clip
from .parts import Parts
from .pictures import Pictures

log = logging.getLogger(__name__)

PAUSE_S = 600.0
"""How long nothing is looked for after nothing was left to delete."""

BATCH = 64
"""Files that are deleted at one time; a job that comes meanwhile waits for so few."""

DAY_S = 86_400.0
MIB = 1 << 20


class Retention:
    """Deletes a few files whenever it is asked to and it is time."""

    def __init__(self, parts: Parts, pictures: Pictures) -> None:
        self._store = parts.store
        self._folder = parts.settings.store_dir
        self._clock = parts.clock
        self._pictures = pictures
        self._max_days = parts.settings.clips_max_days
        self._max_mb = parts.settings.clips_max_mb
        self._due_at = self._clock.tick()

    @property
    def due_s(self) -> float:
        """Seconds until there is something to look for."""
        return max(self._due_at - self._clock.tick(), 0.0)

    async def tidy(self) -> None:
        """Delete the oldest files where it is time; trouble is logged and put off."""
        if self.due_s != 0.0:
            return
        self._due_at = self._clock.tick() + PAUSE_S
        try:
            files = await self._store.expendable_files(
                older_than=self._clock.now() - self._max_days * DAY_S if self._max_days else None,
                max_bytes=self._max_mb * MIB if self._max_mb else None,
                limit=BATCH,
            )
            if files:
                await asyncio.to_thread(_delete, self._folder, files)
                await self._store.mark_files_deleted([file.job_id for file in files])
                log.info("%d clips were too old to be kept", len(files))
            await self._pictures.sweep()
        except Exception:  # a disk in trouble must not end the queue
            log.exception("old files cannot be deleted")
            return
        if len(files) == BATCH:
            self._due_at = self._clock.tick()


def _delete(folder: Path, files: Sequence[StoredFile]) -> None:
    for file in files:
        remove_clip(folder, file.clip_path)
