"""Seeded noise, drawn on the CPU and keyed: the same on every device, for every chunk and every length."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from .errors import InvalidRequest

Shape = tuple[int, int, int, int]


def generator(seed: int, *key: int) -> torch.Generator:
    """A source of draws (CPU) that no other seed or key shares."""
    state = int(np.random.SeedSequence(seed, spawn_key=key).generate_state(1, np.uint64)[0])
    return torch.Generator().manual_seed(state >> 1)


def normal(shape: Shape, seed: int, *key: int) -> Tensor:
    """A standard normal draw, float32 on the CPU."""
    return torch.randn(shape, generator=generator(seed, *key))


def given_or_drawn(name: str, given: Tensor | None, shape: Shape, seed: int, keys: list[int]) -> Tensor:
    """One normal draw per key, stacked along frames, unless they are given.

    Raises:
        InvalidRequest: what is given has another shape.
    """
    expected = (len(keys), *shape[1:])
    if given is None:
        return torch.cat([normal(shape, seed, key) for key in keys]) if keys else torch.empty(expected)
    if tuple(given.shape) != expected:
        raise InvalidRequest(f"{name} must have the shape {expected}, not {tuple(given.shape)}")
    return given
