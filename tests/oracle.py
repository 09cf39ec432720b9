"""The independent implementation that ours is compared with: diffusers' TextToVideoZeroPipeline."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from diffusers import TextToVideoZeroPipeline
from numpy.typing import NDArray


class Oracle(TextToVideoZeroPipeline):
    """The pipeline, with its draw of the forward noise replaced by a given tensor."""

    given_noise: torch.Tensor

    def forward_loop(self, x_t0, t0, t1, generator):
        alpha = torch.prod(self.scheduler.alphas[t0:t1])
        return torch.sqrt(alpha) * x_t0 + torch.sqrt(1 - alpha) * self.given_noise


def make_oracle(parts: dict[str, Any]) -> Oracle:
    """The pipeline of a checkpoint's parts; its UNet keeps the pipeline's attention processors."""
    oracle = Oracle(**parts, safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    oracle.set_progress_bar_config(disable=True)
    return oracle


def oracle_frames(oracle, prompt, *, frames, size, strength, latents, noise, guidance_scale=7.5) -> NDArray[np.float32]:
    """A clip of the paper's 50 steps, (f, h, w, 3)."""
    oracle.given_noise = noise
    return oracle(
        prompt,
        video_length=frames,
        width=size[0],
        height=size[1],
        latents=latents.clone(),
        motion_field_strength_x=strength[0],
        motion_field_strength_y=strength[1],
        guidance_scale=guidance_scale,
        output_type="np",
    ).images
