"""What a member can choose for a clip by name, and how what is left open is filled; JSON both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from generation.catalogue import MOVES, CheckpointCard, motion
from generation.errors import InvalidRequest
from generation.quality import quality_fields
from generation.refusal import explain
from generation.request import MAX_FRAMES, MAX_PROMPT_CHARACTERS, MAX_STEPS, StyleName
from generation.shapes import Shape

NO_STYLE = ""
"""The style of the checkpoint as it is."""

USUAL_QUALITY: Final = "balanced"
"""The quality where nobody chooses one."""

SECONDS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""How long a clip may be chosen to be, where that is neither too few frames nor too many."""

FEWEST_FRAMES = 4
"""Less is no motion."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a clip plays, and the frames that makes."""

    seconds: float
    frames: int


def lengths(fps: int, max_frames: int) -> tuple[Length, ...]:
    """The lengths that can be chosen where so many frames are played per second and allowed, shortest first."""
    every = (Length(seconds, frames_of(seconds, fps)) for seconds in SECONDS)
    return tuple(length for length in every if FEWEST_FRAMES <= length.frames <= min(max_frames, MAX_FRAMES))


def frames_of(seconds: float, fps: int) -> int:
    """The frames of a clip that plays for so long."""
    return max(1, round(seconds * fps))


def seconds_of(frames: int, fps: int) -> float | None:
    """The length that makes so many frames; None where none of those that can be chosen does."""
    return next((seconds for seconds in SECONDS if frames_of(seconds, fps) == frames), None)


def _a_move(name: str) -> str:
    if name not in MOVES:
        raise ValueError(f"{name!r} is no move; choose one of {', '.join(MOVES)}")
    return name


class Choices(BaseModel, frozen=True):
    """What is chosen of a clip; None is left open, to other choices and at last to the checkpoint.

    Attributes:
        negative: what the clip must not show.
        length: seconds.
        motion: a move of `MOVES`.
        style: of the installation's styles; `NO_STYLE` is the checkpoint as it is.
        quality: of `QUALITIES`; balanced where nobody chooses.
        shape: of `SHAPES`, near the checkpoint's own size.
        loop: whether the clip ends where it began.
        private: whether it goes to the member alone.
    """

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    negative: str | None = Field(default=None, max_length=MAX_PROMPT_CHARACTERS)
    length: Annotated[float, Field(gt=0.0, le=60.0)] | None = None
    motion: Annotated[str, AfterValidator(_a_move)] | None = None
    style: StyleName | None = None
    quality: Literal["draft", "balanced", "best"] | None = None
    shape: Shape | None = None
    loop: bool | None = None
    private: bool | None = None

    @classmethod
    def parse(cls, **chosen: Any) -> Self:
        """Choices from plain values.

        Raises:
            InvalidRequest: one of them cannot be chosen; the message names each.
        """
        try:
            return cls(**chosen)
        except ValidationError as error:
            raise InvalidRequest(explain(error)) from error

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote, perhaps of another release: what cannot be chosen any more is left open."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            bad = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
            if not bad:
                raise InvalidRequest(explain(error)) from error
        kept = _Loose.model_validate_json(text).model_dump(exclude=bad)
        return cls(**kept)

    def to_json(self) -> str:
        """JSON text of what is chosen."""
        return self.model_dump_json(exclude_none=True)

    def or_else(self, other: Choices) -> Self:
        """These choices, and where they are open the other ones."""
        return self.model_copy(update={name: value for name, value in other if getattr(self, name) is None})

    def possible(self, card: CheckpointCard, *, max_frames: int) -> Self:
        """These choices without those that this checkpoint cannot follow, for what was chosen once for every clip."""
        impossible: dict[str, None] = {}
        if self.shape is not None and self.shape not in card.shapes:
            impossible["shape"] = None
        if self.length is not None and frames_of(self.length, card.defaults.fps) > max_frames:
            impossible["length"] = None
        return self.model_copy(update=impossible)

    def fields(self, card: CheckpointCard, *, max_steps: int = MAX_STEPS) -> dict[str, Any]:
        """The fields of a `VideoRequest` that make these choices at this checkpoint.

        Args:
            max_steps: the best quality takes no more steps.

        Raises:
            InvalidRequest: a shape that the checkpoint cannot draw.
        """
        fields: dict[str, Any] = {"negative_prompt": self.negative, "style": self.style}
        if self.length is not None:
            fields["frames"] = frames_of(self.length, card.defaults.fps)
        if self.motion is not None:
            fields |= motion(self.motion, card.defaults, fields.get("frames"))._asdict()
        fields |= quality_fields(self.quality or USUAL_QUALITY, card.defaults)
        fields["steps"] = min(max_steps, fields["steps"])
        if self.shape is not None:
            fields["width"], fields["height"] = card.size(self.shape)
        if self.loop:
            fields["trajectory"] = "loop"
        return {name: value for name, value in fields.items() if value is not None}


class _Loose(BaseModel):
    """Whatever was stored as choices."""

    model_config = ConfigDict(extra="allow")
