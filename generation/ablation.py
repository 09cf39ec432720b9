"""The paper's ablation (figure 7): the method without its motion, without its cross-frame attention, without both."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Self

from torch import Tensor

from .attention import unanchored
from .pipeline import Text2VideoZero
from .request import ResolvedRequest, VideoRequest
from .text import Text

VARIANTS = MappingProxyType(
    {"neither": (False, False), "motion": (True, False), "cross-frame attention": (False, True), "both": (True, True)}
)
"""Whether each variant has the motion and the cross-frame attention."""


class Ablation(Text2VideoZero):
    """Renders with parts of the method left out.

    Attributes:
        motion: without it every frame begins with noise of its own, at the highest noise level.
        attention: without it every frame attends to itself.
    """

    motion = True
    attention = True

    @classmethod
    def of(cls, model: Text2VideoZero, *, motion: bool, attention: bool) -> Self:
        """A variant with the parts of a loaded checkpoint."""
        second = model.readers[1] if len(model.readers) > 1 else None
        variant = cls(
            unet=model.unet,
            vae=model.autoencoder.vae,
            text_encoder=model.text_encoder,
            tokenizer=model.tokenizer,
            scheduler=model.scheduler,
            defaults=model.defaults,
            fingerprint=model.fingerprint,
            chunk=model.chunk,
            accelerations=model.accelerations,
            text_encoder_2=None if second is None else second.encoder,
            tokenizer_2=None if second is None else second.tokenizer,
        )
        variant.motion, variant.attention = motion, attention
        return variant

    def asked(self, request: VideoRequest) -> VideoRequest:
        """The request as this variant renders it."""
        if self.motion:
            return request
        highest = len(self.schedule.alphas_cumprod) - 1
        return request.change(t0=highest - 1, t1=highest, frame_noise="independent")

    def moved_frames(self, x_t0: Tensor, noise: Tensor, r: ResolvedRequest, **scene: Any) -> Tensor:
        """Frames 1..f-1 at noise level t1; without motion nothing but their noise."""
        return super().moved_frames(x_t0, noise, r, **scene) if self.motion else noise

    def predict(self, text: Text, x: Tensor, timestep: int, first: int) -> Tensor:
        """The UNet's prediction, with or without cross-frame attention."""
        if self.attention:
            return super().predict(text, x, timestep, first)
        with unanchored(self.unet):
            return super().predict(text, x, timestep, first)
