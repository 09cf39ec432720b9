"""Clips made from the recipe of another: with another seed, longer, shorter, smoother, larger, or as it was edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from data import Store
from generation.catalogue import MOVES, CheckpointCard, motion
from generation.quality import QUALITIES, quality_fields
from generation.request import (
    MAX_FPS,
    MAX_GIF_FPS,
    MAX_SIDE_PX,
    UPSCALE_FACTOR,
    Defaults,
    ResolvedRequest,
    VideoRequest,
)

from .choices import FEWEST_FRAMES
from .orders import Refused
from .settings import Settings

EXTENSION = 2
"""How many times as long an extended clip is."""

SMOOTH_FPS = 24
"""Frames per second that look smooth; the fewest drawn between are taken that reach it."""

FACTORS = (2, 4, 8)
"""How many frames of the file each one can become."""


def rerolled(request: ResolvedRequest) -> VideoRequest:
    """The same with a seed that is still to be drawn."""
    return VideoRequest.parse({**request.model_dump(), "seed": None})


def extended(request: ResolvedRequest, *, max_frames: int) -> VideoRequest:
    """Twice as long, or as long as it can be: the frames that there are come first, and the motion goes on.

    A loop, an eased motion and a clip that travels through prompts keep their first frame alone: their way is spread
    over all frames.

    Raises:
        Refused: it cannot be longer.
    """
    if request.frames >= max_frames:
        raise Refused("clip-is-longest", frames=max_frames)
    return request.change(frames=min(EXTENSION * request.frames, max_frames))


def shorter(request: ResolvedRequest) -> VideoRequest:
    """Half as long, with the same beginning, where its file is too large.

    Raises:
        Refused: less would be no clip.
    """
    fewest = max(FEWEST_FRAMES, len(request.prompts))
    if request.frames <= fewest:
        raise Refused("clip-is-shortest", frames=request.frames)
    return request.change(frames=max(request.frames // EXTENSION, fewest))


def smoother(request: ResolvedRequest) -> VideoRequest:
    """The same frames with others between them, drawn along the motion.

    Raises:
        Refused: no more frames can be played in a second.
    """
    most = MAX_GIF_FPS if request.format == "gif" else MAX_FPS
    factors = [factor for factor in FACTORS if factor > request.interpolation and factor * request.fps <= most]
    if not factors:
        raise Refused("clip-is-smoothest", fps=request.file_fps)
    enough = next((factor for factor in factors if factor * request.fps >= SMOOTH_FPS), factors[-1])
    return request.change(interpolation=enough)


def larger(request: ResolvedRequest) -> VideoRequest:
    """The same clip at twice the size, its pictures enlarged: a second pass would draw its details anew.

    Raises:
        Refused: it is as large as can be.
    """
    width, height = request.file_size
    if request.upscale != "none" or UPSCALE_FACTOR * max(width, height) > MAX_SIDE_PX:
        raise Refused("clip-is-largest", size=f"{width} x {height}")
    return request.change(upscale="lanczos")


@dataclass(frozen=True, slots=True)
class Edits:
    """What a member wrote over a recipe; `quality` and `motion` are names, None leaves them as they are.

    Without a seed one is drawn.
    """

    prompt: str
    negative_prompt: str
    seed: int | None
    quality: str | None = None
    motion: str | None = None

    def of(self, request: ResolvedRequest, defaults: Defaults, *, max_steps: int) -> VideoRequest:
        """The request with these edits, at a checkpoint with these defaults.

        Raises:
            InvalidRequest: one of them cannot be asked for.
        """
        fields = {**request.model_dump(), "prompt": self.prompt, "negative_prompt": self.negative_prompt}
        fields["seed"] = self.seed
        if self.quality is not None:
            fields |= _drawn(self.quality, defaults, max_steps)
        if self.motion is not None:
            fields |= motion(self.motion, defaults, request.frames)._asdict()
        return VideoRequest.parse(fields)


def quality_of(request: ResolvedRequest, defaults: Defaults, *, max_steps: int) -> str | None:
    """The name of the quality that a clip is drawn with; None where it is none of them."""
    made = request.model_dump()
    return next((name for name in QUALITIES if _drawn(name, defaults, max_steps).items() <= made.items()), None)


def _drawn(quality: str, defaults: Defaults, max_steps: int) -> dict[str, Any]:
    """All that a quality says of how a clip is drawn."""
    fields = {"sampler": defaults.sampler, **quality_fields(quality, defaults)}
    return {**fields, "steps": min(max_steps, fields["steps"])}


def motion_of(request: ResolvedRequest | Defaults, defaults: Defaults) -> str | None:
    """The name of the move that a clip makes, or one where nobody chooses; None where it is none of the named ones."""
    made = (request.dx, request.dy, request.zoom, request.rotation)
    return next((name for name in MOVES if tuple(motion(name, defaults, request.frames)) == made), None)


@dataclass(frozen=True, slots=True)
class Form:
    """A recipe as it can be edited; None where its quality or motion has no name."""

    request: ResolvedRequest
    quality: str | None
    motion: str | None


class Variants:
    """The recipes of jobs, and what is made of them here.

    Args:
        card_of: the checkpoint that renders a request, or `Refused`.
    """

    def __init__(self, settings: Settings, store: Store, card_of: Callable[[VideoRequest], CheckpointCard]) -> None:
        self._settings = settings
        self._store = store
        self._card_of = card_of

    async def recipe(self, job_id: int) -> ResolvedRequest:
        """How a job's clip is made.

        Raises:
            Refused: there is no such job, or it was deleted.
        """
        job = await self._store.get(job_id)
        if job is None or job.deleted_at is not None:
            raise Refused("clip-gone")
        return ResolvedRequest.from_json(job.request)

    async def is_private(self, job_id: int) -> bool:
        """Whether a clip is its member's alone; what is made of it is as well."""
        job = await self._store.get(job_id)
        return job is not None and job.private

    async def rerolled(self, job_id: int) -> VideoRequest:
        """See `rerolled`."""
        return rerolled(await self.recipe(job_id))

    async def extended(self, job_id: int) -> VideoRequest:
        """See `extended`."""
        return extended(await self.recipe(job_id), max_frames=self._settings.max_frames)

    async def shorter(self, job_id: int) -> VideoRequest:
        """See `shorter`."""
        return shorter(await self.recipe(job_id))

    async def smoother(self, job_id: int) -> VideoRequest:
        """See `smoother`."""
        return smoother(await self.recipe(job_id))

    async def larger(self, job_id: int) -> VideoRequest:
        """See `larger`."""
        return larger(await self.recipe(job_id))

    async def form(self, job_id: int) -> Form:
        """A recipe to edit."""
        request = await self.recipe(job_id)
        defaults = self._card_of(request).defaults
        quality = quality_of(request, defaults, max_steps=self._settings.max_steps)
        return Form(request, quality, motion_of(request, defaults))

    async def edited(self, job_id: int, edits: Edits) -> VideoRequest:
        """See `Edits.of`."""
        request = await self.recipe(job_id)
        return edits.of(request, self._card_of(request).defaults, max_steps=self._settings.max_steps)
