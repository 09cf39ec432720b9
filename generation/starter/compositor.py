"""Training pictures: sprites pasted on backdrops in batches, on the CPU or a GPU, the same for the same draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import torch
from torch import Tensor

from .backdrops import SIZE, backdrop
from .libraries import stack_bytes
from .sprites import load_sprites, paint
from .vocabulary import BACKDROPS, Layout, Scene, Subject

SPRITE: Final = 172  # pixels, about two thirds of the picture: larger objects survive the 16x compression better
REACH: Final = 40  # pixels that training moves objects by, both ways: what a clip's motion passes through

_SMALL: Final = 112
_LARGE: Final = 216
_SPOTS: Final[dict[Layout, tuple[tuple[int, int, int], ...]]] = {
    "centre": ((SPRITE, 128, 130),),
    "left": ((_SMALL, 64, 136),),
    "right": ((_SMALL, 192, 136),),
    "small": ((_SMALL, 128, 136),),
    "large": ((_LARGE, 128, 128),),
    "two": ((_SMALL, 64, 136), (_SMALL, 192, 136)),
}
"""Size and centre (x, y) of each sprite, in pixels of the picture.

Small sprites lie 64 pixels apart, whole regions of the text encoder's sketch: what it learns of an object at one
place holds for the others.
"""

_STEPS: Final = range(-REACH, REACH + 1, 4)
_PATHS: Final = (
    *((x, 0) for x in _STEPS),
    *((x, 0) for x in _STEPS),
    *((0, y) for y in _STEPS),
    *((x, x) for x in _STEPS),
    *((x, -x) for x in _STEPS),
)
Shift = tuple[int, int]
STILL: Final[Shift] = (0, 0)


def random_shift(rng: Random) -> Shift:
    """Draw (x, y) in pixels from what a clip's motion passes through: sideways, up and down, and along diagonals."""
    return rng.choice(_PATHS)


def spots(layout: Layout) -> tuple[tuple[int, int, int], ...]:
    """Return the size and centre (x, y) in pixels of each sprite of a layout."""
    return _SPOTS[layout]


@dataclass(frozen=True, slots=True)
class Compositor:
    """Sprites and backdrops as bytes on one device.

    Attributes:
        index: place of a subject's name and paint in the sprite tensors.
        sprites: by size, (variants, 4, size, size), colours premultiplied by alpha.
        backdrops: (backdrops, versions, 3, SIZE, SIZE).
    """

    index: dict[tuple[str, str | None], int]
    sprites: dict[int, Tensor]
    backdrops: Tensor

    @classmethod
    def load(cls, data: Path, subjects: Sequence[Subject], versions: int, seed: int) -> "Compositor":
        """Read the sprites from the archive, paint them, and draw `versions` of each backdrop."""
        rng = np.random.default_rng(seed)
        index: dict[tuple[str, str | None], int] = {}
        sprites: dict[int, Tensor] = {}
        for size in (SPRITE, _SMALL, _LARGE):
            found = load_sprites(data, (subject.hexcode for subject in subjects), size)
            pictures: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []
            for subject in subjects:
                for colour in (None, *subject.paints):
                    index[subject.name, colour] = len(pictures)
                    own = found[subject.hexcode]
                    pictures.append(paint(own, colour) if colour else own)
            sprites[size] = stack_bytes(pictures)
        scenes = [[backdrop(b.name, rng) for _ in range(versions)] for b in BACKDROPS]
        return cls(index, sprites, torch.stack([stack_bytes(row) for row in scenes]))

    def to(self, device: torch.device) -> "Compositor":
        """Return a copy on `device`."""
        moved = {size: sprite.to(device) for size, sprite in self.sprites.items()}
        return Compositor(self.index, moved, self.backdrops.to(device))

    def compose(self, scenes: Sequence[Scene], shifts: Sequence[Shift], rng: Random) -> Tensor:
        """Return the pictures (n, 3, SIZE, SIZE) in [0, 1], each object moved by its shift in pixels."""
        places = [_BACKDROP_INDEX[scene.backdrop.name] for scene in scenes]
        versions = [rng.randrange(self.backdrops.shape[1]) for _ in scenes]
        pictures = self.backdrops[places, versions].float()
        for size in self.sprites:
            pasted = [
                (i, self.index[scene.subject.name, scene.paint], x + shift[0] - size // 2, y + shift[1] - size // 2)
                for i, (scene, shift) in enumerate(zip(scenes, shifts, strict=True))
                if scene.subject is not None
                for spot_size, x, y in _SPOTS[scene.layout]
                if spot_size == size
            ]
            for picture, sprite, left, top in pasted:
                _paste(pictures[picture], self.sprites[size][sprite], left, top)
        return pictures.div_(255).clamp_(0, 1)


def _paste(picture: Tensor, sprite: Tensor, left: int, top: int) -> None:
    """Draw (4, s, s) over (3, SIZE, SIZE) in place, cut at the borders."""
    size = sprite.shape[-1]
    rows = slice(max(0, top), min(SIZE, top + size))
    columns = slice(max(0, left), min(SIZE, left + size))
    visible = sprite[:, rows.start - top : rows.stop - top, columns.start - left : columns.stop - left].float()
    area = picture[:, rows, columns]
    area.mul_(1 - visible[3:] / 255).add_(visible[:3])


_BACKDROP_INDEX: Final = {b.name: i for i, b in enumerate(BACKDROPS)}
