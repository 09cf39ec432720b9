"""Linear layers in a row, computed as one: fewer operations for the same result, to rounding.

- Nearest-neighbour upsampling by two and a k x k convolution are one transposed convolution, (k + 1) x (k + 1) of
  stride 2: 16 products for each input cell instead of 36 where k is 3.
- A second convolution right after it makes both one, with four times the channels at the coarse size.
- A run of strided convolutions is one of the product of their strides.

Zeros that the later layers take from beyond the border are kept: the border is computed layer by layer, and a run of
strided convolutions is folded only where it never looks beyond its own patch.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import Layer

_DTYPES = (torch.float32, torch.bfloat16)  # those in which the CPU has fast transposed convolutions

_TOLERANCE = 1e-4  # of a folded run's output, in standard deviations of the output


def folds(model: Any) -> dict[nn.Module, Layer]:
    """What can stand in for the forward pass of which modules of a model, made from the weights as they are.

    Empty for a model on another device than the CPU, where it has not been measured to be faster.
    """
    found: dict[nn.Module, Layer] = {}
    for module in model.modules() if isinstance(model, nn.Module) else ():
        if "forward" in vars(module):  # somebody else stands there
            continue
        if type(module) is nn.Sequential:
            layers = list(module)
            folded = _folded(layers)
            if len(folded) < len(layers):
                found[module] = _InTurn(folded)
        elif _is_plain_upsampling(module):
            found[module] = _Upsampling(module)
    return found


class _InTurn:
    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = layers

    def __call__(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class _UpsampledConv:
    """Upsampling and a convolution, as a transposed convolution."""

    def __init__(self, conv: nn.Conv2d) -> None:
        self.kernel = _as(conv, upsampled_kernel(conv.weight))
        self.bias = conv.bias
        self.padding = conv.kernel_size[0] // 2

    def __call__(self, x: Tensor) -> Tensor:
        return F.conv_transpose2d(x, self.kernel, self.bias, stride=2, padding=self.padding)


class _Upsampling:
    """Stands in for diffusers' Upsample2D, which may be asked for another size."""

    def __init__(self, module: Any) -> None:
        self.own: Layer = module.forward
        self.conv = _UpsampledConv(module.conv)

    def __call__(self, hidden_states: Tensor, output_size: Sequence[int] | None = None, *others: Any) -> Tensor:
        twice = [2 * side for side in hidden_states.shape[-2:]]
        if others or (output_size is not None and [*output_size] != twice):
            return self.own(hidden_states, output_size, *others)
        return self.conv(hidden_states)


class _UpsampledConvs:
    """Upsampling and two convolutions, as one at the coarse size whose channels are the four cells of each."""

    def __init__(self, upsample: nn.Module, first: nn.Conv2d, second: nn.Conv2d) -> None:
        self.layers = nn.Sequential(upsample, first, second)
        kernel, bias = composed(first, second)
        self.kernel = _as(first, cells_kernel(kernel))
        self.bias = bias.repeat_interleave(4).to(first.weight.dtype)

    def __call__(self, x: Tensor) -> Tensor:
        found = F.pixel_shuffle(F.conv2d(x, self.kernel, self.bias, padding=1), 2)
        # On the border the second convolution reads zeros where `composed` foresees the first one's results.
        found[..., :1, :] = self.layers(x[..., :2, :])[..., :1, :]
        found[..., -1:, :] = self.layers(x[..., -2:, :])[..., -1:, :]
        found[..., :1] = self.layers(x[..., :2])[..., :1]
        found[..., -1:] = self.layers(x[..., -2:])[..., -1:]
        return found


class _Run:
    """A run of convolutions that together look at one patch for each output cell."""

    def __init__(self, kernel: Tensor, bias: Tensor, stride: int, crop: tuple[int, int]) -> None:
        self.kernel, self.bias, self.stride, self.crop = kernel, bias, stride, crop

    def __call__(self, x: Tensor) -> Tensor:
        (top, left), (height, width) = self.crop, self.kernel.shape[-2:]
        rows, columns = (side // self.stride for side in x.shape[-2:])
        bottom = (rows - 1) * self.stride + top + height - x.shape[-2]
        right = (columns - 1) * self.stride + left + width - x.shape[-1]
        x = F.pad(x, (-left, right, -top, bottom))
        return F.conv2d(x, self.kernel, self.bias, stride=self.stride)


def upsampled_kernel(weight: Tensor) -> Tensor:
    """Upsampling, then a convolution with (o, i, k, k): its kernel (i, o, k + 1, k + 1) as a transposed one."""
    size = weight.shape[-1]
    spread = torch.zeros(size + 1, size, dtype=torch.float64)
    for tap in range(size):
        spread[size - 1 - tap : size + 1 - tap, tap] = 1
    return torch.einsum("ak,bl,oikl->ioab", spread, spread, weight.double())


def cells_kernel(weight: Tensor) -> Tensor:
    """The kernel (4 o, i, 3, 3) whose shuffled channels are upsampling by two, then convolution with (o, i, 5, 5)."""
    reads = torch.zeros(2, 3, 5, dtype=torch.float64)
    for phase in range(2):
        for tap in range(5):
            reads[phase, (phase + tap - 2) // 2 + 1, tap] = 1
    cells = torch.einsum("pak,qbl,oikl->opqiab", reads, reads, weight.double())
    return cells.reshape(-1, *cells.shape[3:])


def composed(first: nn.Conv2d, second: nn.Conv2d) -> tuple[Tensor, Tensor]:
    """Kernel and bias in float64 of two convolutions one after the other, as they are away from the border."""
    before, after = first.weight.double(), second.weight.double()
    kernel = F.conv_transpose2d(after, before, stride=first.stride[0])
    bias = torch.zeros(len(after), dtype=torch.float64) if second.bias is None else second.bias.double()
    if first.bias is not None:
        bias = bias + torch.einsum("omkl,m->o", after, first.bias.double())
    return kernel, bias


def _folded(layers: Sequence[nn.Module]) -> list[Layer]:
    found: list[Layer] = []
    i = 0
    while i < len(layers):
        layer = layers[i]
        convs: list[nn.Conv2d] = [c for c in takewhile(_is_plain, layers[i + _doubles(layer) :])]  # pyright: ignore
        if _doubles(layer) and convs and convs[0].stride == (1, 1):
            ends = len(convs) == 2 and all(c.kernel_size == (3, 3) and c.stride == (1, 1) for c in convs)
            found.append(_UpsampledConvs(layer, *convs) if ends else _UpsampledConv(convs[0]))
            i += 3 if ends else 2
        elif not _doubles(layer) and len(convs) > 1 and (run := _run(convs)) is not None:
            found.append(run)
            i += len(convs)
        else:
            found.append(layer)
            i += 1
    return found


def _run(convs: Sequence[nn.Conv2d]) -> _Run | None:
    """The convolutions as one, where that is the same up to the border."""
    whole, padding = convs[0], convs[0].kernel_size[0] // 2
    for conv in convs[1:]:
        kernel, bias = composed(whole, conv)
        padding += whole.stride[0] * (conv.kernel_size[0] // 2)
        stride = whole.stride[0] * conv.stride[0]
        whole = nn.Conv2d(kernel.shape[1], len(kernel), kernel.shape[-1], stride, dtype=torch.float64)
        whole.weight, whole.bias = (nn.Parameter(value, requires_grad=False) for value in (kernel, bias))
    seen = whole.weight.abs().amax((0, 1)) > 1e-9 * whole.weight.abs().max()
    rows, columns = seen.any(1).nonzero()[:, 0], seen.any(0).nonzero()[:, 0]
    if not len(rows) or min(rows[0], columns[0]) < padding or max(len(rows), len(columns)) > whole.stride[0]:
        return None
    top, left = int(rows[0]), int(columns[0])
    kernel = whole.weight[..., top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
    assert whole.bias is not None
    run = _Run(_as(convs[0], kernel), _as(convs[0], whole.bias), whole.stride[0], (top - padding, left - padding))
    side = 3 * whole.stride[0]
    noise = torch.randn(1, convs[0].in_channels, side, side, generator=torch.Generator().manual_seed(0))
    exact = nn.Sequential(*convs)(noise.to(run.kernel.dtype))
    return run if (run(noise.to(run.kernel.dtype)) - exact).abs().max() <= _TOLERANCE * exact.std() else None


def _doubles(layer: nn.Module) -> bool:
    """Whether it is nearest-neighbour upsampling by two."""
    return type(layer) is nn.Upsample and layer.mode == "nearest" and layer.scale_factor == 2


def _is_plain(layer: nn.Module) -> bool:
    """Whether it is a convolution of odd size that keeps the size but for its stride, on the CPU."""
    if type(layer) is not nn.Conv2d or "forward" in vars(layer):
        return False
    size, padding = layer.kernel_size[0], layer.kernel_size[0] // 2
    return (
        size % 2 == 1
        and (layer.kernel_size, layer.padding) == ((size, size), (padding, padding))
        and layer.stride[0] == layer.stride[1]
        and (layer.groups, layer.dilation, layer.padding_mode) == (1, (1, 1), "zeros")
        and layer.weight.device.type == "cpu"
        and layer.weight.dtype in _DTYPES
    )


def _is_plain_upsampling(module: Any) -> bool:
    from diffusers.models.upsampling import Upsample2D

    if type(module) is not Upsample2D or module.norm is not None or module.name != "conv":
        return False
    conv: Any = module.conv
    return module.interpolate and module.use_conv and _is_plain(conv) and conv.stride == (1, 1)


def _as(conv: nn.Conv2d, values: Tensor) -> Tensor:
    """Values of the dtype of a convolution's weights; kernels lie channels-last, as they are fastest."""
    values = values.to(conv.weight.dtype)
    return values.contiguous(memory_format=torch.channels_last) if values.ndim == 4 else values
