"""`VideoRequest`: everything that defines a clip, validated, frozen, JSON both ways; loads no torch."""

from __future__ import annotations

import math
import secrets
import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from .errors import InvalidRequest

MAX_FRAMES = 64
MAX_STEPS = 200
MAX_PROMPT_CHARACTERS = 1000
MAX_SIDE_PX = 2048
MAX_SEED = 2**53 - 1
"""Largest seed: the largest integer that JSON and a Discord option both carry exactly."""

DRAWN_SEED_BITS = 32
"""Seeds that we draw are short enough to be read out and typed again."""

Warp = Literal["even", "picture", "paper"]
FrameNoise = Literal["shared", "independent"]
Sampler = Literal["ddim", "dpmpp-2m", "unipc", "euler", "euler-a", "lcm"]
Easing = Literal["linear", "ease-in-out"]
Trajectory = Literal["straight", "bounded", "loop"]

_JOINERS = "\u200c\u200d"
"""Invisible, yet part of the spelling: of Persian and Indic words, and of emoji made of several."""


def _shown(character: str) -> str:
    """A character as it stands in a prompt: other blanks are spaces, and what is not seen parts no word."""
    if character.isprintable() or character in _JOINERS:
        return character
    return "" if unicodedata.category(character) == "Cf" else " "


_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

Frames = Annotated[int, Field(ge=1, le=MAX_FRAMES)]
Steps = Annotated[int, Field(ge=1, le=MAX_STEPS)]
GuidanceScale = Annotated[float, Field(ge=0.0, le=50.0)]
Side = Annotated[int, Field(ge=8, le=MAX_SIDE_PX, multiple_of=8)]
Fps = Annotated[int, Field(ge=1, le=60)]
PixelsPerFrame = Annotated[float, Field(ge=-256.0, le=256.0)]
ZoomPerFrame = Annotated[float, Field(ge=0.8, le=1.25)]
DegreesPerFrame = Annotated[float, Field(ge=-45.0, le=45.0)]
NoiseLevel = Annotated[int, Field(ge=0, le=999)]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
CheckpointName = Annotated[str, Field(min_length=1, max_length=500)]


class Defaults(BaseModel, frozen=True):
    """What a checkpoint proposes for everything that a request leaves open.

    The values here are the paper's (Khachatryan et al. 2023, section 4.1: 8 frames of 512 x 512, T' = 881,
    T = 941 of 1000 training timesteps, strength 12 along both axes), apart from `warp`, whose equal shifts
    are free of the judder of the nearest-neighbour warp.

    `travel` bounds the way in output pixels that the proposed motion (dx, dy) covers in a whole clip: a longer clip
    moves more slowly. None leaves it unbounded. A request's own dx and dy are taken as they are.

    With warp "paper" the proposed trajectory is the paper's, "straight".
    """

    model_config = _STRICT

    checkpoint: CheckpointName = "starter"
    frames: Frames = 8
    steps: Steps = 50
    sampler: Sampler = "ddim"
    guidance_scale: GuidanceScale = 7.5
    width: Side = 512
    height: Side = 512
    fps: Fps = 8
    dx: PixelsPerFrame = -12.0
    dy: PixelsPerFrame = -12.0
    travel: Annotated[float, Field(gt=0.0)] | None = None
    zoom: ZoomPerFrame = 1.0
    rotation: DegreesPerFrame = 0.0
    easing: Easing = "linear"
    trajectory: Trajectory = "bounded"
    warp: Warp = "even"
    frame_noise: FrameNoise = "independent"
    t0: NoiseLevel = 881
    t1: NoiseLevel = 941

    @model_validator(mode="after")
    def _noise_levels_ascend(self) -> Self:
        _check_noise_levels(self.t0, self.t1)
        return self

    def strength(self, frames: int | None = None) -> float:
        """Pixels per frame of the proposed motion in a clip of so many frames (None: of the proposed number)."""
        strength = math.hypot(self.dx, self.dy)
        gaps = (frames or self.frames) - 1
        return strength if self.travel is None or not gaps else min(strength, self.travel / gaps)


class VideoRequest(BaseModel, frozen=True):
    """One clip, asked for. A field that is None is filled by `resolve` from the checkpoint's `Defaults`.

    Attributes:
        prompt: what the clip shows, 1 to 1000 characters; line breaks and other white space become single spaces.
        negative_prompt: what it must not show; used when guidance_scale > 1.
        frames: number of frames, 1 to 64; frame 0 is the anchor frame.
        steps: denoising steps of the anchor frame's whole path, 1 to 200.
        sampler: how a step is computed: "ddim" is the paper's; "dpmpp-2m" and "unipc" need about half the steps;
            "euler", "euler-a" (ancestral); "lcm" needs a latent consistency checkpoint, 2 to 8 steps, little guidance.
        guidance_scale: classifier-free guidance; at or below 1 the unconditional half is not computed.
        seed: 0 to 2**53 - 1; drawn by `resolve` when left open.
        width, height: output size in pixels, multiples of 8.
        fps: playback rate of the MP4, 1 to 60.
        dx, dy: motion in output pixels per frame; +dx moves the content right, +dy down.
        zoom: factor per frame by which the content grows about the middle, 0.8 to 1.25; not with warp "paper".
        rotation: degrees per frame, -45 to 45, + turns the content clockwise; not with warp "paper".
        easing: "linear" moves evenly; "ease-in-out" starts and ends slowly over the same way.
        trajectory: "straight" goes on and on; "bounded" turns back before the scene is lost from view (half a
            picture, half or twice the size); "loop" turns back half-way, so that the clip can be repeated without
            a jump.
        warp: "even" shifts by equal sub-pixel steps; "picture" does so to the decoded scene, for an autoencoder whose
            latents do not shift as pictures do; "paper" is the nearest-neighbour warp of the authors' code.
        frame_noise: "shared" moves one noise field with the frame; "independent" draws one per frame.
        t0, t1: the paper's T' and T as noise levels in training timesteps (0 to 999), t0 < t1.
        checkpoint: "starter", a folder, or a hub id.

    Raises:
        InvalidRequest: from `parse`, `from_json` and `change`; the constructor itself raises pydantic's error.
    """

    model_config = _STRICT

    prompt: str = Field(min_length=1, max_length=MAX_PROMPT_CHARACTERS)
    negative_prompt: str | None = Field(default=None, max_length=MAX_PROMPT_CHARACTERS)
    frames: Frames | None = None
    steps: Steps | None = None
    sampler: Sampler | None = None
    guidance_scale: GuidanceScale | None = None
    seed: Seed | None = None
    width: Side | None = None
    height: Side | None = None
    fps: Fps | None = None
    dx: PixelsPerFrame | None = None
    dy: PixelsPerFrame | None = None
    zoom: ZoomPerFrame | None = None
    rotation: DegreesPerFrame | None = None
    easing: Easing | None = None
    trajectory: Trajectory | None = None
    warp: Warp | None = None
    frame_noise: FrameNoise | None = None
    t0: NoiseLevel | None = None
    t1: NoiseLevel | None = None
    checkpoint: CheckpointName | None = None

    @field_validator("prompt", "negative_prompt", mode="before")
    @classmethod
    def _plain_text(cls, text: object) -> object:
        if not isinstance(text, str):
            return text
        if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
            raise ValueError("holds half of a surrogate pair, which is no character")
        control = next((c for c in text if unicodedata.category(c) == "Cc" and not c.isspace()), None)
        if control is not None:
            raise ValueError(f"holds the control character U+{ord(control):04X}")
        visible = "".join(_shown(c) for c in text)
        return " ".join(visible.split()).strip(_JOINERS + " ")

    @model_validator(mode="after")
    def _noise_levels_ascend(self) -> Self:
        if self.t0 is not None and self.t1 is not None:
            _check_noise_levels(self.t0, self.t1)
        return self

    @model_validator(mode="after")
    def _the_papers_warp_only_shifts(self) -> Self:
        if self.warp == "paper" and (self.zoom or 1.0, self.rotation or 0.0) != (1.0, 0.0):
            raise ValueError("warp: the paper's only shifts; zoom and rotation need the warp even or picture")
        return self

    @classmethod
    def parse(cls, fields: dict[str, Any]) -> Self:
        """Build a request from plain values; a bad one raises `InvalidRequest` that names each bad field."""
        try:
            return cls(**fields)
        except (ValidationError, TypeError) as error:
            raise InvalidRequest(explain(error)) from error

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; anything else raises `InvalidRequest`."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise InvalidRequest(explain(error)) from error

    def to_json(self) -> str:
        """JSON text of all fields; fields left open are null."""
        return self.model_dump_json()

    def change(self, **fields: Any) -> Self:
        """The same request with some fields replaced, validated again."""
        return self.parse({**self.model_dump(), **fields})

    def __eq__(self, other: object) -> bool:
        """Two requests are the same when their fields are, resolved or not."""
        return isinstance(other, VideoRequest) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash(tuple(self.model_dump().values()))

    def resolve(self, defaults: Defaults) -> ResolvedRequest:
        """Fill what is left open from `defaults`, and the seed by drawing one.

        Raises:
            InvalidRequest: the given t0 or t1 does not fit the default of the other.
        """
        proposed = {
            **defaults.model_dump(exclude={"travel"}),
            "negative_prompt": "",
            "seed": secrets.randbits(DRAWN_SEED_BITS),
        }
        given = {name: value for name, value in self.model_dump().items() if value is not None}
        if full := math.hypot(defaults.dx, defaults.dy):
            share = defaults.strength(given.get("frames")) / full
            proposed |= {"dx": round(defaults.dx * share, 3), "dy": round(defaults.dy * share, 3)}
        if {**proposed, **given}["warp"] == "paper":
            proposed["trajectory"] = "straight"
        return ResolvedRequest.parse({**proposed, **given})


class ResolvedRequest(VideoRequest, frozen=True):
    """A request with nothing left open: the same one gives the same frames on the same device.

    Fields with a default are younger than the first recipes, which lack them and mean that value.
    """

    negative_prompt: str = Field(max_length=MAX_PROMPT_CHARACTERS)
    frames: Frames = Field()
    steps: Steps = Field()
    sampler: Sampler = "ddim"
    guidance_scale: GuidanceScale = Field()
    seed: Seed = Field()
    width: Side = Field()
    height: Side = Field()
    fps: Fps = Field()
    dx: PixelsPerFrame = Field()
    dy: PixelsPerFrame = Field()
    zoom: ZoomPerFrame = 1.0
    rotation: DegreesPerFrame = 0.0
    easing: Easing = "linear"
    trajectory: Trajectory = "straight"
    warp: Warp = Field()
    frame_noise: FrameNoise = Field()
    t0: NoiseLevel = Field()
    t1: NoiseLevel = Field()
    checkpoint: CheckpointName = Field()


def _check_noise_levels(t0: int, t1: int) -> None:
    if t0 >= t1:
        raise ValueError(f"t0 ({t0}) must be a lower noise level than t1 ({t1})")


def explain(error: ValidationError | TypeError) -> str:
    """One line per bad field, in the words of the field."""
    if isinstance(error, TypeError):
        return str(error)
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False):
        field = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{field}: {message}" if field else message)
    return "; ".join(lines)
