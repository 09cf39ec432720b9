"""Moving latents by a pose: the scene goes on beyond its border, the noise stays white noise."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from .camera import Pose
from .motion import even_warp, extend_and_shift
from .noise import Shape, normal

FINE = 4
"""Parts along one side of a latent cell into which noise is divided before it moves."""

_DETAIL, _BEYOND = 1 << 16, 1 << 17  # keys of draws, above those of frames


def move_scene(scene: Tensor, pose: Pose, size: tuple[int, int]) -> Tensor:
    """Move a noise-free latent; what comes in beyond its border repeats the border cells.

    A pure shift is exact (`extend_and_shift`); with zoom or rotation the latent is read by bicubic interpolation,
    and averaged over each target cell where it shrinks so much that it would alias.

    Args:
        scene: (1, c, h, w).
        pose: of the frame.
        size: (width, height) of the output in pixels.
    """
    if pose.is_shift:
        return extend_and_shift(scene, pose.shift, size)
    rows, columns = scene.shape[-2:]
    dense = max(1, min(FINE, math.floor(1 / pose.scale + 0.5)))
    x = _centres(columns * dense, size[0] / columns / dense, scene)
    y = _centres(rows * dense, size[1] / rows / dense, scene)
    x, y = _origin(x[None, :], y[:, None], pose, size)
    grid = torch.stack([2 * x / size[0] - 1, 2 * y / size[1] - 1], dim=-1)[None]
    read = F.grid_sample(scene.float(), grid, mode="bicubic", padding_mode="border", align_corners=False)
    return F.avg_pool2d(read, dense).to(scene.dtype)


def visible(pose: Pose, size: tuple[int, int]) -> Tensor:
    """Where (h, w) a frame at this pose shows what the anchor shows, not what came in beyond its border."""
    x, y = (torch.arange(side, dtype=torch.float32) + 0.5 for side in size)
    x, y = _origin(x[None, :], y[:, None], pose, size)
    return (x >= 0) & (x <= size[0]) & (y >= 0) & (y <= size[1])


class NoiseField:
    """White noise (1, c, h, w) that moves with the picture and stays white, at its standard deviation.

    Interpolation would average neighbours: the variance falls, and where it is put right the noise is still blurred,
    which the UNet draws as blur. So each cell counts as the mean of FINE x FINE parts, which are drawn given that
    mean and are white among themselves. A part moves as a whole; a target cell is the sum of the n parts that arrive
    in it, over sqrt(n). Cells share no part, hence the moved noise is white and of the same variance for every pose,
    and without motion it is the given noise. The idea is from Chang et al. 2024, "How I Warped Your Noise" (arXiv
    2504.03072), with parts as points. Half a latent of fresh noise lies around it, and cells that no part reaches
    take noise that does not move.

    A pure shift needs no parts: `fourier_shift` keeps the spectrum.

    Args:
        noise: (1, c, h, w).
        seed, key: of the draws; the same ones make the same field.
        std: the standard deviation of the noise.
    """

    def __init__(self, noise: Tensor, seed: int, key: int, *, std: float = 1.0) -> None:
        self.noise = noise
        self.std = std
        self._draw = (seed, key)
        self._parts: Tensor | None = None
        self._still: Tensor | None = None

    def moved(self, pose: Pose, size: tuple[int, int]) -> Tensor:
        """The noise of a frame at this pose, (1, c, h, w); size is the output's (width, height) in pixels."""
        if pose.is_shift:
            return even_warp(self.noise, pose.shift, size)
        parts, still = self._drawn()
        channels, rows, columns = self.noise.shape[1:]
        cell_x, cell_y = size[0] / columns, size[1] / rows
        x = _centres(parts.shape[-1], cell_x / FINE, parts) - columns // 2 * cell_x
        y = _centres(parts.shape[-2], cell_y / FINE, parts) - rows // 2 * cell_y
        x, y = _target(x[None, :], y[:, None], pose, size)
        column, row = (x / cell_x).floor().long(), (y / cell_y).floor().long()
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        cell = (row * columns + column)[inside]
        total = torch.zeros(channels, rows * columns, device=parts.device)
        total.index_add_(1, cell, parts[0, :, inside])
        count = torch.bincount(cell, minlength=rows * columns)
        white = torch.where(count > 0, total / count.clamp(min=1).sqrt(), still.flatten(2)[0])
        return white.reshape(self.noise.shape).to(self.noise.dtype)

    def _drawn(self) -> tuple[Tensor, Tensor]:
        if self._parts is None or self._still is None:
            channels, rows, columns = self.noise.shape[1:]
            wide: Shape = (1, channels, (rows + 2 * (rows // 2)) * FINE, (columns + 2 * (columns // 2)) * FINE)
            parts = self.std * normal(wide, *self._draw, _DETAIL).to(self.noise.device)
            top, left = rows // 2 * FINE, columns // 2 * FINE
            middle = parts[..., top : top + rows * FINE, left : left + columns * FINE]
            surplus = self.noise.float() / FINE - F.avg_pool2d(middle, FINE)
            middle += surplus.repeat_interleave(FINE, -1).repeat_interleave(FINE, -2)
            self._parts = parts
            self._still = self.std * normal((1, channels, rows, columns), *self._draw, _BEYOND).to(self.noise.device)
        return self._parts, self._still


def _centres(count: int, pitch: float, like: Tensor) -> Tensor:
    """The centres of so many cells of a row, in output pixels; `pitch` is a cell's length."""
    return (torch.arange(count, device=like.device, dtype=torch.float32) + 0.5) * pitch


def _target(x: Tensor, y: Tensor, pose: Pose, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Where content at (x, y) of the anchor lies in a frame, in output pixels."""
    x, y = x - size[0] / 2, y - size[1] / 2
    cos, sin = (pose.scale * f(math.radians(pose.angle)) for f in (math.cos, math.sin))
    return (
        cos * x - sin * y + size[0] / 2 + pose.shift[0],
        sin * x + cos * y + size[1] / 2 + pose.shift[1],
    )


def _origin(x: Tensor, y: Tensor, pose: Pose, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Where in the anchor the content lies that a frame shows at (x, y): the inverse of `_target`."""
    x, y = x - pose.shift[0] - size[0] / 2, y - pose.shift[1] - size[1] / 2
    cos, sin = (f(math.radians(pose.angle)) / pose.scale for f in (math.cos, math.sin))
    return cos * x + sin * y + size[0] / 2, cos * y - sin * x + size[1] / 2
