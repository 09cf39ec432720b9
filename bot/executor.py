"""The executor renders one job at a time in its own thread; the event loop never waits for torch."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from generation.cache import CheckpointCache
from generation.catalogue import describe
from generation.errors import CheckpointUnavailable, GenerationError
from generation.request import ResolvedRequest
from generation.style import Style

from .clips import replace_file, strip_file
from .clock import Clock
from .settings import Settings

if TYPE_CHECKING:
    from generation.clip import Clip
    from generation.frame_check import FrameCheck
    from generation.pipeline import Text2VideoZero
    from generation.walk import Progress

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """How far a render is: `done` of `total` denoising steps, and what the clip begins to look like (a JPEG)."""

    done: int
    total: int
    picture: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file and what it took, in seconds."""

    path: Path
    bytes: int
    render_s: float
    encode_s: float
    device: str = ""


@dataclass(frozen=True, slots=True)
class RenderTask:
    """One clip to be rendered, and what its render and the event loop tell each other meanwhile.

    Attributes:
        path: where the file goes.
        first_picture: the file of the first picture, where the request has one.
        checked: whether the frames must be fit for everybody, as far as the settings' frame check can say.
        cancelled: where it is set, the render ends within one step.
        look: where it is set, the next step comes with its picture, and it is cleared.
        on_step: called on the event loop after every denoising step.
        on_sign: called in the render's thread before every denoising step and every frame that is decoded.
        on_drawn: called on the event loop once the GPU is free for the next; the file is still to be written.
    """

    request: ResolvedRequest
    path: Path
    first_picture: Path | None = None
    checked: bool = True
    cancelled: Event = field(default_factory=Event)
    look: Event = field(default_factory=Event)
    on_step: Callable[[Step], None] = lambda _: None
    on_sign: Callable[[], None] = lambda: None
    on_drawn: Callable[[], None] = lambda: None


class Executor(Protocol):
    """Renders requests one after the other."""

    @property
    def unavailable(self) -> GenerationError | None:
        """Why nothing can be rendered, or None."""
        ...

    async def start(self) -> None:
        """Make ready to render; returns when ready or when `unavailable` says why not."""
        ...

    def ready(self, style: str) -> bool:
        """Whether a style, "" for none, can be rendered without waiting for its checkpoint."""
        ...

    async def prepare(self, style: str) -> None:
        """Load what a style needs while others are rendered; returns when that is done or has failed."""
        ...

    async def render(self, task: RenderTask) -> Rendered:
        """Render to a file.

        Raises:
            GenerationError: RenderCancelled, UnsuitableFrames, or why no clip can be made.
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


@dataclass(frozen=True, slots=True)
class Loaded:
    """A checkpoint and what looks at its frames."""

    model: Text2VideoZero
    check: FrameCheck | None

    @property
    def bytes(self) -> int:
        """What both take in memory."""
        return self.model.bytes + (self.check.bytes if self.check else 0)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A clip whose latents are finished; its frames are still to be decoded, looked at and encoded."""

    clip: Clip
    check: FrameCheck | None
    render_s: float
    device: str


def load(settings: Settings, style: str) -> Loaded:
    """Load a checkpoint with a style, "" for none, and what looks at its frames.

    Raises:
        CheckpointUnavailable: with the reason and what to do.
    """
    # torch: never in the event loop's thread
    from generation.checkpoint import load_checkpoint, pick_device
    from generation.frame_check import load_check

    chosen = settings.styles.get(style, Style()) if style else settings.plain
    model = load_checkpoint(settings.checkpoint, device=settings.device, dtype=settings.dtype, style=chosen)
    card = describe(settings.checkpoint, chosen)
    return Loaded(model, load_check(card, settings.frame_check, pick_device(settings.device).type))


class LocalExecutor:
    """The single GPU thread of this process.

    A second thread decodes and encodes while the next clip is drawn; a third loads checkpoints.
    """

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or Clock()
        self._gpu = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gpu")
        self._encoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encode")
        self._loader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="load")
        self._calls: set[Future[Any]] = set()
        self._models: CheckpointCache[str, Loaded] = CheckpointCache(int(settings.checkpoint_cache_gb * 1e9))
        self._unavailable: GenerationError | None = None

    @property
    def unavailable(self) -> GenerationError | None:
        """Why nothing can be rendered, or None; known once `start` has returned."""
        return self._unavailable

    async def start(self) -> None:
        """Load the checkpoint without a style."""
        try:
            await self._in(self._loader, self._loaded, "")
        except CheckpointUnavailable as error:
            log.error("checkpoint %s cannot be loaded: %s", self._settings.checkpoint, error)
            self._unavailable = error
        except Exception as error:  # a broken installation of torch must not take the bot down
            log.exception("checkpoint %s cannot be loaded", self._settings.checkpoint)
            kind = type(error).__name__
            self._unavailable = CheckpointUnavailable(f"loading it failed with {kind}; the log says more")

    def ready(self, style: str) -> bool:
        """See `Executor.ready`."""
        return style in self._models

    async def prepare(self, style: str) -> None:
        """See `Executor.prepare`; a load that fails is tried once more by the render, which then says why."""
        try:
            await self._in(self._loader, self._loaded, style)
        except Exception as error:
            log.warning("style %s cannot be loaded: %s", style, error)

    async def render(self, task: RenderTask) -> Rendered:
        """See `Executor.render`."""
        loop = asyncio.get_running_loop()

        def tell(step: Step) -> None:
            loop.call_soon_threadsafe(task.on_step, step)

        drawn = await self._in(self._gpu, self._draw, task, tell)
        task.on_drawn()
        return await self._in(self._encoder, self._write, drawn, task.path)

    async def shrink(self, path: Path, *, max_bytes: int) -> None:
        """See `Executor.shrink`."""
        await self._in(self._encoder, _shrink, path, max_bytes)

    async def close(self, *, timeout_s: float) -> bool:
        """See `Executor.close`."""
        for pool in (self._gpu, self._encoder, self._loader):
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

    def _loaded(self, style: str) -> Loaded:
        loaded = self._models.get(style)
        if loaded is None:
            started = self._clock.tick()
            loaded = self._load(style)
            self._models.put(style, loaded)
            name = f"checkpoint {self._settings.checkpoint}" + (f" with style {style}" if style else "")
            log.info("%s is ready after %.1f s", name, self._clock.tick() - started)
        return loaded

    def _load(self, style: str) -> Loaded:
        return load(self._settings, style)

    def _draw(self, task: RenderTask, tell: Callable[[Step], None]) -> _Drawn:
        loaded = self._loaded(task.request.style)
        started = self._clock.tick()
        check = loaded.check if task.checked else None
        given = task.first_picture

        def is_cancelled() -> bool:
            task.on_sign()
            return task.cancelled.is_set()

        def on_progress(progress: Progress) -> None:
            picture = None
            if task.look.is_set():
                task.look.clear()
                picture = _picture(progress, check)
            tell(Step(progress.step, progress.steps, picture))

        clip = loaded.model.render(  # a missing picture is refused there
            task.request,
            first_picture=given.read_bytes() if given is not None and given.is_file() else None,
            on_progress=on_progress,
            cancelled=is_cancelled,
        )
        return _Drawn(clip, check, self._clock.tick() - started, loaded.model.device_name)

    def _write(self, drawn: _Drawn, path: Path) -> Rendered:
        """Look at the frames, then encode them, each as it is decoded."""
        from generation.frame_check import hold_to

        started = self._clock.tick()
        hold_to(drawn.check, drawn.clip)
        written = drawn.clip.save(path)
        _keep_strip(drawn.clip, path)
        return Rendered(path, written.bytes, drawn.render_s, self._clock.tick() - started, drawn.device)


def _picture(progress: Progress, check: FrameCheck | None) -> bytes | None:
    """What the clip begins to look like, held to the same check as its frames; a render goes on without it."""
    from generation.still import still

    try:
        frame = progress.preview()
        return None if check is not None and check(frame) else still(frame)
    except Exception:
        log.warning("no picture of step %d of %d", progress.step, progress.steps, exc_info=True)
        return None


def _keep_strip(clip: Clip, path: Path) -> None:
    """Write the clip's strip beside it; a clip is whole without it."""
    from generation.still import strip

    try:
        replace_file(strip_file(path), strip(list(clip)))
    except Exception:
        log.warning("no strip of %s", path.name, exc_info=True)


def _shrink(path: Path, max_bytes: int) -> None:
    from generation.encode import fit_clip

    fit_clip(path, max_bytes=max_bytes)
