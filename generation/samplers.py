"""Samplers: the DDIM step of the paper, or a scheduler of diffusers, each walked along one part of a path.

Latents are variance-preserving on both sides of every step, x_t = sqrt(alpha-bar) x_0 + sqrt(1 - alpha-bar) eps, so
that warp and forward noise (eq. 6 and 7) mean the same with each sampler. Those that compute in sigma scale
(x / sqrt(alpha-bar), Karras et al. 2022, table 1) are converted within the step.
"""

from __future__ import annotations

import copy
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
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

_MARKS = ("_step_index", "lower_order_nums", "this_order", "timestep_list")
"""Where a multistep scheduler of diffusers stands, for all frames the same."""

_STEP_NOISE = 1 << 18  # key of draws, above those of frames and of moved noise


class Solver(Protocol):
    """Walks all frames down one part of a path; it remembers what multistep methods need, of each frame its own."""

    def step(self, x: Tensor, prediction: Tensor, first: int = 0) -> Tensor:
        """The next latents (n, c, h, w) of frames `first` and on, from those at hand and the UNet's prediction.

        A step may take the frames in chunks of any size; the chunk of frame 0 begins it.
        """
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
        self._way: tuple[int | None, int | None] = (None, None)

    def step(self, x: Tensor, prediction: Tensor, first: int = 0) -> Tensor:
        if first == 0:
            self._way = next(self._ways)
        t, t_next = self._way
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
        self._at = -1
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
        self._history = _History(self._scheduler, drops_oldest=sampler == "dpmpp-2m")

    def step(self, x: Tensor, prediction: Tensor, first: int = 0) -> Tensor:
        self._at += first == 0
        frames = range(first, first + len(x))
        with self._history.of(frames):
            return self._stepped(x, prediction)

    def _stepped(self, x: Tensor, prediction: Tensor) -> Tensor:
        scale, scale_next = 1.0, 1.0
        if self._sigma_scaled:
            scale, scale_next = ((sigma**2 + 1) ** 0.5 for sigma in self._sigmas[self._at : self._at + 2])
        options: dict[str, Any] = {"return_dict": False}
        t = self._points[self._at]
        if self._stochastic:
            options["generator"] = [generator(self._seed, _STEP_NOISE, t) for _ in x]
        output = self._velocity(x.float(), prediction.float(), t)
        moment = self._scheduler.timesteps[self._at]
        x_next: Tensor = self._scheduler.step(output, moment, x.float() * scale, **options)[0]
        return (x_next / scale_next).to(x.dtype)

    def _velocity(self, x: Tensor, prediction: Tensor, t: int) -> Tensor:
        """The prediction as it is, unless it is of x_0, which not every scheduler takes: then as v."""
        if self._schedule.prediction_type != "sample":
            return prediction
        alpha_bar = self._schedule.alpha_bar(t)
        return (alpha_bar**0.5 * x - prediction) / (1 - alpha_bar) ** 0.5


class _History:
    """What a scheduler of diffusers remembers from step to step, of each frame its own.

    Args:
        scheduler: it thinks that every step takes all frames at once.
        drops_oldest: whether its next step begins with dropping the oldest prediction, unread.
    """

    def __init__(self, scheduler: Any, *, drops_oldest: bool) -> None:
        self._scheduler = scheduler
        self._drops_oldest = drops_oldest
        self._marks: dict[str, Any] = {}
        self._of_frame: dict[int, list[Tensor | None]] = {}

    @contextmanager
    def of(self, frames: range) -> Generator[None]:
        """Within this block the scheduler takes a step with the history of these frames; those of frame 0 begin it."""
        scheduler = self._scheduler
        if frames[0] == 0:
            self._marks = {name: copy.copy(getattr(scheduler, name)) for name in _MARKS if hasattr(scheduler, name)}
        for name, value in self._marks.items():
            setattr(scheduler, name, copy.copy(value))
        outputs: int = len(getattr(scheduler, "model_outputs", ()))
        rows = [self._of_frame.get(frame, [None] * (outputs + 1)) for frame in frames]
        *before, last = [_stacked(of_frames) for of_frames in zip(*rows, strict=True)]
        self._set(before, last)
        yield
        kept = [*getattr(scheduler, "model_outputs", ()), getattr(scheduler, "last_sample", None)]
        if self._drops_oldest:
            kept[0] = None
        for i, frame in enumerate(frames):
            self._of_frame[frame] = [None if rows is None else rows[i] for rows in kept]
        self._set([None] * outputs, None)

    def _set(self, outputs: list[Tensor | None], last: Tensor | None) -> None:
        for name, value in (("model_outputs", outputs), ("last_sample", last)):
            if hasattr(self._scheduler, name):
                setattr(self._scheduler, name, value)


def _stacked(rows: Sequence[Tensor | None]) -> Tensor | None:
    found = [row for row in rows if row is not None]
    return torch.stack(found) if found else None


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
