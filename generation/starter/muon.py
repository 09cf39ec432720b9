"""Muon: momentum whose steps are orthogonal matrices, for hidden layers (Jordan et al. 2024, kellerjordan.github.io).

torch has a Muon of its own, but it takes matrices only, of which a UNet has few, and works in bfloat16, which many
CPUs compute slowly. This one sees a convolution as the matrix of its output channels, and processes that share a
training share the work.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import torch
from torch import Tensor

from .libraries import rank_and_size, sum_over_processes

_COEFFICIENTS: Final = (3.4445, -4.7750, 2.0315)  # of the Newton-Schulz iteration, chosen there for a steep start
_ITERATIONS: Final = 5
_UPDATE_RMS: Final = 0.2  # as large as AdamW's steps usually are (Liu et al. 2025, arXiv 2502.16982, section 2.2)


class Muon(torch.optim.Optimizer):
    """For parameters of two or more dimensions, (out, ...); learning rates mean what AdamW's do.

    The gradients must be the same in every process of a shared training. With `half` the iteration runs in bfloat16,
    which is as exact as it needs to be.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
        *,
        half: bool = False,
    ) -> None:
        self._precision = torch.bfloat16 if half else torch.float32
        super().__init__(params, {"lr": lr, "initial_lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Take one step; a `closure` is of no use here."""
        rank, size = rank_and_size()
        for group in self.param_groups:
            params = [param for param in group["params"] if param.grad is not None]
            updates = [torch.zeros_like(param) for param in params]
            whose = turns([param.shape for param in params], size)
            for param, update, turn in zip(params, updates, whose, strict=True):
                state = self.state[param]
                if not state:
                    state["momentum"] = torch.zeros_like(param)
                average = state["momentum"].lerp_(param.grad, 1 - group["momentum"])
                if turn == rank:
                    ahead = param.grad.lerp(average, group["momentum"])  # Nesterov's
                    matrix = ahead.reshape(len(ahead), -1).to(self._precision)
                    update.copy_(orthogonalized(matrix).reshape(ahead.shape))
            sum_over_processes(updates)
            for param, update in zip(params, updates, strict=True):
                scale = _UPDATE_RMS * max(len(param), param[0].numel()) ** 0.5
                param.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"] * scale)


def orthogonalized(matrix: Tensor) -> Tensor:
    """Return about the nearest orthogonal matrix (m, n): singular values near 1, in the given directions."""
    a, b, c = _COEFFICIENTS
    upright = matrix.shape[0] > matrix.shape[1]
    x = matrix.transpose(0, 1) if upright else matrix
    x = x / x.square().sum().sqrt().clamp(min=1e-7)
    for _ in range(_ITERATIONS):
        square = x @ x.transpose(0, 1)
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x.transpose(0, 1) if upright else x


def turns(shapes: Sequence[torch.Size], processes: int) -> list[int]:
    """Return which process works on which matrix, so that all are busy for about as long."""
    costs = [min(shape[0], shape.numel() // shape[0]) * shape.numel() for shape in shapes]
    loads, whose = [0] * processes, [0] * len(shapes)
    for place in sorted(range(len(shapes)), key=lambda place: -costs[place]):
        whose[place] = loads.index(min(loads))
        loads[whose[place]] += costs[place]
    return whose
