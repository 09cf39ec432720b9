"""Motion: the direction, equal steps, and that noise stays noise; measured on latents, where it happens."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from diffusers.pipelines.deprecated.text_to_video_synthesis.pipeline_text_to_video_zero import (
    create_motion_field_and_warp_latents,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from generation import Defaults, VideoRequest
from generation.camera import camera_path
from generation.motion import even_warp, fourier_shift, nearest_warp

SIZE = (512, 512)


def blob(*, x=32.0, y=32.0, sigma=4.0, cells=64):
    axis = torch.arange(cells, dtype=torch.float64)
    column = torch.exp(-((axis - x) ** 2) / (2 * sigma**2))
    row = torch.exp(-((axis - y) ** 2) / (2 * sigma**2))
    return (row[:, None] * column[None, :])[None, None].float()


def centroid(latent):
    weight = latent[0, 0].double()
    rows, columns = (torch.arange(length, dtype=torch.float64) for length in weight.shape)
    total = weight.sum()
    return float((weight.sum(0) * columns).sum() / total), float((weight.sum(1) * rows).sum() / total)


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def motion_field(frames, dx, dy):
    request = VideoRequest(prompt="a fox", frames=frames, dx=dx, dy=dy)
    return [pose.shift for pose in camera_path(request.resolve(Defaults()))]


@pytest.mark.parametrize("warp", [even_warp, nearest_warp])
def test_positive_dx_moves_the_content_right_and_positive_dy_down(warp):
    x, y = centroid(warp(blob(), (64.0, 0.0), SIZE))
    assert (x - 32, y - 32) == pytest.approx((8, 0), abs=0.01)
    x, y = centroid(warp(blob(), (0.0, 64.0), SIZE))
    assert (x - 32, y - 32) == pytest.approx((0, 8), abs=0.01)


def test_the_field_of_a_frame_is_its_number_times_the_shift_and_the_anchor_rests():
    assert motion_field(4, 3.0, -2.0) == [(0.0, 0.0), (3.0, -2.0), (6.0, -4.0), (9.0, -6.0)]


def test_even_motion_advances_by_equal_amounts():
    positions = np.array(
        [centroid(even_warp(blob(x=26, y=38, sigma=2), shift, SIZE)) for shift in motion_field(8, 12.0, -12.0)]
    )
    steps = np.diff(positions, axis=0)
    np.testing.assert_allclose(steps.mean(axis=0), [1.5, -1.5], atol=1e-3)
    assert (steps.std(axis=0) < 1e-3).all()


def test_the_papers_motion_judders_as_the_authors_code_does():
    moved = [
        round(38 - centroid(nearest_warp(blob(x=38, sigma=2), shift, SIZE))[0]) for shift in motion_field(8, -12.0, 0.0)
    ]
    assert moved == [0, 1, 3, 4, 6, 7, 9, 10]


@pytest.mark.parametrize("strength", [(12, 12), (12, 0), (-7, 5), (-20, -20)])
def test_the_papers_warp_is_the_oracles_for_both_signs(strength):
    latents = noise(1, 4, 64, 64).repeat(3, 1, 1, 1)
    theirs = create_motion_field_and_warp_latents(
        motion_field_strength_x=strength[0], motion_field_strength_y=strength[1], frame_ids=[1, 2, 7], latents=latents
    )
    ours = [nearest_warp(latents[:1], (-strength[0] * k, -strength[1] * k), SIZE) for k in (1, 2, 7)]
    assert torch.equal(torch.cat(ours), theirs)


@given(st.integers(-10, 10), st.integers(-10, 10))
@settings(max_examples=15)
def test_a_shift_by_whole_cells_is_the_exact_roll_inside_and_mirrored_at_the_edge(x, y):
    latent = noise(1, 4, 24, 40)
    shifted = fourier_shift(latent, x, y)
    rolled = torch.roll(latent, (x, y), dims=(-1, -2))
    inside = (..., slice(10, -10), slice(10, -10))
    torch.testing.assert_close(shifted[inside], rolled[inside], rtol=0, atol=1e-5)
    entering = fourier_shift(latent, 3, 0)[..., :3]
    torch.testing.assert_close(entering, latent[..., :3].flip(-1), rtol=0, atol=1e-5)


def test_no_motion_is_the_identity():
    latent = noise(1, 4, 8, 8)
    assert torch.equal(fourier_shift(latent, 0.0, 0.0), latent)
    assert torch.equal(even_warp(latent, (0.0, 0.0), (64, 64)), latent)
    assert torch.equal(nearest_warp(latent, (0.0, 0.0), (64, 64)), latent)


@pytest.mark.parametrize("cells", [0.25, 0.5, 1.5, 3.75, 40.3])
def test_shifted_noise_keeps_its_variance(cells):
    shifted = fourier_shift(noise(1, 64, 64, 64), cells, -cells)
    assert float(shifted.std()) == pytest.approx(1.0, abs=0.02)
    assert float(shifted.mean()) == pytest.approx(0.0, abs=0.01)


def test_two_small_shifts_make_one_large_one():
    smooth = blob()
    twice = fourier_shift(fourier_shift(smooth, 0.7, 0.2), 0.7, 0.2)
    torch.testing.assert_close(twice, fourier_shift(smooth, 1.4, 0.4), rtol=0, atol=1e-5)


def test_motion_is_in_output_pixels_for_any_size_and_shape():
    latent = blob(cells=32, x=10, y=10, sigma=2)
    x, y = centroid(even_warp(latent, (16.0, 16.0), (256, 128)))
    assert (x - 10, y - 10) == pytest.approx((2, 4), abs=0.01)
    wide = torch.zeros(1, 1, 8, 16)
    wide[..., 3, 5] = 1
    assert centroid(nearest_warp(wide, (16.0, 8.0), (128, 64))) == (7, 4)


@pytest.mark.parametrize("warp", [even_warp, nearest_warp])
def test_half_precision_latents_keep_their_type(warp):
    half = noise(1, 4, 8, 8).half()
    moved = warp(half, (12.0, -5.0), (64, 64))
    assert moved.dtype == torch.float16
    whole = warp(half.float(), (12.0, -5.0), (64, 64))
    torch.testing.assert_close(moved.float(), whole, rtol=2e-3, atol=2e-3)
