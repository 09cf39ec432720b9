"""Training and measuring the judge."""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional

from ..measures import wilson
from .compositor import spots
from .judge import WEIGHTS_FILE, BrokenJudge, Judge, Network, load_judge
from .judge import __doc__ as judge_words
from .judge_data import GROUPS, SCALE, Examples, Studio, blur, random_kinds, warp
from .libraries import advance, backward, seed_everything, seeded, to_channels_last
from .sprites import MissingData
from .vocabulary import BACKDROPS, LAYOUTS, subjects

_safetensors: Final[Any] = safetensors.torch

_AT_ONCE: Final = 50  # pictures
_SOFTNESSES: Final = (1, 2, 3, 4, 6, 8, 12)  # sigma in pixels of a picture, at which acceptance is reported
_MOST_ACCEPTED: Final = 0.04  # of any group of rejects on the validation pictures; 0.05 may be in the end


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything; SMOKE proves in seconds that it all runs."""

    subjects: int = 1_000  # at most, from the top of the table
    unknown: int = 1_000  # at most
    versions: int = 16  # of each backdrop
    steps: int = 2_400
    minutes: float = math.inf  # of training
    batch: int = 32
    rejected: float = 0.42  # share of a batch
    rate: float = 2.5e-3
    decay: float = 0.02
    count: int = 3_200  # composites of the evaluation
    count_of_group: int = 800  # rejects of the evaluation

    def of(self, steps: int | None, minutes: float | None, rate: float | None) -> "Plan":
        """Return a copy with other values, where given."""
        return replace(self, steps=steps or self.steps, minutes=minutes or self.minutes, rate=rate or self.rate)


SMOKE: Final = Plan(subjects=3, unknown=3, versions=2, steps=3, batch=8, count=20, count_of_group=4)


def train(data: Path, path: Path, plan: Plan, resume: bool = False) -> None:
    """Train a judge, choose its threshold on validation pictures, measure it on others, and write it.

    With `resume`, go on from the judge at `path`, on other draws.
    """
    known = subjects()[: plan.subjects]
    names = tuple(subject.name for subject in known)
    seed_everything(0)
    network = load_judge(path, names).network if resume else Network(len(known), len(BACKDROPS))
    studios = Studio.load(data, known, plan.versions, plan.unknown)
    _learn(network, studios["training"], Random(f"training {path.stat().st_mtime_ns if resume else 0}"), plan)
    judge = Judge(network, names, tuple(place.name for place in BACKDROPS), 0.0, {})
    _save(path, network, judge)
    judge = load_judge(path, names)  # as rounded as it is when used
    judge.threshold = _choose_threshold(
        judge, _rejects(studios["validation"], Random("validation"), plan.count_of_group)
    )
    judge.figures = evaluate(judge, studios["evaluation"], plan)
    _save(path, network, judge)


def evaluate(judge: Judge, studio: Studio, plan: Plan) -> dict[str, Any]:
    """Measure a judge on composites and rejects of a studio whose backdrops and unknown sprites it never saw."""
    rng = Random("evaluation")
    composites = _gather(lambda count: studio.positives(count, rng), plan.count)
    sharp = _Verdicts.of(judge, composites)
    soft = _Verdicts.of(judge, _gather(lambda count: soften(studio.positives(count, rng), rng), plan.count))
    rejects = _rejects(studio, rng, plan.count_of_group)
    return {
        "threshold": judge.threshold,
        "places": {layout: [list(spot) for spot in spots(layout)] for layout in LAYOUTS},
        "objects": _share(sharp.right),
        "objects without rejection": _share(sharp.named),
        "backdrops": _share(sharp.right_backdrop),
        "softened objects": _share(soft.right),
        "softened objects without rejection": _share(soft.named),
        "softened backdrops": _share(soft.right_backdrop),
        "accepted rejects": {group: _share(_Verdicts.of(judge, found).accepted) for group, found in rejects.items()},
        "accepted at blur": {
            str(sigma): _share(_Verdicts.of(judge, _blurred(composites, sigma, plan.count_of_group)).accepted)
            for sigma in _SOFTNESSES
        },
    }


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """Truth values (n,): the likeliest object is right; accepted; both; the backdrop is right."""

    named: Tensor
    accepted: Tensor
    right: Tensor
    right_backdrop: Tensor

    @classmethod
    def of(cls, judge: Judge, examples: Examples) -> "_Verdicts":
        objects, backdrops = judge.look(examples.pictures)
        confidences, best = objects[:, :-1].max(1)
        accepted = confidences >= judge.threshold
        named = best == examples.objects
        return cls(named, accepted, named & accepted, backdrops.argmax(1) == examples.backdrops)


def soften(examples: Examples, rng: Random) -> Examples:
    """Return examples as imperfect as a good generator's pictures: soft, wobbly, noisy, a little off in colour."""
    pictures = examples.pictures.clone()
    count, chance = len(pictures), seeded(rng.getrandbits(32))

    def draw(low: float, high: float, share: float) -> Tensor:
        values = low + (high - low) * torch.rand(count, generator=chance)
        return values * (torch.rand(count, generator=chance) < share)

    wobbly = max(1, round(0.4 * count))
    pictures[:wobbly] = warp(pictures[:wobbly], 0.1 + 0.6 * torch.rand(wobbly, generator=chance), 7, rng)
    pictures = blur(pictures, draw(0.2, 0.9, 0.7))
    gains = 1 + 0.04 * torch.randn(count, 3, 1, 1, generator=chance)
    turned = torch.eye(3) + 0.03 * torch.randn(count, 3, 3, generator=chance)
    pictures = torch.einsum("nij,njhw->nihw", turned, pictures) * gains
    contrast = (1 + draw(-0.15, 0.1, 0.7))[:, None, None, None]
    pictures = (pictures - 0.5) * contrast + 0.5 + draw(-0.05, 0.05, 0.7)[:, None, None, None]
    noise = torch.randn(pictures.shape, generator=chance) * draw(0, 0.02, 0.5)[:, None, None, None]
    return replace(examples, pictures=(pictures + noise).clamp(0, 1))


def _rejects(studio: Studio, rng: Random, count: int) -> dict[str, Examples]:
    """Return `count` rejects of each group, soft as a generator's pictures are."""

    def of(group: str) -> Examples:
        def draw(some: int) -> Examples:
            return soften(studio.rejects(rng.choices(GROUPS[group], k=some), rng), rng)

        return _gather(draw, count)

    return {group: of(group) for group in GROUPS}


def _gather(draw: Callable[[int], Examples], count: int) -> Examples:
    parts = [draw(min(_AT_ONCE, count - start)) for start in range(0, count, _AT_ONCE)]
    return _join(parts)


def _join(parts: Sequence[Examples]) -> Examples:
    return Examples(
        torch.cat([part.pictures for part in parts]),
        torch.cat([part.objects for part in parts]),
        torch.cat([part.backdrops for part in parts]),
    )


def _blurred(examples: Examples, sigma: float, count: int) -> Examples:
    """Return the first `count` blurred by `sigma`, in pixels of a picture."""
    pictures = examples.pictures[:count]
    blurred = blur(pictures, torch.full((len(pictures),), sigma * SCALE))
    return Examples(blurred, examples.objects[:count], examples.backdrops[:count])


def _share(truths: Tensor) -> dict[str, Any]:
    right, count = int(truths.sum()), len(truths)
    low, high = wilson(right, count)
    return {"share": right / max(count, 1), "right": right, "count": count, "interval": [round(low, 5), round(high, 5)]}


def _choose_threshold(judge: Judge, rejects: Mapping[str, Examples]) -> float:
    """Return the least threshold at which no group of rejects is accepted too often."""
    needed = 0.0
    for examples in rejects.values():
        confidences = judge.look(examples.pictures)[0][:, :-1].amax(1)
        needed = max(needed, float(confidences.quantile(1 - _MOST_ACCEPTED)))
    return round(min(needed + 5e-4, 0.995), 3)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, train and measure, return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m generation.starter.judge", description=judge_words)
    parser.add_argument("--data", type=Path, required=True, help="folder with the two npm archives")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE, help="the judge's file")
    parser.add_argument("--evaluate", action="store_true", help="measure the judge of --out instead of training one")
    parser.add_argument("--steps", type=int, help=f"default {Plan().steps}")
    parser.add_argument("--minutes", type=float, help="make fewer steps, so that training takes no longer")
    parser.add_argument("--rate", type=float, help=f"default {Plan().rate}; less with --resume")
    parser.add_argument("--resume", action="store_true", help="go on from the judge of --out")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help="a tiny run of everything")
    options = parser.parse_args(arguments)
    plan = SMOKE if options.smoke else Plan()
    torch.set_num_threads(options.threads)
    try:
        if not options.evaluate:
            train(options.data, options.out, plan.of(options.steps, options.minutes, options.rate), options.resume)
        known = subjects()[: plan.subjects]
        judge = load_judge(options.out, [subject.name for subject in known])
        figures = judge.figures
        if options.evaluate:
            figures = evaluate(judge, Studio.load(options.data, known, plan.versions, plan.unknown)["evaluation"], plan)
        print(json.dumps(figures, indent=1))
    except (MissingData, BrokenJudge) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _learn(network: nn.Module, studio: Studio, rng: Random, plan: Plan) -> None:
    """Train a network with a cosine schedule over steps or minutes, whichever end first."""
    to_channels_last(network.train(), torch.device("cpu"))
    optimizer = torch.optim.AdamW(network.parameters(), plan.rate, weight_decay=plan.decay)
    rejected = max(1, round(plan.batch * plan.rejected))
    started, shown, total, step, progress = time.perf_counter(), 0.0, 0.0, 0, 0.0
    while progress < 1:
        passed = time.perf_counter() - started
        progress = max((step + 1) / plan.steps, passed / 60 / plan.minutes)
        rate = plan.rate * min(1, (step + 1) / 50) * (0.01 + 0.5 * (1 + math.cos(math.pi * min(progress, 1))))
        for group in optimizer.param_groups:
            group["lr"] = rate
        parts = (studio.positives(plan.batch - rejected, rng), studio.rejects(random_kinds(rejected, rng), rng))
        examples = _join([soften(part, rng) for part in parts])
        objects, backdrops = network(examples.pictures.contiguous(memory_format=torch.channels_last))
        loss = functional.cross_entropy(objects, examples.objects)
        loss = loss + 0.3 * functional.cross_entropy(backdrops, examples.backdrops)
        optimizer.zero_grad()
        backward(loss)
        advance(optimizer)
        step, total = step + 1, total + loss.item()
        if step % 25 == 0:
            print(f"step {step} of {plan.steps}, loss {(total - shown) / 25:.4f}, {passed:.0f} s", flush=True)
            shown = total


def _save(path: Path, network: nn.Module, judge: Judge) -> None:
    facts = {
        "names": judge.names,
        "backdrops": judge.backdrops,
        "threshold": judge.threshold,
        "figures": judge.figures,
    }
    tensors = {
        name: (tensor.half() if tensor.is_floating_point() and tensor.dim() > 1 else tensor).contiguous().cpu()
        for name, tensor in network.state_dict().items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".partial")
    _safetensors.save_file(tensors, unfinished, metadata={"judge": json.dumps(facts)})
    unfinished.replace(path)
