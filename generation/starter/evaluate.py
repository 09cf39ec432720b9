"""What a starter checkpoint draws, judged: `python -m generation.starter.evaluate --data DIR --out DIR`.

Prints one JSON object (figures of held-out and trained pairs, of layouts and paints, of clips and of speed) and writes
it to `figures.json` beside picture sheets: `pairs.webp`, `layouts.webp` and `strips.webp`.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ..camera import PANS
from ..catalogue import describe, motion
from ..checkpoint import load_checkpoint
from ..errors import CheckpointUnavailable
from ..measures import Sighting, correlation, locate, mean, psnr, share, spread
from ..pipeline import Text2VideoZero
from ..quality import quality_fields
from ..request import VideoRequest
from . import WEIGHTS
from .captions import plain_caption
from .compositor import SPRITE, Compositor, spots
from .judge import WEIGHTS_FILE, BrokenJudge, Judge, Judgement, load_judge
from .libraries import from_numpy
from .measures import confusions, mask_at, object_window, per_class
from .sprites import MissingData
from .vocabulary import LAYOUTS, Layout, Scene, is_held_out, pairs, subjects, vanishes

_TILE: Final = 96  # pixels of a picture in the sheets
_AS_WELL: Final = 2.0  # factor on the least error within which a sprite still fits


@dataclass(frozen=True)
class Evaluation:
    """A model, who judges it, and the sprites that it should have drawn."""

    model: Text2VideoZero
    judge: Judge
    compositor: Compositor
    out: Path
    pairs: Sequence[Scene]

    @cached_property
    def trained(self) -> list[Scene]:
        """Pairs that training saw."""
        return [scene for scene in self.pairs if not is_held_out(scene)]

    @cached_property
    def held_out(self) -> list[Scene]:
        """Pairs that training never saw."""
        return [scene for scene in self.pairs if is_held_out(scene)]

    def sprite(self, scene: Scene, size: int = SPRITE) -> Tensor:
        """The sprite (4, s, s) in [0, 1] that a scene shows."""
        assert scene.subject is not None
        return self.compositor.sprites[size][self.compositor.index[scene.subject.name, scene.paint]].float() / 255

    def picture(self, scene: Scene, seed: int, quality: str | None = None) -> Tensor:
        """The anchor frame (3, h, w) of a clip with the checkpoint's own settings, or in a quality."""
        return self.frames(self._asked(plain_caption(scene), seed, quality).change(frames=1))[0]

    def _asked(self, prompt: str, seed: int, quality: str | None) -> VideoRequest:
        fields = {} if quality is None else quality_fields(quality, self.model.defaults)
        return VideoRequest(prompt=prompt, seed=seed, **fields)

    def frames(self, request: VideoRequest) -> Tensor:
        """All frames (f, 3, h, w) of a clip."""
        return from_numpy(self.model.render(request).frames).permute(0, 3, 1, 2)

    def judged(
        self, scenes: Sequence[Scene], seed: int, sheet: str | None = None, quality: str | None = None
    ) -> dict[str, Any]:
        """Draw each scene once and say how often object and backdrop are what was asked."""
        pictures = [self.picture(scene, seed + i, quality) for i, scene in enumerate(scenes)]
        verdicts = [verdict for group in _groups(pictures, 32) for verdict in self.judge(torch.stack(group))]
        if sheet:
            self.save(sheet, pictures, columns=24)
        asked = [_name(scene) for scene in scenes]
        drawn = [verdict.object for verdict in verdicts]
        return {
            "pictures": len(scenes),
            "object": share(sum(a == d for a, d in zip(asked, drawn, strict=True)), len(scenes)),
            "backdrop": share(
                sum(s.backdrop.name == v.backdrop for s, v in zip(scenes, verdicts, strict=True)), len(scenes)
            ),
            "both": share(sum(_right(s, v) for s, v in zip(scenes, verdicts, strict=True)), len(scenes)),
            "rejected": drawn.count(None),
            "by_object": per_class(asked, drawn),
            "confusions": confusions(asked, drawn),
        }

    def layouts(self, count: int, seed: int) -> dict[str, Any]:
        """Ask for each side, size and number, and see whether the object stands there at that size."""
        rng, table, shown = random.Random(seed), dict[str, Any](), list[Tensor]()
        for layout in LAYOUTS:
            scenes = [_with_layout(rng.choice(self.trained), layout) for _ in range(count)]
            pictures = [self.picture(scene, seed + i) for i, scene in enumerate(scenes)]
            shown += pictures[:12]
            verdicts = self.judge(torch.stack(pictures))
            table[layout] = {
                "object": share(sum(_right(s, v) for s, v in zip(scenes, verdicts, strict=True)), count),
                "placed": share(sum(self._placed(s, p) for s, p in zip(scenes, pictures, strict=True)), count),
            }
        self.save("layouts.webp", shown, columns=12)
        return table

    def _placed(self, scene: Scene, picture: Tensor) -> bool:
        """Whether the sprite fits best at the asked size, and about as well at each of its places."""
        fits = {size: locate(picture, self.sprite(scene, size)).error for size in self.compositor.sprites}
        best = min(fits, key=lambda size: fits[size])
        wanted = spots(scene.layout)
        there = [locate(picture, self.sprite(scene, size), near=(x, y)).error for size, x, y in wanted]
        return best == wanted[0][0] and max(there) < _AS_WELL * fits[best]

    def paints(self, count: int, seed: int) -> dict[str, Any]:
        """Ask for painted objects, and see which of the paints fits best."""
        choices = [
            painted
            for scene in self.trained
            if scene.subject is not None
            for paint in scene.subject.paints
            if not vanishes(scene.subject, paint, scene.backdrop)
            for painted in [Scene(scene.subject, scene.backdrop, paint)]
        ]
        scenes = random.Random(seed).sample(choices, min(count, len(choices)))
        right = sum(self._painted(scene, self.picture(scene, seed + i)) for i, scene in enumerate(scenes))
        return share(right, len(scenes))

    def _painted(self, scene: Scene, picture: Tensor) -> bool:
        assert scene.subject is not None
        colours = (None, *scene.subject.paints)
        errors = {c: locate(picture, self.sprite(Scene(scene.subject, scene.backdrop, c))).error for c in colours}
        return min(errors, key=lambda colour: errors[colour]) == scene.paint

    def motion(self, count: int, seed: int) -> dict[str, Any]:
        """Render clips of held-out pairs in all directions and follow the object through them."""
        rng = random.Random(seed)
        ways = [name for name in PANS if name != "static"]
        scenes = rng.sample(self.held_out, count)
        tracks: list[dict[str, float]] = []
        strips: list[Tensor] = []
        for i, scene in enumerate(scenes):
            dx, dy, *_ = motion(ways[i % len(ways)], self.model.defaults)
            frames = self.frames(VideoRequest(prompt=plain_caption(scene), seed=seed + i, dx=dx, dy=dy))
            tracks.append(self._track(scene, frames, dx, dy))
            if i < 12:
                strips += list(frames)
        self.save("strips.webp", strips, columns=len(strips) // min(12, count))
        return {
            "clips": count,
            "pixels_per_frame": self.model.defaults.strength(),
            "correlation": spread([track["correlation"] for track in tracks]),
            "follows": share(sum(track["correlation"] >= 0.95 for track in tracks), count),
            "path_error_px": spread([track["error"] for track in tracks]),
            "same_object_in_every_frame": share(sum(track["same"] == 1 for track in tracks), count),
            "same_likeliest_object_in_every_frame": share(sum(track["likeliest"] == 1 for track in tracks), count),
            "right_object_in_every_frame": share(sum(track["right"] == 1 for track in tracks), count),
            "object_consistency_db": spread([track["consistency"] for track in tracks]),
            "background_difference": spread([track["background"] for track in tracks]),
        }

    def _track(self, scene: Scene, frames: Tensor, dx: float, dy: float) -> dict[str, float]:
        sprite = self.sprite(scene)
        seen = [locate(frame, sprite) for frame in frames]
        asked = [(dx * k, dy * k) for k in range(len(frames))]
        moved = [(s.x - seen[0].x, s.y - seen[0].y) for s in seen]
        length = float(np.hypot(dx, dy))
        along = [(x * dx + y * dy) / length for x, y in moved]
        judgements = self.judge(frames)
        verdicts = [judgement.object for judgement in judgements]
        return {
            "correlation": correlation(along, [length * k for k in range(len(frames))]),
            "error": mean([float(np.hypot(m[0] - a[0], m[1] - a[1])) for m, a in zip(moved, asked, strict=True)][1:]),
            "same": float(len(set(verdicts)) == 1 and verdicts[0] is not None),
            "likeliest": float(len({judgement.likeliest for judgement in judgements}) == 1),
            "right": float(set(verdicts) == {_name(scene)}),
            "consistency": mean(
                [
                    _consistency(frames[0], frame, sprite, seen[0], s)
                    for frame, s in zip(frames[1:], seen[1:], strict=True)
                ]
            ),
            "background": mean(
                [
                    _background(frames[k], frames[k + 1], mask_at(sprite, seen[k]) | mask_at(sprite, seen[k + 1]))
                    for k in range(len(frames) - 1)
                ]
            ),
        }

    def speed(self, weights: Path) -> dict[str, float]:
        """Seconds to load in a fresh process, and for a clip and a draft here."""
        times = {**_load_times(weights), "threads": float(torch.get_num_threads())}
        for name, quality in (("clip_s", None), ("draft_s", "draft")):
            runs: list[float] = []
            for seed in range(3):
                started = time.perf_counter()
                self.model.render(self._asked("a red fox in the snow", seed, quality)).save(self.out / "speed.mp4")
                runs.append(time.perf_counter() - started)
            times[name] = round(sorted(runs)[1], 2)
        (self.out / "speed.mp4").unlink()
        return times

    def save(self, name: str, pictures: Sequence[Tensor], columns: int) -> None:
        """Write pictures side by side, `columns` in a row."""
        rows = -(-len(pictures) // columns)
        sheet = Image.new("RGB", (columns * _TILE, rows * _TILE), (40, 40, 40))
        for i, picture in enumerate(pictures):
            tile = Image.fromarray((picture.permute(1, 2, 0) * 255).round().byte().numpy())
            sheet.paste(
                tile.resize((_TILE, _TILE), Image.Resampling.LANCZOS), (i % columns * _TILE, i // columns * _TILE)
            )
        sheet.save(self.out / name, quality=85)


def _consistency(first: Tensor, frame: Tensor, sprite: Tensor, at_first: Sighting, here: Sighting) -> float:
    """PSNR in dB of the object in a frame against the object in the anchor frame."""
    weight = float(3 * sprite[3].square().sum())
    return psnr(object_window(first, sprite, at_first), object_window(frame, sprite, here), weight)


def _background(first: Tensor, second: Tensor, covered: Tensor) -> float:
    """Mean absolute difference of neighbouring frames outside the object, in levels of 255."""
    return float((first - second).abs()[:, ~covered].mean() * 255)


def _load_times(weights: Path) -> dict[str, float]:
    """Median seconds of three fresh processes with torch: the first load imports the libraries, the next does not."""
    code = (
        "import sys, time, torch; from generation.checkpoint import load_checkpoint\n"
        "for _ in range(2): s = time.perf_counter(); load_checkpoint(sys.argv[1]); print(time.perf_counter() - s)"
    )
    runs = [
        [
            float(line)
            for line in subprocess.run(
                [sys.executable, "-c", code, str(weights)], capture_output=True, check=True, text=True
            ).stdout.split()
        ]
        for _ in range(3)
    ]
    first, again = (round(sorted(times)[1], 2) for times in zip(*runs, strict=True))
    return {"first_load_s": first, "load_s": again}


def _name(scene: Scene) -> str:
    assert scene.subject is not None
    return scene.subject.name


def _right(scene: Scene, verdict: Judgement) -> bool:
    return verdict.object == _name(scene) and verdict.backdrop == scene.backdrop.name


def _with_layout(scene: Scene, layout: Layout) -> Scene:
    return Scene(scene.subject, scene.backdrop, None, layout)


def _groups(pictures: Sequence[Tensor], size: int) -> Iterator[list[Tensor]]:
    for start in range(0, len(pictures), size):
        yield list(pictures[start : start + size])


def known_pairs(weights: Path) -> list[Scene]:
    """Return the pairs whose object and background the checkpoint's own vocabulary holds."""
    vocabulary = describe(str(weights)).vocabulary
    objects, places = ({thing.name for thing in things} for things in (vocabulary.objects, vocabulary.backgrounds))
    return [s for s in pairs() if s.subject and s.subject.name in objects and s.backdrop.name in places]


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, evaluate, print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m generation.starter.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the npm archives")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="checkpoint folder (default: the starter)")
    parser.add_argument("--out", type=Path, required=True, help="folder for figures.json and the sheets")
    parser.add_argument("--judge", type=Path, default=WEIGHTS_FILE, help="file of the judge")
    parser.add_argument("--rounds", type=int, default=3, help="pictures of each held-out pair")
    parser.add_argument("--seen", type=int, default=320, help="pictures of trained pairs")
    parser.add_argument("--layouts", type=int, default=24, help="pictures of each layout")
    parser.add_argument("--paints", type=int, default=60, help="pictures of painted objects")
    parser.add_argument("--clips", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        model = load_checkpoint(str(options.weights))
        known = known_pairs(options.weights)
        chosen = [subject for subject in subjects() if any(scene.subject == subject for scene in known)]
        judge = load_judge(options.judge)
        evaluation = Evaluation(model, judge, Compositor.load(options.data, chosen, 1, 0), options.out, known)
    except (MissingData, BrokenJudge, CheckpointUnavailable) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    rng = random.Random(options.seed)
    unseen = evaluation.held_out * options.rounds
    seen = rng.sample(evaluation.trained, min(options.seen, len(evaluation.trained)))
    figures = {
        "fingerprint": model.fingerprint,
        "judge": evaluation.judge.figures,
        "held_out": evaluation.judged(unseen, options.seed, "pairs.webp"),
        "trained": evaluation.judged(seen, options.seed + 10_000),
        "draft": evaluation.judged(seen, options.seed + 10_000, quality="draft"),
        "layouts": evaluation.layouts(options.layouts, options.seed + 20_000),
        "paints": evaluation.paints(options.paints, options.seed + 30_000),
        "motion": evaluation.motion(min(options.clips, len(evaluation.held_out)), options.seed + 40_000),
        "speed": evaluation.speed(options.weights),
    }
    text = json.dumps(figures, indent=2)
    (options.out / "figures.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
