"""What a checkpoint draws for every pair: one picture grid and the nearest-sprite figures.

`python -m generation.starter.grid --data DIR [--weights DIR] --out grid.webp` draws one picture per pair from its
plain caption and compares it with reference pictures of all pairs; the nearest reference says what was drawn.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import Tensor, nn

from . import WEIGHTS
from .bank import picture_batch
from .composite import SIZE, SLIDING, SPRITE, Placement
from .libraries import Painter, decode, encode
from .sprites import Pixels, load_sprites
from .vocabulary import BACKDROPS, SUBJECTS, Pair, is_held_out, pairs, plain_caption

_OFFSETS: Final = range(-20, 21, 4)  # pixels: where a reference sprite may stand
_COMPARED: Final = 64  # pixels: pictures are compared at this size, so that texture does not outvote shape
_TOGETHER: Final = 12  # pictures per call
_TILE: Final = 80  # pixels in the grid


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a drawn picture is nearest to."""

    asked: Pair
    drawn: Pair

    @property
    def right(self) -> bool:
        """Both the subject and the backdrop are the asked ones."""
        return self.asked == self.drawn


def draw(painter: Painter, captions: Sequence[str], steps: int, guidance: float, seed: int) -> Tensor:
    """Return one picture per caption as (n, 3, h, w) in [0, 1]; each has its own seed, from `seed` upwards."""
    parts: list[Tensor] = []
    for start in range(0, len(captions), _TOGETHER):
        part = captions[start : start + _TOGETHER]
        parts.append(painter.paint(part, steps, guidance, range(seed + start, seed + start + len(part))))
    return torch.cat(parts)


def judge(pictures: Tensor, asked: Sequence[Pair], sprites: Mapping[str, Pixels]) -> list[Verdict]:
    """Return the nearest pair for each picture, over all pairs and positions."""
    candidates, references = pairs(), list[Tensor]()
    rng = np.random.default_rng(0)
    for offset in _OFFSETS:
        rendered = picture_batch(candidates, sprites, Placement(((offset, 0),)), rng)
        references.append(_compared(rendered))
    distances = torch.cdist(_compared(pictures), torch.cat(references))
    return [
        Verdict(pair, candidates[int(nearest) % len(candidates)])
        for pair, nearest in zip(asked, distances.argmin(1), strict=True)
    ]


def reconstruction_psnr(model: nn.Module, asked: Sequence[Pair], sprites: Mapping[str, Pixels]) -> float:
    """Return the autoencoder's PSNR in dB over one fresh picture per pair."""
    pictures = picture_batch(asked, sprites, SLIDING, np.random.default_rng(1))
    errors: list[float] = []
    with torch.inference_mode():
        for picture in pictures:
            decoded = decode(model, encode(model, picture[None]))[0]
            errors.append((decoded - picture).square().mean().item())
    return -10 * float(np.log10(np.mean(errors)))


def sheet(pictures: Tensor, asked: Sequence[Pair]) -> Image.Image:
    """Return all pictures, one row per backdrop and one column per subject; a dot marks a held-out pair."""
    canvas = Image.new("RGB", (len(SUBJECTS) * _TILE, len(BACKDROPS) * _TILE), (40, 40, 40))
    pen = ImageDraw.Draw(canvas)
    small = F.interpolate(pictures, (_TILE, _TILE), mode="area").mul(255).round().byte()
    for picture, pair in zip(small, asked, strict=True):
        x, y = SUBJECTS.index(pair.subject) * _TILE, BACKDROPS.index(pair.backdrop) * _TILE
        canvas.paste(Image.fromarray(picture.permute(1, 2, 0).numpy()), (x, y))
        if is_held_out(pair):
            pen.ellipse((x + 3, y + 3, x + 9, y + 9), fill=(255, 255, 255), outline=(0, 0, 0))
    return canvas


def _compared(pictures: Tensor) -> Tensor:
    return F.interpolate(pictures, (_COMPARED, _COMPARED), mode="area").flatten(1)


def _share(verdicts: Sequence[Verdict], test: Callable[[Verdict], bool]) -> str:
    count = sum(map(test, verdicts))
    return f"{count}/{len(verdicts)} ({count / max(1, len(verdicts)):.1%})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, judge, write the grid."""
    parser = argparse.ArgumentParser(prog="python -m generation.starter.grid", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the npm archives")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--out", type=Path, required=True, help="picture file")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--guidance", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    sprites = load_sprites(options.data, (s.hexcode for s in SUBJECTS), SPRITE)
    painter = Painter(options.weights)
    asked = pairs()
    pictures = draw(painter, [plain_caption(p) for p in asked], options.steps, options.guidance, options.seed)
    sheet(pictures, asked).save(options.out, quality=85)
    verdicts = judge(pictures, asked, sprites)
    for name, group in (
        ("seen", [v for v in verdicts if not is_held_out(v.asked)]),
        ("held out", [v for v in verdicts if is_held_out(v.asked)]),
    ):
        subject = _share(group, lambda v: v.asked.subject == v.drawn.subject)
        backdrop = _share(group, lambda v: v.asked.backdrop == v.drawn.backdrop)
        print(f"{name}: right {_share(group, lambda v: v.right)}, subject {subject}, backdrop {backdrop}")
    for verdict in verdicts:
        if not verdict.right:
            print(f"  {plain_caption(verdict.asked)} -> {plain_caption(verdict.drawn)}")
    unseen = [pair for pair in asked if is_held_out(pair)]
    psnr = reconstruction_psnr(painter.autoencoder, unseen, sprites)
    print(f"autoencoder on held-out pairs: {psnr:.1f} dB at {SIZE} px")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
