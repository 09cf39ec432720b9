"""What is measured on pictures and clips: where a sprite stands, and how often a judge says what was asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

from .backdrops import SIZE

_HALF: Final = 2  # sprites are sought on pictures of half the size; a parabola gives the fraction
_MARGIN: Final = 16  # half pixels around the picture in which a sprite may partly stand


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a sprite fits best: its centre in pixels, and the mean squared error there over its own pixels."""

    x: float
    y: float
    error: float


def locate(picture: Tensor, sprite: Tensor, near: tuple[float, float] | None = None, reach: float = 28) -> Sighting:
    """Seek a sprite in a picture, whatever the background.

    Args:
        picture: (3, SIZE, SIZE) in [0, 1].
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


def mask_at(sprite: Tensor, sighting: Sighting, grow: int = 8) -> Tensor:
    """Return where (SIZE, SIZE) a sighted sprite and `grow` pixels around it cover the picture."""
    size = sprite.shape[-1]
    left, top = round(sighting.x - size / 2), round(sighting.y - size / 2)
    canvas = torch.zeros(1, 1, SIZE + 2 * size, SIZE + 2 * size)
    canvas[0, 0, top + size : top + 2 * size, left + size : left + 2 * size] = sprite[3]
    grown = F.max_pool2d(canvas, 2 * grow + 1, stride=1, padding=grow)
    return grown[0, 0, size:-size, size:-size] > 0.05


def object_window(frame: Tensor, sprite: Tensor, sighting: Sighting) -> Tensor:
    """Return the colours (3, s, s) behind a sighted sprite, premultiplied by its alpha; the border repeats outside."""
    size = sprite.shape[-1]
    left, top = round(sighting.x - size / 2), round(sighting.y - size / 2)
    wider = F.pad(frame[None], (size,) * 4, mode="replicate")[0]
    return wider[:, top + size : top + 2 * size, left + size : left + 2 * size] * sprite[3:]


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


def per_class(asked: Sequence[str], drawn: Sequence[str | None]) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and the number of askings of each class; a rejected picture is None in `drawn`."""
    right = Counter(a for a, d in zip(asked, drawn, strict=True) if a == d)
    wanted, given = Counter(asked), Counter(drawn)
    table: dict[str, dict[str, float]] = {}
    for name, count in wanted.items():
        precision = right[name] / given[name] if given[name] else 0.0
        recall = right[name] / count
        f1 = 2 * precision * recall / (precision + recall) if right[name] else 0.0
        table[name] = {
            "asked": count,
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "f1": round(f1, 3),
        }
    return table


def confusions(asked: Sequence[str], drawn: Sequence[str | None]) -> dict[str, dict[str, int]]:
    """Return the confusion matrix without its zeros: asked -> drawn -> count; "(rejected)" for no object."""
    matrix: dict[str, dict[str, int]] = {}
    for a, d in zip(asked, drawn, strict=True):
        row = matrix.setdefault(a, {})
        row[d or "(rejected)"] = row.get(d or "(rejected)", 0) + 1
    return matrix
