"""Named shapes of a picture, and the sizes near a checkpoint's own that have them; loads no torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from .request import MAX_SIDE_PX

Shape = Literal["square", "portrait", "landscape"]

SHAPES: Mapping[Shape, float] = MappingProxyType({"square": 1.0, "portrait": 2 / 3, "landscape": 3 / 2})
"""Width over height of each."""


def shape_of(width: int, height: int) -> Shape:
    """The name of the shape that a size has."""
    if width == height:
        return "square"
    return "portrait" if width < height else "landscape"


def size_in(shape: Shape, width: int, height: int, grain: int) -> tuple[int, int]:
    """A size of a shape with about as many pixels as width x height, in whole multiples of `grain` pixels.

    A checkpoint draws best with as many pixels as it was trained on; a size that has the shape already stays.
    """
    if shape_of(width, height) == shape:
        return width, height
    ratio, area = SHAPES[shape], width * height
    sides = (math.sqrt(area * ratio), math.sqrt(area / ratio))
    wide, high = (max(grain, min(round(side / grain), MAX_SIDE_PX // grain) * grain) for side in sides)
    return wide, high
