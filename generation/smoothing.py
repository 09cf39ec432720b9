"""Background smoothing (the paper's section 3.3): what moves with the camera is shown as the anchor shows it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from .camera import Pose
from .clip import Frame
from .resample import move_scene

Saliency = Callable[[Frame], NDArray[np.float32]]
"""A model of what stands out: (h, w, 3) in [0, 1] -> (h, w), above 0.5 where the foreground is."""


def smooth_background(x_0: Tensor, moved: Tensor, background: Tensor, share: float) -> Tensor:
    """Let the moved anchor replace a share of each frame's background (eq. 9), share being the paper's 1 - alpha.

    The authors mix noisy latents and denoise all frames once more. Mixed noise is weaker than noise, the second pass
    costs as much as the first, and it draws the backgrounds apart again; so the clean latents are mixed.

    Args:
        x_0: (f, c, h, w), the clean latents.
        moved: (f-1, c, h, w), the anchor's as each other frame's pose shows it.
        background: (f-1, 1, h, w), 1 where it is to be smoothed.
    """
    return torch.cat([x_0[:1], x_0[1:] + share * background * (moved - x_0[1:])])


def shared_background(masks: Tensor, poses: list[Pose], size: tuple[int, int]) -> Tensor:
    """Where neither a frame nor the moved anchor shows foreground, (f-1, 1, h, w) of zeros and ones.

    Args:
        masks: (f, 1, h, w), 1 in the foreground.
        poses: of the frames after the anchor.
        size: (width, height) of the output in pixels.
    """
    moved = torch.cat([move_scene(masks[:1], pose, size) for pose in poses])
    return (1 - masks[1:]) * (moved < 0.5)


def salient(saliency: Saliency, frames: list[Frame], like: Tensor) -> Tensor:
    """The foreground that a saliency model sees in the frames: (f, 1, h, w) of zeros and ones, h and w as of `like`."""
    found = torch.stack([torch.as_tensor(saliency(frame), dtype=torch.float32) for frame in frames])[:, None]
    return (F.interpolate(found.to(like.device), size=like.shape[-2:], mode="area") > 0.5).float()
