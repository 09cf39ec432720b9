"""A transformer's gated feed-forward layers (Shazeer 2020, "GLU Variants", arXiv 2002.05202), a slice at a time.

Between its two projections such a layer holds eight times as many numbers as it is given. Of all frames together they
leave a CPU's cache and come back three times; those of a slice stay.
"""

from __future__ import annotations

from typing import Any, Final

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import Layer

SLICE_BYTES: Final = 1 << 20
"""What a slice holds between the projections for each thread: half of the second-level cache of most CPUs."""


def slices(model: nn.Module) -> dict[nn.Module, Layer]:
    """What can stand in for the forward pass of which feed-forward layers of a model; on other devices for none."""
    return {
        module: _Sliced(module) for module in model.modules() if "forward" not in vars(module) and _is_gated(module)
    }


class _Sliced:
    """Stands in for diffusers' FeedForward with a GEGLU: value * gelu(gate), then the way back."""

    def __init__(self, module: Any) -> None:
        gated, _, self.back = module.net
        self.wide: nn.Linear = gated.proj

    def __call__(self, hidden_states: Tensor, *_: Any, **__: Any) -> Tensor:
        rows = hidden_states.reshape(-1, hidden_states.shape[-1])
        weight, bias = self.wide.weight, self.wide.bias
        tokens = max(1, torch.get_num_threads() * SLICE_BYTES // (len(weight) * rows.element_size()))
        found = rows.new_empty(len(rows), self.back.out_features)
        halves = list(zip(weight.chunk(2), bias.chunk(2), strict=True))
        for start in range(0, len(rows), tokens):
            part = slice(start, start + tokens)
            value, gate = (F.linear(rows[part], *half) for half in halves)
            torch.addmm(self.back.bias, value.mul_(F.gelu(gate)), self.back.weight.t(), out=found[part])
        return found.reshape(*hidden_states.shape[:-1], -1)


def _is_gated(module: Any) -> bool:
    from diffusers.models.activations import GEGLU
    from diffusers.models.attention import FeedForward

    layers: Any = getattr(module, "net", ())
    if type(module) is not FeedForward or len(layers) != 3 or type(layers[0]) is not GEGLU:
        return False
    both: tuple[Any, Any] = layers[0].proj, layers[2]
    plain = all(type(layer) is nn.Linear for layer in both) and all(layer.bias is not None for layer in both)
    return plain and both[0].weight.device.type == "cpu"
