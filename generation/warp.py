"""The anchor's content where a frame shows it: the paper's W_k (eq. 6), for scenes, for noise, and for both in one.

Every function returns one latent per pose, (f, c, h, w).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from .camera import Pose
from .motion import nearest_warp
from .request import ResolvedRequest
from .resample import NoiseField, move_scene

InPixels = Callable[[Tensor, Sequence[Pose], tuple[int, int]], Tensor]
"""Moves a clean latent as a picture: (latent, poses, (width, height)) -> latents."""


def warp_scene(scene: Tensor, poses: Sequence[Pose], r: ResolvedRequest, in_pixels: InPixels) -> Tensor:
    """Move a clean latent (1, c, h, w) as the request's warp does."""
    size = (r.width, r.height)
    if r.warp == "picture":
        return in_pixels(scene, poses, size)
    if r.warp == "paper":
        return torch.cat([nearest_warp(scene, pose.shift, size) for pose in poses])
    return torch.cat([move_scene(scene, pose, size) for pose in poses])


def warp_noise(noise: Tensor, poses: Sequence[Pose], r: ResolvedRequest) -> Tensor:
    """Move one draw of noise (1, c, h, w), which stays white but for the paper's warp."""
    size = (r.width, r.height)
    if r.warp == "paper":
        return torch.cat([nearest_warp(noise, pose.shift, size) for pose in poses])
    field = NoiseField(noise, r.seed, 1)
    return torch.cat([field.moved(pose, size) for pose in poses])


def warp_noisy(
    x: Tensor, clean: Tensor, alpha_bar: float, poses: Sequence[Pose], r: ResolvedRequest, in_pixels: InPixels
) -> Tensor:
    """Move a noisy latent in two parts: the scene goes on beyond its border, the noise stays noise.

    Args:
        x: (1, c, h, w), at the noise level whose cumulative product of alphas is `alpha_bar`.
        clean: (1, c, h, w), the scene in it.
    """
    size = (r.width, r.height)
    rest = NoiseField(x - clean * alpha_bar**0.5, r.seed, 0, std=(1 - alpha_bar) ** 0.5)
    moved = warp_scene(clean, poses, r, in_pixels)
    return moved * alpha_bar**0.5 + torch.cat([rest.moved(pose, size) for pose in poses])
