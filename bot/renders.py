"""Sees claimed jobs through, each in a task of its own: drawn, its file written, its outcome recorded."""

from __future__ import annotations

import asyncio
import logging

from data import Job
from generation.errors import GenerationError, RenderCancelled
from generation.request import ResolvedRequest

from .clips import clip_file
from .estimate import Estimator
from .executor import Rendered, RenderTask, Step
from .forecast import Forecaster
from .outcomes import Outcomes
from .parts import Parts
from .pictures import Pictures
from .progress import ProgressReporter
from .reasons import reason_of
from .running import Running

log = logging.getLogger(__name__)

MOST_UNWRITTEN = 2
"""Clips that may be drawn and wait for their files; each holds its latents, and a slow encode must not pile them up."""

EVICTION_S = 5.0
"""How long a stop waits for a step or a frame to end; what takes longer is left to the end of the process."""


class Renders:
    """The jobs that are being drawn or written; `stalled` is set where one of them hangs."""

    def __init__(
        self, parts: Parts, outcomes: Outcomes, estimator: Estimator, forecaster: Forecaster, pictures: Pictures
    ) -> None:
        self.stalled = asyncio.Event()
        self._settings = parts.settings
        self._executor = parts.executor
        self._clock = parts.clock
        self._outcomes = outcomes
        self._estimator = estimator
        self._forecaster = forecaster
        self._pictures = pictures
        self._reporter = ProgressReporter(parts)
        self._unfinished: dict[int, tuple[Running, asyncio.Task[None]]] = {}

    def __contains__(self, job_id: int) -> bool:
        """Whether a job is being rendered or its file written."""
        return job_id in self._unfinished

    def begin(self, job: Job) -> Running:
        """Render a claimed job in the background."""
        now = self._clock.tick()
        running = Running(job, now, job.cost_s, now)
        self._reporter.follow(running)
        life = asyncio.create_task(self._see_through(running))
        self._unfinished[job.id] = running, life
        life.add_done_callback(lambda _: self._unfinished.pop(job.id, None))
        life.add_done_callback(_log_trouble)
        return running

    async def room(self) -> None:
        """Wait until another clip may be drawn."""
        while len(self._unfinished) >= MOST_UNWRITTEN:
            await asyncio.wait(self._lives(), return_when=asyncio.FIRST_COMPLETED)

    async def rest(self) -> None:
        """Wait until none is left."""
        while self._unfinished:
            await asyncio.wait(self._lives())

    def cancel(self, job_id: int) -> None:
        """Stop a job at its next step or frame, if it is one of these."""
        if job_id in self._unfinished:
            running, _ = self._unfinished[job_id]
            running.cancelled.set()

    async def evict(self) -> None:
        """Send all back to the queue, also one that does not end: no attempt is counted for a stop."""
        for running, _ in self._unfinished.values():
            log.info("job %s goes back to the queue", running.job.id)
            running.evict()
        if self._unfinished:
            await asyncio.wait(self._lives(), timeout=EVICTION_S)
        left = list(self._unfinished.values())
        for _, life in left:
            life.cancel()  # what may still come of it is nobody's
        await asyncio.gather(*(life for _, life in left), return_exceptions=True)
        for running, _ in left:
            await self._outcomes.put_back(running.job)

    def _lives(self) -> list[asyncio.Task[None]]:
        return [life for _, life in self._unfinished.values()]

    async def _see_through(self, running: Running) -> None:
        job = running.job
        try:
            try:
                request = ResolvedRequest.from_json(job.request)
                running.estimate_s = self._estimator.seconds(request)
                rendered = await self._watched(running, request)
            finally:
                running.drawn.set()
                running.over.set()  # before the outcome is handed on: no progress may follow it
                running.news.set()
            self._estimator.learn(request, rendered.render_s + rendered.encode_s, rendered.device)
            self._forecaster.ready(job.id)
            await self._outcomes.rendered(job, rendered)
        except RenderCancelled:
            self._forecaster.forget(job.id)
            end = self._outcomes.evicted if running.evicted else self._outcomes.cancelled
            await end(job, begun=running.step is not None, gpu_s=self._clock.tick() - running.started)
        except GenerationError as error:
            log.warning("job %s failed: %s", job.id, error)
            await self._fail(job, error)
        except Exception as error:
            log.exception("job %s failed", job.id)
            await self._fail(job, error)

    async def _fail(self, job: Job, error: Exception) -> None:
        self._forecaster.forget(job.id)
        await self._outcomes.failed(job, reason_of(error))

    async def _watched(self, running: Running, request: ResolvedRequest) -> Rendered:
        """Render; a render without a sign of life for too long ends the process."""

        def on_sign() -> None:
            running.last_sign = self._clock.tick()

        def on_step(step: Step) -> None:
            on_sign()
            running.step = step
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
            on_sign=on_sign,
            on_drawn=running.drawn.set,
        )
        render = asyncio.ensure_future(self._executor.render(task))
        limit = self._settings.stall_timeout_s
        try:
            while not render.done():
                await asyncio.wait({render}, timeout=min(limit / 4, 5.0))
                # One whose file waits for another's is silent for as long as that takes.
                silent_s = self._clock.tick() - max(other.last_sign for other, _ in self._unfinished.values())
                if not render.done() and silent_s > limit and not self.stalled.is_set():
                    log.critical("job %s shows no progress for %.0f s", running.job.id, limit)
                    self.stalled.set()
        finally:
            render.cancel()  # where nobody waits for it any longer
        return render.result()


def _log_trouble(life: asyncio.Task[None]) -> None:
    if not life.cancelled() and (error := life.exception()) is not None:
        log.error("how a job ended cannot be recorded; it is taken up by the next start", exc_info=error)
