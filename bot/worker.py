"""The worker takes the next job when the GPU is free, fairest first, and has it rendered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress

from data import DatabaseUnusable, Job

from .backoff import backoff_s
from .clips import NoRoom, leftovers, remove_files_of, require_room
from .estimate import Estimator
from .forecast import Forecaster
from .outbox import Outbox
from .outcomes import Outcomes
from .parts import Parts
from .pictures import Pictures
from .queue import FairQueue, Ticket
from .renders import EVICTION_S, Renders
from .retention import Retention
from .running import Running

log = logging.getLogger(__name__)

TAKE_AGAIN_S = 2.0
"""How long a job waits after it could not be begun."""

LONGEST_WAIT_S = 60.0
"""Waits while no job can be begun: doubled from TAKE_AGAIN_S up to this, without end."""


class Worker:
    """Renders waiting jobs one after the other; `running` is the one that holds the GPU."""

    def __init__(
        self,
        parts: Parts,
        queue: FairQueue,
        outbox: Outbox,
        estimator: Estimator,
        forecaster: Forecaster,
        pictures: Pictures,
    ) -> None:
        self.running: Running | None = None
        self._settings = parts.settings
        self._store = parts.store
        self._executor = parts.executor
        self._clock = parts.clock
        self._queue = queue
        self._outbox = outbox
        self._estimator = estimator
        self._outcomes = Outcomes(parts, outbox)
        self._renders = Renders(parts, self._outcomes, estimator, forecaster, pictures)
        self._retention = Retention(parts, pictures)
        self._opened = asyncio.Event()
        self._wakeup = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False
        self._evicting = False
        self._loads: dict[int, asyncio.Task[None]] = {}

    @property
    def stalled(self) -> asyncio.Event:
        """Set when a render hangs."""
        return self._renders.stalled

    def sweep(self, unrendered: Iterable[Job]) -> None:
        """Remove what a killed process leaves: half an encode, and whole clips of jobs that were not told of them."""
        for leftover in leftovers(self._settings.store_dir):
            leftover.unlink(missing_ok=True)
        remove_files_of(self._settings.store_dir, {job.id for job in unrendered})

    def open(self) -> None:
        """Let rendering begin."""
        self._opened.set()

    def wake(self) -> None:
        """A job has come."""
        self._wakeup.set()

    def cancel(self, job_id: int) -> None:
        """Stop a job at its next step, or before the next frame of its file, if it is being rendered."""
        self._renders.cancel(job_id)

    def holds(self, job_id: int) -> bool:
        """Whether a job is being rendered or its file written."""
        return job_id in self._renders

    def is_loading(self, job_id: int) -> bool:
        """Whether a job waits beside the queue while its style is loaded."""
        load = self._loads.get(job_id)
        return load is not None and not load.done()

    async def stop(self, *, timeout_s: float) -> None:
        """Begin nothing new; wait for what is begun, then send it back to the queue."""
        self._stopping = True
        self._wakeup.set()
        for load in self._loads.values():
            load.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rest(), timeout_s)
        self._evicting = True
        await self._renders.evict()
        with suppress(TimeoutError):  # a claim that is not answered yet
            await asyncio.wait_for(self._idle.wait(), EVICTION_S)

    async def _rest(self) -> None:
        """Wait until nothing is rendered and every clip that was drawn is a file."""
        await self._idle.wait()
        await self._renders.rest()

    async def run(self) -> None:
        """Render until cancelled. When the checkpoint cannot be loaded, the queue is kept and nothing runs."""
        began = self._clock.tick()
        await self._executor.start()
        if self._executor.unavailable is None:
            self._estimator.learn_load("", self._clock.tick() - began)
        await self._opened.wait()
        if self._executor.unavailable is not None:
            return
        tries = 0  # in a row that met a disk or a store which cannot be used
        while True:
            self._wakeup.clear()
            await self._retention.tidy()  # between two renders
            await self._renders.room()
            if self._stopping:
                return
            if (ticket := self._queue.next()) is None:
                await self._sleep(self._retention.due_s)
            elif await self._serve(ticket):
                tries = 0
            else:
                await self._sleep(backoff_s(tries, first_s=TAKE_AGAIN_S, longest_s=LONGEST_WAIT_S))
                tries += 1

    async def _serve(self, ticket: Ticket) -> bool:
        """See a job through until the GPU is free again; False where it waits on, as nobody can be served."""
        self._idle.clear()
        waits_on = False
        try:
            require_room(self._settings.store_dir)
            if not self._set_aside(ticket):
                await self._take(ticket.job_id)
        except (DatabaseUnusable, NoRoom) as error:
            log.critical("no job is begun. %s", error)
            waits_on = True
        except Exception:  # one job's trouble must neither end the queue nor lose the job
            log.exception("job %s meets trouble; if it still waits it is taken again", ticket.job_id)
            asyncio.get_running_loop().call_later(TAKE_AGAIN_S, self._put_back, ticket)
        finally:
            # Before anybody is chosen again: who pays what decides who is next.
            self._queue.settle(ticket.job_id, self._spent_s())
            self.running = None
            self._idle.set()
        if waits_on:
            self._queue.put(ticket)
        return not waits_on

    async def _sleep(self, seconds: float) -> None:
        """Wait so long, or until a job comes or the stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wakeup.wait(), seconds)

    def _set_aside(self, ticket: Ticket) -> bool:
        """Let a job whose checkpoint is not loaded wait beside the queue while it loads, once; others go on."""
        if not self._settings.styles or self._loads.pop(ticket.job_id, None) is not None:
            return False
        if self._executor.ready(ticket.style):
            return False
        self._loads[ticket.job_id] = asyncio.create_task(self._load(ticket))
        self._outbox.refresh(ticket.job_id)
        return True

    async def _load(self, ticket: Ticket) -> None:
        began = self._clock.tick()
        await self._executor.prepare(ticket.style)
        if self._executor.ready(ticket.style):
            self._estimator.learn_load(ticket.style, self._clock.tick() - began)
        self._put_back(ticket)

    async def _take(self, job_id: int) -> None:
        job = await self._store.claim(job_id)
        if job is None:  # cancelled while it waited
            return
        if self._evicting:  # the stop came between the claim and its answer
            await self._outcomes.put_back(job)
            return
        self.running = self._renders.begin(job)
        await self.running.drawn.wait()

    def _spent_s(self) -> float:
        """How long the job that is over held the GPU, in seconds; 0 where it never began."""
        return 0.0 if self.running is None else self._clock.tick() - self.running.started

    def _put_back(self, ticket: Ticket) -> None:
        self._queue.put(ticket)  # a job that no longer waits is passed over when it is claimed
        self.wake()
