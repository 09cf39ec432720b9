"""Make a checkpoint like the starter, or your own: `python -m generation.starter.train --out DIR ...`.

With `--data DIR` (the two npm archives; --fetch gets them) it learns composites, as the starter did. With `--source
pictures:DIR` and the like it learns your pictures and captions; `--init CHECKPOINT` starts from trained weights.

Stages: `prepare` fits the latents and the tokenizer; `reader` trains the text encoder, `denoiser` the UNet, `decoder`
the way back to pixels; `export` writes the checkpoint folder. `all` runs them in that order. Each goes on with
--resume from what --out holds, so a long training can be many short runs (--minutes).
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import torch

from .autoencoder import PATCH, fit_basis, train_decoder
from .backdrops import SIZE
from .batches import Batches, Composites, PictureSource, Source
from .captions import caption
from .compositor import Compositor
from .denoiser import Denoiser, Training
from .export import adopt, export, load_initial, picture_metadata, starter_metadata
from .libraries import (
    BrokenState,
    any_process,
    compile_in_place,
    has_fast_bfloat16,
    in_processes,
    seed_everything,
    to_channels_last,
)
from .reports import Reporter, every
from .run_folder import MissingStage, NoRoom, RunFolder
from .sources import SOURCES, BadSource, Pictures, open_source
from .sprites import MissingData, fetch_archives, load_tags, load_words
from .tokenizer import train_tokenizer
from .vocabulary import BACKDROPS, Scene, Subject, subjects

STAGES: Final = ("prepare", "reader", "denoiser", "decoder", "export")
_SHARED: Final = ("reader", "denoiser")
"""Stages that several processes can share."""

_INIT_RATE: Final = 0.25  # of the learning rate, for weights that know something already
_DISK_BYTES: Final = 600 << 20  # that a run writes, and as much again while it replaces a file


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything; SMOKE proves in a minute that it all runs."""

    subjects: int = 1_000  # at most, from the top of the table
    versions: int = 32  # of each backdrop
    pictures: int = 1200  # for the PCA
    read_steps: int = 2400
    read_batch: int = 48  # of each process
    steps: int = 9000
    batch: int = 8  # of each process
    rate: float = 1.2e-3
    decoder_steps: int = 6000
    decoder_batch: int = 2
    decoder_rate: float = 1.5e-3
    seed: int = 0
    save_every_s: float = 120


SMOKE: Final = Plan(
    subjects=3, versions=2, pictures=60, read_steps=20, read_batch=8, steps=12, batch=4, decoder_steps=20
)


class TimeIsUp(Exception):
    """The minutes of this run are over; everything is saved."""


@dataclass(frozen=True)
class Run:
    """One invocation in one process: where from, where to, how much, on what."""

    data: Path | None
    source_name: str | None
    folder: RunFolder
    plan: Plan
    device: torch.device
    resume: bool
    init: Path | None
    minutes: float | None
    processes: int
    rank: int = 0
    started: float = 0.0

    @cached_property
    def source(self) -> Source:
        """The pictures and captions to learn from."""
        if self.source_name is not None:
            return PictureSource(Pictures(open_source(self.source_name), SIZE), self.device)
        data = self.archives
        compositor = Compositor.load(data, self.subjects, self.plan.versions, self.plan.seed).to(self.device)
        rng = random.Random(self.plan.seed)
        scenes = [Scene(rng.choice(subjects()), rng.choice(BACKDROPS)) for _ in range(8_000)]
        used = {word for scene in scenes for word in caption(scene, rng).replace(",", "").split()}
        return Composites(compositor, self.subjects, load_words(data, used))

    @property
    def subjects(self) -> Sequence[Subject]:
        """The objects of the composites."""
        return subjects()[: self.plan.subjects]

    @property
    def archives(self) -> Path:
        """The folder with the npm archives.

        Raises:
            MissingData: none was named.
        """
        if self.data is None:
            raise MissingData("name the folder with the two npm archives: --data DIR (with --fetch to fill it)")
        return self.data

    @property
    def metadata(self) -> Mapping[str, object]:
        """What the checkpoint's flipbook.json will say."""
        if self.source_name is not None:
            captions = self.source.captions(random.Random(self.plan.seed))
            return picture_metadata(self.folder.root.name, sorted(set(captions), key=len)[:10])
        tags = load_tags(self.archives, (subject.hexcode for subject in self.subjects))
        return starter_metadata(self.subjects, tags)

    def watch(self, stage: str, steps: int, batch: int, save: Callable[[], None]) -> Callable[[int, float], None]:
        """Return what to call after every step: it reports, saves now and then, and ends the run in time."""
        report = Reporter(stage, steps, batch, self.folder.root / "log.txt" if self.rank == 0 else None)
        keep = every(self.plan.save_every_s, save)

        def after(step: int, loss: float) -> None:
            report(step, loss)
            if self.rank == 0:
                keep()
            over = self.minutes is not None and time.perf_counter() - self.started > 60 * self.minutes
            if self.minutes is not None and any_process(over):
                if self.rank == 0:
                    save()
                raise TimeIsUp(f"stopped at {stage} {step}/{steps} after {self.minutes:g} minutes; go on with --resume")
            if step == steps:
                report.close()

        return after


def prepare(run: Run) -> None:
    """Fit the patch PCA and the tokenizer, or take both, and the decoder, from the checkpoint to start from."""
    if run.resume and run.folder.is_prepared:
        return
    if run.init:
        adopt(run.folder, run.init)
        return
    rng = random.Random(run.plan.seed)
    pictures = [run.source.draw([False] * 50, 1.0, rng)[0].cpu() for _ in range(-(-run.plan.pictures // 50))]
    run.folder.save_basis(fit_basis(torch.cat(pictures)))
    run.folder.save_tokenizer(train_tokenizer(run.source.captions(rng)))


def reader(run: Run) -> None:
    """Train the text encoder to tell the latent that a caption lets one expect."""
    plan, state = run.plan, run.folder.reader
    training, batches = _training(run, [state] if run.resume else [])
    after = run.watch("reader", plan.read_steps, plan.read_batch * run.processes, lambda: training.save(state))
    training.read(batches(plan.read_steps), plan.read_steps, plan.read_batch, after)
    if run.rank == 0:
        training.save(state)


def denoiser(run: Run) -> None:
    """Train text encoder and UNet together, from where the reader is or, with --resume, from where this stage was."""
    plan, state = run.plan, run.folder.denoiser
    if not run.folder.reader.is_file():
        raise MissingStage(f"{run.folder.reader} is missing: run --stage reader first")
    training, batches = _training(run, [state, run.folder.reader] if run.resume else [run.folder.reader])
    after = run.watch("denoiser", plan.steps, plan.batch * run.processes, lambda: training.save(state))
    training.run(batches(plan.steps), plan.steps, plan.batch, after)
    if run.rank == 0:
        training.save(state)


def decoder(run: Run) -> None:
    """Train the autoencoder's decoder, going on from an earlier one with --resume."""
    plan, rng = run.plan, random.Random(run.plan.seed + 2)
    start = run.folder.decoder_step() if run.resume else 0
    model = run.folder.autoencoder(trained=(run.resume or run.init is not None) and run.folder.has_decoder)
    done = start

    def pictures() -> torch.Tensor:
        return run.source.draw([False] * plan.decoder_batch, 1.0, rng)[0]

    watch = run.watch("decoder", plan.decoder_steps, plan.decoder_batch, lambda: run.folder.save_decoder(model, done))

    def after(step: int, loss: float) -> None:
        nonlocal done
        done = step
        watch(step, loss)

    steps, rate = plan.decoder_steps, plan.decoder_rate
    train_decoder(model, run.folder.basis(), pictures, steps, rate, run.device, after, start)
    run.folder.save_decoder(model, max(start, steps))


def _training(run: Run, states: Sequence[Path]) -> tuple[Training, Callable[[int], Batches]]:
    """Return the training, gone on from the first of `states` that exists, and what makes batches for so many steps."""
    plan, folder = run.plan, run.folder
    seed_everything(plan.seed)
    tokenizer = folder.tokenizer()
    model, average = (Denoiser(len(tokenizer), SIZE // PATCH, folder.text_size()) for _ in range(2))
    if run.init:
        load_initial(model, run.init)
    for network in (model, average):
        to_channels_last(network, run.device)
    if run.device.type == "cuda":
        compile_in_place(model)
    rate = plan.rate * (_INIT_RATE if run.init else 1)
    training = Training.start(model, average, rate, plan.seed, run.rank, half=has_fast_bfloat16(run.device))
    if (found := next((state for state in states if state.is_file()), None)) is not None:
        training.load(found, run.rank)
    basis = folder.basis().to(run.device)
    return training, lambda steps: Batches(run.source, basis, tokenizer, steps, plan.seed, run.rank)


def _export(run: Run) -> None:
    export(run.folder, run.folder.root / "weights", run.metadata)


_STAGES: Final[dict[str, Callable[[Run], None]]] = {
    "prepare": prepare,
    "reader": reader,
    "denoiser": denoiser,
    "decoder": decoder,
    "export": _export,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, run the stages, return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m generation.starter.train", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with the two npm archives, for composites")
    parser.add_argument("--fetch", action="store_true", help="let npm put missing archives there")
    parser.add_argument("--source", help=f"learn your own pictures instead: {', '.join(SOURCES)}")
    parser.add_argument("--out", type=Path, required=True, help="folder for the stages' results and the weights")
    parser.add_argument("--stage", choices=("all", *STAGES), default="all")
    parser.add_argument("--resume", action="store_true", help="go on from what --out holds")
    parser.add_argument("--minutes", type=float, help="stop and save after so long")
    parser.add_argument("--init", type=Path, help="checkpoint folder, made by this script, to start from")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--processes", type=int, default=1, help="processes that share a training on the CPU")
    parser.add_argument("--threads", type=int, default=1, help="threads of each process")
    parser.add_argument("--smoke", action="store_true", help="a tiny run of everything, about a minute")
    for name in ("subjects", "read_steps", "read_batch", "steps", "batch", "decoder_steps"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, help=f"default {getattr(Plan(), name)}")
    for name in ("rate", "decoder_rate"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, help=f"default {getattr(Plan(), name)}")
    options = parser.parse_args(arguments)
    plan = SMOKE if options.smoke else Plan()
    plan = replace(plan, **{f.name: v for f in fields(Plan) if (v := getattr(options, f.name, None)) is not None})
    run = Run(
        options.data,
        options.source,
        RunFolder(options.out),
        plan,
        torch.device(options.device),
        options.resume,
        options.init,
        options.minutes,
        options.processes,
        started=time.perf_counter(),
    )
    try:
        run.folder.make_room(_DISK_BYTES)
        if options.fetch:
            fetch_archives(run.archives)
        for stage in STAGES if options.stage == "all" else (options.stage,):
            print(f"stage {stage}", flush=True)
            processes = options.processes if stage in _SHARED else 1
            in_processes(processes, options.threads, _work, stage, run)
    except TimeIsUp as stop:
        print(stop)
    except (MissingData, MissingStage, BrokenState, BadSource, NoRoom) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _work(rank: int, stage: str, run: Run) -> None:
    _STAGES[stage](replace(run, rank=rank, processes=run.processes if stage in _SHARED else 1))


if __name__ == "__main__":
    raise SystemExit(main())
