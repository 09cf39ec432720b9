"""Guidance that ends at a noise level: what it saves, and that it is guidance above and none below."""

from __future__ import annotations

import numpy as np
import pytest

from generation import Text2VideoZero, VideoRequest
from generation.accelerations import ALL, EXACT
from tests.tiny import tiny_parts

FIELDS = {"width": 64, "height": 64, "steps": 10, "dx": 5.0, "dy": 3.0, "seed": 1, "frames": 4, "guidance_scale": 5.0}


def ask(**fields):
    return VideoRequest(**{"prompt": "a fox", **FIELDS, **fields})


@pytest.fixture(scope="module")
def parts():
    return tiny_parts()


@pytest.mark.parametrize("names", [ALL, EXACT])
def test_a_stop_above_the_first_step_is_no_guidance_at_all(parts, names):
    model = Text2VideoZero(**parts, accelerations=names)
    stopped, plain = model.render(ask(guidance_stop=999)), model.render(ask(guidance_scale=1.0))
    np.testing.assert_allclose(stopped.frames, plain.frames, atol=1e-6)
    assert stopped.unet_samples == plain.unet_samples


def test_below_the_stop_half_of_the_work_is_saved_and_above_it_nothing_changes(parts):
    model = Text2VideoZero(**parts)
    seen = []
    through = model.render(ask(), on_progress=lambda progress: seen.append(progress.preview()))
    guided = list(seen)
    seen.clear()
    stopped = model.render(ask(guidance_stop=500), on_progress=lambda progress: seen.append(progress.preview()))
    below = 5  # of ten steps, all of them of four frames
    assert through.unet_samples - stopped.unet_samples == below * 4
    np.testing.assert_array_equal(seen[: len(seen) - below], guided[: len(guided) - below])
    assert np.abs(seen[-1] - guided[-1]).max() > 1e-4


@pytest.mark.parametrize("more", [{}, {"smoothing": 0.6}, {"prompt": "a fox => a cow"}, {"upscale": "second-pass"}])
def test_the_chunk_and_the_accelerations_do_not_change_the_picture(parts, more):
    clips = [
        Text2VideoZero(**parts, chunk=chunk, accelerations=names).render(ask(guidance_stop=500, **more)).frames
        for chunk, names in ((8, EXACT), (1, ALL), (3, ALL))
    ]
    np.testing.assert_allclose(clips[1], clips[0], atol=1e-5)
    np.testing.assert_allclose(clips[2], clips[0], atol=1e-5)
