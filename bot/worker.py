"""The worker takes the next job when the GPU is free, renders it and hands the outcome on.

    queued --claim--> running --finish_render--> rendered --> outbox
                         |  \\--finish_cancel--> cancelled --> outbox
                         |   \\------fail-------> failed ----> outbox
                         \\--requeue (stop)----> queued

Each arrow is one fenced transaction of the store.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Event

from data import Artifact, Job, Reason
from generation.errors import GenerationError, RenderCancelled
from generation.request import ResolvedRequest

from .clips import clip_file, clip_files, leftovers, remove_clip
from .estimate import Estimator
from .executor import Rendered, RenderTask, Step
from .forecast import Forecaster
from .messages import TooLarge, Undeliverable, Unreachable
from .outbox import Outbox
from .parts import Parts
from .pictures import Pictures
from .queue import FairQueue, Ticket
from .reasons import reason_of
from .retention import Retention

log = logging.getLogger(__name__)

LOOK_AHEAD_S = 1.0
"""How long before an edit is due its picture is asked for, at most: a step may take as long."""

MOST_UNWRITTEN = 2
"""Clips that may be drawn and wait for their files; each holds its latents, and a slow encode must not pile them up."""

TAKE_AGAIN_S = 2.0
"""How long a job waits after the store failed to hand it out."""


@dataclass
class Running:
    """The job that is being rendered. `step` keeps only the newest report, `picture` the newest picture.

    `look` is set while a picture is wanted, and never again once `pictures` are refused. `drawn` is set once the GPU is
    free again, `over` once the clip is a file or there is none.
    """

    job: Job
    started: float
    estimate_s: float
    last_sign: float
    cancelled: Event = field(default_factory=Event)
    step: Step | None = None
    picture: bytes | None = None
    pictures: bool = True
    look: Event = field(default_factory=Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def left_s(self, tick: float) -> float:
        """Estimated seconds until the clip is ready; from the measured pace once there is one."""
        elapsed = tick - self.started
        if self.step is None or self.step.done < 2:
            return max(self.estimate_s - elapsed, 1.0)
        return elapsed / self.step.done * (self.step.total - self.step.done)


class Worker:
    """Renders waiting jobs one after the other, fairest first."""

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
        self.stalled = asyncio.Event()
        self._settings = parts.settings
        self._store = parts.store
        self._executor = parts.executor
        self._messenger = parts.messenger
        self._clock = parts.clock
        self._queue = queue
        self._outbox = outbox
        self._estimator = estimator
        self._forecaster = forecaster
        self._pictures = pictures
        self._retention = Retention(parts, pictures)
        self._opened = asyncio.Event()
        self._wakeup = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False
        self._evicting = False
        self._reporters: set[asyncio.Task[None]] = set()
        self._unfinished: dict[int, asyncio.Task[None]] = {}
        self._loads: dict[int, asyncio.Task[None]] = {}

    def sweep(self, unrendered: Iterable[Job]) -> None:
        """Remove what a killed process leaves: half an encode, and whole clips of jobs that were not told of them."""
        for leftover in leftovers(self._settings.store_dir):
            leftover.unlink(missing_ok=True)
        for job in unrendered:
            for clip in clip_files(self._settings.store_dir, job.id):
                clip.unlink(missing_ok=True)

    def open(self) -> None:
        """Let rendering begin."""
        self._opened.set()

    def wake(self) -> None:
        """A job has come."""
        self._wakeup.set()

    def cancel(self, job_id: int) -> None:
        """Stop the running job at its next step, if it is this one."""
        if self.running is not None and self.running.job.id == job_id:
            self.running.cancelled.set()

    async def stop(self, *, timeout_s: float) -> None:
        """Begin nothing new; wait for the running job, then send it back to the queue."""
        self._stopping = True
        self._wakeup.set()
        for load in self._loads.values():
            load.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._at_rest(), timeout_s)
            return
        self._evicting = True
        if self.running is not None:
            self._evict(self.running)
        with suppress(TimeoutError):  # a step that hangs is left to the end of the process
            await asyncio.wait_for(self._at_rest(), max(timeout_s, 5.0))

    async def _at_rest(self) -> None:
        """Wait until nothing is rendered and every clip that was drawn is a file."""
        await self._idle.wait()
        if self._unfinished:
            await asyncio.wait(self._unfinished.values())

    def holds(self, job_id: int) -> bool:
        """Whether a job is being rendered or its file written."""
        return job_id in self._unfinished or (self.running is not None and self.running.job.id == job_id)

    def _evict(self, running: Running) -> None:
        log.info("job %s goes back to the queue", running.job.id)
        running.cancelled.set()

    async def run(self) -> None:
        """Render until cancelled. When the checkpoint cannot be loaded, the queue is kept and nothing runs."""
        await self._executor.start()
        await self._opened.wait()
        if self._executor.unavailable is not None:
            return
        while True:
            self._wakeup.clear()
            await self._retention.tidy()  # between two renders
            while len(self._unfinished) >= MOST_UNWRITTEN:
                await asyncio.wait(self._unfinished.values(), return_when=asyncio.FIRST_COMPLETED)
            if self._stopping:
                return
            ticket = self._queue.next()
            if ticket is None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wakeup.wait(), self._retention.due_s)
                continue
            self._idle.clear()
            try:
                if not await self._set_aside(ticket):
                    await self._take(ticket.job_id)
            except Exception:  # one job's trouble with the store must neither end the queue nor lose the job
                log.exception("job %s meets trouble; if it still waits it is taken again", ticket.job_id)
                asyncio.get_running_loop().call_later(TAKE_AGAIN_S, self._put_back, ticket)
            finally:
                # Before anybody is chosen again: who pays what decides who is next.
                self._queue.settle(ticket.job_id, self._spent_s())
                self.running = None
                self._idle.set()

    async def _set_aside(self, ticket: Ticket) -> bool:
        """Let a job whose checkpoint is not loaded wait beside the queue while it loads, once; others go on."""
        if not self._settings.styles or self._loads.pop(ticket.job_id, None) is not None:
            return False
        job = await self._store.get(ticket.job_id)
        style = "" if job is None else ResolvedRequest.from_json(job.request).style
        if self._executor.ready(style):
            return False
        self._loads[ticket.job_id] = asyncio.create_task(self._load(style, ticket))
        return True

    async def _load(self, style: str, ticket: Ticket) -> None:
        await self._executor.prepare(style)
        self._put_back(ticket)

    def _spent_s(self) -> float:
        """How long the job that is over held the GPU, in seconds; 0 where it never began."""
        return 0.0 if self.running is None else self._clock.tick() - self.running.started

    def _put_back(self, ticket: Ticket) -> None:
        self._queue.put(ticket)  # a job that no longer waits is passed over when it is claimed
        self.wake()

    async def _take(self, job_id: int) -> None:
        job = await self._store.claim(job_id)
        if job is None:  # cancelled while it waited
            return
        request = ResolvedRequest.from_json(job.request)
        now = self._clock.tick()
        running = self.running = Running(job, now, self._estimator.seconds(request), now)
        if self._evicting:  # the stop came between the claim and its answer
            self._evict(running)
        reporter = asyncio.create_task(self._report(running))
        reporter.add_done_callback(self._reporters.discard)
        self._reporters.add(reporter)
        life = self._unfinished[job.id] = asyncio.create_task(self._see_through(running, request))
        life.add_done_callback(lambda _: self._unfinished.pop(job.id, None))
        drawn = asyncio.create_task(running.drawn.wait())
        await asyncio.wait({life, drawn}, return_when=asyncio.FIRST_COMPLETED)
        drawn.cancel()
        if life.done():
            life.result()
        else:  # its file is written while the next one is drawn
            life.add_done_callback(_log_trouble)

    async def _see_through(self, running: Running, request: ResolvedRequest) -> None:
        """Render a claimed job and hand on what came of it."""
        job = running.job
        try:
            try:
                rendered = await self._watched(running, request)
            finally:
                running.over.set()  # before the outcome is handed on: no progress may follow it
                running.news.set()
        except RenderCancelled:
            self._forecaster.forget(job.id)
            await self._cancelled(running)
        except GenerationError as error:
            log.warning("job %s failed: %s", job.id, error)
            await self._fail(job, reason_of(error))
        except Exception as error:
            log.exception("job %s failed", job.id)
            await self._fail(job, reason_of(error))
        else:
            self._estimator.learn(request, rendered.render_s + rendered.encode_s, rendered.device)
            self._forecaster.ready(job.id)
            await self._rendered(job, rendered)

    async def _watched(self, running: Running, request: ResolvedRequest) -> Rendered:
        """Render; a render without a sign of life for too long ends the process."""

        def on_step(step: Step) -> None:
            running.step, running.last_sign = step, self._clock.tick()
            running.picture = step.picture or running.picture
            running.news.set()

        task = RenderTask(
            request,
            path=clip_file(self._settings.store_dir, running.job.id, request.format),
            first_picture=self._pictures.file(request.first_picture),
            checked=not running.job.age_restricted,
            cancelled=running.cancelled,
            look=running.look,
            on_step=on_step,
            on_drawn=running.drawn.set,
        )
        render = asyncio.ensure_future(self._executor.render(task))
        while True:
            limit = self._settings.stall_timeout_s
            await asyncio.wait({render}, timeout=min(limit / 4, 5.0))
            if render.done():
                return render.result()
            if self._clock.tick() - running.last_sign > limit and not self.stalled.is_set():
                log.critical("job %s shows no progress for %.0f s", running.job.id, limit)
                self.stalled.set()

    async def _rendered(self, job: Job, rendered: Rendered) -> None:
        artifact = Artifact(
            rendered.path.relative_to(self._settings.store_dir).as_posix(),
            rendered.bytes,
            rendered.render_s,
            rendered.encode_s,
            rendered.device,
        )
        if await self._store.finish_render(job, artifact):
            await self._hand_on(job.id)
        else:  # the cancel came between the last step and the end
            remove_clip(self._settings.store_dir, artifact.path)
            await self._store.finish_cancel(job, refund=False, gpu_s=rendered.render_s + rendered.encode_s)
            await self._hand_on(job.id)

    async def _cancelled(self, running: Running) -> None:
        fresh = await self._store.get(running.job.id)
        if self._stopping and fresh is not None and not fresh.cancel_requested:
            if not await self._store.requeue(running.job):
                log.error("job %s could not go back to the queue", running.job.id)
            return
        gpu_s = self._clock.tick() - running.started
        await self._store.finish_cancel(running.job, refund=running.step is None, gpu_s=gpu_s)
        await self._hand_on(running.job.id)

    async def _fail(self, job: Job, reason: Reason) -> None:
        self._forecaster.forget(job.id)
        await self._store.fail(job, reason)
        await self._hand_on(job.id)

    async def _hand_on(self, job_id: int) -> None:
        job = await self._store.get(job_id)
        if job is None:
            return
        if job.clip_path is not None:
            self._outbox.deliver(job)
        else:
            self._outbox.tell(job)

    async def _report(self, running: Running) -> None:
        """Show the newest step, at most once per interval, until the job is over."""
        lead_s = min(LOOK_AHEAD_S, self._settings.pace_s / 2)
        running.look.set()
        while not running.over.is_set():
            await running.news.wait()
            running.news.clear()
            if running.over.is_set() or running.step is None:
                return
            try:
                await self._show(running, running.step)
            except (Undeliverable, Unreachable) as error:
                log.info("job %s: progress not shown: %s", running.job.id, error)
            except Exception:
                log.exception("job %s: progress not shown", running.job.id)
                return
            await _pause(running.over, self._settings.pace_s - lead_s)
            if running.pictures:
                running.look.set()
            await _pause(running.over, lead_s)

    async def _show(self, running: Running, step: Step) -> None:
        """Show a step with the newest picture, or without where pictures are refused."""
        left = running.left_s(self._clock.tick()) if step.done > 1 else None
        shown = replace(step, picture=running.picture if running.pictures else None)
        try:
            await self._messenger.show_progress(running.job, shown, left)
        except (TooLarge, Undeliverable):
            if shown.picture is None:
                raise
            running.pictures = False
            await self._messenger.show_progress(running.job, replace(step, picture=None), left)


def _log_trouble(life: asyncio.Task[None]) -> None:
    if not life.cancelled() and (error := life.exception()) is not None:
        log.error("a clip that was drawn meets trouble; its job is taken up by the next start", exc_info=error)


async def _pause(over: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)
