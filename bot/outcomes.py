"""Writes into the store how renders ended, and hands that on to be told.

    running --finish_render--> rendered --> outbox
       |  \\--finish_cancel--> cancelled --> outbox
       |   \\------fail-------> failed ----> outbox
       \\--requeue (stop)----> queued

Each arrow is one fenced transaction of the store. While the store cannot be written it is tried again, however long
that takes: no outcome waits for the next start of the process.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from data import Artifact, Job, Reason

from .backoff import insist
from .clips import remove_clip
from .executor import Rendered
from .outbox import Outbox
from .parts import Parts

log = logging.getLogger(__name__)

T = TypeVar("T")


class Outcomes:
    """One verb for each way in which a render ends; it returns once that is written."""

    def __init__(self, parts: Parts, outbox: Outbox) -> None:
        self._folder = parts.settings.store_dir
        self._store = parts.store
        self._outbox = outbox

    async def rendered(self, job: Job, rendered: Rendered) -> None:
        """The clip is a file."""
        gpu_s = rendered.render_s + rendered.encode_s
        artifact = Artifact(
            rendered.path.relative_to(self._folder).as_posix(),
            rendered.bytes,
            rendered.render_s,
            rendered.encode_s,
            rendered.device,
        )
        if await self._write(job, partial(self._store.finish_render, job, artifact)):
            self._outbox.deliver(job.id)
        else:  # the cancel came between the last step and the end
            remove_clip(self._folder, artifact.path)
            await self._cancel(job, refund=False, gpu_s=gpu_s)

    async def cancelled(self, job: Job, *, begun: bool, gpu_s: float) -> None:
        """It was stopped as its member wished; what was `begun` is paid for."""
        await self._cancel(job, refund=not begun, gpu_s=gpu_s)

    async def evicted(self, job: Job, *, begun: bool, gpu_s: float) -> None:
        """It was stopped as the process stops, and waits again, unless its member wished it stopped as well."""
        fresh = await self._write(job, partial(self._store.get, job.id))
        if fresh is not None and fresh.cancel_requested:
            await self.cancelled(job, begun=begun, gpu_s=gpu_s)
        elif not await self._write(job, partial(self._store.requeue, job)):
            _came_to_an_end(job)

    async def failed(self, job: Job, reason: Reason) -> None:
        """No clip can come of it."""
        await self._write(job, partial(self._store.fail, job, reason))
        self._outbox.tell(job.id)

    async def put_back(self, job: Job) -> None:
        """Nobody knows how it would have ended, and the process does not wait: try once to let it wait again."""
        try:
            if not await self._store.requeue(job):
                _came_to_an_end(job)
        except Exception:  # the end of the process must not fail by it
            log.exception("job %s cannot go back to the queue; the next start counts this attempt", job.id)

    async def _cancel(self, job: Job, *, refund: bool, gpu_s: float) -> None:
        await self._write(job, partial(self._store.finish_cancel, job, refund=refund, gpu_s=gpu_s))
        self._outbox.tell(job.id)

    async def _write(self, job: Job, verb: Callable[[], Awaitable[T]]) -> T:
        return await insist(verb, f"the outcome of job {job.id}")


def _came_to_an_end(job: Job) -> None:
    log.info("job %s came to its end before it could go back to the queue", job.id)
