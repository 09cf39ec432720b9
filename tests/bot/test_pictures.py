"""What a render looks like so far: drawn when it is to be shown, given up where it is refused; and a clip's strip."""

from __future__ import annotations

import asyncio
import io
import threading
from contextlib import nullcontext
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image

from bot.clips import strip_file
from bot.executor import LocalExecutor, Rendered, RenderTask, Step
from bot.messages import TooLarge, Undeliverable
from data import JobState
from generation import frame_check
from generation.catalogue import describe
from generation.errors import UnsuitableFrames
from generation.request import VideoRequest
from generation.still import STILL_SIDE_PX, STRIP_FRAMES, STRIP_HEIGHT_PX, still, strip
from tests.bot.house import RecordingMessenger, ScriptedExecutor, house
from tests.discord.stage import make_settings

STEPS = 5


@dataclass
class DrawingExecutor(ScriptedExecutor):
    """Takes its next step when it is told to, and draws a picture of it where one is asked for."""

    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    drawn: list[int] = field(default_factory=list)
    look: threading.Event | None = None

    async def render(self, task: RenderTask) -> Rendered:
        self.look, path = task.look, task.path
        for step in range(1, STEPS + 1):
            await self.turn.acquire()
            if self.look.is_set():
                self.drawn.append(step)
            task.on_step(Step(step, STEPS, b"picture %d" % step if self.look.is_set() else None))
            self.look.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"clip")
        return Rendered(path, 4, 1.0, 0.5)


@dataclass
class Gallery(RecordingMessenger):
    """Takes progress with and without a picture, as long as it does."""

    refusal: Exception | None = None
    progress: list[Step] = field(default_factory=list)

    async def show_progress(self, job, step, left_s) -> None:
        if step.picture is not None and self.refusal is not None:
            raise self.refusal
        self.progress.append(step)


async def until(look) -> None:
    async with asyncio.timeout(10):
        while not look():
            await asyncio.sleep(0.005)


async def test_a_picture_is_drawn_only_when_an_edit_is_due_and_then_shown(tmp_path):
    executor, gallery = DrawingExecutor(), Gallery()
    async with house(tmp_path, executor=executor, messenger=gallery) as h:
        job = await h.ask("fox")
        await until(lambda: executor.look is not None and executor.look.is_set())
        executor.turn.release()
        await until(lambda: len(gallery.progress) == 1)
        executor.turn.release()  # at once: no edit is due yet
        await until(lambda: executor.look.is_set())
        executor.turn.release()
        await until(lambda: len(gallery.progress) == 2)
        assert executor.drawn == [1, 3]
        assert [step.picture for step in gallery.progress] == [b"picture 1", b"picture 3"]
        for _ in range(STEPS):
            executor.turn.release()
        await h.state(job.id, JobState.DELIVERED)


@pytest.mark.parametrize("refusal", [TooLarge(0), Undeliverable("you may attach nothing here")])
async def test_a_refused_picture_is_left_out_once_and_for_all(tmp_path, refusal):
    executor, gallery = DrawingExecutor(), Gallery(refusal=refusal)
    async with house(tmp_path, executor=executor, messenger=gallery) as h:
        job = await h.ask("fox")
        await until(lambda: executor.look is not None and executor.look.is_set())
        for number in range(1, STEPS):
            executor.turn.release()
            await until(lambda number=number: len(gallery.progress) == number)
        executor.turn.release()
        await h.state(job.id, JobState.DELIVERED)
        assert [step.picture for step in gallery.progress] == [None] * len(gallery.progress)
        assert executor.drawn == [1]


async def test_the_local_executor_draws_when_asked_and_keeps_a_strip_beside_the_clip(tiny_checkpoint, tmp_path):
    executor = LocalExecutor(make_settings(tmp_path, tiny_checkpoint, device="cpu"))
    await executor.start()
    request = describe(str(tiny_checkpoint)).resolve(VideoRequest(prompt="a fox", frames=2, steps=3))
    steps: list[Step] = []
    path = tmp_path / "1.mp4"
    task = RenderTask(request, path, on_step=steps.append)
    task.look.set()
    await executor.render(task)
    assert [step.picture is not None for step in steps] == [True] + [False] * (len(steps) - 1)
    assert Image.open(io.BytesIO(steps[0].picture)).size == (64, 64)
    assert Image.open(strip_file(path)).size == (2 * STRIP_HEIGHT_PX, STRIP_HEIGHT_PX)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["1.mp4", "1.strip.webp"]
    assert await executor.close(timeout_s=60)


def test_a_still_is_small_and_a_strip_shows_the_first_and_the_last_frame():
    frames = [np.full((300, 600, 3), shade, np.float32) for shade in np.linspace(0, 1, 9)]
    assert Image.open(io.BytesIO(still(frames[0]))).size == (STILL_SIDE_PX, STILL_SIDE_PX // 2)
    row = Image.open(io.BytesIO(strip(frames))).convert("L")
    assert row.size == (STRIP_FRAMES * 2 * STRIP_HEIGHT_PX, STRIP_HEIGHT_PX)
    assert row.getpixel((1, 1)) < 10 and row.getpixel((row.width - 2, 1)) > 245
    assert Image.open(io.BytesIO(strip(frames[:1]))).size == (2 * STRIP_HEIGHT_PX, STRIP_HEIGHT_PX)


async def test_a_picture_that_does_not_suit_everybody_is_not_shown(tiny_checkpoint, tmp_path, monkeypatch):
    class Prude:
        bytes = 0

        def __call__(self, frame) -> bool:
            return True

    monkeypatch.setattr(frame_check, "load_check", lambda *_: Prude())
    executor = LocalExecutor(make_settings(tmp_path, tiny_checkpoint, device="cpu"))
    await executor.start()
    request = describe(str(tiny_checkpoint)).resolve(VideoRequest(prompt="a fox", frames=1, steps=2))
    pictures: dict[bool, list[bool]] = {True: [], False: []}
    for checked, seen in pictures.items():
        task = RenderTask(
            request,
            tmp_path / f"{checked}.mp4",
            checked=checked,
            on_step=lambda step, seen=seen: seen.append(step.picture is not None),
        )
        task.look.set()
        with pytest.raises(UnsuitableFrames) if checked else nullcontext():
            await executor.render(task)
    assert not any(pictures[True]) and any(pictures[False])
    assert await executor.close(timeout_s=60)
