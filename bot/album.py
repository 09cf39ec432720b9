"""What has been made: a member's clips to look back at, to show again and to delete."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data import ChannelRoute, Copy, Job, JobState

from .clips import remove_clip, stored_file, strip_file
from .messages import Undeliverable, Unreachable
from .orders import Refused
from .parts import Parts

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and from where.

    Attributes:
        sees: whether they can read a channel of this server.
        adult: whether only adults see what they are shown.
        moderates: whether they may manage others' messages in this channel.
    """

    user_id: int
    guild_id: int | None
    channel_id: int | None
    sees: Callable[[int], bool]
    adult: bool
    moderates: bool


class Album:
    """Posted clips, as long as nobody has deleted them.

    Args:
        wake: tells whoever removes copies that there may be some to remove.
    """

    def __init__(self, parts: Parts, *, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._store = parts.store
        self._messenger = parts.messenger
        self._dir = parts.settings.store_dir

    async def load(self) -> None:
        """Finish deletions that a killed process began."""
        for file in await self._store.files_of_deleted():
            await self._remove_files(file.job_id, file.clip_path)

    async def of(self, user_id: int, *, before: int | None = None, limit: int = 5, words: str = "") -> list[Job]:
        """A member's clips, newest first, older than the job `before`, whose prompts have all the words."""
        return await self._store.history(user_id, before=before, limit=limit, words=words)

    async def find(self, job_id: int, viewer: Viewer) -> Job:
        """A clip that the viewer may see: their own, or one that stands in a channel of this server that they can read.

        Raises:
            Refused: there is none, or it is for adults and this is no place for it.
        """
        job = await self._store.get(job_id)
        if job is None or job.deleted_at is not None or not _may_see(job, viewer):
            raise Refused("show-none", job=str(job_id))
        if job.clip_path is None:
            unfinished = job.state in (JobState.QUEUED, JobState.RUNNING)
            raise Refused("show-unfinished" if unfinished else "show-failed", job=str(job_id))
        if job.age_restricted and not viewer.adult:
            raise Refused("show-adult")
        return job

    async def file(self, job: Job) -> Path:
        """Where a clip lies.

        Raises:
            Refused: it is not kept any more.
        """
        assert job.clip_path is not None
        path = stored_file(self._dir, job.clip_path)
        if not await asyncio.to_thread(path.is_file):
            raise Refused("show-file-gone", job=str(job.id))
        return path

    async def show_in(self, job: Job, route: ChannelRoute) -> None:
        """A clip is about to be shown again in this message, which from now on goes with the clip.

        Raises:
            Refused: the clip was deleted meanwhile.
        """
        if not await self._store.put_copy(Copy(job.id, route.channel_id, route.message_id)):
            raise Refused("show-none", job=str(job.id))

    async def strips(self, jobs: list[Job]) -> dict[int, Path]:
        """The small pictures of these clips' frames, of those that have one."""
        return await asyncio.to_thread(self._strips, jobs)

    def _strips(self, jobs: list[Job]) -> dict[int, Path]:
        files = {job.id: strip_file(stored_file(self._dir, job.clip_path)) for job in jobs if job.clip_path is not None}
        return {job_id: file for job_id, file in files.items() if file.is_file()}

    async def check_deletable(self, job_id: int, viewer: Viewer) -> Job:
        """Whether this viewer can delete this clip.

        Raises:
            Refused: there is none, or it is another's.
        """
        job = await self._store.get(job_id)
        if job is None or job.deleted_at is not None:
            raise Refused("clip-gone")
        if job.user_id != viewer.user_id and not (viewer.moderates and _stands_in(job, viewer.channel_id)):
            raise Refused("clip-not-yours")
        return job

    async def delete(self, job_id: int, viewer: Viewer) -> bool:
        """Delete a clip for its member or for who moderates its server; False where Discord kept its message.

        It leaves the history, its words and its file are erased. What it cost stays paid.

        Raises:
            Refused: see `check_deletable`; or it is still being posted.
        """
        job = await self.check_deletable(job_id, viewer)
        if not await self._store.delete_clip(job_id):
            raise Refused("clip-not-posted")
        self._wake()
        log.info("job %s is deleted by %s", job_id, "its member" if job.user_id == viewer.user_id else "a moderator")
        assert job.clip_path is not None
        await self._remove_files(job_id, job.clip_path)
        try:
            if job.route is not None:
                await self._messenger.remove(job.route)
        except Undeliverable as error:
            log.info("job %s: its message is out of reach: %s", job_id, error)
            return error.gone
        except Unreachable as error:
            log.warning("job %s: its message stays: %s", job_id, error)
            return False
        return True

    async def _remove_files(self, job_id: int, clip_path: str) -> None:
        await asyncio.to_thread(remove_clip, self._dir, clip_path)
        await self._store.mark_files_deleted([job_id])


def _may_see(job: Job, viewer: Viewer) -> bool:
    if job.user_id == viewer.user_id:
        return True
    stands_here = job.message_guild_id is not None and job.message_guild_id == viewer.guild_id
    return stands_here and isinstance(job.route, ChannelRoute) and viewer.sees(job.route.channel_id)


def _stands_in(job: Job, channel_id: int | None) -> bool:
    return isinstance(job.route, ChannelRoute) and job.route.channel_id == channel_id
