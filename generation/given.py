"""A given picture as the anchor frame: its latents at every noise level that the path goes through."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from torch import Tensor

from .request import ResolvedRequest
from .schedule import NoiseSchedule, Path, ddpm_forward
from .walk import GivenAnchor


def noised(clean: Tensor, noise: Tensor, schedule: NoiseSchedule) -> GivenAnchor:
    """The anchor under one and the same noise at every level: a sample of the forward process (Ho et al. 2020, eq. 4).

    Denoised by the UNet it would become another picture; so it is given at each level, and ends as it began.
    """
    return lambda t: clean if t is None else ddpm_forward(clean, noise, schedule.alpha_bar(t))


def inverted(
    clean: Tensor, noise: Tensor, schedule: NoiseSchedule, path: Path, walk: Callable[..., Tensor]
) -> GivenAnchor:
    """The anchor as DDIM would have drawn it: the deterministic step taken upwards (Song et al. 2021, section 4.3).

    Args:
        clean: (1, c, h, w).
        noise: laid over it at the lowest level, where the UNet begins.
        walk: (latent, timesteps, phase) -> latent, without guidance; it changes the latent that it is given.
    """
    upwards = _upwards(path)
    level = ddpm_forward(clean, noise, schedule.alpha_bar(upwards[0]))
    levels: dict[int | None, Tensor] = {None: clean, upwards[0]: level}
    for way in pairwise(upwards):
        level = walk(level.clone(), way, "anchor")
        levels[way[1]] = level
    return levels.__getitem__


def given_steps(path: Path, r: ResolvedRequest) -> int:
    """The denoising steps of a render whose anchor is given."""
    ways = sum(len(way) - 1 for way in (path.to_clean, path.again) if way)
    return ways if r.picture_noise == "drawn" else ways + len(_upwards(path)) - 1


def _upwards(path: Path) -> tuple[int, ...]:
    """All noise levels at which the anchor is wanted, ascending: those of the way down from t1, and t0."""
    return tuple(sorted({t for t in (*path.to_clean, path.to_t0[-1]) if t is not None}))
