"""Pixel parity with an independent implementation: the TextToVideoZeroPipeline of the installed diffusers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from generation import Text2VideoZero, VideoRequest
from generation.accelerations import EXACT
from tests.oracle import make_oracle, oracle_frames
from tests.tiny import tiny_parts

PAPER = {"warp": "paper", "frame_noise": "independent", "t0": 881, "t1": 941, "steps": 50}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("size", [(64, 64), (80, 64)])
@pytest.mark.parametrize("frames", [2, 4, 8])
def test_same_pixels_as_diffusers_in_paper_mode(frames, size, seed, record_property):
    assert_parity(frames, size, seed, "epsilon", record_property)


def test_same_pixels_as_diffusers_without_any_acceleration(record_property):
    assert_parity(4, (64, 64), 0, "epsilon", record_property, accelerations=EXACT)


def test_same_pixels_as_diffusers_for_v_prediction(record_property):
    assert_parity(4, (64, 64), 2, "v_prediction", record_property)


def assert_parity(frames, size, seed, prediction_type, record_property, **options):
    parts = tiny_parts(seed=seed, prediction_type=prediction_type)
    generator = torch.Generator().manual_seed(seed)
    latents = torch.randn(1, 4, size[1] // 8, size[0] // 8, generator=generator)
    noise = torch.randn(frames - 1, *latents.shape[1:], generator=generator)
    request = VideoRequest(
        prompt="a fox",
        frames=frames,
        width=size[0],
        height=size[1],
        guidance_scale=7.5,
        dx=-12 * size[0] / 512,
        dy=-8 * size[1] / 512,
        seed=seed,
        **PAPER,
    )

    ours = Text2VideoZero(**parts, **options).render(request, latents=latents, noise=noise).frames
    oracle = make_oracle(parts)
    theirs = oracle_frames(oracle, "a fox", frames=frames, size=size, strength=(12, 8), latents=latents, noise=noise)

    assert ours.shape == theirs.shape == (frames, size[1], size[0], 3)
    assert np.ptp(theirs[0]) > 0.1, "the oracle must draw something for the comparison to mean anything"
    assert np.abs(theirs[0] - theirs[-1]).max() > 1e-2, "the frames must differ"
    error = float(np.abs(ours - theirs).max())
    record_property("max_abs_difference", error)
    assert error <= 1e-4
