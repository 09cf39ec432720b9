"""How the picture moves: named moves and their sums, and the pose of each frame on its way; loads no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from .errors import InvalidRequest
from .request import Defaults, Easing, ResolvedRequest

PANS = MappingProxyType(
    {
        "static": (0.0, 0.0),
        "right": (1.0, 0.0),
        "left": (-1.0, 0.0),
        "down": (0.0, 1.0),
        "up": (0.0, -1.0),
        "up-right": (math.sqrt(0.5), -math.sqrt(0.5)),
        "up-left": (-math.sqrt(0.5), -math.sqrt(0.5)),
        "down-right": (math.sqrt(0.5), math.sqrt(0.5)),
        "down-left": (-math.sqrt(0.5), math.sqrt(0.5)),
    }
)
"""Directions in which the content can move, as unit vectors (x to the right, y down)."""

TURNS = MappingProxyType(
    {
        "zoom-in": (1, 0),
        "zoom-out": (-1, 0),
        "rotate-clockwise": (0, 1),
        "rotate-counterclockwise": (0, -1),
    }
)
"""Moves about the picture's middle: the sense of the zoom (+ grows) and of the rotation (+ clockwise)."""

MAX_STRENGTH = 4.0
MAX_SUM = 4
"""Most moves in one sum."""

REACH = 0.5
"""A bounded trajectory turns back where the content has moved by half a picture, halved or doubled its size."""


class Motion(NamedTuple):
    """A steady motion, as the fields of a request: `request.change(**motion._asdict())`.

    Attributes:
        dx, dy: output pixels per frame; +dx moves the content right, +dy down.
        zoom: factor per frame by which the content grows.
        rotation: degrees per frame; + turns the content clockwise.
    """

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    rotation: float = 0.0


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a frame's content lies against the anchor's: scaled and turned about the middle, then shifted.

    Attributes:
        shift: (x, y) in output pixels; positive is right and down.
        scale: above 1 the content is larger.
        angle: degrees clockwise.
    """

    shift: tuple[float, float]
    scale: float = 1.0
    angle: float = 0.0

    @property
    def inverse(self) -> Pose:
        """The pose that undoes this one."""
        cos, sin = (f(math.radians(self.angle)) / self.scale for f in (math.cos, math.sin))
        x, y = self.shift
        return Pose((-(cos * x + sin * y), -(cos * y - sin * x)), 1 / self.scale, -self.angle)

    @property
    def is_shift(self) -> bool:
        """Whether the content is only shifted."""
        return self.scale == 1.0 and self.angle == 0.0


def motion(name: str, defaults: Defaults, frames: int | None = None, *, strength: float = 1.0) -> Motion:
    """The motion of a named move or of a sum of moves, such as "right+zoom-in".

    At strength 1 a pan is as fast as the checkpoint proposes (`Defaults.strength`), and a zoom or rotation moves
    what lies half a picture from the middle as fast as a pan would.

    Args:
        name: moves of `PANS` and `TURNS` joined by "+", at most `MAX_SUM`.
        frames: the clip's length, None for the checkpoint's own.
        strength: 0 to `MAX_STRENGTH`.

    Raises:
        InvalidRequest: an unknown move, or a strength that is no such number.
    """
    if type(strength) not in (int, float) or not 0 <= strength <= MAX_STRENGTH:
        raise InvalidRequest(f"strength: must be a number from 0 to {MAX_STRENGTH:g}, not {strength!r}")
    parts = [part.strip() for part in name.split("+")]
    unknown = next((part for part in parts if part not in PANS and part not in TURNS), None)
    if unknown is not None:
        choices = ", ".join((*PANS, *TURNS))
        raise InvalidRequest(f"motion: {unknown!r} is no move; choose one of {choices}, or a sum such as right+zoom-in")
    if len(parts) > MAX_SUM:
        raise InvalidRequest(f"motion: at most {MAX_SUM} moves make a sum, not {len(parts)}")
    speed = strength * defaults.strength(frames)
    pans = [PANS[part] for part in parts if part in PANS]
    turns = [TURNS[part] for part in parts if part in TURNS]
    edge = 2 * speed / min(defaults.width, defaults.height)
    return Motion(
        dx=round(sum(x for x, _ in pans) * speed, 3),
        dy=round(sum(y for _, y in pans) * speed, 3),
        zoom=round((1 + edge) ** sum(zoom for zoom, _ in turns), 6),
        rotation=round(sum(turn for _, turn in turns) * math.degrees(edge), 4),
    )


def camera_path(r: ResolvedRequest) -> list[Pose]:
    """The pose of each frame, the anchor's first: the motion per frame, as often as the trajectory has advanced.

    On a straight way at even pace frame k is shifted by k (dx, dy) (the paper's eq. 6).
    """
    return [
        Pose((r.dx * way, r.dy * way), r.zoom**way, r.rotation * way)
        for way in advances(r.frames, easing=r.easing, turn=_turn(r), loop=r.trajectory == "loop")
    ]


def advances(frames: int, *, easing: Easing = "linear", turn: float | None = None, loop: bool = False) -> list[float]:
    """How far each frame has come, in frames of steady motion; it begins at 0.

    Args:
        easing: "linear" advances by 1 each frame; "ease-in-out" starts and ends each way slowly and is faster
            between, as half a cosine.
        turn: where the trajectory turns back towards the anchor, None for nowhere.
        loop: it turns back half-way, so that the frame after the last would be the anchor again.
    """
    leg = frames / 2 if loop else float(frames - 1)
    height = leg if turn is None else min(leg, turn)
    if not loop:
        leg = height
    if leg == 0 or height == 0:
        return [0.0] * frames
    way = [_there_and_back(k, leg) for k in range(frames)]
    if easing == "ease-in-out":
        return [height * (1 - math.cos(math.pi * p / leg)) / 2 for p in way]
    return way if height == leg else [p * height / leg for p in way]


def _there_and_back(k: int, leg: float) -> float:
    phase = k % (2 * leg)
    return phase if phase <= leg else 2 * leg - phase


def _turn(r: ResolvedRequest) -> float | None:
    """Where a bounded trajectory turns: a whole number of frames where it can, so that a frame shows the turn."""
    if r.trajectory == "straight":
        return None
    rates = (abs(r.dx) / r.width / REACH, abs(r.dy) / r.height / REACH, abs(math.log(r.zoom)) / math.log(1 / REACH))
    fastest = max(rates)
    if fastest == 0:
        return None
    reach = 1 / fastest
    return float(math.floor(reach)) if reach >= 1 else reach
