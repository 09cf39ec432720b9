"""Pictures of what a starter checkpoint draws: `python -m generation.starter.gallery --out DIR`.

Writes `clips.webp`, an animation of the clips of CLIPS with their prompts and seeds; and `objects.webp`, every object
of the checkpoint's vocabulary once. The same weights give the same pictures.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ..catalogue import describe, motion
from ..checkpoint import load_checkpoint
from ..errors import CheckpointUnavailable
from ..pipeline import Text2VideoZero
from ..request import VideoRequest
from . import WEIGHTS
from .captions import plain_caption
from .vocabulary import Scene, pairs

CLIPS: Final = (
    ("a red fox in the snow", "right", 1),
    ("a rocket in the night sky", "up-right", 2),
    ("an alien in the desert", "left", 3),
    ("a red apple on a blue background", "right", 4),
    ("a lion in the desert", "right", 5),
    ("a butterfly on a purple background", "up", 6),
    ("a ghost at night", "down", 7),
    ("a blue car in the city", "left", 8),
)
"""Prompt, move and seed of each clip."""

_CLIP_TILE: Final = 192  # pixels
_CLIP_COLUMNS: Final = 4
_OBJECT_TILE: Final = 96
_OBJECT_COLUMNS: Final = 16
_CAPTION: Final = 18  # pixels below a tile
_PAPER: Final = (255, 255, 255)
_INK: Final = (60, 60, 60)

Picture = NDArray[np.float32]


def clips(model: Text2VideoZero) -> list[Image.Image]:
    """Return the frames of the animation: all clips side by side, each with its prompt and seed below."""
    captions = [f"{prompt}  ({seed})" for prompt, _, seed in CLIPS]
    rendered: list[Picture] = []
    for prompt, way, seed in CLIPS:
        request = VideoRequest(prompt=prompt, seed=seed).change(**motion(way, model.defaults)._asdict())
        rendered.append(model.render(request).frames)
    return [_sheet(frames, captions, _CLIP_TILE, _CLIP_COLUMNS) for frames in zip(*rendered, strict=True)]


def objects(model: Text2VideoZero, scenes: Sequence[Scene]) -> Image.Image:
    """Return one picture of each scene, with the object's name below."""
    pictures = [
        model.render(VideoRequest(prompt=plain_caption(scene), seed=seed, frames=1)).frames[0]
        for seed, scene in enumerate(scenes)
    ]
    names = [scene.subject.name for scene in scenes if scene.subject is not None]
    return _sheet(pictures, names, _OBJECT_TILE, _OBJECT_COLUMNS)


def one_of_each(names: Sequence[str]) -> list[Scene]:
    """Return a scene of each named object, on the backdrops in turn."""
    known = [scene for scene in pairs() if scene.subject is not None and scene.subject.name in names]
    by_object: dict[str, list[Scene]] = {}
    for scene in known:
        assert scene.subject is not None
        by_object.setdefault(scene.subject.name, []).append(scene)
    return [scenes[(5 * turn) % len(scenes)] for turn, scenes in enumerate(by_object.values())]


def _sheet(pictures: Sequence[Picture], captions: Sequence[str], tile: int, columns: int) -> Image.Image:
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * tile, rows * (tile + _CAPTION)), _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=10)
    for place, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        row, column = divmod(place, columns)
        left, top = column * tile, row * (tile + _CAPTION)
        pixels = Image.fromarray(np.rint(picture * 255).astype(np.uint8))
        sheet.paste(pixels.resize((tile, tile), Image.Resampling.LANCZOS), (left, top))
        draw.text((left + tile / 2, top + tile + _CAPTION / 2), caption, _INK, font, anchor="mm")
    return sheet


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, render, write; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m generation.starter.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for clips.webp and objects.webp")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="checkpoint folder (default: the starter)")
    options = parser.parse_args(arguments)
    try:
        model = load_checkpoint(str(options.weights))
        names = [thing.name for thing in describe(str(options.weights)).vocabulary.objects]
    except CheckpointUnavailable as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    first, *others = clips(model)
    period_ms = 1000 // model.defaults.fps
    first.save(
        options.out / "clips.webp",
        save_all=True,
        append_images=others,
        duration=period_ms,
        loop=0,
        quality=75,
        method=6,
    )
    if scenes := one_of_each(names):
        objects(model, scenes).save(options.out / "objects.webp", quality=80, method=6)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
