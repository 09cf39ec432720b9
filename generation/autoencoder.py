"""Latents to pictures and back; what is no picture in half precision is made again in float32, or is an error."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from .chunks import is_out_of_memory
from .clip import Frame
from .errors import GenerationError, OutOfMemory
from .folding import folds
from .layers import Layer, standing_in

BLACK = 1 / 255
"""A picture without a brighter pixel is black: what half precision makes of some pictures on older GPUs."""


CORRECTIONS = 2
"""How often a latent is corrected by what it decodes to: on the starter, moved pictures of objects come back with 33.1,
36.2 and 37.2 dB after none, one and two."""


class Autoencoder:
    """A checkpoint's autoencoder.

    Args:
        vae: diffusers' AutoencoderKL or AutoencoderTiny, or anything with their `decode`, `encode` and `config`.

    Attributes:
        folds: whether layers are folded (`folding`), from the weights as they are at first.
    """

    def __init__(self, vae: Any) -> None:
        self.vae = vae
        self.folds = False
        self._folded: tuple[torch.dtype, dict[nn.Module, Layer]] | None = None
        self._turn = Lock()  # one clip may be decoded while the next one is drawn

    @property
    def pixels_per_cell(self) -> int:
        """Output pixels along one side of a latent cell."""
        return 2 ** (len(self.vae.config.block_out_channels) - 1)

    def decode(self, latent: Tensor) -> Frame:
        """One latent (1, c, h, w) -> (h, w, 3) float32 in [0, 1].

        A picture that is not finite or black in half precision is decoded again in float32. Where that helps, the
        autoencoder stays in float32.

        Raises:
            GenerationError: the picture is not finite, in float32 neither.
            OutOfMemory: there is not enough memory for one picture.
        """
        z = latent.float() / self._scale + self._shift
        with self._turn:
            image = self._decoded(z)
            if self.vae.dtype != torch.float32 and _is_broken(image):
                dtype, half = self.vae.dtype, image
                self.vae.float()
                image = self._decoded(z)
                if _is_broken(image) and half.isfinite().all():
                    self.vae.to(dtype)  # it is black, and rightly so
        if not image.isfinite().all():
            raise GenerationError(
                "the checkpoint's autoencoder made no picture (NaN): its weights are damaged", code="no-picture"
            )
        return np.ascontiguousarray(image.clamp(0, 1).permute(1, 2, 0).cpu().numpy())

    def encode(self, picture: Tensor) -> Tensor:
        """One picture (1, 3, h, w) in [0, 1] -> its latent (1, c, h, w) in float32, without noise.

        Raises:
            OutOfMemory: there is not enough memory for one picture.
        """
        with self._turn, _memory(picture), self._accelerated():
            found = self.vae.encode((picture * 2 - 1).to(self.vae.dtype))
        z = found.latents if hasattr(found, "latents") else found.latent_dist.mode()
        return (z.float() - self._shift) * self._scale

    def invert(self, picture: Tensor) -> Tensor:
        """One picture (1, 3, h, w) in [0, 1] -> the latent (1, c, h, w) that decodes to it, nearer than `encode`'s.

        What a latent decodes to is encoded in its turn, and the latent corrected by the difference, as long as that
        brings it nearer. Raises as `decode` and `encode` do.
        """
        latent = best = encoded = self.encode(picture)
        least = float("inf")
        for _ in range(CORRECTIONS):
            shown = torch.tensor(self.decode(latent), device=picture.device).permute(2, 0, 1)[None]
            error = float((shown - picture).square().mean())
            if error >= least:
                return best
            best, least = latent, error
            latent = latent + encoded - self.encode(shown)
        return latent

    def _decoded(self, z: Tensor) -> Tensor:
        with _memory(z), self._accelerated():
            image: Tensor = self.vae.decode(z.to(self.vae.dtype)).sample[0]
        return image.float() / 2 + 0.5

    def _accelerated(self) -> AbstractContextManager[None]:
        if not self.folds:
            return nullcontext()
        if self._folded is None or self._folded[0] != self.vae.dtype:
            self._folded = (self.vae.dtype, folds(self.vae))
        return standing_in(self._folded[1])

    @property
    def _scale(self) -> float:
        return self.vae.config.scaling_factor

    @property
    def _shift(self) -> float:
        return getattr(self.vae.config, "shift_factor", None) or 0.0


def _is_broken(image: Tensor) -> bool:
    return not bool(image.isfinite().all()) or float(image.max()) <= BLACK


@contextmanager
def _memory(x: Tensor) -> Generator[None]:
    """Say in our words that memory did not suffice."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemory(
            f"there is not enough memory for the autoencoder at {x.shape[-1]} x {x.shape[-2]}; "
            "ask for a smaller picture"
        ) from error
