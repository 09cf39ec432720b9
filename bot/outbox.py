"""The outbox tells members how their jobs ended, and keeps trying until Discord has taken it.

A clip is shown by editing its job's one message, so showing it again after a crash changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import partial
from itertools import count

from data import DatabaseUnusable, Job, JobState
from generation.errors import EncodeError

from .backoff import backoff_s, insist
from .clips import stored_file
from .messages import Place, TooLarge, Undeliverable, Unreachable
from .parts import Parts
from .reasons import reason_of

log = logging.getLogger(__name__)

FIRST_RETRY_S = 2.0
LONGEST_RETRY_S = 300.0
"""Waits between tries while Discord does not answer: doubled from the first up to the longest, without end."""

DRAIN_S = 10.0
"""How long a stop lets deliveries finish; what is left is delivered by the next start."""


class _Urgency(IntEnum):
    """What is done first: a moderator may let hundreds of messages change at once, and no clip waits for those."""

    CLIP = 0
    END = 1
    PLACE = 2


@dataclass(frozen=True, slots=True, order=True)
class _Errand:
    urgency: _Urgency
    number: int
    run: Callable[[int], Awaitable[None]] = field(compare=False)
    job_id: int = field(compare=False)
    tries: int = field(default=0, compare=False)


class Outbox:
    """Delivers one message after the other, in the background: clips first, then ends, then places.

    Args:
        place: where a job stands now.
        told: hears what place a job's message says.
    """

    def __init__(
        self,
        parts: Parts,
        *,
        place: Callable[[int], Place | None],
        told: Callable[[int, Place], None],
    ) -> None:
        self.job_id: int | None = None
        """The job that is being told of."""
        self._settings = parts.settings
        self._store = parts.store
        self._executor = parts.executor
        self._messenger = parts.messenger
        self._clock = parts.clock
        self._place = place
        self._told = told
        self._errands: asyncio.PriorityQueue[_Errand] = asyncio.PriorityQueue()
        self._numbers = count()
        self._retries: set[asyncio.TimerHandle] = set()
        self._opened = asyncio.Event()
        self._is_stopping = False

    def open(self) -> None:
        """Discord can be reached: begin."""
        self._opened.set()

    def deliver(self, job_id: int) -> None:
        """Show a rendered clip."""
        self._put(_Urgency.CLIP, self._deliver, job_id)

    def tell(self, job_id: int) -> None:
        """Say in its message why a job failed or that it was cancelled."""
        self._put(_Urgency.END, self._tell, job_id)

    def refresh(self, job_id: int) -> None:
        """Show a waiting job's place again."""
        self._put(_Urgency.PLACE, self._refresh, job_id)

    async def run(self) -> None:
        """Do one errand after the other until cancelled."""
        await self._opened.wait()
        while True:
            errand = await self._errands.get()
            self.job_id = errand.job_id
            try:
                await errand.run(errand.job_id)
            except (Unreachable, DatabaseUnusable) as error:
                self._later(errand, error)
            except Exception as error:  # one message's trouble must neither hold up the others nor be forgotten
                log.exception("job %s could not be told", errand.job_id)
                self._later(errand, error)
            finally:
                self.job_id = None
                self._errands.task_done()

    async def stop(self) -> None:
        """Finish what can be finished soon; places are shown again by the next start."""
        self._is_stopping = True
        for timer in self._retries:
            timer.cancel()
        if self._opened.is_set():
            drained = asyncio.ensure_future(self._errands.join())
            await asyncio.wait({drained}, timeout=DRAIN_S)
            drained.cancel()

    def _put(self, urgency: _Urgency, run: Callable[[int], Awaitable[None]], job_id: int, tries: int = 0) -> None:
        self._errands.put_nowait(_Errand(urgency, next(self._numbers), run, job_id, tries))

    def _later(self, errand: _Errand, error: Exception) -> None:
        delay_s = backoff_s(errand.tries, first_s=FIRST_RETRY_S, longest_s=LONGEST_RETRY_S)
        log.warning("job %s: not told (%s); next try in %.0f s", errand.job_id, error, delay_s)

        def again() -> None:
            self._retries.discard(timer)
            self._put(errand.urgency, errand.run, errand.job_id, errand.tries + 1)

        timer = asyncio.get_running_loop().call_later(delay_s, again)
        self._retries.add(timer)

    async def _deliver(self, job_id: int) -> None:
        job = await self._store.get(job_id)
        if job is None or job.state is not JobState.RENDERED or job.clip_path is None:
            return
        try:
            path = stored_file(self._settings.store_dir, job.clip_path)
            try:
                await self._messenger.show_clip(job, path)
            except TooLarge as refused:
                await self._executor.shrink(path, max_bytes=refused.limit_bytes)
                await self._messenger.show_clip(job, path)
        except (Undeliverable, EncodeError, TooLarge, FileNotFoundError) as error:
            await self._give_up(job, error)
            return
        await _mark(job, partial(self._store.mark_delivered, job))
        log.info("job %s is delivered", job_id)
        if self._clock.now() - job.created_at > self._settings.notify_after_s:
            await self._mention(job)

    async def _give_up(self, job: Job, error: Exception) -> None:
        """Say why the clip cannot be shown, then record it: only before that an interaction's token is there."""
        log.warning("job %s is undeliverable: %s", job.id, error)
        reason = reason_of(error)
        if not (isinstance(error, Undeliverable) and error.gone):  # else there is no message left to say it in
            try:
                await self._messenger.show_end(replace(job, state=JobState.UNDELIVERABLE, error=reason))
            except Undeliverable as silence:
                log.info("job %s: its end could not be told: %s", job.id, silence)
        await _mark(job, partial(self._store.mark_undeliverable, job, reason))

    async def _mention(self, job: Job) -> None:
        if not await _mark(job, partial(self._store.mark_notified, job)):
            return
        try:
            await self._messenger.mention(job)
        except (Undeliverable, Unreachable) as error:
            log.info("job %s: the member was not mentioned: %s", job.id, error)

    async def _tell(self, job_id: int) -> None:
        job = await self._store.get(job_id)
        if job is None or job.state not in (JobState.CANCELLED, JobState.FAILED) or job.told_at is not None:
            return
        try:
            await self._messenger.show_end(job)
        except Undeliverable as error:
            log.info("job %s: its end could not be told: %s", job_id, error)
        await _mark(job, partial(self._store.mark_told, job))

    async def _refresh(self, job_id: int) -> None:
        if self._is_stopping:
            return
        job, place = await self._store.get(job_id), self._place(job_id)
        if job is None or job.state is not JobState.QUEUED or place is None or place.position == 0:
            return
        try:
            await self._messenger.show_queued(job, place)
            self._told(job_id, place)
        except Undeliverable as error:
            log.info("job %s: its place could not be shown: %s", job_id, error)


async def _mark(job: Job, verb: Callable[[], Awaitable[bool]]) -> bool:
    """Record what a message says, however long that takes: until then it would only be shown again."""
    return await insist(verb, f"the record of what job {job.id} was told")
