"""Diffusion time: noise levels, the DDIM step backward and the DDPM jump forward, one function per equation."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

PredictionType = Literal["epsilon", "v_prediction", "sample"]
Timesteps = tuple[int | None, ...]
"""A part of a path; None at its end is the clean latent."""


@dataclass(frozen=True)
class NoiseSchedule:
    """The forward process of a variance-preserving checkpoint.

    Attributes:
        alphas: (T,) float32, alpha_t of DDPM (Ho et al. 2020, section 2).
        alphas_cumprod: (T,) float32, their running product.
        final_alpha_cumprod: the value that stands for "no step left".
        prediction_type: what the UNet predicts.
    """

    alphas: Tensor
    alphas_cumprod: Tensor
    final_alpha_cumprod: float
    prediction_type: PredictionType

    def alpha_bar(self, timestep: int | None) -> float:
        """alpha-bar at a training timestep; None is the end of the path."""
        return self.final_alpha_cumprod if timestep is None else float(self.alphas_cumprod[timestep])


@dataclass(frozen=True, slots=True)
class Path:
    """The timesteps of one render. Each part is walked as pairs (t, next t).

    Attributes:
        to_t1: anchor frame, from the first timestep to t1; a single point when t1 is the first.
        to_t0: anchor frame, from t1 to t0.
        to_clean: all frames, from t1 to the end (None).
        again: all frames at twice the size, from a low noise level to the end; empty without a second pass.
    """

    to_t1: tuple[int, ...]
    to_t0: tuple[int, ...]
    to_clean: Timesteps
    again: Timesteps = ()

    @property
    def steps(self) -> int:
        """Number of denoising steps in all parts."""
        parts: tuple[Timesteps, ...] = (self.to_t1, self.to_t0, self.to_clean, self.again)
        return sum(max(0, len(part) - 1) for part in parts)


def noise_schedule(scheduler: Any) -> NoiseSchedule:
    """Read the forward process from a diffusers scheduler.

    Raises:
        ValueError: the scheduler is not variance-preserving or predicts something unknown.
    """
    alphas = getattr(scheduler, "alphas", None)
    alphas_cumprod = getattr(scheduler, "alphas_cumprod", None)
    if not isinstance(alphas, Tensor) or not isinstance(alphas_cumprod, Tensor):
        raise ValueError(f"{type(scheduler).__name__} has no alphas; a DDPM-style noise schedule is needed")
    prediction_type = str(scheduler.config.get("prediction_type", "epsilon"))
    if prediction_type not in ("epsilon", "v_prediction", "sample"):
        raise ValueError(f"prediction_type {prediction_type!r} is unknown")
    final = 1.0 if scheduler.config.get("set_alpha_to_one", False) else float(alphas_cumprod[0])
    return NoiseSchedule(alphas.float().cpu(), alphas_cumprod.float().cpu(), final, prediction_type)


def timestep_grid(scheduler: Any, steps: int, **options: int) -> tuple[int, ...]:
    """The descending timesteps of a sampler with so many steps, spaced as its config says.

    `options` go to the scheduler's `set_timesteps`.
    """
    scheduler = copy.copy(scheduler)  # set_timesteps writes into it; the caller's stays as it is
    count = int(scheduler.config.num_train_timesteps)
    scheduler.set_timesteps(steps, **options)
    grid = {min(max(int(t), 0), count - 1) for t in scheduler.timesteps}
    return tuple(sorted(grid, reverse=True))


def plan_path(grid: Sequence[int], t0: int, t1: int) -> Path:
    """Lead a descending grid through the noise levels t1 and t0, whatever the number of steps.

    The grid's point nearest to t1 moves onto t1, so the number of steps stays; points between t1 and t0
    serve the anchor's detour from t1 to t0.
    """
    nearest = min(range(len(grid)), key=lambda i: abs(grid[i] - t1))
    before = [t for t in grid[:nearest] if t > t1]
    after = [t for t in grid[nearest + 1 :] if t < t1]
    between = [t for t in after if t > t0]
    return Path((*before, t1), (t1, *between, t0), (t1, *after, None))


def second_pass(grid: Sequence[int], level: int) -> Timesteps:
    """From a noise level down the grid to the end."""
    return (level, *(t for t in grid if t < level), None)


def predict_clean(x: Tensor, prediction: Tensor, alpha_bar: float, kind: PredictionType) -> Tensor:
    """x_0 as the UNet sees it at alpha-bar (Salimans & Ho 2022, appendix D, for v)."""
    signal, noise = alpha_bar**0.5, (1 - alpha_bar) ** 0.5
    if kind == "epsilon":
        return (x - noise * prediction) / signal
    if kind == "v_prediction":
        return signal * x - noise * prediction
    return prediction


def ddim_backward(
    x: Tensor, prediction: Tensor, alpha_bar: float, alpha_bar_next: float, kind: PredictionType
) -> Tensor:
    """One deterministic DDIM step to a lower noise level (Song et al. 2021, eq. 12 with sigma = 0)."""
    clean = predict_clean(x, prediction, alpha_bar, kind)
    if kind == "epsilon":
        noise = prediction
    else:
        noise = (x - alpha_bar**0.5 * clean) / (1 - alpha_bar) ** 0.5
    return alpha_bar_next**0.5 * clean + (1 - alpha_bar_next) ** 0.5 * noise


def ddpm_forward(x: Tensor, noise: Tensor, alpha: float) -> Tensor:
    """Noise x to a higher level (Ho et al. 2020, eq. 4 between two levels): alpha is alpha-bar_t1 / alpha-bar_t0."""
    return alpha**0.5 * x + (1 - alpha) ** 0.5 * noise


def forward_alpha(schedule: NoiseSchedule, t0: int, t1: int, *, as_authors: bool) -> float:
    """The signal variance that survives from t0 to t1.

    `as_authors` multiplies the slice alphas[t0:t1] as the authors' code does, one index lower than the
    exact quotient.
    """
    if as_authors:
        return float(torch.prod(schedule.alphas[t0:t1]))
    return schedule.alpha_bar(t1) / schedule.alpha_bar(t0)
