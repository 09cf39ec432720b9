"""The verbs of the product: submit, cancel, see one's jobs, look back. Every rule of the product is asked here."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Container
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any

from data import (
    Budget,
    CancelOutcome,
    ChannelRoute,
    InteractionRoute,
    Job,
    JobState,
    NewJob,
    Quota,
    QuotaExceeded,
    Route,
    Stats,
)
from generation.catalogue import CheckpointCard
from generation.errors import GenerationError, InvalidRequest
from generation.request import ResolvedRequest, VideoRequest
from generation.wording import Completer

from .album import Album
from .choices import Choices
from .estimate import Estimator
from .examples import examples
from .forecast import Forecaster
from .limits import Allowance, LimitBook
from .messages import PAUSED, Place, Undeliverable, Unreachable
from .moderation import Moderation
from .orders import Order, Refused
from .outbox import Outbox
from .parts import Parts
from .pictures import Pictures
from .places import Places
from .preferences import Preferences
from .privacy import Privacy
from .prompt_gate import PromptGate
from .queue import FairQueue, Ticket
from .remarks import NothingToDraw, is_vague
from .settings import OUTSIDE
from .speech import voice
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
        self.card = card
        self.styles = styles or Styles()
        self._store = parts.store
        self._executor = parts.executor
        self._messenger = parts.messenger
        self._clock = parts.clock
        self.limits = LimitBook(parts.settings, parts.store)
        self.prompts = PromptGate(parts.store)
        self.preferences = Preferences(parts.store)
        self._refusal = refusal
        self._completer = None if card is None else Completer(card.vocabulary, card.examples)
        self._estimator = Estimator()
        self._queue = FairQueue(self.settings.weight)
        self._forecaster = Forecaster(self._queue, self._estimator, busy_s=self._busy_s, tick=parts.clock.tick)
        self._outbox = Outbox(parts, place=self._fresh_place, told=self._told)
        self._places = Places(
            self._queue,
            place=self._fresh_place,
            expire=self._forecaster.expire,
            refresh=self._outbox.refresh,
            pace_s=self.settings.pace_s,
        )
        self.pictures = Pictures(parts.settings.store_dir, parts.store, parts.clock)
        self._worker = Worker(parts, self._queue, self._outbox, self._estimator, self._forecaster, self.pictures)
        self.moderation = Moderation(parts.store, self._queue, self._forecaster, self._outbox, wake=self._worker.wake)
        self.privacy = Privacy(parts, self.preferences, self.pictures, let_go=self._let_go, is_busy=self._is_busy)
        self.album = Album(parts)
        self.variants = Variants(self.settings, parts.store, self._card_of)
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    @property
    def stalled(self) -> asyncio.Event:
        """Set when a render hangs: the process must be ended, the next start counts the attempt."""
        return self._worker.stalled

    def unavailable(self) -> Refused | None:
        """Why no new order can be taken, or None."""
        if self._stopping:
            return Refused("service-restarts")
        reason = self._refusal or self._executor.unavailable
        return None if reason is None else Refused("service-unavailable", reason=reason)

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
        if self.card is not None:
            for clip in reversed(await self._store.render_seconds(self.card.fingerprint)):
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
        for job in (*recovery.queued, *recovery.rendered, *recovery.untold):
            if new_message is not None:
                job = await self._store.reroute(job.id, await new_message(job))
            if job.state is JobState.QUEUED:
                self._enqueue(job)
                waiting.add(job.id)
            elif job.state is JobState.RENDERED:
                self._outbox.deliver(job)
            else:
                self._outbox.tell(job)
        for job_id in waiting:
            self._outbox.refresh(job_id)
        self._outbox.open()
        self._worker.open()
        self.privacy.eraser.open()

    async def stop(self) -> None:
        """Take no orders; the running job finishes within the settable time or goes back to the queue."""
        if self._stopping:
            return
        self._stopping = True
        await self._worker.stop(timeout_s=self.settings.stop_timeout_s)
        await self._outbox.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def resolve(self, request: VideoRequest) -> ResolvedRequest:
        """Fill what is left open and hold the clip to this installation's limits.

        Raises:
            Refused: no checkpoint.
            InvalidRequest: beyond a limit, a size that the checkpoint cannot draw, or an unknown style.
        """
        if (refused := self.unavailable()) is not None:
            raise refused
        # An old recipe may name another checkpoint; what renders it is the one that is loaded.
        resolved = self._card_of(request).resolve(request)
        if resolved.frames > self.settings.max_frames:
            most = self.settings.max_frames
            raise InvalidRequest(f"frames: at most {most} here", code="most-frames", most=most)
        if resolved.steps > self.settings.max_steps:
            most = self.settings.max_steps
            raise InvalidRequest(f"steps: at most {most} here", code="most-steps", most=most)
        return resolved

    def check_wording(self, request: VideoRequest) -> None:
        """Hold a prompt to what the checkpoint can draw, as far as it says.

        Raises:
            NothingToDraw: nothing that the prompt names is known; it says what is near it.
        """
        card = self._card_of(request)
        if is_vague(card, request):
            raise NothingToDraw(card, request)

    def _card_of(self, request: VideoRequest) -> CheckpointCard:
        """The card of what renders a request."""
        return self._card_with(request.style)

    def _card_with(self, style: str | None) -> CheckpointCard:
        if style:
            return self.styles.card(style)
        if self.card is None:
            raise self.unavailable() or Refused("service-no-checkpoint")
        return self.card

    def complete(self, typed: str, *, language: str, limit: int, max_characters: int) -> list[str]:
        """Prompts that begin like the typed one and can be drawn; the examples where nothing is typed."""
        if self.card is None or self._completer is None:
            return []
        if not typed.strip():
            shown = (prompt for prompt in examples(self.card, voice(language)) if len(prompt) <= max_characters)
            return list(islice(shown, limit))
        return self._completer.complete(typed, language=language, limit=limit, max_characters=max_characters)

    def check_admission(self, user_id: int, guild_id: int | None, home_id: int | None) -> None:
        """Hold an order to what the server's moderators decided.

        Args:
            home_id: the channel that is asked in; of a thread, its parent.

        Raises:
            Refused: the member is blocked, no clips are wanted in this channel, or the server is paused.
        """
        self.moderation.check(user_id, guild_id, home_id)

    async def check_quota(
        self, user_id: int, *, guild_id: int | None = None, role_ids: frozenset[int] = frozenset()
    ) -> None:
        """Refuse early what `submit` would refuse: nobody need see a placeholder come and go.

        Raises:
            QuotaExceeded: nothing is left of the member's day.
        """
        quota = await self.quota(user_id, guild_id=guild_id, role_ids=role_ids)
        if quota.left == 0:
            raise QuotaExceeded(quota)

    def chosen(self, own: Choices, *, user_id: int, guild_id: int | None) -> Choices:
        """What is chosen for a clip: by its member now, then once for all clips by the member, then by the server.

        What was chosen once gives way where the checkpoint cannot follow it; what is chosen now is refused later.
        """
        settled = self.preferences.choices(user_id, guild_id)
        if settled.style and settled.style not in self.styles.names:
            settled = settled.model_copy(update={"style": None})
        choices = own.or_else(settled)
        card = self._card_with(choices.style)
        return own.or_else(settled.possible(card, max_frames=self.settings.max_frames))

    def fields(self, choices: Choices) -> dict[str, Any]:
        """The fields of a `VideoRequest` that make these choices.

        Raises:
            Refused: no checkpoint.
            InvalidRequest: a shape that the checkpoint cannot draw, or an unknown style.
        """
        return choices.fields(self._card_with(choices.style), max_steps=self.settings.max_steps)

    async def submit(self, order: Order) -> tuple[Job, Place]:
        """Reserve the quota and keep the job, in one transaction; when this returns it cannot be lost.

        Its first picture, if it has one, is on the disk before.

        Raises:
            Refused, InvalidRequest: see `check_admission`, `resolve`, `PromptGate.check`, `check_wording` and
                `Pictures`; Refused also where an interaction would expire first.
            DuplicateJob, QuotaExceeded, TooManyJobs, BudgetExceeded: from the store, nothing was reserved.
        """
        self.check_admission(order.user_id, order.guild_id, order.home_id)
        if order.picture is None:
            async with self.pictures.held(order.request.first_picture):
                return await self._submit(order)
        async with self.pictures.keep(order.picture) as digest:
            return await self._submit(replace(order, request=order.request.change(first_picture=digest)))

    async def _submit(self, order: Order) -> tuple[Job, Place]:
        resolved = self.resolve(order.request)
        await self.prompts.check(resolved.prompt, guild_id=order.guild_id, adult_allowed=order.age_restricted)
        if order.press is None:  # a button repeats what was asked before
            self.check_wording(order.request)
        cost_s = self._estimator.seconds(resolved)
        if isinstance(order.route, InteractionRoute):
            wait_s = self._forecaster.late_s(await self._forecaster.if_put(_ticket(NOT_YET, order, cost_s)))
            if self._clock.now() + wait_s > order.route.expires_at:
                raise Refused("place-dms-closed" if order.private else "service-wait-too-long")
        limits = self.limits.of(order.guild_id, order.role_ids, order.user_id)
        # Again, with nothing awaited in between: a block that comes now cancels this job.
        self.check_admission(order.user_id, order.guild_id, order.home_id)
        job = await self._store.submit(
            NewJob(
                key=order.key,
                user_id=order.user_id,
                guild_id=order.guild_id,
                route=order.route,
                request=resolved.to_json(),
                fingerprint=self._card_of(resolved).fingerprint,
                cost_s=cost_s,
                press=order.press,
                language=order.language,
                age_restricted=order.age_restricted,
                private=order.private,
                file_limit=order.file_limit,
            ),
            daily_limit=limits.daily_clips,
            max_active=limits.max_active,
            guild_limit_s=limits.gpu_seconds,
        )
        self._enqueue(job)
        log.info("job %s is queued, prompt %s", job.id, hashlib.sha256(resolved.prompt.encode()).hexdigest()[:12])
        await self._forecaster.refresh(job.id)
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
            if (job := await self._store.get(job_id)) is not None:
                self._outbox.tell(job)
        elif outcome is CancelOutcome.REQUESTED:
            self._worker.cancel(job_id)
        return outcome

    async def leave_guild(self, guild_id: int) -> None:
        """The bot was removed from a server: cancel and refund what waits there."""
        for job in await self._store.leave_guild(guild_id):
            self._queue.remove(job.id)
            self._forecaster.forget(job.id)
            log.info("job %s is cancelled: the bot was removed from its server", job.id)

    async def stay_in(self, guild_ids: Container[int]) -> None:
        """Leave every server that has waiting jobs and is not among these: one left while the bot was away."""
        jobs = await self._store.queued()
        waiting = {job.message_guild_id for job in jobs if isinstance(job.route, ChannelRoute)}
        for guild_id in waiting:
            if guild_id is not None and guild_id not in guild_ids:
                await self.leave_guild(guild_id)

    async def mine(self, user_id: int) -> list[tuple[Job, Place | None]]:
        """A member's unfinished jobs, oldest first; the place is None once the clip is on its way."""
        return [(job, await self._fresh_place(job.id)) for job in await self._store.active(user_id)]

    def place(self, job_id: int) -> Place | None:
        """Where a job stands now, by replaying the queue forward; None where it neither waits nor runs.

        One that waits in a paused server is PAUSED.
        """
        running = self._worker.running
        is_running = running is not None and running.job.id == job_id
        forecast = self._forecaster.running() if is_running else self._forecaster.of(job_id)
        if forecast is None:
            return PAUSED if job_id in self._queue else None
        return Place(forecast.position, forecast.median_s, self._forecaster.late_s(forecast))

    async def _fresh_place(self, job_id: int) -> Place | None:
        await self._forecaster.refresh(job_id)
        return self.place(job_id)

    def _told(self, job_id: int, place: Place) -> None:
        self._places.told(job_id, place)

    def waiting(self) -> int:
        """How many jobs wait in all."""
        return len(self._queue)

    async def quota(
        self, user_id: int, *, guild_id: int | None = None, role_ids: frozenset[int] = frozenset()
    ) -> Quota:
        """What is left of a member's day where they have these roles."""
        return await self._store.quota(user_id, limit=self.limits.of(guild_id, role_ids, user_id).daily_clips)

    async def allowance(
        self, user_id: int, *, guild_id: int | None = None, role_ids: frozenset[int] = frozenset()
    ) -> Allowance:
        """All that is left to a member where they have these roles; a budget only where the server has a limit."""
        limits = self.limits.of(guild_id, role_ids, user_id)
        return Allowance(
            quota=await self._store.quota(user_id, limit=limits.daily_clips),
            active=len(await self._store.active(user_id)),
            max_active=limits.max_active,
            budget=None if guild_id is None or limits.gpu_seconds is None else await self.budget(guild_id),
        )

    async def budget(self, guild_id: int) -> Budget:
        """What is left of a server's GPU seconds of the day."""
        return await self._store.budget(guild_id, limit_s=self.limits.of(guild_id, ()).gpu_seconds)

    async def stats(self, guild_id: int, *, days: int) -> Stats:
        """How a server's jobs of the last days went."""
        return await self._store.stats(guild_id, days=days)

    async def bind(self, application_id: int) -> None:
        """Tie the store to the Discord application whose messages it holds.

        Raises:
            WrongApplication: it belongs to another.
        """
        await self._store.bind_application(application_id)

    def _enqueue(self, job: Job) -> None:
        self._queue.put(_ticket(job.id, job, job.cost_s))
        self._worker.wake()

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


def _ticket(job_id: int, asked: Job | Order, cost_s: float) -> Ticket:
    flow = OUTSIDE if asked.guild_id is None else asked.guild_id
    return Ticket(job_id, flow, asked.user_id, cost_s)
