"""Feature reuse between steps (Ma et al. 2024, "DeepCache", arXiv 2312.00858): what lies deep in a UNet changes slowly.

A step that reuses computes the first convolution and the last layer of the finest level; what comes up to that layer
from below is what the last whole step found for the same frame. What is drawn is decided early, so whole steps lie
closer together there.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn

from .attention import Anchor
from .layers import Layer, standing_in
from .request import MAX_LEVEL

GROWTH: Final = 1.6
"""How bands of noise levels widen towards the picture: three meet at 826 and 476."""


@dataclass(frozen=True, slots=True)
class Reuse:
    """Which steps take their deep features from the last whole one.

    Attributes:
        span: how far, in training timesteps, they may lie below it.
        bands: of noise levels, which features never leave.
    """

    span: int
    bands: int = 1

    def reaches(self, whole: int, step: int) -> bool:
        """Whether the features of a whole step serve at another timestep."""
        return 0 <= whole - step <= self.span and self.band(whole) == self.band(step)

    def band(self, timestep: int) -> int:
        """The band of a timestep, 0 for the one next to noise."""
        return int(self.bands * ((MAX_LEVEL - timestep) / (MAX_LEVEL + 1)) ** (1 / GROWTH))


NO_REUSE: Final = Reuse(0)


@contextmanager
def reused(unet: Any, reuse: Reuse, anchor: Anchor) -> Generator[None]:
    """Within this block the UNet's deep features serve for the steps that follow theirs.

    Args:
        unet: UNet2DConditionModel.
        reuse: which of them. A part of the path begins with a whole step, and so does guidance.
        anchor: knows the part and the frames of the batch at hand.
    """
    with standing_in(_Features(unet, reuse, anchor).layers(unet)):
        yield


class _Features:
    """What comes up to the last layer, of each frame, where a step to come reuses it; memory grows with the frames."""

    def __init__(self, unet: Any, reuse: Reuse, anchor: Anchor) -> None:
        self.reuse = reuse
        self.anchor = anchor
        self.skip: int = unet.conv_in.out_channels
        self._of_frame: dict[int, Tensor] = {}
        self._whole_at = -1
        self._step = (-1, -1)
        self._reuses = self._keeps = False

    def layers(self, unet: Any) -> Mapping[nn.Module, Layer]:
        """The forward passes within which features are kept and reused."""
        *coarse, finest = unet.up_blocks
        found: dict[nn.Module, Layer] = {unet: self._begun(unet)}
        for block in unet.down_blocks:
            found[block] = self._unless_reused(block, _Unheard(len(block.resnets) + len(block.downsamplers or ())))
        for block in (unet.mid_block, *coarse):
            found[block] = self._unless_reused(block, lambda x: x)
        for layer in finest.resnets[:-1]:
            found[layer] = self._unless_reused(layer, lambda x: x[:, : self.skip])
        for layer in getattr(finest, "attentions", [])[:-1]:
            found[layer] = self._unless_reused(layer, lambda x: (x,))
        return found | {finest.resnets[-1]: self._last(finest.resnets[-1])}

    def _begun(self, unet: Any) -> Layer:
        """The UNet's pass, before which a new step is told from the next chunk of the same one."""
        whole: Layer = unet.forward

        def forward(sample: Tensor, timestep: Tensor, **options: Any) -> Any:
            step = (self.anchor.part, int(timestep))
            if step != self._step:
                self._reuses = (
                    step[0] == self._step[0]
                    and self.reuse.reaches(self._whole_at, step[1])
                    and len(self._of_frame[0]) >= self.anchor.groups
                )
                self._step = step
                if not self._reuses:
                    self._whole_at = step[1]
                    self._keeps = any(t < step[1] and self.reuse.reaches(step[1], t) for t in self.anchor.timesteps)
                    self._of_frame.clear()
            return whole(sample, timestep, **options)

        return forward

    def _unless_reused(self, module: Any, instead: Callable[[Tensor], Any]) -> Layer:
        own: Layer = module.forward

        def forward(*inputs: Any, **options: Any) -> Any:
            if not self._reuses:
                return own(*inputs, **options)
            return instead(inputs[0] if inputs else options["hidden_states"])

        return forward

    def _last(self, layer: Any) -> Layer:
        """The last layer's pass: it takes features (g * f, c, h, w) from below, with those of `conv_in` behind them."""
        own: Layer = layer.forward

        def forward(x: Tensor, *others: Any) -> Tensor:
            groups, first = self.anchor.groups, self.anchor.first
            frames = range(first, first + len(x) // groups)
            if self._reuses:
                below = torch.stack([self._of_frame[frame][-groups:] for frame in frames], 1).flatten(0, 1)
                x = torch.cat([below, x[:, -self.skip :]], 1)
            elif self._keeps:
                each = x[:, : -self.skip].clone().reshape(groups, len(frames), -1, *x.shape[2:])
                self._of_frame |= {frame: each[:, i] for i, frame in enumerate(frames)}
            return own(x, *others)

        return forward


class _Unheard:
    """In place of a block on the way down: hands on what it is given, for each of its outputs to the way up too."""

    def __init__(self, outputs: int) -> None:
        self.outputs = outputs

    def __call__(self, x: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        return x, (x,) * self.outputs
