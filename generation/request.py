"""`VideoRequest`: everything that defines a clip, validated, frozen, JSON both ways; loads no torch."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from .refusal import refusal
from .wording import THEN, plain_prompt, prompts_of

MAX_FRAMES = 64
MAX_STEPS = 200
MAX_PROMPT_CHARACTERS = 1000
MAX_SIDE_PX = 2048
MAX_PICTURE_BYTES = 32 << 20
MAX_FPS = 60
MAX_GIF_FPS = 50
"""A GIF's delays are hundredths of a second, and players take one below two of them for a tenth of a second."""

MAX_LEVEL = 999
"""Highest noise level in training timesteps."""

MAX_BANDS = 100

UPSCALE_FACTOR = 2
MAX_SEED = 2**53 - 1
"""Largest seed: the largest integer that JSON and a Discord option both carry exactly."""

DRAWN_SEED_BITS = 32
"""Seeds that we draw are short enough to be read out and typed again."""

Warp = Literal["even", "picture", "paper"]
FrameNoise = Literal["shared", "independent"]
Sampler = Literal["ddim", "dpmpp-2m", "unipc", "euler", "euler-a", "lcm"]
Easing = Literal["linear", "ease-in-out"]
PictureNoise = Literal["drawn", "inverted"]
Trajectory = Literal["straight", "bounded", "loop"]
Playback = Literal["forward", "boomerang"]
Upscale = Literal["none", "lanczos", "second-pass"]
Format = Literal["mp4", "gif", "webp"]
FORMATS: Mapping[str, Format] = MappingProxyType({".mp4": "mp4", ".gif": "gif", ".webp": "webp"})
"""What a file's name says of its format."""

PAPER_LEVELS = (881, 941)
"""The paper's T' and T. All but a frame's rough layout is still open there."""

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

Frames = Annotated[int, Field(ge=1, le=MAX_FRAMES)]
Steps = Annotated[int, Field(ge=1, le=MAX_STEPS)]
GuidanceScale = Annotated[float, Field(ge=0.0, le=50.0)]
Side = Annotated[int, Field(ge=8, le=MAX_SIDE_PX, multiple_of=8)]
Fps = Annotated[int, Field(ge=1, le=MAX_FPS)]
Interpolation = Annotated[int, Field(ge=1, le=8)]
PixelsPerFrame = Annotated[float, Field(ge=-256.0, le=256.0)]
ZoomPerFrame = Annotated[float, Field(ge=0.8, le=1.25)]
DegreesPerFrame = Annotated[float, Field(ge=-45.0, le=45.0)]
NoiseLevel = Annotated[int, Field(ge=0, le=MAX_LEVEL)]
Bands = Annotated[int, Field(ge=1, le=MAX_BANDS)]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
CheckpointName = Annotated[str, Field(min_length=1, max_length=500)]
StyleName = Annotated[str, Field(max_length=50, pattern=r"^(\w[\w .+-]*)?$")]


class Defaults(BaseModel, frozen=True):
    """What a checkpoint proposes for everything that a request leaves open.

    The values here are the paper's (Khachatryan et al. 2023, section 4.1: 8 frames of 512 x 512, T' = 881,
    T = 941 of 1000 training timesteps, strength 12 along both axes), apart from `warp`, whose equal shifts
    are free of the judder of the nearest-neighbour warp.

    `travel` bounds the way in output pixels that the proposed motion (dx, dy) covers in a whole clip: a longer clip
    moves more slowly. None leaves it unbounded. A request's own dx and dy are taken as they are.

    With warp "paper" the proposed trajectory is the paper's, "straight". For a clip that travels through prompts
    the proposed noise levels are the paper's: at lower ones a scene is decided before its prompt is heard.
    """

    model_config = _STRICT

    checkpoint: CheckpointName = "starter"
    frames: Frames = 8
    steps: Steps = 50
    sampler: Sampler = "ddim"
    guidance_scale: GuidanceScale = 7.5
    guidance_stop: NoiseLevel = 0
    feature_reuse: NoiseLevel = 0
    feature_bands: Bands = 1
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
    t0: NoiseLevel = PAPER_LEVELS[0]
    t1: NoiseLevel = PAPER_LEVELS[1]
    playback: Playback = "forward"
    interpolation: Interpolation = 1
    upscale: Upscale = "none"
    format: Format = "mp4"
    smoothing: Share = 0.0
    picture_noise: PictureNoise = "drawn"

    @model_validator(mode="after")
    def _fields_fit_each_other(self) -> Self:
        _check_noise_levels(self.t0, self.t1)
        _check_bands(self.feature_bands, self.feature_reuse)
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
            Two or more prompts with "=>" between them are travelled through over the frames, of which there must be
            as many at least.
        negative_prompt: what it must not show; used when guidance_scale > 1.
        frames: number of frames, 1 to 64; frame 0 is the anchor frame.
        steps: denoising steps of the anchor frame's whole path, 1 to 200.
        sampler: how a step is computed: "ddim" is the paper's; "dpmpp-2m" and "unipc" need about half the steps;
            "euler", "euler-a" (ancestral); "lcm" needs a latent consistency checkpoint, 2 to 8 steps, little guidance.
        guidance_scale: classifier-free guidance; at or below 1 the unconditional half is not computed.
        guidance_stop: noise level in training timesteps below which guidance is off and half of the work saved;
            0 keeps it on to the end.
        feature_reuse: how far below a whole step, in training timesteps, others take their deep features from it
            (`reuse`); 0 makes every step a whole one.
        feature_bands: into how many bands of noise levels, wider towards the picture, the path is divided, each of
            which begins with a whole step; 1 to 100, and 1 where feature_reuse is 0.
        seed: 0 to 2**53 - 1; drawn by `resolve` when left open.
        width, height: output size in pixels, multiples of 8.
        fps: how many of the frames are played per second, 1 to 60.
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
        playback: "boomerang" plays the frames there and back; the ends are shown once.
        interpolation: how many frames of the file each frame becomes, 1 to 8: ffmpeg draws those between by motion
            compensation. The file plays fps * interpolation frames a second, at most 60 (GIF: 50), in the same time.
        upscale: twice the size, up to 2048 pixels: "lanczos" enlarges the pictures; "second-pass" enlarges the
            latents and lets the checkpoint draw the details, at about the cost of the clip itself.
        format: of the file: "mp4", or an animated "gif" or "webp" that repeats.
        smoothing: how much of the anchor's moved background replaces each frame's own, 0 to 1; the authors' code
            takes 0.6. 0 leaves the background alone.
        first_picture: SHA-256 of the picture that the clip begins with, see `FirstPicture`; it is given to `render`
            besides, and once more when the clip is made again.
        picture_noise: what noise is laid over a first picture: "drawn" from the seed, or "inverted", the one from
            which the checkpoint would have drawn it (DDIM inversion).
        checkpoint: "starter", a folder, a hub id, or a single .safetensors file.
        style: the name of one of the installation's styles, which decides on the checkpoint; "" is none.

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
    guidance_stop: NoiseLevel | None = None
    feature_reuse: NoiseLevel | None = None
    feature_bands: Bands | None = None
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
    playback: Playback | None = None
    interpolation: Interpolation | None = None
    upscale: Upscale | None = None
    format: Format | None = None
    smoothing: Share | None = None
    first_picture: Digest | None = None
    picture_noise: PictureNoise | None = None
    checkpoint: CheckpointName | None = None
    style: StyleName | None = None

    @field_validator("prompt", "negative_prompt", mode="before")
    @classmethod
    def _plain_text(cls, text: object) -> object:
        try:
            return plain_prompt(text) if isinstance(text, str) else text
        except ValueError as error:
            raise PydanticCustomError("prompt-characters", "{reason}", {"reason": str(error)}) from error

    @model_validator(mode="after")
    def _noise_levels_ascend(self) -> Self:
        if self.t0 is not None and self.t1 is not None:
            _check_noise_levels(self.t0, self.t1)
        return self

    @model_validator(mode="after")
    def _bands_divide_what_is_reused(self) -> Self:
        if self.feature_bands is not None and self.feature_reuse is not None:
            _check_bands(self.feature_bands, self.feature_reuse)
        return self

    @model_validator(mode="after")
    def _the_papers_warp_only_shifts(self) -> Self:
        if self.warp == "paper" and (self.zoom or 1.0, self.rotation or 0.0) != (1.0, 0.0):
            raise ValueError("warp: the paper's only shifts; zoom and rotation need the warp even or picture")
        return self

    @model_validator(mode="after")
    def _every_prompt_has_a_frame(self) -> Self:
        if not all(self.prompts):
            raise PydanticCustomError(
                "prompt-sides",
                "prompt: nothing stands before or after {then}; give a prompt on both sides of it",
                {"then": THEN},
            )
        if self.frames is not None and self.frames < len(self.prompts):
            raise PydanticCustomError(
                "prompts-need-frames",
                "frames: {prompts} prompts need as many frames at least, not {frames}",
                {"prompts": len(self.prompts), "frames": self.frames},
            )
        return self

    @model_validator(mode="after")
    def _the_file_can_be_played(self) -> Self:
        rate = (self.fps or 1) * (self.interpolation or 1)
        most = MAX_GIF_FPS if self.format == "gif" else MAX_FPS
        if rate > most:
            raise PydanticCustomError(
                "frame-rate",
                "fps: {rate} frames per second (fps times interpolation) are too many; a {format} plays at most {most}",
                {"rate": rate, "format": self.format or "file", "most": most},
            )
        side = max(self.width or 0, self.height or 0)
        if self.upscale not in (None, "none") and side * UPSCALE_FACTOR > MAX_SIDE_PX:
            raise PydanticCustomError(
                "upscale-side",
                "upscale: {side} pixels are too many; at most {most} are doubled",
                {"side": side, "most": MAX_SIDE_PX // UPSCALE_FACTOR},
            )
        return self

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompts that the clip travels through, most often one."""
        return prompts_of(self.prompt)

    @classmethod
    def parse(cls, fields: dict[str, Any]) -> Self:
        """Build a request from plain values; a bad one raises `InvalidRequest` that names each bad field."""
        try:
            return cls(**fields)
        except (ValidationError, TypeError) as error:
            raise refusal(error) from error

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; anything else raises `InvalidRequest`."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise refusal(error) from error

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
            "style": "",
            "seed": secrets.randbits(DRAWN_SEED_BITS),
        }
        given = {name: value for name, value in self.model_dump().items() if value is not None}
        if full := math.hypot(defaults.dx, defaults.dy):
            share = defaults.strength(given.get("frames")) / full
            proposed |= {"dx": round(defaults.dx * share, 3), "dy": round(defaults.dy * share, 3)}
        if {**proposed, **given}["warp"] == "paper":
            proposed["trajectory"] = "straight"
        if self.feature_reuse == 0:
            proposed["feature_bands"] = 1
        if len(self.prompts) > 1 and self.t0 is None and self.t1 is None:
            proposed |= dict(zip(("t0", "t1"), PAPER_LEVELS, strict=True))
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
    guidance_stop: NoiseLevel = 0
    feature_reuse: NoiseLevel = 0
    feature_bands: Bands = 1
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
    playback: Playback = "forward"
    interpolation: Interpolation = 1
    upscale: Upscale = "none"
    format: Format = "mp4"
    smoothing: Share = 0.0
    picture_noise: PictureNoise = "drawn"
    checkpoint: CheckpointName = Field()
    style: StyleName = ""

    @property
    def file_frames(self) -> int:
        """How many frames the file has."""
        shown = 2 * self.frames - 2 if self.playback == "boomerang" and self.frames > 1 else self.frames
        return shown * self.interpolation

    @property
    def file_fps(self) -> int:
        """Frames per second of the file."""
        return self.fps * self.interpolation

    @property
    def file_size(self) -> tuple[int, int]:
        """Width and height of the file in pixels (an MP4 pads odd ones by one)."""
        factor = 1 if self.upscale == "none" else UPSCALE_FACTOR
        return self.width * factor, self.height * factor


def _check_noise_levels(t0: int, t1: int) -> None:
    if t0 >= t1:
        raise ValueError(f"t0 ({t0}) must be a lower noise level than t1 ({t1})")


def _check_bands(bands: int, reuse: int) -> None:
    if bands > 1 and not reuse:
        raise ValueError(f"feature_bands: {bands} bands need a feature_reuse above 0; without it take 1")
