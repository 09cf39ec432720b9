"""First pictures: made harmless, and kept by their digest as long as a job or a clip of theirs is.

A picture is on the disk before the job that begins with it is stored, so a restart still has it. One that nobody
needs any more is deleted; one that an order is about to use is held until the store knows the job.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from data import Store
from generation.durable import put_in_place

from .clock import Clock
from .orders import Refused

log = logging.getLogger(__name__)

PICTURES_FOLDER = "pictures"

GRACE_S = 86_400.0
"""How long the picture of a job without a clip is kept, for another try."""


def picture_file(store_dir: Path, digest: str) -> Path:
    """The file of a picture; a digest is 64 hexadecimal digits, as `ResolvedRequest.first_picture` has it."""
    return store_dir / PICTURES_FOLDER / f"{digest}.png"


class Pictures:
    """The pictures in the data folder; one process has them."""

    def __init__(self, store_dir: Path, store: Store, clock: Clock) -> None:
        self._dir = store_dir
        self._store = store
        self._clock = clock
        self._held: Counter[str] = Counter()
        self._turn = asyncio.Lock()  # between looking for a file and holding it nothing is swept
        self._reading = asyncio.Lock()  # a picture takes some hundred megabytes while it is read

    def file(self, digest: str | None) -> Path | None:
        """Where a picture lies or would lie; None for none."""
        return None if digest is None else picture_file(self._dir, digest)

    def check(self, digest: str | None) -> None:
        """Say early what `held` would say.

        Raises:
            Refused: the picture is gone.
        """
        if digest is not None and not picture_file(self._dir, digest).is_file():
            raise Refused("video-picture-gone")

    @asynccontextmanager
    async def keep(self, content: bytes) -> AsyncGenerator[str]:
        """Read a file that somebody sent, keep its picture, and hold it while the block runs; gives the digest.

        Raises:
            NotAPicture, PictureTooLarge: what it is instead.
        """
        async with self._reading:
            digest, png = await asyncio.to_thread(_harmless, content)
        async with self._turn:
            path = picture_file(self._dir, digest)
            if not path.is_file():
                await asyncio.to_thread(_write, path, png)
            self._held[digest] += 1
        try:
            yield digest
        finally:
            self._release(digest)

    @asynccontextmanager
    async def held(self, digest: str | None) -> AsyncGenerator[None]:
        """Hold a picture that was kept before while the block runs; None holds nothing.

        Raises:
            Refused: the picture is gone.
        """
        if digest is None:
            yield
            return
        async with self._turn:
            self.check(digest)
            self._held[digest] += 1
        try:
            yield
        finally:
            self._release(digest)

    async def sweep(self) -> None:
        """Delete the pictures that nobody needs, and halves of pictures whose writer was killed."""
        async with self._turn:
            folder = self._dir / PICTURES_FOLDER
            if not await asyncio.to_thread(folder.is_dir):
                return
            needed = await self._store.needed_pictures(since=self._clock.now() - GRACE_S)
            deleted = await asyncio.to_thread(_sweep, folder, needed | set(self._held))
        if deleted:
            log.info("%d first pictures are needed no more", deleted)

    def _release(self, digest: str) -> None:
        self._held[digest] -= 1
        if not self._held[digest]:
            del self._held[digest]


def _harmless(content: bytes) -> tuple[str, bytes]:
    """The digest and the PNG of a picture, of whose file nothing but the pixels is left."""
    from generation.first_picture import archived, open_picture  # torch: never in the event loop's thread

    return archived(open_picture(content))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    put_in_place(part, path)


def _sweep(folder: Path, needed: set[str]) -> int:
    unneeded = [path for path in folder.iterdir() if path.name.startswith(".") or path.stem not in needed]
    for path in unneeded:
        path.unlink(missing_ok=True)
    return len(unneeded)
