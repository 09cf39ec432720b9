"""A service with a real store, a torch-free executor and a messenger that writes down what members would see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import Clock
from bot.executor import Rendered, RenderTask, Step
from bot.messages import Undeliverable
from bot.orders import Order, Wish
from bot.parts import Parts
from bot.service import Service
from bot.settings import DATABASE
from bot.styles import Styles
from data import ChannelRoute, JobState, Route, Store
from generation.catalogue import CheckpointCard
from generation.errors import EncodeError, GenerationError, RenderCancelled, UnsuitableFrames
from generation.request import Defaults, VideoRequest
from tests.discord.stage import make_settings

MEMBER = 7


@dataclass
class ScriptedExecutor:
    """Renders without torch: two steps, then whatever the script says for the prompt."""

    unavailable: GenerationError | None = None
    renders: list[str] = field(default_factory=list)
    pictures: list[Path | None] = field(default_factory=list)
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

    async def render(self, task: RenderTask) -> Rendered:
        prompt, path = task.request.prompt, task.path
        self.renders.append(prompt)
        self.pictures.append(task.first_picture)
        if prompt == "hang":
            await asyncio.Event().wait()
        task.on_step(Step(1, 2))
        if prompt == "slow":
            while not self.gate.is_set():
                if task.cancelled.is_set():
                    raise RenderCancelled("stopped")
                await asyncio.sleep(0.01)
        if prompt == "impossible":
            raise GenerationError("the moon is in the way")
        if prompt == "unfit" and task.checked:
            raise UnsuitableFrames("not here")
        if prompt == "broken":
            raise ZeroDivisionError
        task.on_step(Step(2, 2))
        task.on_drawn()
        if prompt == "long to encode":
            await self.gate.wait()
        if prompt == "many frames":
            while not self.gate.is_set():
                task.on_sign()
                await asyncio.sleep(0.05)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"clip of " + prompt.encode())
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
    removed: list[Route] = field(default_factory=list)
    removal_refusals: list[Exception] = field(default_factory=list)
    end_refusals: list[Exception] = field(default_factory=list)

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
        if self.end_refusals:
            raise self.end_refusals.pop(0)
        if job.route is None:
            raise Undeliverable("its route is erased")
        self.shown.append((job.id, f"{job.state}: {job.error and job.error.message}"))

    async def mention(self, job) -> None:
        self.mentioned.append(job.id)

    async def remove(self, route) -> None:
        if self.removal_refusals:
            raise self.removal_refusals.pop(0)
        self.removed.append(route)


@dataclass
class House:
    service: Service
    store: Store
    executor: ScriptedExecutor
    messenger: RecordingMessenger
    now: list[float]
    keys: int = 0

    def order(self, prompt: str, *, user_id: int = MEMBER, guild_id: int | None = 1, route=None, **fields) -> Order:
        self.keys += 1
        route = route or ChannelRoute(2, 100 + self.keys)
        return Order(Wish(user_id, guild_id, VideoRequest(prompt=prompt, **fields)), route, f"k{self.keys}")

    async def ask(self, prompt: str, **fields):
        job, place = await self.service.submit(self.order(prompt, **fields))
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
async def house(
    tmp_path: Path,
    *,
    resume: bool = True,
    executor: ScriptedExecutor | None = None,
    messenger: RecordingMessenger | None = None,
    **settings,
) -> AsyncGenerator[House]:
    executor, messenger = executor or ScriptedExecutor(), messenger or RecordingMessenger()
    now = [1_800_000_000.0]
    clock = Clock(now=lambda: now[0])
    config = make_settings(tmp_path, "x", **{"progress_interval_s": 0.2, "stop_timeout_s": 0.2, **settings})
    defaults = Defaults(frames=2, steps=2)
    card = CheckpointCard("x", None, "print", defaults, cell=16)
    styles = Styles(
        {name: CheckpointCard(f"{name}-checkpoint", None, f"print of {name}", defaults) for name in config.styles}
    )
    async with Store.open(config.store_dir / DATABASE, clock=clock.now) as store:
        service = Service(Parts(config, store, executor, messenger, clock), card, styles=styles)
        await service.start()
        if resume:
            await service.resume()
        try:
            yield House(service, store, executor, messenger, now)
        finally:
            await service.stop()
