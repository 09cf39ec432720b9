"""The life of jobs: submit, cancel, see where they stand; every other rule of the product has its room here."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from data import CancelOutcome, InteractionRoute, Job, JobState, NewJob, Route
from generation.catalogue import CheckpointCard
from generation.errors import GenerationError, InvalidRequest
from generation.request import ResolvedRequest

from .album import Album
from .estimate import Estimator
from .forecast import Forecaster
from .limits import LimitBook
from .messages import LOADING, PAUSED, Place, Undeliverable, Unreachable
from .moderation import Moderation
from .offer import Offer
from .orders import Order, Refused, Wish
from .outbox import Outbox
from .parts import Parts
from .pictures import Pictures
from .places import Places
from .preferences import Preferences
from .privacy import Privacy
from .prompt_gate import PromptGate
from .queue import FairQueue, Ticket
from .settings import OUTSIDE
from .styles import Styles
from .variants import Variants
from .worker import Worker

log = logging.getLogger(__name__)

NOT_YET = 2**63
"""Stands for the id of a job that is not stored: later than all that are."""


class Service:
    """The life of jobs, from the order to the delivered clip.

    Its tasks run from `start` to `stop`; nothing is rendered or edited before `resume`, which comes when
    Discord can be reached.
    """

    def __init__(
        self,
        parts: Parts,
        card: CheckpointCard | None,
        *,
        refusal: GenerationError | None = None,
        styles: Styles | None = None,
    ) -> None:
        self.settings = parts.settings
        self._store = parts.store
        self._messenger = parts.messenger
        self._clock = parts.clock
        self.limits = LimitBook(parts.settings, parts.store)
        self.prompts = PromptGate(parts.store)
        self.preferences = Preferences(parts.store)
        self.offer = Offer(parts, self.preferences, card, refusal=refusal, styles=styles)
        self._estimator = Estimator()
        self._queue = FairQueue(self.settings.weight)
        self._forecaster = Forecaster(
            self._queue,
            self._estimator,
            busy_s=self._busy_s,
            tick=parts.clock.tick,
            is_ready=parts.executor.ready,
        )
        self._outbox = Outbox(parts, place=self.place, told=self._told)
        self._places = Places(
            self._queue,
            refresh=self._outbox.refresh,
            pace_s=self.settings.pace_s,
        )
        self.pictures = Pictures(parts.settings.store_dir, parts.store, parts.clock)
        self._worker = Worker(parts, self._queue, self._outbox, self._estimator, self._forecaster, self.pictures)
        self.moderation = Moderation(parts.store, self._queue, self._forecaster, self._outbox, wake=self._worker.wake)
        self.privacy = Privacy(parts, self.preferences, self.pictures, let_go=self._let_go, is_busy=self._is_busy)
        self.album = Album(parts, wake=self.privacy.eraser.wake)
        self.variants = Variants(self.settings, parts.store, self.offer.card_of)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def stalled(self) -> asyncio.Event:
        """Set when a render hangs: the process must be ended, the next start counts the attempt."""
        return self._worker.stalled

    async def start(self) -> None:
        """Recover what an earlier process left and start the tasks."""
        await self.limits.load()
        await self.prompts.load()
        await self.preferences.load()
        await self.album.load()
        await self.moderation.load()
        self._recovery = await self._store.recover(max_attempts=self.settings.max_attempts)
        self._worker.sweep((*self._recovery.queued, *self._recovery.untold))
        await self.pictures.sweep()
        if (card := self.offer.card) is not None:
            for clip in reversed(await self._store.render_seconds(card.fingerprint)):
                with suppress(InvalidRequest):
                    self._estimator.learn(ResolvedRequest.from_json(clip.request), clip.seconds, clip.device)
        background = (self._worker.run(), self._outbox.run(), self.privacy.eraser.run(), self._places.run())
        self._tasks = [asyncio.create_task(work) for work in background]

    async def resume(self, new_message: Callable[[Job], Awaitable[Route]] | None = None) -> None:
        """Go on with the jobs of an earlier process.

        Args:
            new_message: gives a job another message where the old ones are gone (the local page).
        """
        recovery, waiting = self._recovery, set[int]()
        if new_message is not None:
            await self._store.forget_copies()
        for job in (*recovery.queued, *recovery.rendered, *recovery.untold):
            if new_message is not None:
                job = await self._store.reroute(job.id, await new_message(job))
            if job.state is JobState.QUEUED:
                self._enqueue(job)
                waiting.add(job.id)
            elif job.state is JobState.RENDERED:
                self._outbox.deliver(job.id)
            else:
                self._outbox.tell(job.id)
        for job_id in waiting:
            self._outbox.refresh(job_id)
        self._outbox.open()
        self._worker.open()
        self.privacy.eraser.open()

    async def stop(self) -> None:
        """Take no orders; the running job finishes within the settable time or goes back to the queue."""
        if self.offer.is_closed:
            return
        self.offer.close()
        await self._worker.stop(timeout_s=self.settings.stop_timeout_s)
        await self._outbox.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def check(self, wish: Wish) -> None:
        """Refuse early what `submit` would refuse: nobody need see a placeholder come and go.

        Raises:
            Refused, InvalidRequest, QuotaExceeded: as `submit`.
        """
        await self._admit(wish)
        self.pictures.check(wish.request.first_picture)
        await self.limits.check_quota(wish.user_id, guild_id=wish.guild_id, role_ids=wish.role_ids)

    async def _admit(self, wish: Wish) -> ResolvedRequest:
        """What a wish comes to, where nothing stands against it."""
        self.moderation.check(wish.user_id, wish.guild_id, wish.rooms)
        resolved = self.offer.resolve(wish.request)
        await self.prompts.check(resolved, guild_id=wish.guild_id, adult_allowed=wish.age_restricted)
        if wish.press is None:  # a button repeats what was asked before
            self.offer.check_wording(wish.request)
        return resolved

    async def submit(self, order: Order) -> tuple[Job, Place]:
        """Reserve the quota and keep the job, in one transaction; when this returns it cannot be lost.

        Its first picture, if it has one, is on the disk before.

        Raises:
            Refused, InvalidRequest: see `Moderation.check`, `Offer`, `PromptGate.check` and `Pictures`; Refused also
                where an interaction would expire first.
            DuplicateJob, QuotaExceeded, TooManyJobs, BudgetExceeded: from the store, nothing was reserved.
        """
        if order.picture is None:
            async with self.pictures.held(order.wish.request.first_picture):
                return await self._submit(order, order.wish)
        async with self.pictures.keep(order.picture) as digest:
            request = order.wish.request.change(first_picture=digest)
            return await self._submit(order, replace(order.wish, request=request))

    async def _submit(self, order: Order, wish: Wish) -> tuple[Job, Place]:
        resolved = await self._admit(wish)
        cost_s = self._estimator.seconds(resolved)
        if isinstance(order.route, InteractionRoute):
            wait_s = self._forecaster.late_s(self._forecaster.if_put(_ticket(NOT_YET, wish, cost_s, resolved.style)))
            if self._clock.now() + wait_s > order.route.expires_at:
                raise Refused("place-dms-closed" if wish.private else "service-wait-too-long")
        limits = self.limits.of(wish.guild_id, wish.role_ids, wish.user_id)
        # Again, with nothing awaited in between: a block that comes now cancels this job.
        self.moderation.check(wish.user_id, wish.guild_id, wish.rooms)
        job = await self._store.submit(
            NewJob(
                key=order.key,
                user_id=wish.user_id,
                guild_id=wish.guild_id,
                route=order.route,
                request=resolved.to_json(),
                fingerprint=self.offer.card_of(resolved).fingerprint,
                cost_s=cost_s,
                press=wish.press,
                language=order.language,
                age_restricted=wish.age_restricted,
                private=wish.private,
                file_limit=order.file_limit,
            ),
            daily_limit=limits.daily_clips,
            max_active=limits.max_active,
            guild_limit_s=limits.gpu_seconds,
        )
        self._enqueue(job)
        log.info("job %s is queued, prompt %s", job.id, hashlib.sha256(resolved.prompt.encode()).hexdigest()[:12])
        if (forecast := self._forecaster.of(job.id)) is not None:
            self._forecaster.told(job.id, forecast)
        return job, self.place(job.id) or Place(0, cost_s, cost_s)

    async def promise(self, job: Job, place: Place) -> None:
        """Show "Queued". The job is stored already: a message that fails here is made up for by the next one."""
        try:
            await self._messenger.show_queued(job, place)
            self._places.told(job.id, place)
        except (Undeliverable, Unreachable) as error:
            log.info("job %s: its place could not be shown: %s", job.id, error)

    async def cancel(self, job_id: int, *, user_id: int) -> CancelOutcome:
        """Cancel a member's own job: a waiting one at once, a running one at its next step."""
        outcome = await self._store.cancel(job_id, user_id=user_id)
        if outcome is CancelOutcome.CANCELLED:
            self._queue.remove(job_id)
            self._forecaster.forget(job_id)
            self._outbox.tell(job_id)
        elif outcome is CancelOutcome.REQUESTED:
            self._worker.cancel(job_id)
        return outcome

    async def mine(self, user_id: int) -> list[tuple[Job, Place | None]]:
        """A member's unfinished jobs, oldest first; the place is None once the clip is on its way."""
        return [(job, self.place(job.id)) for job in await self._store.active(user_id)]

    def place(self, job_id: int) -> Place | None:
        """Where a job stands now; None where it neither waits nor runs.

        One that waits in a paused server is PAUSED, one whose style is being loaded is LOADING.
        """
        running = self._worker.running
        is_running = running is not None and running.job.id == job_id
        forecast = self._forecaster.running() if is_running else self._forecaster.of(job_id)
        if forecast is None:
            if self._worker.is_loading(job_id):
                return LOADING
            return PAUSED if job_id in self._queue else None
        return Place(forecast.position, forecast.median_s, self._forecaster.late_s(forecast))

    def _told(self, job_id: int, place: Place) -> None:
        self._places.told(job_id, place)

    def waiting(self) -> int:
        """How many jobs wait in all."""
        return len(self._queue)

    async def bind(self, application_id: int) -> None:
        """Tie the store to the Discord application whose messages it holds.

        Raises:
            WrongApplication: it belongs to another.
        """
        await self._store.bind_application(application_id)

    def _enqueue(self, job: Job) -> None:
        self._queue.put(_ticket(job.id, job, job.cost_s, self._style_of(job)))
        self._worker.wake()

    def _style_of(self, job: Job) -> str:
        if self.settings.styles:
            with suppress(InvalidRequest):  # its render says so
                return ResolvedRequest.from_json(job.request).style
        return ""

    def _let_go(self, job: Job) -> None:
        """A job is erased: it neither waits nor needs its next step."""
        self._queue.remove(job.id)
        self._forecaster.forget(job.id)
        self._worker.cancel(job.id)

    def _is_busy(self, job_id: int) -> bool:
        return self._worker.holds(job_id) or self._outbox.job_id == job_id

    def _busy_s(self) -> float:
        running = self._worker.running
        return 0.0 if running is None else running.left_s(self._clock.tick())


def _ticket(job_id: int, asked: Job | Wish, cost_s: float, style: str) -> Ticket:
    flow = OUTSIDE if asked.guild_id is None else asked.guild_id
    return Ticket(job_id, flow, asked.user_id, cost_s, style)
