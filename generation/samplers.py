"""Samplers: the DDIM step of the paper, or a scheduler of diffusers, each walked along one part of a path.

Latents are variance-preserving on both sides of every step, x_t = sqrt(alpha-bar) x_0 + sqrt(1 - alpha-bar) eps, so
that warp and forward noise (eq. 6 and 7) mean the same with each sampler. Those that compute in sigma scale
(x / sqrt(alpha-bar), Karras et al. 2022, table 1) are converted within the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Protocol

import torch
from torch import Tensor

from .noise import generator
from .request import Sampler
from .schedule import NoiseSchedule, Timesteps, ddim_backward, timestep_grid

LCM_TRAINED_STEPS = 50
"""Timesteps that a latent consistency model was distilled on (Luo et al. 2023, arXiv 2310.04378); it starts from few
of them."""

_LEAST_ALPHA_BAR = 2.0**-24  # a schedule of zero terminal SNR has 0, and sigma must stay finite

_STEP_NOISE = 1 << 18  # key of draws, above those of frames and of moved noise


class Solver(Protocol):
    """Walks all frames down one part of a path; it remembers what multistep methods need, of each frame its own."""

    def step(self, x: Tensor, prediction: Tensor) -> Tensor:
        """The next (f, c, h, w) latents, from those at hand and the UNet's prediction for them."""
        ...


def sampler_grid(sampler: Sampler, schedule: NoiseSchedule, scheduler: Any, steps: int) -> tuple[int, ...]:
    """The descending timesteps of a sampler with so many steps.

    They are spaced as the checkpoint's config says, else as the sampler's own scheduler proposes. A latent
    consistency model has its own: few of those that it was distilled on.
    """
    if sampler == "ddim":
        return timestep_grid(scheduler, steps)
    unsaid = scheduler.config.get("_use_default_values", ())
    spacing = {
        name: scheduler.config[name]
        for name in ("timestep_spacing", "steps_offset")
        if name in scheduler.config and name not in unsaid
    }
    library = _library_scheduler(sampler, schedule, **spacing)
    if sampler != "lcm":
        return timestep_grid(library, steps)
    trained = min(len(schedule.alphas), max(steps, LCM_TRAINED_STEPS))
    return timestep_grid(library, steps, original_inference_steps=trained)


def start(sampler: Sampler, schedule: NoiseSchedule, timesteps: Timesteps, *, seed: int) -> Solver:
    """A solver for one part of a path, without any history.

    Args:
        timesteps: the first is the noise level of the latents to come; None at the end is no noise. They descend, or
            ascend, which inverts the DDIM step whatever the sampler.
        seed: of the noise that ancestral and consistency sampling add at each step. All frames of a step get the
            same, else they would flicker.
    """
    if sampler == "ddim" or _ascends(timesteps):
        return _Ddim(schedule, timesteps)
    return _Library(sampler, schedule, timesteps, seed)


def _ascends(timesteps: Timesteps) -> bool:
    start, following = timesteps[0], timesteps[1] if len(timesteps) > 1 else None
    return start is not None and following is not None and following > start


class _Ddim:
    def __init__(self, schedule: NoiseSchedule, timesteps: Timesteps) -> None:
        self._schedule = schedule
        self._ways: Iterator[tuple[int | None, int | None]] = pairwise(timesteps)

    def step(self, x: Tensor, prediction: Tensor) -> Tensor:
        t, t_next = next(self._ways)
        alpha_bar = self._schedule.alpha_bar
        return ddim_backward(x, prediction, alpha_bar(t), alpha_bar(t_next), self._schedule.prediction_type)


class _Library:
    """A scheduler of diffusers whose timesteps and sigmas are those of the path."""

    def __init__(self, sampler: Sampler, schedule: NoiseSchedule, timesteps: Timesteps, seed: int) -> None:
        self._schedule = schedule
        self._seed = seed
        self._stochastic = sampler in ("euler-a", "lcm")
        self._sigma_scaled = sampler in ("euler", "euler-a")
        self._points = [t for t in timesteps if t is not None]
        self._done = 0
        levels = [max(schedule.alpha_bar(t), _LEAST_ALPHA_BAR) for t in self._points]
        self._sigmas = [((1 - level) / level) ** 0.5 for level in levels] + [0.0]
        self._scheduler = _library_scheduler(sampler, schedule)
        self._scheduler.num_inference_steps = len(self._points)
        # Euler's schedulers take an integer for an index.
        self._scheduler.timesteps = torch.tensor(
            self._points, dtype=torch.float32 if self._sigma_scaled else torch.long
        )
        self._scheduler.sigmas = torch.tensor(self._sigmas)
        self._scheduler.is_scale_input_called = True
        self._scheduler.set_begin_index(0)

    def step(self, x: Tensor, prediction: Tensor) -> Tensor:
        scale, scale_next = 1.0, 1.0
        if self._sigma_scaled:
            scale, scale_next = ((sigma**2 + 1) ** 0.5 for sigma in self._sigmas[self._done : self._done + 2])
        options: dict[str, Any] = {"return_dict": False}
        t = self._points[self._done]
        if self._stochastic:
            options["generator"] = [generator(self._seed, _STEP_NOISE, t) for _ in x]
        output = self._velocity(x.float(), prediction.float(), t)
        moment = self._scheduler.timesteps[self._done]
        x_next: Tensor = self._scheduler.step(output, moment, x.float() * scale, **options)[0]
        self._done += 1
        return (x_next / scale_next).to(x.dtype)

    def _velocity(self, x: Tensor, prediction: Tensor, t: int) -> Tensor:
        """The prediction as it is, unless it is of x_0, which not every scheduler takes: then as v."""
        if self._schedule.prediction_type != "sample":
            return prediction
        alpha_bar = self._schedule.alpha_bar(t)
        return (alpha_bar**0.5 * x - prediction) / (1 - alpha_bar) ** 0.5


def _library_scheduler(sampler: Sampler, schedule: NoiseSchedule, **spacing: Any) -> Any:
    # Imported when asked for: the paper's own sampler needs none of them.
    options: dict[str, Any] = {
        "num_train_timesteps": len(schedule.alphas),
        "trained_betas": (1 - schedule.alphas).numpy(),
        "prediction_type": "epsilon" if schedule.prediction_type == "epsilon" else "v_prediction",
        **spacing,
    }
    match sampler:
        case "dpmpp-2m":
            from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler as Library

            options |= {"solver_order": 2, "algorithm_type": "dpmsolver++"}
        case "unipc":
            from diffusers.schedulers.scheduling_unipc_multistep import UniPCMultistepScheduler as Library

            options |= {"solver_order": 2}
        case "euler":
            from diffusers.schedulers.scheduling_euler_discrete import EulerDiscreteScheduler as Library
        case "euler-a":
            from diffusers.schedulers.scheduling_euler_ancestral_discrete import (
                EulerAncestralDiscreteScheduler as Library,
            )
        case "lcm":
            from diffusers.schedulers.scheduling_lcm import LCMScheduler as Library
        case "ddim":
            raise ValueError("the paper's sampler is ddim_backward")
    library: Any = Library
    return library(**options)
