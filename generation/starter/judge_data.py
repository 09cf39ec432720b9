"""What the judge learns from and is measured on: real composites, and pictures of nothing that it knows."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, cast, get_args

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .backdrops import SIZE, backdrop
from .compositor import Compositor, Shift
from .judge import INPUT, shrink
from .libraries import seeded, stack_bytes
from .sprites import WORD_PACKAGE, _members  # pyright: ignore[reportPrivateUsage]
from .vocabulary import BACKDROPS, LAYOUTS, Layout, Noun, Scene, Subject, subjects, vanishes

SCALE: Final = INPUT / SIZE  # pixels of the judge in a pixel of a picture

Kind = Literal[
    "blurred object",
    "blurred picture",
    "blend",
    "halves",
    "quarters",
    "shuffled",
    "warped",
    "unknown",
    "empty",
]
"""Ways in which a picture shows no known object."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_WEIGHTS: Final = (4, 3, 4, 7, 4, 3, 7, 9, 1)  # of the kinds in training
_SHIFT: Final = 48  # pixels of a picture, to each side
_HEAVY: Final = (8.0, 20.0)  # sigma of a heavy blur in pixels of a picture

Split = Literal["training", "validation", "evaluation"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)
_CUTS: Final = (0.55, 0.7)
"""Shares of the unknown sprites at which validation and evaluation begin; people and smileys only training sees."""

_MOST_FACES: Final = 60
_THINGS: Final = (3, 4, 5, 6, 7)  # emojibase's groups: animals and plants, food, travel, activities, objects
_FACES: Final = (0, 1)  # smileys, people
_FAMILIAR_FACES: Final = (11, 12, 13, 14)  # subgroups: costumes (ghost, robot), cats, monkeys, hearts
_CLOCKS: Final = 58
_ALIKE: Final = (
    *("gorilla", "orangutan", "poodle", "leopard", "donkey", "ox", "water buffalo", "boar", "ram", "goat"),
    *("rooster", "goose", "T-Rex", "dove", "blowfish", "bouquet", "lotus", "hibiscus", "hyacinth", "seedling"),
    *("potted plant", "herb", "bagel", "pie", "shortcake", "mount fuji", "hut", "metro", "station", "tram"),
    *("monorail", "mountain railway", "trolleybus", "minibus", "sport utility vehicle", "canoe", "speedboat"),
    *("sparkles", "volleyball", "violin", "banjo", "kimono", "notebook", "notebook with decorative cover"),
    *("ledger", "motor boat", "ferry", "mountain", "snow-capped mountain", "rosette", "motorcycle"),
    *("racing car", "cloud with lightning", "mantelpiece clock", "timer clock", "stopwatch", "phoenix"),
    *("ring", "carp streamer", "derelict house", "houses", "camping", "bellhop bell", "beach with umbrella"),
    *("desert island"),
)
"""Labels of emoji that look like a known object and share no word with it."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Pictures (n, 3, INPUT, INPUT) in [0, 1] with the index (n,) of their object, or the number of objects for none,
    and of their backdrop (n,)."""

    pictures: Tensor
    objects: Tensor
    backdrops: Tensor


def unknown_subjects(data: Path, split: Split) -> list[Subject]:
    """Return the emoji that are no subject and look like none, in the place of subjects; no two splits share one."""
    name = "package/en/data.json"
    entries = cast(list[dict[str, Any]], json.loads(_members(data, WORD_PACKAGE, {name})[name]))
    words = {word for s in subjects() for n in s.nouns for text in (n.singular, n.plural) for word in text.split()}
    taken = {subject.hexcode for subject in subjects()}
    things: list[str] = []
    faces: list[str] = []
    for entry in entries:
        label, code = str(entry["label"]), str(entry.get("hexcode", "")).lower()
        if not code or "-200d" in code or label in _ALIKE or entry["version"] > 15 or entry.get("subgroup") == _CLOCKS:
            continue
        code += "-fe0f" if entry["type"] == 0 else ""
        if code in taken:
            continue
        if entry.get("group") in _FACES and entry["subgroup"] not in _FAMILIAR_FACES:
            faces.append(code)
        elif entry.get("group") in _THINGS and not words & set(label.lower().replace("-", " ").split()):
            things.append(code)
    for codes in (things, faces):
        codes.sort(key=lambda code: hashlib.sha256(code.encode()).digest())
    first, second = (round(share * len(things)) for share in _CUTS)
    parts = {
        "training": things[:first] + faces[:_MOST_FACES],
        "validation": things[first:second],
        "evaluation": things[second:],
    }
    return [Subject(code, (Noun(code, code),), None, (), "white") for code in parts[split]]


@dataclass(frozen=True)
class Studio:
    """Composes examples; those of two studios share no unknown sprite and no version of a backdrop.

    `on_black` and `on_white` compose the same objects without a scene around them.
    """

    known: tuple[Subject, ...]
    unknown: tuple[Subject, ...]
    compositor: Compositor
    on_black: Compositor
    on_white: Compositor

    @classmethod
    def load(cls, data: Path, known: Sequence[Subject], versions: int, most_unknown: int) -> "dict[Split, Studio]":
        """Read the sprites from the archives and draw `versions` of each backdrop for every split."""
        unknown = {split: unknown_subjects(data, split)[:most_unknown] for split in SPLITS}
        everything = Compositor.load(data, [*known, *(one for part in unknown.values() for one in part)], 1, seed=0)
        black = torch.zeros(len(BACKDROPS), 1, 3, SIZE, SIZE, dtype=torch.uint8)
        on_black, on_white = (replace(everything, backdrops=tone) for tone in (black, black + 255))
        studios: dict[Split, Studio] = {}
        for split in SPLITS:
            rng = np.random.default_rng([SPLITS.index(split), 2024])
            scenes = [stack_bytes([backdrop(b.name, rng) for _ in range(versions)]) for b in BACKDROPS]
            compositor = replace(everything, backdrops=torch.stack(scenes))
            studios[split] = cls(tuple(known), tuple(unknown[split]), compositor, on_black, on_white)
        return studios

    def positives(self, count: int, rng: Random) -> Examples:
        """Return composites in every colour, layout and place."""
        scenes = [self._scene(rng, rng.choice(self.known)) for _ in range(count)]
        pictures = shrink(self.compositor.compose(scenes, [_shift(rng) for _ in scenes], rng))
        places = {subject.name: i for i, subject in enumerate(self.known)}
        objects = [places[scene.subject.name] for scene in scenes if scene.subject is not None]
        return self._examples(pictures, objects, scenes)

    def rejects(self, kinds: Sequence[Kind], rng: Random) -> Examples:
        """Return one picture of each of `kinds`."""
        scenes = [self._scene(rng, self._first(kind, rng), kind) for kind in kinds]
        shifts = [_shift(rng) for _ in kinds]
        spoiled = [i for i, kind in enumerate(kinds) if kind in _SPOILERS]
        mixed = [i for i in spoiled if kinds[i] in _MIXTURES]
        layers = self._layers({i: scenes[i] for i in spoiled}, shifts, rng)
        others = self._layers({i: self._other(scenes[i], rng) for i in mixed}, shifts, rng)
        shown = [Scene(None, scene.backdrop) if i in layers else scene for i, scene in enumerate(scenes)]
        pictures = shrink(self.compositor.compose(shown, shifts, rng))
        for i, kind in enumerate(kinds):
            if i in layers:
                layer = _SPOILERS[kind](layers[i], others.get(i, layers[i]), rng)
                pictures[i] = layer[:3] + pictures[i] * (1 - layer[3:])
            elif kind == "blurred picture":
                pictures[i] = _heavy(pictures[i], rng)
        return self._examples(pictures, [len(self.known)] * len(kinds), scenes)

    def _first(self, kind: Kind, rng: Random) -> Subject | None:
        if kind == "empty":
            return None
        if kind == "unknown":
            return rng.choice(self.unknown)
        return rng.choice(self.known)

    def _other(self, scene: Scene, rng: Random) -> Scene:
        """Return the same scene with another object."""
        return replace(scene, subject=rng.choice([s for s in self.known if s != scene.subject]), paint=None)

    def _scene(self, rng: Random, subject: Subject | None, kind: Kind | None = None) -> Scene:
        layouts: tuple[Layout, ...] = ("centre", "centre", "centre", *LAYOUTS)
        # Two objects side by side, cut in the middle of the picture, are two whole objects.
        fitting: list[Layout] = [layout for layout in layouts if layout != "two" or kind not in _CUT]
        colour = rng.choice(subject.paints) if subject and subject.paints and rng.random() < 0.4 else None
        return Scene(
            subject,
            rng.choice([b for b in BACKDROPS if subject is None or not vanishes(subject, colour, b)]),
            colour,
            rng.choice(fitting),
        )

    def _layers(self, scenes: Mapping[int, Scene], shifts: Sequence[Shift], rng: Random) -> dict[int, Tensor]:
        """Return objects without a backdrop, each (4, INPUT, INPUT) with colours premultiplied by alpha."""
        if not scenes:
            return {}
        black, white = (
            shrink(found.compose(list(scenes.values()), [shifts[i] for i in scenes], rng))
            for found in (self.on_black, self.on_white)
        )
        return dict(zip(scenes, torch.cat([black, (1 - white + black).mean(1, keepdim=True)], 1), strict=True))

    def _examples(self, pictures: Tensor, objects: Sequence[int], scenes: Sequence[Scene]) -> Examples:
        return Examples(
            pictures, torch.tensor(objects), torch.tensor([BACKDROPS.index(scene.backdrop) for scene in scenes])
        )


def blur(pictures: Tensor, sigmas: Tensor) -> Tensor:
    """Blur (n, c, s, s), each with its own sigma (n,) in pixels; edges count what is inside the picture."""
    places = torch.arange(pictures.shape[-1])
    distances = (places[:, None] - places[None, :]).square().float()
    kernel = torch.exp(-distances / (2 * sigmas.clamp(min=1e-2).square()[:, None, None]))
    kernel = (kernel / kernel.sum(-1, keepdim=True))[:, None]
    return kernel @ pictures @ kernel.transpose(-1, -2)


def warp(pictures: Tensor, sizes: Tensor, cells: int, rng: Random) -> Tensor:
    """Move the pixels of (n, c, s, s) by smooth random fields of `cells` waves and root mean square `sizes` (n,)."""
    count, side = pictures.shape[0], pictures.shape[-1]
    coarse = torch.randn(count, 2, cells, cells, generator=seeded(rng.getrandbits(32)))
    field = functional.interpolate(coarse, size=(side, side), mode="bicubic", align_corners=True)
    field = field / field.square().mean((1, 2, 3), keepdim=True).sqrt() * (sizes * 2 / side)[:, None, None, None]
    line = (torch.arange(side) * 2 + 1) / side - 1
    still = torch.stack([line.expand(side, side), line[:, None].expand(side, side)], -1)
    places = still + field.permute(0, 2, 3, 1)
    return functional.grid_sample(pictures, places, padding_mode="border", align_corners=False)


def _heavy(picture: Tensor, rng: Random) -> Tensor:
    return blur(picture[None], torch.tensor([rng.uniform(*_HEAVY) * SCALE]))[0]


def _blurred(layer: Tensor, other: Tensor, rng: Random) -> Tensor:
    return _heavy(layer, rng)


def _blend(layer: Tensor, other: Tensor, rng: Random) -> Tensor:
    return torch.lerp(layer, other, rng.uniform(0.35, 0.65))


def _halves(layer: Tensor, other: Tensor, rng: Random) -> Tensor:
    """Join the left half of one object to the right half of the other, or top to bottom."""
    top, bottom, left, right = _box(layer)
    rows, columns = torch.arange(INPUT)[:, None], torch.arange(INPUT)[None, :]
    first = columns < (left + right) // 2 if rng.random() < 0.5 else rows < (top + bottom) // 2
    return torch.where(first, layer, other)


def _quarters(layer: Tensor, other: Tensor, rng: Random) -> Tensor:
    """Take two opposite quarters from each object."""
    top, bottom, left, right = _box(layer)
    above = torch.arange(INPUT)[:, None] < (top + bottom) // 2
    before = torch.arange(INPUT)[None, :] < (left + right) // 2
    return torch.where(above == before, layer, other)


def _shuffled(layer: Tensor, other: Tensor, rng: Random) -> Tensor:
    """Move each patch of the object to the place of another."""
    top, bottom, left, right = _box(layer)
    side = rng.choice((2, 3, 3, 4))
    height, width = (bottom - top) // side, (right - left) // side
    corners = [(top + i * height, left + j * width) for i in range(side) for j in range(side)]
    order = rng.sample(range(len(corners)), len(corners))
    turn = rng.randrange(1, len(corners))
    result = layer.clone()
    for place, source in zip(order, order[turn:] + order[:turn], strict=True):
        (y, x), (v, u) = corners[place], corners[source]
        result[:, y : y + height, x : x + width] = layer[:, v : v + height, u : u + width]
    return result


def _warped(layer: Tensor, other: Tensor, rng: Random) -> Tensor:
    return warp(layer[None], torch.tensor([rng.uniform(5, 9)]), rng.randrange(6, 10), rng)[0]


_SPOILERS: Final[dict[Kind, Callable[[Tensor, Tensor, Random], Tensor]]] = {
    "blurred object": _blurred,
    "blend": _blend,
    "halves": _halves,
    "quarters": _quarters,
    "shuffled": _shuffled,
    "warped": _warped,
}
_MIXTURES: Final[tuple[Kind, ...]] = ("blend", "halves", "quarters")
GROUPS: Final[Mapping[str, tuple[Kind, ...]]] = {
    "blurred": ("blurred object", "blurred picture"),
    "mixed": _MIXTURES,
    "distorted": ("shuffled", "warped"),
    "unknown": ("unknown",),
    "empty": ("empty",),
}
"""Kinds that are measured together."""
_CUT: Final[tuple[Kind, ...]] = ("halves", "quarters", "shuffled")


def random_kinds(count: int, rng: Random) -> list[Kind]:
    """Draw what a training batch gets."""
    return rng.choices(KINDS, _WEIGHTS, k=count)


def _box(layer: Tensor) -> tuple[int, int, int, int]:
    """Return top, bottom, left and right of what (4, s, s) shows."""
    seen = layer[3] > 0.1
    if not seen.any():
        return 0, INPUT, 0, INPUT
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    return int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1


def _shift(rng: Random) -> Shift:
    return rng.randint(-_SHIFT, _SHIFT), rng.randint(-_SHIFT, _SHIFT)
