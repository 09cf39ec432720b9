"""The judge: says which known object and backdrop a picture shows, or that it shows no known object.

It learned from composites of the real sprites, never from a generator's pictures.
`python -m generation.starter.judge --data DIR --out FILE` trains and measures one,
`python -m generation.starter.judge --data DIR --evaluate` measures the one that ships.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import safetensors
import torch
from torch import Tensor, nn
from torch.nn import functional

from .vocabulary import BACKDROPS, subjects

WEIGHTS_FILE: Final = Path(__file__).with_name("judge.safetensors")
INPUT: Final = 96  # pixels, both sides of what the judge looks at

_WIDTHS: Final = (64, 96, 192)
_DOUBTS: Final = 256
_STEP: Final = 2  # pixels of the input from one view to the next
_VIEWS: Final = tuple((x, y) for x in (0, _STEP, 2 * _STEP) for y in (0, _STEP, 2 * _STEP))
_AT_ONCE: Final = 64  # pictures

_safetensors: Final[Any] = safetensors


class BrokenJudge(Exception):
    """The judge's file is missing, damaged or for another vocabulary; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one picture shows.

    Attributes:
        object: name of the known object; None when the picture is rejected.
        likeliest: name of the likeliest known object, also of a rejected picture.
        confidence: its probability.
        backdrop: name of the likeliest backdrop.
    """

    object: str | None
    likeliest: str
    confidence: float
    backdrop: str


class Network(nn.Module):
    """A small convolutional network with two heads: the objects and "none of them", and the backdrops."""

    def __init__(self, objects: int, backdrops: int) -> None:
        super().__init__()
        first, second, last = _WIDTHS
        self.features = nn.Sequential(
            _convolution(3, first, size=6, stride=4),
            _convolution(first, second, size=3, stride=2),
            _Residual(second),
            _convolution(second, last, size=3, stride=2),
            _Residual(last),
        )
        self.objects = nn.Linear(2 * last, objects + 1)
        self.doubts = nn.Sequential(nn.Linear(2 * last, _DOUBTS), nn.ReLU(), nn.Linear(_DOUBTS, objects + 1))
        self.backdrops = nn.Linear(2 * last, backdrops)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits (n, objects + 1) and (n, backdrops) of (n, 3, INPUT, INPUT) in [0, 1]."""
        found = self.features((pictures - 0.5) * 4)
        pooled = torch.cat([found.mean((2, 3)), found.amax((2, 3))], 1)
        # Signs of two objects in one add up in the first; what they mean together is left to the second.
        return self.objects(pooled) + self.doubts(pooled), self.backdrops(pooled)


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.change = _convolution(width, width, size=3, stride=1)

    def forward(self, found: Tensor) -> Tensor:
        return found + self.change(found)


def _convolution(inner: int, outer: int, size: int, stride: int) -> nn.Module:
    convolution = nn.Conv2d(inner, outer, size, stride, 1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outer), nn.ReLU(inplace=True))


def shrink(pictures: Tensor) -> Tensor:
    """Return (n, c, h, w) as (n, c, INPUT, INPUT) by the mean over areas."""
    return functional.interpolate(pictures, size=(INPUT, INPUT), mode="area")


class Judge:
    """Judges pictures.

    Attributes:
        names: of the objects that it knows.
        backdrops: names of the backdrops that it knows.
        network: returns the logits of objects and of backdrops.
        threshold: probability from which an object is accepted.
        figures: its own evaluation.
    """

    def __init__(
        self,
        network: nn.Module,
        names: tuple[str, ...],
        backdrops: tuple[str, ...],
        threshold: float,
        figures: dict[str, Any],
    ) -> None:
        self.names, self.backdrops, self.threshold, self.figures = names, backdrops, threshold, figures
        self.network = network.eval()

    def __call__(self, pictures: Tensor) -> list[Judgement]:
        """Judge pictures (n, 3, 256, 256) in [0, 1]."""
        objects, backdrops = self.look(shrink(pictures.float()))
        confidences, best = objects[:, :-1].max(1)
        likeliest = [self.names[int(i)] for i in best]
        return [
            Judgement(name if confidence >= self.threshold else None, name, float(confidence), self.backdrops[int(i)])
            for name, confidence, i in zip(likeliest, confidences, backdrops.argmax(1), strict=True)
        ]

    @torch.inference_mode()
    def look(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return the probabilities (n, objects + 1), the last for none, and (n, backdrops) of (n, 3, INPUT, INPUT).

        Its convolutions skip pixels, so the network takes a picture that has moved a little for a slightly different
        one. The mean over nine views of a picture, each moved by two pixels, does so less.
        """
        groups = [self._seen(pictures[i : i + _AT_ONCE]) for i in range(0, len(pictures), _AT_ONCE)]
        return torch.cat([objects for objects, _ in groups]), torch.cat([backdrops for _, backdrops in groups])

    def _seen(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        wide = functional.pad(pictures, (_STEP,) * 4, mode="replicate")
        views = [self.network(wide[:, :, y : y + INPUT, x : x + INPUT].contiguous()) for x, y in _VIEWS]
        objects, backdrops = (torch.stack(logits).softmax(-1).mean(0) for logits in zip(*views, strict=True))
        return objects, backdrops


def load_judge(path: Path = WEIGHTS_FILE, names: Sequence[str] | None = None) -> Judge:
    """Read a judge of `names`, by default of the whole vocabulary.

    Raises:
        BrokenJudge: the file is missing, damaged, or for other objects or backdrops.
    """
    remedy = "make it with: python -m generation.starter.judge --data DIR --out " + str(path)
    if not path.is_file():
        raise BrokenJudge(f"{path} is missing; restore it, or {remedy}")
    try:
        with _safetensors.safe_open(path, "pt") as file:
            facts = json.loads(file.metadata()["judge"])
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - no mapping
        known, backdrops = tuple(facts["names"]), tuple(facts["backdrops"])
        network = Network(len(known), len(backdrops))
        network.load_state_dict(tensors)
        judge = Judge(network, known, backdrops, float(facts["threshold"]), dict(facts["figures"]))
    except (OSError, RuntimeError, KeyError, TypeError, ValueError, _safetensors.SafetensorError) as error:
        raise BrokenJudge(f"{path} is damaged ({error}); restore it, or {remedy}") from error
    expected = tuple(names) if names is not None else tuple(subject.name for subject in subjects())
    if known != expected or backdrops != tuple(backdrop.name for backdrop in BACKDROPS):
        odd = sorted(set(known) ^ set(expected) | set(backdrops) ^ {b.name for b in BACKDROPS}) or ["their order"]
        raise BrokenJudge(f"{path} is for another vocabulary ({', '.join(odd[:5])} differs); {remedy}")
    return judge


if __name__ == "__main__":
    from .judge_training import main

    raise SystemExit(main())
