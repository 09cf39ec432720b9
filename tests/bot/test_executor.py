"""The thread that renders: it ends quietly, whatever it was doing."""

from __future__ import annotations

import asyncio
import gc
import threading
from pathlib import Path

import pytest

from bot.executor import LocalExecutor, RenderTask, Step
from generation.catalogue import describe
from generation.errors import CheckpointUnavailable, RenderCancelled
from generation.request import VideoRequest
from tests.discord.stage import make_settings


class SlowlyRefused(LocalExecutor):
    """Finds out that its checkpoint cannot be loaded once `gate` is open."""

    def __init__(self) -> None:
        super().__init__(make_settings(Path("unused"), "anything"))
        self.loading, self.gate = threading.Event(), threading.Event()

    def _load(self, style):
        self.loading.set()
        self.gate.wait()
        raise CheckpointUnavailable("there is no checkpoint")


@pytest.fixture
def executor():
    refused = SlowlyRefused()
    yield refused
    refused.gate.set()


def test_a_load_that_fails_during_the_stop_leaves_no_traceback_in_the_log(executor, caplog):
    async def stop_while_loading() -> None:
        start = asyncio.create_task(executor.start())
        await asyncio.to_thread(executor.loading.wait)
        start.cancel()
        await asyncio.gather(start, return_exceptions=True)
        closing = asyncio.create_task(executor.close(timeout_s=60))
        await asyncio.sleep(0.1)
        executor.gate.set()
        assert await closing

    asyncio.run(stop_while_loading())
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


async def test_closing_does_not_wait_for_a_thread_that_hangs(executor):
    start = asyncio.create_task(executor.start())
    await asyncio.to_thread(executor.loading.wait)
    assert not await executor.close(timeout_s=0.1)
    executor.gate.set()
    await asyncio.gather(start, return_exceptions=True)


async def test_styles_load_beside_the_checkpoint_and_a_broken_one_says_why_when_it_is_rendered(
    tiny_checkpoint, tmp_path
):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"nonsense")
    styles = {"still": {"checkpoint": str(tiny_checkpoint)}, "broken": {"loras": {str(damaged): 1.0}}}
    settings = make_settings(tmp_path, tiny_checkpoint, styles=styles, device="cpu", checkpoint_cache_gb=0)
    executor = LocalExecutor(settings)
    await executor.start()
    assert executor.unavailable is None and executor.ready("") and not executor.ready("still")
    request = describe(str(tiny_checkpoint)).resolve(VideoRequest(prompt="a fox", frames=1, steps=1, format="gif"))

    async def render(style):
        return await executor.render(RenderTask(request.change(style=style), tmp_path / f"{style}.gif"))

    await executor.prepare("still")
    assert executor.ready("still") and not executor.ready(""), "no bytes to spare: one checkpoint at a time"
    assert (await render("still")).path.is_file()
    await executor.prepare("broken")
    assert not executor.ready("broken")
    with pytest.raises(CheckpointUnavailable, match="damaged"):
        await render("broken")
    assert (await render("")).bytes > 0, "what had to go comes back"
    assert await executor.close(timeout_s=60)


async def test_each_step_and_each_decoded_frame_is_a_sign_of_life(tiny_checkpoint, tmp_path):
    executor = LocalExecutor(make_settings(tmp_path, tiny_checkpoint, device="cpu"))
    await executor.start()
    request = describe(str(tiny_checkpoint)).resolve(VideoRequest(prompt="a fox", frames=3, steps=2))
    signs, steps, drawn = list[None](), list[Step](), list[int]()
    task = RenderTask(
        request,
        tmp_path / "1.mp4",
        on_step=steps.append,
        on_sign=lambda: signs.append(None),
        on_drawn=lambda: drawn.append(len(signs)),
    )
    await executor.render(task)
    assert drawn == [len(steps)] == [steps[-1].total] and len(signs) == len(steps) + 3
    assert await executor.close(timeout_s=60)


async def test_a_cancel_reaches_a_clip_whose_frames_are_being_decoded(tiny_checkpoint, tmp_path):
    executor = LocalExecutor(make_settings(tmp_path, tiny_checkpoint, device="cpu"))
    await executor.start()
    request = describe(str(tiny_checkpoint)).resolve(VideoRequest(prompt="a fox", frames=2, steps=2))
    cancelled = threading.Event()
    task = RenderTask(request, tmp_path / "1.mp4", cancelled=cancelled, on_drawn=cancelled.set)
    with pytest.raises(RenderCancelled, match="0 of 2 frames"):
        await executor.render(task)
    assert list(tmp_path.iterdir()) == []
    assert await executor.close(timeout_s=60)
