"""The executor renders one job at a time in its own thread; the event loop never waits for torch."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from generation.errors import CheckpointUnavailable
from generation.request import ResolvedRequest

from .clock import Clock

if TYPE_CHECKING:
    from generation.pipeline import Text2VideoZero
    from generation.walk import Progress

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """How far a render is: `done` of `total` denoising steps."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file and what it took, in seconds."""

    path: Path
    bytes: int
    render_s: float
    encode_s: float


class Executor(Protocol):
    """Renders requests one after the other."""

    @property
    def unavailable(self) -> str | None:
        """Why nothing can be rendered, or None."""
        ...

    async def start(self) -> None:
        """Make ready to render; returns when ready or when `unavailable` says why not."""
        ...

    async def render(
        self, request: ResolvedRequest, path: Path, *, on_step: Callable[[Step], None], cancelled: Event
    ) -> Rendered:
        """Render to an MP4 at `path`; `on_step` is called on the event loop after every denoising step.

        Raises:
            GenerationError: RenderCancelled within one step of `cancelled`, or why no clip can be made.
        """
        ...

    async def shrink(self, path: Path, *, max_bytes: int) -> None:
        """Encode a clip again so that it fits.

        Raises:
            EncodeError: it does not fit at the lowest quality.
        """
        ...

    async def close(self, *, timeout_s: float) -> bool:
        """Take no more work and let the threads come to rest; False when one still runs after `timeout_s`."""
        ...


class LocalExecutor:
    """The single GPU thread of this process; a second thread encodes, so that a delivery never waits for it."""

    def __init__(self, checkpoint: str, *, device: str = "auto", clock: Clock | None = None) -> None:
        self._checkpoint = checkpoint
        self._device = device
        self._clock = clock or Clock()
        self._gpu = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gpu")
        self._encoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encode")
        self._calls: set[Future[Any]] = set()
        self._model: Text2VideoZero | None = None
        self._unavailable: str | None = None

    @property
    def unavailable(self) -> str | None:
        """Why nothing can be rendered, or None; known once `start` has returned."""
        return self._unavailable

    async def start(self) -> None:
        """Load the checkpoint in the GPU thread."""
        try:
            self._model = await self._in(self._gpu, self._load)
        except CheckpointUnavailable as error:
            log.error("checkpoint %s cannot be loaded: %s", self._checkpoint, error)
            self._unavailable = str(error)
        except Exception as error:  # a broken installation of torch must not take the bot down
            log.exception("checkpoint %s cannot be loaded", self._checkpoint)
            self._unavailable = f"loading it failed with {type(error).__name__}; the log says more"

    async def render(
        self, request: ResolvedRequest, path: Path, *, on_step: Callable[[Step], None], cancelled: Event
    ) -> Rendered:
        """See `Executor.render`."""
        loop = asyncio.get_running_loop()

        def tell(progress: Progress) -> None:
            loop.call_soon_threadsafe(on_step, Step(progress.step, progress.steps))

        return await self._in(self._gpu, self._render, request, path, tell, cancelled)

    async def shrink(self, path: Path, *, max_bytes: int) -> None:
        """See `Executor.shrink`."""
        await self._in(self._encoder, _shrink, path, max_bytes)

    async def close(self, *, timeout_s: float) -> bool:
        """See `Executor.close`."""
        for pool in (self._gpu, self._encoder):
            pool.shutdown(wait=False, cancel_futures=True)
        calls = list(self._calls)
        ending = asyncio.gather(*map(asyncio.wrap_future, calls), return_exceptions=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(ending, timeout_s)
        return all(call.done() for call in calls)

    async def _in(self, pool: ThreadPoolExecutor, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call in a thread; it is known until it has really ended, also when nobody waits any more."""
        future = pool.submit(call, *args, **kwargs)
        self._calls.add(future)
        future.add_done_callback(self._calls.discard)
        return await asyncio.wrap_future(future)

    def _load(self) -> Text2VideoZero:
        from generation.checkpoint import load_checkpoint  # torch: only ever in this thread

        started = self._clock.tick()
        model = load_checkpoint(self._checkpoint, device=self._device)
        log.info("checkpoint %s is ready after %.1f s", self._checkpoint, self._clock.tick() - started)
        return model

    def _render(
        self, request: ResolvedRequest, path: Path, tell: Callable[[Progress], None], cancelled: Event
    ) -> Rendered:
        if self._model is None:
            raise CheckpointUnavailable(self._unavailable or "the checkpoint is not loaded")
        started = self._clock.tick()
        clip = self._model.render(request, on_progress=tell, cancelled=cancelled.is_set)
        rendered = self._clock.tick()
        written = clip.save(path)
        return Rendered(path, written.bytes, rendered - started, self._clock.tick() - rendered)


def _shrink(path: Path, max_bytes: int) -> None:
    from generation.encode import fit_clip

    fit_clip(path, max_bytes=max_bytes)
