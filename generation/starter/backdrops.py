"""Procedural backdrops: the same picture for the same random generator."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.random import Generator

from .sprites import Pixels

SIZE: Final = 256  # pixels, both sides of a picture

_Colour = tuple[int, int, int]
_COLOURS: Final[dict[str, _Colour]] = {
    "blue": (66, 122, 232),
    "red": (222, 62, 62),
    "green": (92, 184, 96),
    "yellow": (248, 212, 84),
    "pink": (248, 166, 204),
    "purple": (150, 98, 212),
    "white": (244, 244, 248),
    "black": (30, 30, 36),
}
_ROWS: Final = np.linspace(0, 1, SIZE, dtype=np.float32)[:, None, None]
_COLUMNS: Final = np.linspace(0, 1, SIZE, dtype=np.float32)[None, :]


def backdrop(name: str, rng: Generator) -> Pixels:
    """Return an empty backdrop as (SIZE, SIZE, 3) in [0, 1]."""
    scene = _SCENES.get(name)
    picture = scene(rng) if scene else _plain(_COLOURS[name], rng)
    return np.clip(picture * (1 + rng.uniform(-0.03, 0.03)), 0, 1).astype(np.float32)


def _plain(colour: _Colour, rng: Generator) -> Pixels:
    tone = _rgb(colour) + rng.uniform(-0.02, 0.02, 3).astype(np.float32)
    return _gradient(tone * 1.06, tone * 0.92)


def _snow(rng: Generator) -> Pixels:
    picture = _gradient(_rgb((120, 178, 236)), _rgb((214, 232, 250)))
    _ground(picture, 0.56, 0.035, rng, (206, 222, 246), (224, 234, 250))
    _ground(picture, 0.66, 0.025, rng, (248, 251, 255), (212, 226, 248))
    return picture


def _field(rng: Generator) -> Pixels:
    picture = _gradient(_rgb((96, 176, 246)), _rgb((206, 234, 255)))
    _ground(picture, 0.56, 0.04, rng, (150, 206, 104), (128, 190, 84))
    _ground(picture, 0.68, 0.03, rng, (112, 186, 70), (64, 142, 52))
    return picture


def _beach(rng: Generator) -> Pixels:
    picture = _gradient(_rgb((104, 186, 250)), _rgb((216, 240, 255)))
    _ground(picture, 0.48, 0.0, rng, (38, 142, 206), (96, 204, 214))
    _ground(picture, 0.66, 0.015, rng, (250, 230, 182), (232, 200, 142))
    return picture


def _night(rng: Generator) -> Pixels:
    picture = _gradient(_rgb((14, 16, 52)), _rgb((66, 52, 128)))
    for _ in range(9):
        x, y, radius = rng.uniform(0, 1), rng.uniform(0, 0.9), rng.uniform(0.011, 0.017)
        distance = (_COLUMNS - x) ** 2 + (_ROWS[..., 0] - y) ** 2
        glow = np.exp(-distance / radius**2)[..., None].astype(np.float32)
        picture += glow * (_rgb((250, 240, 200)) - picture)
    return picture


def _sea(rng: Generator) -> Pixels:
    picture = _gradient(_rgb((150, 210, 250)), _rgb((226, 243, 255)), stop=0.3)
    _ground(picture, 0.3, 0.0, rng, (44, 176, 196), (16, 104, 150))
    phase = rng.uniform(0, 2 * np.pi)
    for row in (0.42, 0.6, 0.8):
        crest = row + 0.012 * np.sin(2 * np.pi * 3 * _COLUMNS + phase)
        foam = np.exp(-(((_ROWS[..., 0] - crest) / 0.012) ** 2))[..., None].astype(np.float32)
        picture += 0.35 * foam * (1 - picture)
        phase += 2.1
    return picture


def _desert(rng: Generator) -> Pixels:
    picture = _gradient(_rgb((116, 196, 236)), _rgb((252, 232, 196)))
    _ground(picture, 0.5, 0.05, rng, (238, 178, 104), (226, 152, 78))
    _ground(picture, 0.66, 0.045, rng, (230, 148, 70), (196, 108, 48))
    return picture


def _sunset(rng: Generator) -> Pixels:
    picture = _gradient(_rgb((92, 52, 128)), _rgb((255, 146, 84)), stop=0.62)
    glow = np.exp(-(((_ROWS[..., 0] - 0.6) / 0.16) ** 2))[..., None].astype(np.float32)
    picture += 0.6 * glow * (_rgb((255, 214, 120)) - picture)
    _ground(picture, 0.62, 0.0, rng, (150, 64, 96), (58, 30, 74))
    return picture


def _city(rng: Generator) -> Pixels:
    picture = _gradient(_rgb((150, 206, 244)), _rgb((224, 236, 246)))
    for tone, low, high in (((152, 170, 198), 0.2, 0.36), ((112, 126, 156), 0.38, 0.56)):
        edges = np.cumsum(rng.uniform(0.11, 0.19, 12)) - rng.uniform(0.1, 0.2)
        for left, right in pairwise(edges):
            columns = slice(max(0, round(left * SIZE)), max(0, round(right * SIZE)))
            picture[round(rng.uniform(low, high) * SIZE) :, columns] = _rgb(tone) * np.float32(rng.uniform(0.94, 1.06))
    _ground(picture, 0.7, 0.0, rng, (184, 188, 194), (184, 188, 194))
    _ground(picture, 0.75, 0.0, rng, (96, 100, 110), (72, 74, 84))
    _dashes(picture, rng)
    return picture


def _dashes(picture: Pixels, rng: Generator) -> None:
    """Paint the broken line in the middle of the road."""
    rows = slice(round(0.87 * SIZE), round(0.885 * SIZE))
    for column in range(int(rng.integers(-40, 0)), SIZE, 48):
        picture[rows, max(0, column) : max(0, column + 26)] = _rgb((238, 232, 214))


_SCENES: Final[dict[str, Callable[[Generator], Pixels]]] = {
    "snow": _snow,
    "field": _field,
    "beach": _beach,
    "night": _night,
    "sea": _sea,
    "desert": _desert,
    "sunset": _sunset,
    "city": _city,
}


def _rgb(colour: _Colour) -> Pixels:
    return (np.asarray(colour) / 255).astype(np.float32)


def _gradient(top: Pixels, bottom: Pixels, stop: float = 1.0) -> Pixels:
    share = np.minimum(_ROWS / stop, 1)
    mixed: Pixels = top * (1 - share) + bottom * share
    return np.repeat(mixed, SIZE, axis=1)


def _ground(picture: Pixels, horizon: float, swell: float, rng: Generator, top: _Colour, bottom: _Colour) -> None:
    """Paint everything below a gently swelling horizon; its phase is random, so a sideways warp stays plausible."""
    line = horizon + swell * np.sin(2 * np.pi * _COLUMNS + rng.uniform(0, 2 * np.pi))
    cover = np.clip((_ROWS[..., 0] - line) * SIZE + 0.5, 0, 1)[..., None].astype(np.float32)
    depth = np.clip((_ROWS - horizon) / (1 - horizon), 0, 1)
    colour = _rgb(top) * (1 - depth) + _rgb(bottom) * depth
    picture += cover * (colour - picture)
