"""Twice the size by a second pass: enlarged frames take low noise and are denoised with the same anchor attention."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .camera import camera_path
from .noise import Shape, normal
from .request import UPSCALE_FACTOR, ResolvedRequest
from .resample import NoiseField

LEVEL = 301
"""Noise level of the second pass in training timesteps: shapes and places stand, edges and texture are drawn anew."""

_SECOND_PASS = 1 << 19  # key of draws, above those of frames, of moved noise and of steps


def enlarge(latents: Tensor) -> Tensor:
    """(f, c, h, w) -> (f, c, 2h, 2w), bicubic."""
    wide = F.interpolate(latents.float(), scale_factor=UPSCALE_FACTOR, mode="bicubic", align_corners=False)
    return wide.to(latents.dtype)


def enlarge_picture(picture: Tensor) -> Tensor:
    """`enlarge` for a picture (1, 3, h, w), kept in [0, 1]."""
    return enlarge(picture).clamp(0, 1)


def second_noise(frames: Tensor, r: ResolvedRequest) -> Tensor:
    """The noise of the second pass for (f, c, h, w) frames: one field that moves with them, or one draw for each."""
    channels, rows, columns = frames.shape[1:]
    shape: Shape = (1, channels, rows, columns)
    if r.frame_noise == "independent":
        return torch.cat([normal(shape, r.seed, _SECOND_PASS, k) for k in range(len(frames))])
    field = NoiseField(normal(shape, r.seed, _SECOND_PASS), r.seed, _SECOND_PASS)
    return torch.cat([field.moved(pose, (r.width, r.height)) for pose in camera_path(r)])
