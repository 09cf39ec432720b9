"""What is measured on clips: where something stands, how frames keep together, and shares with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .camera import Pose
from .resample import move_scene, visible

MIDDLE = 0.7
"""The middle of a picture, in which its object stands: this part of both sides. What is around it is background."""

_HALF: Final = 2  # sprites are sought on pictures of half the size; a parabola gives the fraction
_MARGIN: Final = 16  # half pixels around the picture in which a sprite may partly stand
_Z: Final = 1.959964  # two-sided 95 %


def warp_consistency(frames: Tensor, poses: Sequence[Pose]) -> float:
    """Mean PSNR in dB of frames 1..f-1 against the anchor frame moved as it was asked, where its content is in view.

    Args:
        frames: (f, 3, h, w) in [0, 1].
        poses: of all frames, the anchor's first.
    """
    size = (frames.shape[-1], frames.shape[-2])
    found: list[float] = []
    for frame, pose in zip(frames[1:], poses[1:], strict=True):
        seen = visible(pose, size)
        found.append(psnr(move_scene(frames[:1], pose, size)[0][:, seen], frame[:, seen]))
    return mean(found)


def background_change(frames: Tensor, poses: Sequence[Pose]) -> float:
    """Mean absolute difference of neighbouring frames around the middle, in levels of 255.

    Every frame is moved back onto the anchor first, so that the asked motion itself is no change.

    Args:
        frames: (f, 3, h, w) in [0, 1].
        poses: of all frames, the anchor's first.
    """
    size = (frames.shape[-1], frames.shape[-2])
    back = [pose.inverse for pose in poses]
    still = [move_scene(frame[None], pose, size)[0] for frame, pose in zip(frames, back, strict=True)]
    around = torch.ones(frames.shape[-2:], dtype=torch.bool)
    top, bottom, left, right = _middle(frames[0])
    around[top:bottom, left:right] = False
    changes: list[float] = []
    for (first, there), (second, here) in pairwise(zip(still, back, strict=True)):
        seen = around & visible(there, size) & visible(here, size)
        changes.append(float((first - second).abs()[:, seen].mean() * 255) if seen.any() else 0.0)
    return mean(changes)


def measured_path(frames: Tensor) -> list[tuple[float, float]]:
    """How far the middle of the anchor frame has moved in each of (f, 3, h, w) frames: (x, y) in pixels."""
    top, bottom, left, right = _middle(frames[0])
    middle = frames[0][:, top:bottom, left:right]
    template = torch.cat([middle, torch.ones_like(middle[:1])])
    seen = [locate(frame, template) for frame in frames]
    return [(sighting.x - seen[0].x, sighting.y - seen[0].y) for sighting in seen]


def _middle(picture: Tensor) -> tuple[int, int, int, int]:
    """Its box: top, bottom, left and right, of even sides."""
    rows, columns = picture.shape[-2:]
    top, left = (round(side * (1 - MIDDLE) / 4) * 2 for side in (rows, columns))
    return top, rows - top, left, columns - left


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a sprite fits best: its centre in pixels, and the mean squared error there over its own pixels."""

    x: float
    y: float
    error: float


def locate(picture: Tensor, sprite: Tensor, near: tuple[float, float] | None = None, reach: float = 28) -> Sighting:
    """Seek a sprite in a picture, whatever the background.

    Args:
        picture: (3, h, w) in [0, 1].
        sprite: (4, s, s) in [0, 1], colours premultiplied by alpha.
        near, reach: only centres within `reach` pixels of this place, along both axes, count.

    Returns:
        The place with the least squared difference, weighted by the sprite's alpha.
    """
    seen = F.pad(F.avg_pool2d(picture[None], _HALF), (_MARGIN,) * 4, mode="replicate")
    small = F.avg_pool2d(sprite[None], _HALF)
    alpha, colours = small[:, 3:], small[:, :3]
    weight = alpha.square().sum()
    squares = F.conv2d(seen.square(), alpha.square().expand(-1, 3, -1, -1))
    products = F.conv2d(seen, alpha * colours)
    error = (squares - 2 * products + colours.square().sum())[0, 0] / (3 * weight)
    if near is not None:
        rows, columns = (torch.arange(length, dtype=torch.float32) for length in error.shape)
        off_y = ((rows - _MARGIN + small.shape[-1] / 2) * _HALF - near[1]).abs() > reach
        off_x = ((columns - _MARGIN + small.shape[-1] / 2) * _HALF - near[0]).abs() > reach
        error = error.masked_fill(off_y[:, None] | off_x[None, :], torch.inf)
    row, column = divmod(int(error.argmin()), error.shape[1])
    x = _vertex(error[row], column) - _MARGIN + small.shape[-1] / 2
    y = _vertex(error[:, column], row) - _MARGIN + small.shape[-1] / 2
    return Sighting(x * _HALF, y * _HALF, float(error[row, column].clamp(min=0)))


def _vertex(values: Tensor, index: int) -> float:
    """Return the place of the minimum near `index`, by a parabola through it and its neighbours."""
    if not 0 < index < len(values) - 1:
        return float(index)
    left, middle, right = (float(values[i]) for i in (index - 1, index, index + 1))
    curve = left - 2 * middle + right
    return index + 0.5 * (left - right) / curve if curve > 0 else float(index)


def psnr(first: Tensor, second: Tensor, weight: float | None = None) -> float:
    """Return the peak signal-to-noise ratio in dB of values in [0, 1]; `weight` replaces the number of values."""
    error = (first - second).square().sum() / (weight or first.numel())
    return float(-10 * torch.log10(error.clamp(min=1e-10)))


def correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Pearson's correlation; 0 when either does not vary."""
    a, b = torch.tensor(first, dtype=torch.float64), torch.tensor(second, dtype=torch.float64)
    a, b = a - a.mean(), b - b.mean()
    scale = float(a.square().sum() * b.square().sum()) ** 0.5
    return float(a @ b) / scale if scale > 0 else 0.0


def share(right: int, count: int) -> dict[str, Any]:
    """A share with its 95 % interval."""
    low, high = wilson(right, count)
    return {
        "right": right,
        "of": count,
        "share": round(right / max(1, count), 4),
        "interval": [round(low, 4), round(high, 4)],
    }


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of nothing."""
    return sum(values) / max(1, len(values))


def spread(values: Sequence[float]) -> dict[str, float]:
    """Mean and percentiles."""
    low, middle, high = (float(np.percentile(values, p)) for p in (5, 50, 95))
    return {"mean": round(mean(values), 3), "p5": round(low, 3), "median": round(middle, 3), "p95": round(high, 3)}


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927)."""
    if count == 0:
        return 0.0, 1.0
    share, spread = right / count, _Z**2 / count
    centre = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * (share * (1 - share) / count + spread / (4 * count)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)
