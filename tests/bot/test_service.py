"""The life of jobs with a real store and a torch-free executor: failures, stalls, restarts, who is told what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from bot.cards import wait
from bot.clock import Clock
from bot.executor import Rendered, Step
from bot.messages import TooLarge, Undeliverable, Unreachable
from bot.parts import Parts
from bot.service import Order, Refused, Service
from bot.styles import Styles
from data import CancelOutcome, ChannelRoute, DatabaseUnusable, InteractionRoute, JobState, Store, TooManyJobs
from generation.catalogue import CheckpointCard
from generation.errors import EncodeError, GenerationError, InvalidRequest, RenderCancelled
from generation.request import Defaults, ResolvedRequest, VideoRequest
from tests.discord.stage import make_settings

MEMBER = 7


@dataclass
class ScriptedExecutor:
    """Renders without torch: two steps, then whatever the script says for the prompt."""

    unavailable: str | None = None
    renders: list[str] = field(default_factory=list)
    shrunk_to: list[int] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    loaded: set[str] = field(default_factory=lambda: {""})
    loading: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        pass

    def ready(self, style: str) -> bool:
        return style in self.loaded

    async def prepare(self, style: str) -> None:
        await self.loading.wait()
        self.loaded.add(style)

    async def render(self, request, path: Path, *, on_step, cancelled: Event) -> Rendered:
        self.renders.append(request.prompt)
        if request.prompt == "hang":
            await asyncio.Event().wait()
        on_step(Step(1, 2))
        if request.prompt == "slow":
            while not self.gate.is_set():
                if cancelled.is_set():
                    raise RenderCancelled("stopped")
                await asyncio.sleep(0.01)
        if request.prompt == "impossible":
            raise GenerationError("the moon is in the way")
        if request.prompt == "broken":
            raise ZeroDivisionError
        on_step(Step(2, 2))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"clip of " + request.prompt.encode())
        return Rendered(path, path.stat().st_size, 1.0, 0.5)

    async def shrink(self, path: Path, *, max_bytes: int) -> None:
        self.shrunk_to.append(max_bytes)
        if max_bytes < 3:
            raise EncodeError("it does not fit")
        path.write_bytes(path.read_bytes()[:max_bytes])

    async def close(self, *, timeout_s: float) -> bool:
        return True


@dataclass
class RecordingMessenger:
    """Writes down what each member's message shows; refuses what a test tells it to."""

    shown: list[tuple[int, str]] = field(default_factory=list)
    mentioned: list[int] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def of(self, job_id: int) -> list[str]:
        return [what for told, what in self.shown if told == job_id]

    async def show_queued(self, job, place) -> None:
        self.shown.append((job.id, "queued"))

    async def show_progress(self, job, step, left_s) -> None:
        self.shown.append((job.id, "progress"))

    async def show_clip(self, job, path: Path) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.shown.append((job.id, f"clip {path.read_bytes().decode()}"))

    async def show_end(self, job) -> None:
        self.shown.append((job.id, f"{job.state}: {job.error}"))

    async def mention(self, job) -> None:
        self.mentioned.append(job.id)


@dataclass
class House:
    service: Service
    store: Store
    executor: ScriptedExecutor
    messenger: RecordingMessenger
    now: list[float]
    keys: int = 0

    async def ask(self, prompt: str, *, user_id: int = MEMBER, guild_id: int | None = 1, route=None, **fields):
        self.keys += 1
        route = route or ChannelRoute(2, 100 + self.keys)
        job, place = await self.service.submit(
            Order(user_id, guild_id, VideoRequest(prompt=prompt, **fields), route, f"k{self.keys}")
        )
        await self.service.promise(job, place)
        return job

    async def state(self, job_id: int, *states: JobState):
        async with asyncio.timeout(10):
            while (job := await self.store.get(job_id)).state not in states:
                await asyncio.sleep(0.01)
        return job

    async def told(self, job_id: int, what: str) -> str:
        async with asyncio.timeout(10):
            while not (found := [text for text in self.messenger.of(job_id) if what in text]):
                await asyncio.sleep(0.01)
        return found[-1]


@asynccontextmanager
async def house(tmp_path: Path, *, resume: bool = True, **settings) -> AsyncGenerator[House]:
    executor, messenger, now = ScriptedExecutor(), RecordingMessenger(), [1_800_000_000.0]
    clock = Clock(now=lambda: now[0])
    config = make_settings(tmp_path, "x", **{"progress_interval_s": 0.2, "stop_timeout_s": 0.2, **settings})
    defaults = Defaults(frames=2, steps=2)
    card = CheckpointCard("x", None, "print", defaults, cell=16)
    styles = Styles(
        {name: CheckpointCard(f"{name}-checkpoint", None, f"print of {name}", defaults) for name in config.styles}
    )
    async with Store.open(config.store_dir / "db.sqlite3", clock=clock.now) as store:
        service = Service(Parts(config, store, executor, messenger, clock), card, styles=styles)
        await service.start()
        if resume:
            await service.resume()
        try:
            yield House(service, store, executor, messenger, now)
        finally:
            await service.stop()


async def test_a_job_is_promised_shown_and_delivered_in_this_order(tmp_path):
    async with house(tmp_path) as h:
        job = await h.ask("fox")
        await h.state(job.id, JobState.DELIVERED)
        shown = h.messenger.of(job.id)
        assert shown[0] == "queued" and shown[-1] == "clip clip of fox"
        assert (await h.service.quota(MEMBER)).used == 1


TWO_STYLES = {"styles": {"anime": {}, "photo": {}}}


async def test_a_job_whose_style_loads_lets_others_go_first_and_is_rendered_then(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        styled = await h.ask("styled", style="anime")
        later = await h.ask("fox", user_id=8)
        await h.state(later.id, JobState.DELIVERED)
        assert h.executor.renders == ["fox"]
        assert (await h.store.get(styled.id)).state is JobState.QUEUED
        h.executor.loading.set()
        await h.state(styled.id, JobState.DELIVERED)
        assert h.executor.renders == ["fox", "styled"]


async def test_a_job_that_was_cancelled_while_its_style_loads_is_not_rendered(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        styled = await h.ask("styled", style="anime")
        await asyncio.sleep(0.1)
        assert await h.service.cancel(styled.id, user_id=MEMBER) is CancelOutcome.CANCELLED
        h.executor.loading.set()
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        assert h.executor.renders == ["fox"]


async def test_a_stop_while_a_style_loads_keeps_the_job_for_the_next_start(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        styled = await h.ask("styled", style="anime")
        await asyncio.sleep(0.1)
    async with house(tmp_path, **TWO_STYLES) as h:
        h.executor.loading.set()
        await h.state(styled.id, JobState.DELIVERED)


async def test_a_style_decides_on_checkpoint_and_fingerprint_and_an_unknown_one_is_refused(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        h.executor.loading.set()
        job = await h.ask("fox", style="photo")
        assert ResolvedRequest.from_json(job.request).checkpoint == "photo-checkpoint"
        assert job.fingerprint == "print of photo"
        with pytest.raises(InvalidRequest, match="style: 'oil' is none; choose one of anime, photo"):
            await h.ask("fox", style="oil")
        with pytest.raises(InvalidRequest, match="width"):
            await h.ask("fox", width=72)


@pytest.mark.parametrize(("prompt", "words"), [("impossible", "the moon is in the way"), ("broken", "ZeroDivision")])
async def test_a_failed_render_is_told_refunded_and_the_queue_goes_on(tmp_path, prompt, words):
    async with house(tmp_path) as h:
        job = await h.ask(prompt)
        later = await h.ask("fox")
        assert words in await h.told(job.id, "failed")
        await h.state(later.id, JobState.DELIVERED)
        quota = await h.service.quota(MEMBER)
        assert (quota.used, quota.reserved) == (1, 0)


async def test_a_store_that_fails_for_a_moment_costs_no_job_its_turn(tmp_path, monkeypatch):
    async with house(tmp_path) as h:
        claim, failures = h.store.claim, [DatabaseUnusable(tmp_path, "the disk is full")]

        async def failing_once(job_id):
            if failures:
                raise failures.pop()
            return await claim(job_id)

        monkeypatch.setattr(h.store, "claim", failing_once)
        job = await h.ask("fox")
        await h.state(job.id, JobState.DELIVERED)
        assert not failures and h.executor.renders == ["fox"]


async def test_cancelling_before_the_first_step_refunds_later_does_not(tmp_path):
    async with house(tmp_path) as h:
        job = await h.ask("slow")
        await h.told(job.id, "progress")
        await h.service.cancel(job.id, user_id=MEMBER)
        await h.told(job.id, "cancelled")
        assert (await h.service.quota(MEMBER)).used == 1


async def test_a_render_without_progress_asks_for_the_end_of_the_process(tmp_path):
    async with house(tmp_path, stall_timeout_s=1) as h:
        await h.ask("hang")
        async with asyncio.timeout(10):
            await h.service.stalled.wait()


async def test_a_job_that_ended_three_processes_is_given_up_refunded_and_told(tmp_path):
    for attempt in range(3):
        async with house(tmp_path) as h:
            job = await h.ask("slow") if attempt == 0 else await h.store.get(1)
            await h.state(job.id, JobState.RUNNING)
            # As after kill -9: nothing is put back.
            h.service._worker._store = None
    async with house(tmp_path) as h:
        assert "failed" in await h.told(1, "failed")
        assert (await h.service.quota(MEMBER)).left == 20


async def test_a_clip_rendered_before_a_crash_is_delivered_after_it_without_rendering_again(tmp_path):
    async with house(tmp_path) as h:
        h.messenger.refusals = [Unreachable("down")] * 100
        job = await h.ask("fox")
        await h.state(job.id, JobState.RENDERED)
    async with house(tmp_path) as h:
        await h.state(job.id, JobState.DELIVERED)
        assert h.executor.renders == []
        assert h.messenger.of(job.id) == ["clip clip of fox"]


async def test_a_failure_that_could_not_be_told_is_told_by_the_next_process(tmp_path):
    async with house(tmp_path, resume=False) as h:
        job = await h.ask("fox")
        assert await h.store.fail(job, "the lights went out")
    async with house(tmp_path) as h:
        assert "the lights went out" in await h.told(job.id, "failed")
    async with house(tmp_path) as h:
        await asyncio.sleep(0.1)
        assert h.messenger.of(job.id) == [], "it is told once"


async def test_queued_jobs_keep_their_turns_over_a_restart_and_show_their_place_again(tmp_path):
    async with house(tmp_path, resume=False) as h:
        for user in (1, 1, 2):
            await h.ask(f"by {user}", user_id=user)
    async with house(tmp_path) as h:
        for job_id in (1, 2, 3):
            await h.state(job_id, JobState.DELIVERED)
        assert h.executor.renders == ["by 1", "by 2", "by 1"]


async def test_what_a_killed_encode_left_behind_is_swept_away_and_clips_are_kept(tmp_path):
    async with house(tmp_path) as h:
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        clips = h.service.settings.store_dir / "clips"
        (clips / ".2.mp4.part").write_bytes(b"half")
    async with house(tmp_path):
        assert [path.name for path in clips.iterdir()] == ["1.mp4"]


async def test_a_clip_whose_job_was_cancelled_after_a_crash_leaves_no_file(tmp_path):
    async with house(tmp_path, resume=False) as h:
        waiting, cancelled = [await h.ask("fox", user_id=user) for user in (1, 2)]
        clips = h.service.settings.store_dir / "clips"
        clips.mkdir(parents=True)
        for job in (waiting, cancelled):  # put in place, and killed before the store was told
            (clips / f"{job.id}.mp4").write_bytes(b"whole")
        await h.store.cancel(cancelled.id, user_id=2)
    async with house(tmp_path, resume=False) as h:
        assert list(clips.iterdir()) == []


async def test_a_stop_within_the_time_lets_the_running_job_finish(tmp_path):
    async with house(tmp_path, stop_timeout_s=10) as h:
        job = await h.ask("slow")
        await h.state(job.id, JobState.RUNNING)
        stopping = asyncio.create_task(h.service.stop())
        await asyncio.sleep(0.05)
        with pytest.raises(Refused, match="restarted"):
            await h.ask("too late")
        h.executor.gate.set()
        await stopping
        assert (await h.store.get(job.id)).state is JobState.DELIVERED


async def test_a_stop_after_the_time_puts_the_running_job_back_uncounted(tmp_path):
    async with house(tmp_path) as h:
        job = await h.ask("slow")
        await h.state(job.id, JobState.RUNNING)
    async with house(tmp_path, resume=False) as h:
        back = await h.store.get(job.id)
        assert (back.state, back.attempt) == (JobState.QUEUED, 0)


async def test_a_message_that_is_gone_makes_the_clip_undeliverable_but_keeps_it(tmp_path):
    async with house(tmp_path) as h:
        h.messenger.refusals = [Undeliverable("deleted")]
        job = await h.state((await h.ask("fox")).id, JobState.UNDELIVERABLE)
        assert [clip.id for clip in await h.service.history(MEMBER)] == [job.id]


async def test_a_file_that_is_too_large_is_encoded_again(tmp_path):
    async with house(tmp_path) as h:
        h.messenger.refusals = [TooLarge(4)]
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        assert h.executor.shrunk_to == [4] and await h.told(1, "clip") == "clip clip"


async def test_a_file_that_cannot_be_made_small_enough_is_said_to_be_so(tmp_path):
    async with house(tmp_path) as h:
        h.messenger.refusals = [TooLarge(1)]
        await h.state((await h.ask("fox")).id, JobState.UNDELIVERABLE)
        assert "it does not fit" in await h.told(1, "undeliverable")


async def test_only_a_member_who_waited_long_is_mentioned_and_only_once(tmp_path):
    async with house(tmp_path) as h:
        quick = await h.ask("fox")
        await h.state(quick.id, JobState.DELIVERED)
        slow = await h.ask("slow")
        await h.state(slow.id, JobState.RUNNING)
        h.now[0] += 61
        h.executor.gate.set()
        await h.state(slow.id, JobState.DELIVERED)
        async with asyncio.timeout(5):
            while not h.messenger.mentioned:
                await asyncio.sleep(0.01)
        assert h.messenger.mentioned == [slow.id]
        assert (await h.store.get(slow.id)).notified_at is not None


async def test_an_interaction_that_would_expire_first_is_refused_at_once(tmp_path):
    async with house(tmp_path, resume=False) as h:
        await h.ask("fox")
        route = InteractionRoute(1, "token", 5, expires_at=h.now[0] + 20)
        with pytest.raises(Refused, match="15 minutes"):
            await h.ask("fox", user_id=8, route=route)
        assert (await h.service.quota(8)).left == 20


async def test_without_a_checkpoint_the_queue_is_kept(tmp_path):
    async with house(tmp_path, resume=False) as h:
        job = await h.ask("fox")
    async with house(tmp_path, resume=False) as h:
        h.executor.unavailable = "the disk is gone."
        await h.service.resume()
        with pytest.raises(Refused, match="the disk is gone"):
            await h.ask("more")
        assert (await h.store.get(job.id)).state is JobState.QUEUED
    async with house(tmp_path) as h:
        await h.state(job.id, JobState.DELIVERED)


async def test_guilds_share_the_gpu_by_weight_and_all_that_comes_from_outside_is_one_flow(tmp_path):
    async with house(tmp_path, resume=False, guild_weights={"9": 2.0}, max_active_jobs=9) as h:
        for number in range(4):
            await h.ask(f"nine {number}", guild_id=9)
            await h.ask(f"out {number}", user_id=100 + number, guild_id=None)
        order = [ticket.flow for ticket in h.service._queue.order()]
    assert order[:6].count(9) == 4
    assert order[6:] == ["outside"] * 2


async def test_what_a_member_may_have_at_a_time_counts_over_all_guilds(tmp_path):
    async with house(tmp_path, resume=False, max_active_jobs=2) as h:
        await h.ask("fox", guild_id=1)
        await h.ask("fox", guild_id=2)
        for guild_id in (3, None):
            with pytest.raises(TooManyJobs):
                await h.ask("fox", guild_id=guild_id)


async def test_a_guild_pays_for_the_time_that_its_job_took(tmp_path):
    async with house(tmp_path) as h:
        for number in range(2):
            await h.state((await h.ask(f"fox {number}")).id, JobState.DELIVERED)
        slow = await h.ask("slow", guild_id=1)
        await h.state(slow.id, JobState.RUNNING)
        for number in range(2):
            await h.ask(f"again {number}", guild_id=1)
            await h.ask(f"short {number}", guild_id=2, user_id=8)
        await asyncio.sleep(0.3)  # far beyond what all the others take together
        h.executor.gate.set()
        await h.state(5, JobState.DELIVERED)
        await h.state(7, JobState.DELIVERED)
        assert h.executor.renders[3:5] == ["short 0", "short 1"]


async def test_a_member_is_told_a_likely_time_and_one_that_is_rarely_exceeded(tmp_path):
    async with house(tmp_path, resume=False) as h:
        jobs = [await h.ask("fox", user_id=user) for user in (1, 2)]
        first, second = (h.service.place(job.id) for job in jobs)
    assert (first.position, second.position) == (1, 2)
    assert first.wait_s < first.late_s and second.wait_s == 2 * first.wait_s
    assert wait(second) == "about 30 s, likely within 40 s"


async def test_who_is_served_soon_may_wait_by_an_interaction_however_long_the_queue_of_others(tmp_path):
    async with house(tmp_path, resume=False, max_active_jobs=50) as h:
        for _ in range(20):
            await h.ask("fox")
        route = InteractionRoute(1, "token", 5, expires_at=h.now[0] + 60)
        job = await h.ask("fox", user_id=8, guild_id=None, route=route)
        assert h.service.place(job.id).position == 2
