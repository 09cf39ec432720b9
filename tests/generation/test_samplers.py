"""Samplers: each draws what diffusers draws with it, at any step count, with history of each frame's own."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import diffusers
import numpy as np
import pytest
import torch

from generation import ResolvedRequest, Text2VideoZero, VideoRequest
from generation.noise import normal
from generation.request import Sampler
from generation.samplers import sampler_grid, start
from generation.schedule import ddpm_forward, forward_alpha, noise_schedule
from tests.tiny import tiny_parts

SAMPLERS = get_args(Sampler)
LIBRARY = {
    "ddim": "DDIMScheduler",
    "dpmpp-2m": "DPMSolverMultistepScheduler",
    "unipc": "UniPCMultistepScheduler",
    "euler": "EulerDiscreteScheduler",
    "euler-a": "EulerAncestralDiscreteScheduler",
    "lcm": "LCMScheduler",
}
QUICK = {"width": 64, "height": 64, "guidance_scale": 1.0, "dx": 3.0, "dy": 0.0, "t0": 601, "t1": 801, "seed": 1}


def ask(**fields):
    return VideoRequest(prompt="a fox", **{**QUICK, **fields})


@pytest.fixture(scope="module")
def parts():
    return tiny_parts()


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("sampler", ["dpmpp-2m", "unipc", "euler"])
def test_the_anchor_is_the_picture_that_the_library_draws_with_the_same_sampler(sampler, kind):
    parts = tiny_parts(prediction_type=kind, timestep_spacing="leading")  # whole timesteps for Euler's too
    scheduler = getattr(diffusers, LIBRARY[sampler]).from_config(parts["scheduler"].config)
    grid = sampler_grid(sampler, noise_schedule(parts["scheduler"]), parts["scheduler"], 6)
    latents = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))
    plain = diffusers.StableDiffusionPipeline(
        **{**parts, "scheduler": scheduler}, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    plain.set_progress_bar_config(disable=True)
    picture = plain(
        "a fox", height=64, width=64, num_inference_steps=6, guidance_scale=1.0, latents=latents.clone(),
        output_type="np",
    ).images[0]  # fmt: skip

    request = ask(frames=1, steps=6, sampler=sampler, t0=grid[1], t1=grid[0])
    anchor = Text2VideoZero(**parts).render(request, latents=latents).frames[0]

    assert np.ptp(picture) > 0.1
    np.testing.assert_allclose(anchor, picture, atol=1e-4)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_timesteps_are_the_librarys_for_any_step_count(parts, sampler):
    schedule = noise_schedule(parts["scheduler"])
    library = getattr(diffusers, LIBRARY[sampler]).from_config(parts["scheduler"].config)
    for steps in (1, 4, 30, 50):
        library.set_timesteps(steps)
        grid = sampler_grid(sampler, schedule, parts["scheduler"], steps)
        assert list(grid) == [int(t) for t in library.timesteps]
    assert len(sampler_grid(sampler, schedule, parts["scheduler"], 200)) == 200


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction", "sample"])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_perfect_prediction_leads_to_the_clean_latent(sampler, kind):
    """With the true noise of a known latent every noise level on the way is met, in signal and in variance."""
    schedule = noise_schedule(tiny_parts(prediction_type=kind)["scheduler"])
    clean, points = torch.full((2, 1, 64, 64), 2.0), (951, 701, 401, 101, None)
    solver = start(sampler, schedule, points, seed=1)
    x = ddpm_forward(clean, normal((1, 1, 64, 64), 0, 0).expand_as(clean), schedule.alpha_bar(951))
    for t, t_next in pairwise(points):
        signal, noise = schedule.alpha_bar(t) ** 0.5, (1 - schedule.alpha_bar(t)) ** 0.5
        epsilon = (x - signal * clean) / noise
        prediction = {"epsilon": epsilon, "v_prediction": signal * epsilon - noise * clean, "sample": clean}[kind]
        x = solver.step(x, prediction)
        if t_next is not None:
            level = schedule.alpha_bar(t_next)
            assert float(x.mean()) == pytest.approx(2 * level**0.5, abs=0.06)
            assert float(x[0].var()) == pytest.approx(1 - level, rel=0.08)
            assert torch.equal(x[0], x[1]), "one noise for all frames: what is alike stays alike"
    torch.testing.assert_close(x, clean, rtol=0, atol=0.25 if sampler == "ddim" else 1e-2)


@pytest.mark.parametrize("sampler", ["dpmpp-2m", "unipc"])
def test_history_is_each_frames_own_and_a_part_begins_without(parts, sampler):
    schedule, points = noise_schedule(parts["scheduler"]), (801, 601, 401, 201, None)
    x, predictions = normal((3, 4, 8, 8), 0, 0), [normal((3, 4, 8, 8), 0, k) for k in range(1, 5)]

    def walk(frames):
        solver, latents = start(sampler, schedule, points, seed=0), x[frames]
        for prediction in predictions:
            latents = solver.step(latents, prediction[frames])
        return latents

    together = walk(slice(0, 3))
    for k in range(3):
        torch.testing.assert_close(walk(slice(k, k + 1)), together[k : k + 1], rtol=0, atol=1e-5)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_step_may_take_the_frames_in_chunks_of_any_size(parts, sampler):
    schedule, points = noise_schedule(parts["scheduler"]), (901, 701, 501, 301, 101, None)
    start_at, predictions = normal((6, 4, 8, 8), 0, 0), [normal((6, 4, 8, 8), 0, k) for k in range(1, 6)]

    def walk(*sizes):
        solver, x = start(sampler, schedule, points, seed=0), start_at.clone()
        for prediction, size in zip(predictions, sizes, strict=True):
            for first in range(0, 6, size):
                frames = slice(first, first + size)
                x[frames] = solver.step(x[frames], prediction[frames], first)
        return x

    torch.testing.assert_close(walk(6, 5, 4, 2, 1), walk(6, 6, 6, 6, 6), rtol=0, atol=1e-5)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_makes_a_clip_that_a_longer_one_begins_with(parts, sampler):
    model = Text2VideoZero(**parts)
    clip = model.render(ask(frames=3, steps=4, sampler=sampler))
    assert clip.request.sampler == sampler
    assert np.isfinite(clip.frames).all()
    assert np.abs(clip.frames[0] - clip.frames[2]).max() > 1e-3
    longer = Text2VideoZero(**parts, chunk=2).render(ask(frames=5, steps=4, sampler=sampler))
    np.testing.assert_allclose(longer.frames[:3], clip.frames, atol=1e-4)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(("steps", "t0", "t1"), [(1, 0, 1), (1, 881, 941), (3, 998, 999), (20, 400, 650)])
def test_any_step_count_goes_with_any_noise_levels(parts, sampler, steps, t0, t1):
    clip = Text2VideoZero(**parts).render(ask(frames=2, steps=steps, sampler=sampler, t0=t0, t1=t1))
    assert np.isfinite(clip.frames).all()


@pytest.mark.parametrize("sampler", ["euler-a", "lcm"])
def test_without_motion_the_noise_of_a_step_makes_no_frame_differ(parts, sampler):
    request = ask(frames=3, steps=4, sampler=sampler, dx=0.0, frame_noise="shared")
    frames = Text2VideoZero(**parts).render(request).frames
    np.testing.assert_allclose(frames[1], frames[2], atol=1e-5)
    other = Text2VideoZero(**parts).render(request.change(seed=2)).frames
    assert np.abs(frames - other).max() > 0.01


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_half_precision_latents_keep_their_type(parts, sampler):
    schedule = noise_schedule(parts["scheduler"])
    x, prediction = normal((2, 4, 8, 8), 0, 0).half(), normal((2, 4, 8, 8), 0, 1).half()
    halves, whole = (start(sampler, schedule, (951, 901, None), seed=0) for _ in range(2))
    step = halves.step(x, prediction)
    assert step.dtype == torch.float16
    torch.testing.assert_close(step.float(), whole.step(x.float(), prediction.float()), rtol=0, atol=0.02)


def test_a_recipe_without_a_sampler_is_the_papers(parts):
    fields = ask(frames=1).resolve(Text2VideoZero(**parts).defaults).model_dump()
    del fields["sampler"]
    assert ResolvedRequest.parse(fields).sampler == "ddim"


def test_the_forward_noise_meets_the_level_that_every_sampler_starts_from():
    schedule = noise_schedule(tiny_parts()["scheduler"])
    assert schedule.alpha_bar(601) * forward_alpha(schedule, 601, 801, as_authors=False) == pytest.approx(
        schedule.alpha_bar(801)
    )
