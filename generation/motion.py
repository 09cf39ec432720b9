"""Shifts in latent space: by any fraction of a cell, so that steps are equal (or the authors' nearest warp)."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

_fft: Any = torch.fft  # its stubs are untyped

AUTHORS_GRID = 512
"""The authors lay the motion field on a grid of 512 x 512, whatever the output size."""

_SMOOTH = 4  # cells beyond the shift by which a scene is extended, for the ringing to die down


def even_warp(latent: Tensor, shift: tuple[float, float], size: tuple[int, int]) -> Tensor:
    """Move the content of a latent by any fraction of a cell (the paper's W_k, without its judder).

    Args:
        latent: (1, c, h, w).
        shift: (x, y) in output pixels; positive moves the content right and down.
        size: (width, height) of the output in pixels.

    Returns:
        (1, c, h, w); what enters at the trailing edge is the mirrored content.
    """
    return fourier_shift(latent, *_cells(latent, shift, size))


def extend_and_shift(scene: Tensor, shift: tuple[float, float], size: tuple[int, int]) -> Tensor:
    """Move a noise-free latent like `even_warp`, but let its border cells go on beyond the border.

    So sky stays sky and ground stays ground where the scene comes in, and no mirror image of an object does. For
    latents with noise, mirror: repeated cells would be streaks and no noise.
    """
    x, y = _cells(scene, shift, size)
    columns, rows = math.ceil(abs(x)) + _SMOOTH, math.ceil(abs(y)) + _SMOOTH
    wider = F.pad(scene, (columns, columns, rows, rows), mode="replicate")
    return fourier_shift(wider, x, y)[..., rows:-rows, columns:-columns]


def _cells(latent: Tensor, shift: tuple[float, float], size: tuple[int, int]) -> tuple[float, float]:
    rows, columns = latent.shape[-2:]
    return shift[0] * columns / size[0], shift[1] * rows / size[1]


def fourier_shift(latent: Tensor, x: float, y: float) -> Tensor:
    """Shift (…, h, w) by any fraction of a cell, exactly, by a phase ramp on the mirrored signal.

    Mirroring at the edge makes the signal periodic without a jump, so nothing rings and every shift keeps
    the spectrum of the noise.
    """
    return _shift_axis(_shift_axis(latent, x, -1), y, -2)


def _shift_axis(signal: Tensor, cells: float, axis: int) -> Tensor:
    if cells == 0:
        return signal
    length = signal.shape[axis]
    mirrored = torch.cat([signal, signal.flip(axis)], dim=axis).movedim(axis, -1).float()
    spectrum: Tensor = _fft.rfft(mirrored)
    frequency = torch.arange(spectrum.shape[-1], device=signal.device, dtype=torch.float32) / (2 * length)
    ramp = torch.exp(-2j * math.pi * cells * frequency)
    shifted: Tensor = _fft.irfft(spectrum * ramp, n=2 * length)[..., :length]
    return shifted.movedim(-1, axis).to(signal.dtype)


def nearest_warp(latent: Tensor, shift: tuple[float, float], size: tuple[int, int]) -> Tensor:
    """The authors' warp: nearest neighbour, reflection, without the half-pixel offset of the grid.

    Uneven between frames unless the shift is a multiple of a cell; kept for comparison with other
    implementations.
    """
    rows, columns = latent.shape[-2:]
    x = _authors_coordinates(columns, -shift[0] * AUTHORS_GRID / size[0], latent.device)
    y = _authors_coordinates(rows, -shift[1] * AUTHORS_GRID / size[1], latent.device)
    grid = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1)[None]
    sampled = F.grid_sample(latent.float(), grid, mode="nearest", padding_mode="reflection", align_corners=False)
    return sampled.to(latent.dtype)


def _authors_coordinates(cells: int, flow: float, device: torch.device) -> Tensor:
    """Where each cell looks, in grid_sample's [-1, 1]: the 512 grid plus flow, resized to the latent."""
    pixels = (torch.arange(AUTHORS_GRID, device=device, dtype=torch.float32) + flow) / AUTHORS_GRID * 2 - 1
    return F.interpolate(pixels[None, None], size=cells, mode="linear", align_corners=False)[0, 0]
