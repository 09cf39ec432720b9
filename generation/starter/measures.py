"""What is measured on pictures of sprites: what they cover, and how often a judge says what was asked."""

from collections import Counter
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from ..measures import Sighting
from .backdrops import SIZE


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
