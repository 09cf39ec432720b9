"""What a longer clip costs: `python -m tests.bench.length`.

Prints one JSON object per number of frames: processor seconds of all threads for each frame (of a GPU, seconds),
decoding included, medians of runs that take turns with the other lengths after one that is not timed; the same beyond
the shortest clip, where the anchor's own steps, which every clip takes once, fall out; and the most bytes that a
render's tensors take at a time, the weights apart. Last comes how far the lengths are from each other.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from typing import Any

import torch

from generation import Text2VideoZero, VideoRequest, load_checkpoint
from generation.quality import QUALITIES, quality_fields
from tests.bench.engine import PROMPT, peak
from tests.bench.presets import LEVELS

FRAMES = (8, 16, 32, 64)


def measure(model: Text2VideoZero, request: VideoRequest, lengths: Sequence[int], runs: int) -> list[dict[str, Any]]:
    """One line for each length."""
    on_cpu = model.unet.device.type == "cpu"
    peaks = {n: peak(model.unet.device, lambda n=n: model.render(request.change(frames=n)))[1] for n in lengths}
    times: dict[int, list[float]] = {n: [] for n in lengths}
    clock = time.process_time if on_cpu else time.perf_counter
    for _ in range(runs):
        for n in lengths:
            started = clock()
            _ = model.render(request.change(frames=n)).frames
            times[n].append(clock() - started)
    median = {n: statistics.median(times[n]) for n in lengths}
    first = min(lengths)
    return [
        {
            "frames": n,
            "s_per_frame": round(median[n] / n, 4),
            "s_per_frame_beyond": round((median[n] - median[first]) / (n - first), 4) if n > first else None,
            "runs_s": [round(t, 3) for t in times[n]],
            "peak_bytes": peaks[n],
        }
        for n in lengths
    ]


def apart(values: Sequence[float]) -> float:
    """How much larger the largest is than the smallest, as a share."""
    return round(max(values) / min(values) - 1, 3)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.length", description=__doc__)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--quality", choices=list(QUALITIES), default="balanced")
    parser.add_argument("--levels", choices=list(LEVELS), default="own", help="noise levels: its own or the paper's")
    parser.add_argument("--frames", type=int, nargs="+", default=FRAMES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = load_checkpoint(device=options.device)
    request = VideoRequest(prompt=PROMPT, seed=0, **LEVELS[options.levels])
    lines = measure(
        model, request.change(**quality_fields(options.quality, model.defaults)), options.frames, options.runs
    )
    for line in lines:
        print(json.dumps(line))
    beyond = [line["s_per_frame_beyond"] for line in lines if line["s_per_frame_beyond"]]
    print(json.dumps({"apart": apart([line["s_per_frame"] for line in lines]), "beyond_apart": apart(beyond)}))


if __name__ == "__main__":
    main()
