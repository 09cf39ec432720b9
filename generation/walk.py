"""One render's way through diffusion time: it counts the steps, tells of them and stops when asked to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from torch import Tensor

from .chunks import Chunks
from .clip import Frame
from .errors import GenerationError, RenderCancelled
from .samplers import Solver
from .schedule import NoiseSchedule, Timesteps, predict_clean

Phase = Literal["anchor", "frames", "upscale"]
GivenAnchor = Callable[[int | None], Tensor]
"""Gives the anchor's latent (1, c, h, w) at a timestep of the path; None is the clean one."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Told after every denoising step.

    Attributes:
        step, steps: steps done so far and in all.
        phase: "anchor" while only frame 0 exists, "frames" once all move together, "upscale" in a second pass.
        preview: draws the anchor as the UNet foresees it, (h, w, 3) in [0, 1]; costs one decode when called.
    """

    step: int
    steps: int
    phase: Phase
    preview: Callable[[], Frame]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who follows a render: told after every denoising step, and asked before it whether to stop."""

    on_progress: Callable[[Progress], None] | None = None
    cancelled: Callable[[], bool] | None = None


class Walk:
    """Walks latents down a path.

    Args:
        solver: makes the solver of each part; a part begins without the history of the one before.

    Attributes:
        scene: the anchor's clean latent (1, c, h, w) as the last step foresaw it.
        samples: how many latents went through the UNet, both halves of guidance counted.
    """

    def __init__(
        self,
        solver: Callable[[Timesteps], Solver],
        schedule: NoiseSchedule,
        steps: int,
        watch: Watch,
        decode: Callable[[Tensor], Frame],
    ) -> None:
        self.solver = solver
        self.schedule = schedule
        self.steps = steps
        self.watch = watch
        self.decode = decode
        self.step = 0
        self.samples = 0
        self.scene: Tensor | None = None

    def backward(
        self,
        chunks: Chunks,
        x: Tensor,
        timesteps: Timesteps,
        phase: Phase,
        *,
        anchor: GivenAnchor | None = None,
    ) -> Tensor:
        """Denoise along `timesteps`.

        Args:
            chunks: predicts for the frames.
            x: (f, c, h, w) at the first timestep. It is changed in place: of every frame there is one latent.
            anchor: the anchor's latents, where they are known beforehand.

        Raises:
            RenderCancelled: the watcher asked to stop.
            GenerationError: the latents that it leads to are not finite.
        """
        solver = self.solver(timesteps)
        chunks.anchor.begin([t for t in timesteps[:-1] if t is not None])
        for t, t_next in pairwise(timesteps):
            assert t is not None  # only the end of the path is None
            if self.watch.cancelled is not None and self.watch.cancelled():
                raise RenderCancelled(f"cancelled after {self.step} of {self.steps} steps")
            for first, prediction in chunks.predict(x, t):
                chunk = x[first : first + len(prediction)]
                if first == 0:
                    alpha_bar = self.schedule.alpha_bar(t)
                    self.scene = predict_clean(x[:1], prediction[:1], alpha_bar, self.schedule.prediction_type)
                chunk[:] = solver.step(chunk, prediction, first)
            if anchor is not None:
                x[:1] = anchor(t_next)
            self.samples += len(x) * chunks.anchor.groups
            assert self.scene is not None
            self._tell(phase, self.scene)
        if not x.isfinite().all():
            raise GenerationError(
                f"the checkpoint drew nothing (NaN) by step {self.step} of {self.steps}: its weights are damaged, or "
                "too large for half precision; try the device cpu",
                code="no-picture",
            )
        return x

    def _tell(self, phase: Phase, scene: Tensor) -> None:
        self.step += 1
        if self.watch.on_progress is not None:
            decode = self.decode
            self.watch.on_progress(Progress(self.step, self.steps, phase, lambda: decode(scene)))
