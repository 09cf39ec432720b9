"""Make the starter from the two npm archives: `python -m generation.starter.train --data DIR --out DIR`.

Stages: `prepare` fits the latents, the tokenizer and the bank of encoded pictures; `decoder` and `denoiser` train and
may run side by side; `export` writes the checkpoint folder. `all` runs them in that order.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor

from .autoencoder import PATCH, fit_basis, train_decoder
from .bank import Batches, encode_pairs, picture_batch
from .composite import SIZE, SLIDING, SPRITE, STILL
from .denoiser import Denoiser, Training
from .export import export, load_initial
from .libraries import seed_everything, to_channels_last
from .run_folder import MissingStage, RunFolder
from .sprites import MissingData, load_sprites, load_words
from .tokenizer import train_tokenizer
from .vocabulary import SUBJECTS, Pair, caption, is_held_out, pairs

STAGES: Final = ("prepare", "decoder", "denoiser", "export")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything; the defaults made the shipped weights, SMOKE proves in a minute that it all runs."""

    subjects: int = len(SUBJECTS)
    pictures: int = 1500  # for the PCA
    captions: int = 30_000  # for the tokenizer
    variants: tuple[int, int] = (40, 80)  # encoded pictures per pair: in the middle, and sliding
    decoder_steps: int = 8000
    decoder_batch: int = 2
    decoder_rate: float = 1.5e-3
    steps: int = 4800
    batch: int = 16
    rate: float = 1.2e-3
    seed: int = 0
    save_every_s: float = 150


SMOKE: Final = Plan(subjects=3, pictures=60, captions=500, variants=(4, 4), decoder_steps=20, steps=12, batch=8)


@dataclass(frozen=True, slots=True)
class Run:
    """One invocation: where from, where to, how much, on what."""

    data: Path
    folder: RunFolder
    plan: Plan
    device: torch.device
    resume: bool
    init: Path | None

    @property
    def pairs(self) -> list[Pair]:
        """Every pair of the plan's subjects."""
        names = {subject.name for subject in SUBJECTS[: self.plan.subjects]}
        return [pair for pair in pairs() if pair.subject.name in names]

    @property
    def trained_pairs(self) -> list[Pair]:
        """The pairs that training may see."""
        return [pair for pair in self.pairs if not is_held_out(pair)]

    def words(self) -> list[str]:
        """Words of everyday English that captions do not use."""
        rng = random.Random(self.plan.seed)
        used = {w for _ in range(4000) for w in caption(rng.choice(pairs()), rng).replace(",", "").split()}
        return load_words(self.data, used)


def prepare(run: Run) -> None:
    """Fit the patch PCA and the tokenizer, encode the bank."""
    plan, rng = run.plan, np.random.default_rng(run.plan.seed)
    sprites = load_sprites(run.data, (s.hexcode for s in SUBJECTS), SPRITE)
    basis = fit_basis(picture_batch(_draw(run.trained_pairs, plan.pictures, rng), sprites, SLIDING, rng))
    run.folder.save_basis(basis)
    choose = random.Random(plan.seed)
    captions = [caption(choose.choice(run.pairs), choose) for _ in range(plan.captions)]
    run.folder.save_tokenizer(train_tokenizer([*captions, *run.words() * 2]))
    still, sliding = (
        encode_pairs(run.trained_pairs, sprites, placement, basis, plan.variants[i], plan.seed + i)
        for i, placement in enumerate((STILL, SLIDING))
    )
    run.folder.save_bank(still, sliding)


def decoder(run: Run) -> None:
    """Train the autoencoder's decoder on fresh pictures of all pairs, going on from an earlier one with --resume."""
    plan, rng = run.plan, np.random.default_rng(run.plan.seed + 2)
    sprites = load_sprites(run.data, (s.hexcode for s in SUBJECTS), SPRITE)
    model = run.folder.autoencoder(trained=run.resume)

    def batches() -> Iterator[Tensor]:
        while True:
            yield picture_batch(_draw(run.trained_pairs, plan.decoder_batch, rng), sprites, SLIDING, rng)

    keep = _every(plan.save_every_s, lambda: run.folder.save_decoder(model))
    report = _reporter("decoder", plan.decoder_steps, plan.decoder_batch)

    def after(step: int, loss: float) -> None:
        report(step, loss)
        keep()

    train_decoder(model, run.folder.basis(), batches(), plan.decoder_steps, plan.decoder_rate, run.device, after)
    run.folder.save_decoder(model)


def denoiser(run: Run) -> None:
    """Train text encoder and UNet on the bank."""
    plan, folder = run.plan, run.folder
    seed_everything(plan.seed)
    tokenizer = folder.tokenizer()
    still, sliding = folder.bank()
    model, average = (Denoiser(len(tokenizer), SIZE // PATCH) for _ in range(2))
    if run.init:
        load_initial(model, run.init)
    for network in (model, average):
        to_channels_last(network, run.device)
    training = Training.start(model, average, plan.rate, plan.seed)
    if run.resume and folder.denoiser.is_file():
        training.load(folder.denoiser)
    batches = Batches(
        run.trained_pairs,
        still,
        sliding,
        tokenizer,
        run.words(),
        plan.batch,
        plan.steps,
        plan.seed,
        run.device,
    )
    keep = _every(plan.save_every_s, lambda: training.save(folder.denoiser))
    report = _reporter("denoiser", plan.steps, plan.batch)

    def after(step: int, loss: float) -> None:
        report(step, loss)
        keep()

    training.run(batches, plan.steps, after)
    training.save(folder.denoiser)


def _draw(source: Sequence[Pair], count: int, rng: np.random.Generator) -> list[Pair]:
    return [source[int(i)] for i in rng.integers(len(source), size=count)]


def _every(seconds: float, action: Callable[[], None]) -> Callable[[], None]:
    last = time.perf_counter()

    def check() -> None:
        nonlocal last
        if time.perf_counter() - last > seconds:
            action()
            last = time.perf_counter()

    return check


def _reporter(name: str, steps: int, batch: int) -> Callable[[int, float], None]:
    """Print the mean loss and the speed about every 15 s."""
    since, count, total = time.perf_counter(), 0, 0.0

    def report(step: int, loss: float) -> None:
        nonlocal since, count, total
        count, total = count + 1, total + loss
        passed = time.perf_counter() - since
        if passed > 15 or step == steps:
            speed = count * batch / passed
            print(f"{name} {step}/{steps} loss {total / count:.4f} {speed:.1f} img/s", flush=True)
            since, count, total = time.perf_counter(), 0, 0.0

    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, run the stages, return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m generation.starter.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the two npm archives")
    parser.add_argument("--out", type=Path, required=True, help="folder for the stages' results and the weights")
    parser.add_argument("--stage", choices=("all", *STAGES), default="all")
    parser.add_argument("--resume", action="store_true", help="go on from what --out holds")
    parser.add_argument("--init", type=Path, help="checkpoint folder whose text encoder and UNet to start from")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, help=f"denoiser steps (default {Plan.steps})")
    parser.add_argument("--decoder-steps", type=int, help=f"decoder steps (default {Plan.decoder_steps})")
    parser.add_argument("--decoder-rate", type=float, help=f"decoder learning rate (default {Plan.decoder_rate})")
    parser.add_argument("--smoke", action="store_true", help="a tiny run of everything, about a minute")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    given = {
        "steps": options.steps,
        "decoder_steps": options.decoder_steps,
        "decoder_rate": options.decoder_rate,
    }
    plan = replace(SMOKE if options.smoke else Plan(), **{k: v for k, v in given.items() if v is not None})
    run = Run(
        options.data,
        RunFolder(options.out),
        plan,
        torch.device(options.device),
        options.resume,
        options.init,
    )
    try:
        for stage in STAGES if options.stage == "all" else (options.stage,):
            print(f"stage {stage}", flush=True)
            _STAGES[stage](run)
    except (MissingData, MissingStage) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _export(run: Run) -> None:
    export(run.folder, run.folder.root / "weights", SUBJECTS[: run.plan.subjects])


_STAGES: Final[dict[str, Callable[[Run], None]]] = {
    "prepare": prepare,
    "decoder": decoder,
    "denoiser": denoiser,
    "export": _export,
}

if __name__ == "__main__":
    raise SystemExit(main())
