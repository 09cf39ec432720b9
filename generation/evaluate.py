"""How good a checkpoint's clips are: `python -m generation.evaluate`; with `--ablation` also without its parts.

Prints one JSON object: how the clips keep together and follow the asked motion; where the starter's judge knows the
prompts, how often it sees what was asked; with `--clip FOLDER`, the CLIP score.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from .ablation import VARIANTS, Ablation
from .camera import PANS, camera_path
from .catalogue import STARTER, motion
from .checkpoint import load_checkpoint
from .clip_score import clip_scorer
from .errors import GenerationError, InvalidRequest
from .measures import background_change, correlation, mean, measured_path, share, spread, warp_consistency
from .pipeline import Text2VideoZero
from .request import FrameNoise, VideoRequest, Warp
from .starter.captions import plain_caption
from .starter.evaluate import known_pairs
from .starter.judge import BrokenJudge, Judge, load_judge
from .starter.libraries import from_numpy
from .starter.vocabulary import Scene, is_held_out

WAYS = [name for name in PANS if name != "static"]

CONSISTENT = 0.95
"""Correlation from which a clip counts as following the asked path."""

Scorer = Callable[[Tensor, str], float]


@dataclass(frozen=True, slots=True)
class Task:
    """One clip to render: what is asked for, and the scene that the starter's judge should see, where it can."""

    request: VideoRequest
    scene: Scene | None = None


def tasks(model: Text2VideoZero, prompts: Sequence[str | Scene], seed: int, **fields: Any) -> list[Task]:
    """One clip of each prompt, in all directions by turns."""
    made: list[Task] = []
    for i, prompt in enumerate(prompts):
        text, scene = (prompt, None) if isinstance(prompt, str) else (plain_caption(prompt), prompt)
        way = motion(WAYS[i % len(WAYS)], model.defaults, fields.get("frames"))
        made.append(Task(VideoRequest(prompt=text, seed=seed + i, **fields).change(**way._asdict()), scene))
    return made


def measure(
    frames: Tensor, task: Task, model: Text2VideoZero, judge: Judge | None, scorer: Scorer | None
) -> dict[str, float]:
    """The figures of one clip's frames (f, 3, h, w)."""
    r = task.request.resolve(model.defaults)
    poses = camera_path(r)
    asked = [pose.shift for pose in poses]
    path = measured_path(frames)
    length = math.hypot(r.dx, r.dy) or 1.0
    along = [[(x * r.dx + y * r.dy) / length for x, y in way] for way in (path, asked)]
    found = {
        "consistency_db": warp_consistency(frames, poses),
        "background_change": background_change(frames, poses),
        "correlation": correlation(*along),
        "path_error_px": mean([math.dist(here, there) for here, there in zip(path[1:], asked[1:], strict=True)]),
    }
    if judge is not None and task.scene is not None:
        assert task.scene.subject is not None
        name, seen = task.scene.subject.name, judge(frames)
        found["right_object"] = mean([float(verdict.object == name) for verdict in seen])
        found["right_in_every_frame"] = float(all(verdict.object == name for verdict in seen))
        found["same_in_every_frame"] = float(
            len({verdict.object for verdict in seen}) == 1 and seen[0].object is not None
        )
    if scorer is not None:
        found["clip_score"] = scorer(frames, r.prompt)
    return found


def summary(clips: Sequence[dict[str, float]]) -> dict[str, Any]:
    """The figures of all clips: shares of those that are yes or no, else mean and percentiles."""
    count = len(clips)
    table: dict[str, Any] = {
        "clips": count,
        "follows": share(sum(c["correlation"] >= CONSISTENT for c in clips), count),
    }
    for name in clips[0]:
        values = [clip[name] for clip in clips]
        table[name] = share(round(sum(values)), count) if name.endswith("every_frame") else spread(values)
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, render, measure, print; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        figures = _evaluate(options)
    except (GenerationError, BrokenJudge) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(json.dumps(figures, indent=2))
    return 0


def _evaluate(options: argparse.Namespace) -> dict[str, Any]:
    torch.set_num_threads(options.threads)
    scorer = None if options.clip is None else clip_scorer(options.clip)
    prompts, judge = _prompts(options)
    model = load_checkpoint(options.checkpoint, device=options.device)
    fields = {name: getattr(options, name) for name in ("frames", "steps", "warp", "frame_noise", "t0", "t1")}
    todo = tasks(model, prompts, options.seed, **fields)
    variants = VARIANTS if options.ablation else {"both": VARIANTS["both"]}
    figures: dict[str, Any] = {"fingerprint": model.fingerprint}
    strips: list[Tensor] = []
    for name, (moves, attends) in variants.items():
        variant = Ablation.of(model, motion=moves, attention=attends)
        found: list[dict[str, float]] = []
        for task in tqdm(todo, desc=name, unit="clip", leave=False, disable=None):
            frames = from_numpy(variant.render(variant.asked(task.request)).frames).permute(0, 3, 1, 2)
            found.append(measure(frames, task, model, judge, scorer))
            if task is todo[0]:
                strips.append(frames)
        figures[name] = summary(found)
    if options.picture is not None:
        _save(strips, options.picture)
    return figures


def _prompts(options: argparse.Namespace) -> tuple[Sequence[str | Scene], Judge | None]:
    """The prompts of the file, or pairs that the checkpoint knows and has not trained on, with their judge."""
    if options.prompts is not None:
        try:
            lines = options.prompts.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidRequest(f"{options.prompts} cannot be read: {error}") from error
        prompts = [line for line in map(str.strip, lines) if line]
        if not prompts:
            raise InvalidRequest(f"{options.prompts} holds no prompts; write one on each line")
        return prompts[: options.clips], None
    known = [scene for scene in known_pairs(options.checkpoint) if is_held_out(scene)]
    if not known:
        raise InvalidRequest("the starter's judge knows nothing that this checkpoint draws; give --prompts FILE")
    return list(random.Random(options.seed).sample(known, min(options.clips, len(known)))), load_judge()


def _save(strips: Sequence[Tensor], path: Path) -> None:
    """The frames of a clip side by side, the clips below one another."""
    sheet = torch.cat([torch.cat(list(strip), dim=-1) for strip in strips], dim=-2)
    pixels = (sheet.permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
    picture = Image.fromarray(pixels)
    picture.thumbnail((1024, 1024))
    picture.save(path, quality=85)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generation.evaluate", description=__doc__)
    parser.add_argument("--checkpoint", default=STARTER, help="starter (default), a folder, a hub id or a file")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--prompts", type=Path, metavar="FILE", help="one prompt a line (default: the starter's pairs)")
    parser.add_argument("--clip", metavar="FOLDER", help="a CLIP checkpoint, for the CLIP score")
    parser.add_argument("--ablation", action="store_true", help="also without motion, cross-frame attention and both")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="write the first clip of each variant")
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--frames", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--warp", choices=get_args(Warp), help="how frames are moved (default: the checkpoint's)")
    parser.add_argument("--frame-noise", choices=get_args(FrameNoise), help="of frames (default: the checkpoint's)")
    parser.add_argument("--t0", type=int, help="noise level at which frames are moved")
    parser.add_argument("--t1", type=int, help="noise level to which they are noised again")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
