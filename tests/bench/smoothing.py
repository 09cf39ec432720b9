"""What background smoothing brings on starter clips: `python -m tests.bench.smoothing --data DIR --out DIR`.

Renders clips of pairs of object and background with and without it, at the starter's noise levels and at the paper's,
prints one JSON object per clip and writes the frames, without above with, to `smoothing.png`. Differences are in levels
of 255, outside the object: "plain" between neighbouring frames, "moved" once the earlier one is moved as the camera
moved, which leaves the flicker.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from generation import Text2VideoZero, VideoRequest, load_checkpoint
from generation.camera import Pose, camera_path
from generation.measures import locate, psnr
from generation.request import PAPER_LEVELS
from generation.resample import move_scene
from generation.starter import WEIGHTS
from generation.starter.captions import plain_caption
from generation.starter.compositor import SPRITE, Compositor
from generation.starter.evaluate import known_pairs
from generation.starter.measures import mask_at, object_window
from generation.starter.vocabulary import subjects

LEVELS: dict[str, dict[str, Any]] = {
    "starter": {},
    "paper": {"t0": PAPER_LEVELS[0], "t1": PAPER_LEVELS[1], "frame_noise": "independent"},
}


def measured(model: Text2VideoZero, request: VideoRequest, sprite: Tensor) -> tuple[dict[str, float], np.ndarray]:
    """The figures of a clip, and its frames (f, h, w, 3)."""
    clip = model.render(request)
    frames = torch.from_numpy(clip.frames).permute(0, 3, 1, 2)
    poses, size = camera_path(clip.request), (clip.request.width, clip.request.height)
    seen = [locate(frame, sprite) for frame in frames]
    plain, moved = [], []
    for k in range(len(frames) - 1):
        background = ~(mask_at(sprite, seen[k]) | mask_at(sprite, seen[k + 1]))
        step = Pose((poses[k + 1].shift[0] - poses[k].shift[0], poses[k + 1].shift[1] - poses[k].shift[1]))
        for values, earlier in ((plain, frames[k]), (moved, move_scene(frames[k][None], step, size)[0].clamp(0, 1))):
            values.append(float((earlier - frames[k + 1]).abs()[:, background].mean() * 255))
    first, weight = object_window(frames[0], sprite, seen[0]), float(3 * sprite[3].square().sum())
    objects = [psnr(first, object_window(f, sprite, s), weight) for f, s in zip(frames[1:], seen[1:], strict=True)]
    figures = {"plain": np.mean(plain), "moved": np.mean(moved), "object_db": np.mean(objects)}
    return {name: round(float(value), 3) for name, value in figures.items()}, clip.frames


def main() -> None:
    """Render, print, and write the picture."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.smoothing", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the npm archives")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=4)
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--smoothing", type=float, default=0.6)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    scenes = random.Random(4).sample(known_pairs(WEIGHTS), options.clips)
    drawn = [subject for subject in subjects() if any(scene.subject == subject for scene in scenes)]
    compositor = Compositor.load(options.data, drawn, 1, 0)
    model, rows = load_checkpoint(), []
    for name, levels in LEVELS.items():
        for seed, scene in enumerate(scenes):
            sprite = compositor.sprites[SPRITE][compositor.index[scene.subject.name, scene.paint]].float() / 255
            request = VideoRequest(
                prompt=plain_caption(scene), seed=seed, frames=options.frames, steps=options.steps, **levels
            )
            line: dict[str, Any] = {"levels": name, "prompt": request.prompt}
            for label, smoothing in (("without", 0.0), ("with", options.smoothing)):
                line[label], frames = measured(model, request.change(smoothing=smoothing), sprite)
                rows.append(np.concatenate(list(frames[:, ::2, ::2]), axis=1))
            line["fall"] = {key: round(1 - line["with"][key] / line["without"][key], 3) for key in ("plain", "moved")}
            print(json.dumps(line), flush=True)
    Image.fromarray((np.concatenate(rows) * 255).astype("uint8")).save(options.out / "smoothing.png")


if __name__ == "__main__":
    main()
