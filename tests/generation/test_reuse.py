"""Feature reuse: which steps are whole, what a reusing step computes, and what it must not mix up."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from generation import Text2VideoZero, VideoRequest
from generation.accelerations import ALL, EXACT
from generation.reuse import Reuse
from tests.live_bytes import LiveBytes
from tests.tiny import tiny_parts, tiny_xl_parts

STEPS = 10
"""Of 1000 training timesteps: 901, 801, ..., 1."""

FIELDS = {
    "prompt": "a fox", "width": 64, "height": 64, "steps": STEPS, "dx": 5.0, "dy": 3.0, "seed": 1, "frames": 3,
    "guidance_scale": 3.0, "t0": 501, "t1": 701,
}  # fmt: skip
"""The anchor steps at 901 and 801, then at 701 and 601; all frames at 701, 601, ..., 1."""


def ask(**fields):
    return VideoRequest(**{**FIELDS, **fields})


@pytest.fixture(scope="module")
def parts():
    return tiny_parts()


def passes(unet, render):
    """For each call of the UNet whether it was a whole one; whole ones go through the mid block's first layer."""
    seen = []
    hooks = [
        unet.register_forward_pre_hook(lambda *_: seen.append(False)),
        unet.mid_block.resnets[0].register_forward_pre_hook(lambda *_: seen.__setitem__(-1, True)),
    ]
    try:
        render()
    finally:
        for hook in hooks:
            hook.remove()
    return seen


@pytest.mark.parametrize(
    ("span", "whole"),
    [
        (0, [True] * 12),
        (99, [True] * 12),
        (100, [True, False, True, False, True, False, True, False, True, False, True, False]),
        (250, [True, False, True, False, True, False, False, True, False, False, True, False]),
        (999, [True, False, True, False, True, False, False, False, False, False, False, False]),
    ],
)
@pytest.mark.parametrize("chunk", [3, 1])
def test_each_part_begins_with_a_whole_step_and_the_span_says_how_far_it_serves(parts, span, whole, chunk):
    model = Text2VideoZero(**parts, chunk=chunk)
    seen = passes(parts["unet"], lambda: model.render(ask(feature_reuse=span)))
    assert seen == whole[:4] + [step for step in whole[4:] for _ in range(3 // chunk)]


@pytest.mark.parametrize(
    ("bands", "whole"),
    [
        (1, [True, False, True, False, True, False, False, False, False, False, False, False]),
        (2, [True, False, True, True, True, True, False, False, False, False, False, False]),
        (3, [True, True, True, False, True, False, False, True, False, False, False, False]),
        (100, [True] * 12),
    ],
)
def test_each_band_of_noise_levels_begins_with_a_whole_step(parts, bands, whole):
    """Two bands meet at 669, three at 826 and 476."""
    model = Text2VideoZero(**parts)
    assert passes(parts["unet"], lambda: model.render(ask(feature_reuse=999, feature_bands=bands))) == whole


def test_bands_widen_towards_the_picture_and_leave_no_level_out():
    reuse = Reuse(span=999, bands=3)
    assert [reuse.band(t) for t in (999, 827, 826, 477, 476, 0)] == [0, 0, 1, 1, 2, 2]
    for bands in (1, 2, 3, 7, 20):
        seen = [Reuse(999, bands).band(t) for t in range(1000)]
        assert seen == sorted(seen, reverse=True) and set(seen) == set(range(bands))
        widths = [seen.count(band) for band in range(bands)]
        assert all(wider >= narrower - 1 for narrower, wider in pairwise(widths))


def test_features_serve_within_the_span_and_the_band_and_never_upwards():
    reuse = Reuse(span=200, bands=2)
    assert reuse.reaches(900, 900) and reuse.reaches(900, 700)
    assert not reuse.reaches(900, 699), "beyond the span"
    assert not reuse.reaches(700, 660), "another band"
    assert not reuse.reaches(700, 701)


@pytest.mark.parametrize("more", [{}, {"guidance_stop": 350}, {"smoothing": 0.6}, {"prompt": "a fox => a cow"}])
def test_neither_the_chunk_nor_the_accelerations_change_the_picture(parts, more):
    clips = [
        Text2VideoZero(**parts, chunk=chunk, accelerations=names).render(ask(feature_reuse=250, **more)).frames
        for chunk, names in ((8, EXACT), (1, ALL), (2, ALL))
    ]
    np.testing.assert_allclose(clips[1], clips[0], atol=1e-5)
    np.testing.assert_allclose(clips[2], clips[0], atol=1e-5)


@pytest.mark.parametrize(
    "parts", [tiny_parts(), tiny_parts(prediction_type="v_prediction"), tiny_xl_parts()], ids=["SD1", "SD2", "SDXL"]
)
def test_every_family_draws_a_like_clip_and_is_left_as_it_was_found(parts):
    model = Text2VideoZero(**parts)
    exact = model.render(ask(feature_reuse=0)).frames
    reused = model.render(ask(feature_reuse=100)).frames
    difference = np.abs(reused - exact)
    assert difference.max() > 1e-6 and difference.mean() < 0.2 * exact.std()
    assert not any("forward" in vars(module) for module in parts["unet"].modules())
    np.testing.assert_array_equal(model.render(ask(feature_reuse=0)).frames, exact)


def test_a_step_that_follows_without_any_noise_gone_draws_what_the_whole_one_draws(parts):
    """With the features of the same latents and timestep the last layer gives the same prediction."""
    from generation.attention import anchored
    from generation.reuse import reused

    x, text = torch.randn(2, 4, 8, 8), torch.randn(2, 16, 32)
    predictions, seen = [], []

    def render():
        unet = parts["unet"]
        with torch.inference_mode(), anchored(unet, groups=1) as anchor, reused(unet, Reuse(span=9), anchor):
            anchor.begin((500, 499))
            predictions.extend(parts["unet"](x, torch.tensor(t), encoder_hidden_states=text).sample for t in (500, 499))

    seen = passes(parts["unet"], render)
    assert seen == [True, False]
    with torch.inference_mode(), anchored(parts["unet"], groups=1):
        whole = parts["unet"](x, torch.tensor(499), encoder_hidden_states=text).sample
    assert (predictions[1] - whole).abs().max() < 0.05 * (whole - x).abs().max()


def test_features_that_no_step_to_come_reuses_take_no_memory(parts):
    peaks = {}
    for span in (0, 99, 100):
        with LiveBytes() as bytes_:
            Text2VideoZero(**parts, chunk=1).render(ask(frames=32, feature_reuse=span))
        peaks[span] = bytes_.peak
    assert peaks[99] <= 1.02 * peaks[0] < peaks[100]


def test_where_memory_fails_within_a_reusing_step_each_frame_keeps_its_own_features(parts):
    whole = Text2VideoZero(**parts).render(ask(frames=4, feature_reuse=250)).frames
    calls = []

    def fail_once(_, inputs):
        calls.append(len(inputs[0]))
        if len(calls) == 6:  # the second step of all frames, which reuses
            raise MemoryError

    hook = parts["unet"].register_forward_pre_hook(fail_once)
    try:
        frames = Text2VideoZero(**parts).render(ask(frames=4, feature_reuse=250)).frames
    finally:
        hook.remove()
    assert calls[4:8] == [8, 8, 4, 4]
    np.testing.assert_allclose(frames, whole, atol=1e-5)


@pytest.mark.parametrize("more", [{"upscale": "second-pass"}, {"sampler": "dpmpp-2m", "steps": 6}])
def test_it_goes_together_with_what_else_a_render_can_do(parts, more):
    clip = Text2VideoZero(**parts).render(ask(feature_reuse=200, **more))
    assert np.isfinite(clip.frames).all() and clip.frames.std() > 0
