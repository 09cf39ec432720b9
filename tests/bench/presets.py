"""What faster settings cost in quality: `python -m tests.bench.presets --out FILE`.

Renders the same clips (prompts, seeds, noise) exactly, with 50 DDIM steps guided throughout, and with each candidate,
on pairs of object and background that the starter has not trained on. Every clip is a line of JSON in the file, which
a later run with the same file goes on with, for more clips or further candidates: the exact clips are drawn once. At
the end a table compares each candidate with the exact clips: UNet samples, time (on a CPU its own, of all threads), the
share of frames in which the judge sees the object, and how well the frames agree with the moved anchor. Losses are
paired, with the 95 % bound that they do not exceed: their mean and 1.645 standard errors of it.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from generation import Text2VideoZero, load_checkpoint
from generation.camera import camera_path
from generation.evaluate import Task, tasks
from generation.measures import warp_consistency
from generation.request import PAPER_LEVELS
from generation.starter import WEIGHTS
from generation.starter.evaluate import known_pairs
from generation.starter.judge import Judge, load_judge
from generation.starter.vocabulary import is_held_out

EXACT: dict[str, Any] = {"sampler": "ddim", "steps": 50, "guidance_stop": 0, "feature_reuse": 0, "feature_bands": 1}
OPTIONS = {"stop": "guidance_stop", "reuse": "feature_reuse", "bands": "feature_bands"}
LEVELS: dict[str, dict[str, Any]] = {"own": {}, "paper": {"t0": PAPER_LEVELS[0], "t1": PAPER_LEVELS[1]}}
ONE_SIDED = 1.645
"""Standard errors within which 95 % of a normal distribution lie on one side."""


def candidate(name: str) -> dict[str, Any]:
    """The fields of a candidate such as "dpmpp-2m/12/stop500/reuse60" or "exact"."""
    if name == "exact":
        return EXACT
    sampler, steps, *others = name.split("/")
    fields = EXACT | {"sampler": sampler, "steps": int(steps)}
    for other in others:
        word = other.rstrip("0123456789")
        fields[OPTIONS[word]] = int(other.removeprefix(word))
    return fields


def measured(model: Text2VideoZero, judge: Judge, task: Task, fields: dict[str, Any]) -> dict[str, float]:
    """The figures of one clip."""
    clock = time.process_time if model.unet.device.type == "cpu" else time.perf_counter
    started = clock()
    clip = model.render(task.request.change(**fields))
    frames = torch.from_numpy(clip.frames).permute(0, 3, 1, 2)
    seconds = clock() - started
    assert task.scene is not None and task.scene.subject is not None
    seen = [verdict.object == task.scene.subject.name for verdict in judge(frames)]
    return {
        "right": float(np.mean(seen)),
        "consistency_db": warp_consistency(frames, camera_path(clip.request)),
        "samples": clip.unet_samples,
        "seconds": seconds,
    }


def levels(model: Text2VideoZero, task: Task) -> list[int]:
    """The noise levels t0 and t1 of a clip."""
    resolved = task.request.resolve(model.defaults)
    return [resolved.t0, resolved.t1]


def lines_of(file: Path, clips_of: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a file that are of the same weights and noise levels: others cannot be compared with them."""
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.is_file() else []
    return [line for line in lines if clips_of.items() <= line.items()]


def table(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per candidate, against the exact clips of the same prompts and seeds."""
    by_name: dict[str, dict[int, dict[str, float]]] = {}
    for line in lines:
        by_name.setdefault(line["candidate"], {})[line["clip"]] = line
    exact, rows = by_name["exact"], []
    for name, clips in by_name.items():
        both = sorted(clips.keys() & exact.keys())
        median = {key: statistics.median(clips[i][key] for i in both) for key in ("samples", "seconds")}
        row: dict[str, Any] = {"candidate": name, "clips": len(both), **{k: round(v, 2) for k, v in median.items()}}
        row["speed"] = round(statistics.median(exact[i]["seconds"] / clips[i]["seconds"] for i in both), 2)
        for key, digits in (("right", 4), ("consistency_db", 3)):
            losses = [exact[i][key] - clips[i][key] for i in both]
            bound = statistics.mean(losses) + ONE_SIDED * _standard_error(losses)
            row[key] = round(statistics.mean(clips[i][key] for i in both), digits)
            row[f"{key}_loss"], row[f"{key}_loss_bound"] = round(statistics.mean(losses), digits), round(bound, digits)
        rows.append(row)
    return rows


def _standard_error(values: Sequence[float]) -> float:
    return statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf


def main() -> None:
    """Render what the file lacks, then print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.presets", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="file of JSON lines, gone on with where it exists")
    parser.add_argument("--clips", type=int, default=1000)
    parser.add_argument("--levels", choices=list(LEVELS), default="own", help="noise levels: its own or the paper's")
    parser.add_argument(
        "--candidate", action="append", default=[], help="sampler/steps[/stopLEVEL][/reuseSPAN][/bandsCOUNT]"
    )
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=math.inf, help="render for so long, then print the table")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    scenes = [scene for scene in known_pairs(WEIGHTS) if is_held_out(scene)]
    chosen = random.Random(0).choices(scenes, k=options.clips)
    model, judge = load_checkpoint(device=options.device), load_judge()
    todo = tasks(model, chosen, 0, frames=options.frames, **LEVELS[options.levels])
    clips_of = {"fingerprint": model.fingerprint, "levels": levels(model, todo[0]), "frames": options.frames}
    lines = lines_of(options.out, clips_of)
    done = {(line["candidate"], line["clip"]) for line in lines}
    ends = time.monotonic() + 60 * options.minutes
    with options.out.open("a", encoding="utf-8") as file:
        for clip, task in enumerate(todo):
            for name in ("exact", *options.candidate):
                if (name, clip) in done or time.monotonic() > ends:
                    continue
                line = {**clips_of, "candidate": name, "clip": clip, **measured(model, judge, task, candidate(name))}
                lines.append(line)
                file.write(json.dumps(line) + "\n")
                file.flush()
    for row in table(lines):
        print(json.dumps(row))


if __name__ == "__main__":
    main()
