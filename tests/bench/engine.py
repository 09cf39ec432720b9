"""How fast the engine is beside diffusers': `python -m tests.bench.engine`.

Prints one JSON object per preset. Both render the same weights, prompt, noise and size, turn by turn in one run after
one turn that is not timed; times are medians and contain decoding. diffusers always takes the paper's 50 steps.

The presets are `plain` (the paper's 50 steps, every acceleration off), `exact` (the same steps and pixels, with the
accelerations that leave them alone), and the qualities `balanced` and `draft`, which draw other pixels. The floor is
the time that the arithmetic of our render takes at the rate at which this machine multiplies matrices.
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from generation import Text2VideoZero, VideoRequest, load_checkpoint
from generation.accelerations import COMPILED, EXACT, usual
from generation.checkpoint import pick_device
from generation.quality import QUALITIES, quality_fields
from generation.request import Defaults
from tests.bench.presets import candidate
from tests.live_bytes import LiveBytes
from tests.oracle import make_oracle, oracle_frames

EXACT_PRESET = "exact"
PLAIN_PRESET = "plain"
PAPER_PRESETS = (PLAIN_PRESET, EXACT_PRESET)
PRESETS = (*PAPER_PRESETS, "balanced", "draft")
PROMPT = "a red fox in the snow"
STRENGTH = 12.0
MATRIX = 2048


def starter(device: torch.device) -> Text2VideoZero:
    """The embedded checkpoint."""
    return load_checkpoint(device=str(device))


def sd15(device: torch.device) -> Text2VideoZero:
    """Stable Diffusion 1.5's architecture with random weights."""
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    from tests.tiny import tiny_tokenizer

    torch.manual_seed(0)
    dtype = torch.float16 if device.type == "cuda" else torch.float32
    tokenizer = tiny_tokenizer()
    tokenizer.model_max_length = 77
    text = CLIPTextConfig(
        hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=768
    )
    vae = AutoencoderKL(
        block_out_channels=(128, 256, 512, 512),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        sample_size=512,
    )
    models: dict[str, Any] = {
        "unet": UNet2DConditionModel(sample_size=64, cross_attention_dim=768, attention_head_dim=8),
        "vae": vae,
        "text_encoder": CLIPTextModel(text),
    }
    for model in models.values():
        model.to(device, dtype).eval().requires_grad_(False)
    models["unet"].to(memory_format=torch.channels_last)
    schedule = DDIMScheduler(
        beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012,
        clip_sample=False, set_alpha_to_one=False, steps_offset=1,
    )  # fmt: skip
    return Text2VideoZero(**models, tokenizer=tokenizer, scheduler=schedule)


SHAPES = {"starter": starter, "sd15": sd15}


class Contest:
    """Both implementations, ready to render the same clip."""

    def __init__(self, model: Text2VideoZero, frames: int, accelerations: Sequence[str] | None = None) -> None:
        self.model = model
        self.accelerations = usual(model.unet.device) if accelerations is None else accelerations
        self.frames = frames
        self.size = (model.defaults.width, model.defaults.height)
        rows, columns = (side // model.pixels_per_cell for side in reversed(self.size))
        channels = model.unet.config.in_channels
        draws = torch.Generator().manual_seed(0)
        self.latents = torch.randn(1, channels, rows, columns, generator=draws)
        self.noise = torch.randn(frames - 1, channels, rows, columns, generator=draws)
        unet = copy.deepcopy(model.unet).to(memory_format=torch.contiguous_format)
        others = {name: getattr(model, name) for name in ("text_encoder", "tokenizer", "scheduler")}
        vae = copy.deepcopy(model.autoencoder.vae).to(memory_format=torch.contiguous_format)
        self.oracle = make_oracle({"unet": unet, "vae": vae, **copy.deepcopy(others)})
        self.samples = 0
        unet.register_forward_pre_hook(self._count)

    def _count(self, _: Any, inputs: tuple[Any, ...]) -> None:
        self.samples += len(inputs[0])

    def request(self, preset: str) -> VideoRequest:
        """The paper's settings, in a preset's number of steps."""
        paper = Defaults()
        exactly = EXACT_PRESET if preset == PLAIN_PRESET else preset
        named = quality_fields(preset, paper) if preset in QUALITIES else candidate(exactly)
        how = {"sampler": paper.sampler, "steps": paper.steps} | named
        return VideoRequest(
            prompt=PROMPT, frames=self.frames, **how, guidance_scale=paper.guidance_scale, seed=0,
            width=self.size[0], height=self.size[1], warp="paper", frame_noise="independent", t0=paper.t0, t1=paper.t1,
            dx=-STRENGTH * self.size[0] / 512, dy=-STRENGTH * self.size[1] / 512,
        )  # fmt: skip

    def ours(self, preset: str) -> Any:
        """A clip of ours, decoded."""
        self.model.accelerations = frozenset(EXACT if preset == PLAIN_PRESET else self.accelerations)
        clip = self.model.render(self.request(preset), latents=self.latents, noise=self.noise)
        _ = clip.frames
        return clip

    def theirs(self) -> Any:
        """The frames of diffusers'."""
        self.samples = 0
        device = {"device": self.model.unet.device, "dtype": self.model.unet.dtype}
        return oracle_frames(
            self.oracle, PROMPT, frames=self.frames, size=self.size, strength=(STRENGTH, STRENGTH),
            latents=self.latents.to(**device), noise=self.noise.to(**device),
        )  # fmt: skip


Clock = Callable[[], float]


def measure(contest: Contest, preset: str, runs: int, clock: Clock = time.perf_counter) -> dict[str, Any]:
    """One line of the report."""
    with FlopCounterMode(display=False) as flops:
        clip, our_peak = peak(contest.model.unet.device, lambda: contest.ours(preset))
    frames, their_peak = peak(contest.model.unet.device, contest.theirs)
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    rates: list[float] = []
    for _ in range(runs):
        rates.append(_matmul_rate(contest.model.unet, clock))
        times["ours"].append(_seconds(lambda: contest.ours(preset), clock))
        times["theirs"].append(_seconds(contest.theirs, clock))
    ours, theirs, rate = (statistics.median(values) for values in (times["ours"], times["theirs"], rates))
    return {
        "preset": preset,
        "frames": contest.frames,
        "size": contest.size,
        "steps": clip.request.steps,
        "ratio": round(theirs / ours, 3),
        "ours": {
            "median_s": round(ours, 3), "runs_s": _rounded(times["ours"]),
            "unet_samples": clip.unet_samples, "peak_bytes": our_peak,
        },
        "diffusers": {
            "median_s": round(theirs, 3), "runs_s": _rounded(times["theirs"]),
            "unet_samples": contest.samples, "peak_bytes": their_peak,
        },
        "largest_difference": float(np.abs(clip.frames - frames).max()) if preset in PAPER_PRESETS else None,
        "flops": flops.get_total_flops(),
        "matmul_flops_per_s": round(rate),
        "floor_s": round(flops.get_total_flops() / rate, 3),
    }  # fmt: skip


def peak(device: torch.device, render: Callable[[], Any]) -> tuple[Any, int]:
    """What `render` gives, and the most bytes that its tensors took at a time, the weights apart."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        return render(), torch.cuda.max_memory_allocated(device) - before
    with LiveBytes() as bytes_:
        return render(), bytes_.peak


def _seconds(render: Callable[[], Any], clock: Clock) -> float:
    started = clock()
    render()  # decoding ends it on the CPU, so that the device has finished
    return clock() - started


def _matmul_rate(unet: Any, clock: Clock) -> float:
    """Floating-point operations per second of a large matrix product in the UNet's own precision."""
    a = torch.randn(MATRIX, MATRIX, device=unet.device, dtype=unet.dtype)

    def product() -> None:
        _ = (a @ a)[0, 0].item()

    product()
    return 2 * MATRIX**3 / _seconds(product, clock)


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 3) for value in values]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and perhaps write; the exit status is 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.engine", description=__doc__)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--shape", choices=list(SHAPES), default="starter")
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument(
        "--preset", action="append",
        help=f"{', '.join(PRESETS)}, or a candidate of tests.bench.presets; may be given several times; default: all",
    )  # fmt: skip
    parser.add_argument("--compiled", action="store_true", help="compile layers on a CPU too")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--processor", action="store_true", help="processor time, where others compute on the same CPU")
    parser.add_argument("--out", type=Path, help="also write the lines to a file")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.preset or () if name not in PRESETS and "/" not in name]:
        parser.error(f"--preset: {unknown[0]!r} is none; choose among {', '.join(PRESETS)}, or give sampler/steps/...")
    torch.set_num_threads(options.threads)
    clock = time.process_time if options.processor else time.perf_counter
    device = pick_device(options.device)
    accelerations = {*usual(device), COMPILED} if options.compiled else usual(device)
    contest = Contest(SHAPES[options.shape](device), options.frames, [*accelerations])
    for preset in options.preset or PRESETS:
        where = {"shape": options.shape, "device": str(device), "threads": options.threads}
        line = json.dumps({**where, **measure(contest, preset, options.runs, clock)})
        print(line, flush=True)
        if options.out is not None:
            with options.out.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
