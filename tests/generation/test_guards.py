"""What cannot become a picture: it is made again in float32, or ends in an error that says why."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from generation import GenerationError, OutOfMemory, Text2VideoZero, VideoRequest
from generation.autoencoder import Autoencoder
from tests.tiny import tiny_parts


class Vae:
    """An autoencoder whose pictures in half precision and in float32 are given by one number each."""

    config = SimpleNamespace(block_out_channels=(1,) * 4, scaling_factor=1.0)

    def __init__(self, half, full):
        self.dtype = torch.float16
        self.pictures = {torch.float16: half, torch.float32: full}
        self.decoded = []

    def decode(self, z):
        assert z.dtype == self.dtype
        self.decoded.append(self.dtype)
        return SimpleNamespace(sample=torch.full((1, 3, 8, 8), self.pictures[self.dtype] * 2 - 1, dtype=self.dtype))

    def float(self):
        return self.to(torch.float32)

    def to(self, dtype):
        self.dtype = dtype
        return self


LATENT = torch.zeros(1, 4, 1, 1, dtype=torch.float16)


@pytest.mark.parametrize("broken", [float("nan"), float("inf"), 0.0, 0.003])
def test_nan_and_black_in_half_precision_are_decoded_again_in_float32_for_good(broken):
    vae = Vae(half=broken, full=0.5)
    autoencoder = Autoencoder(vae)
    np.testing.assert_allclose(autoencoder.decode(LATENT), 0.5, atol=1e-6)
    autoencoder.decode(LATENT)
    assert vae.decoded == [torch.float16, torch.float32, torch.float32]


def test_a_picture_that_is_black_in_float32_too_is_black_and_half_precision_stays():
    vae = Vae(half=0.0, full=0.0)
    assert Autoencoder(vae).decode(LATENT).max() == 0
    assert vae.dtype == torch.float16


def test_a_dark_picture_is_a_picture():
    vae = Vae(half=0.02, full=0.9)
    assert Autoencoder(vae).decode(LATENT).max() < 0.03
    assert vae.decoded == [torch.float16]


def test_nan_in_float32_too_is_an_error():
    with pytest.raises(GenerationError, match="autoencoder made no picture"):
        Autoencoder(Vae(half=float("nan"), full=float("nan"))).decode(LATENT)


def ask(**fields):
    return VideoRequest(prompt="a fox", seed=1, steps=4, frames=2, width=64, height=64, **fields)


def test_a_unet_that_draws_nan_stops_the_render_before_the_frames_are_begun():
    parts, seen = tiny_parts(), []
    with torch.no_grad():
        parts["unet"].conv_out.weight.fill_(float("nan"))
    model = Text2VideoZero(**parts)
    with pytest.raises(GenerationError, match=r"drew nothing \(NaN\) by step \d of \d"):
        model.render(ask(), on_progress=lambda progress: seen.append(progress.phase))
    assert set(seen) == {"anchor"}


@pytest.mark.parametrize("part", ["decode", "encode"])
def test_an_autoencoder_without_memory_is_an_error_that_says_so(part, monkeypatch):
    parts = tiny_parts()

    def scarce(*_, **__):
        raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    monkeypatch.setattr(parts["vae"], part, scarce)
    with pytest.raises(OutOfMemory, match="memory for the autoencoder"):
        _ = Text2VideoZero(**parts).render(ask(warp="picture")).frames
