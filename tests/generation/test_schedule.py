"""Diffusion time: paths through both noise levels for any step count, and steps equal to the library's own."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler
from hypothesis import given
from hypothesis import strategies as st

from generation.schedule import (
    ddim_backward,
    ddpm_forward,
    forward_alpha,
    noise_schedule,
    plan_path,
    predict_clean,
    timestep_grid,
)

STABLE_DIFFUSION = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
LEVELS = st.tuples(st.integers(0, 999), st.integers(0, 999)).filter(lambda levels: levels[0] < levels[1])


def scheduler(**options):
    fixed = {"clip_sample": False, "set_alpha_to_one": False, "steps_offset": 1}
    return DDIMScheduler(**{**STABLE_DIFFUSION, **fixed, **options})


@given(st.integers(1, 60), LEVELS, st.sampled_from(["leading", "trailing", "linspace"]))
def test_any_number_of_steps_leads_through_both_noise_levels_to_the_end(steps, levels, spacing):
    t0, t1 = levels
    grid = timestep_grid(scheduler(timestep_spacing=spacing), steps)
    path = plan_path(grid, t0, t1)

    for part in (path.to_t1, path.to_t0, path.to_clean[:-1]):
        assert all(before > after for before, after in pairwise(part)), "strictly descending"
        assert all(0 <= t <= 999 for t in part)
    assert path.to_t1[-1] == path.to_t0[0] == path.to_clean[0] == t1
    assert path.to_t0[-1] == t0
    assert path.to_clean[-1] is None
    denoising = [len(part) - 1 for part in (path.to_t1, path.to_t0, path.to_clean)]
    assert path.steps == sum(denoising)
    assert denoising[0] + denoising[2] == steps, "the anchor's own way to a picture takes the asked number of steps"
    assert set(path.to_t1[:-1]) | set(path.to_clean[1:-1]) <= set(grid), "only t1 leaves the grid"
    assert set(path.to_t0[1:-1]) <= set(path.to_clean), "the detour uses the same timesteps"


def test_the_papers_path_is_53_calls_of_the_unet():
    path = plan_path(timestep_grid(scheduler(), 50), 881, 941)
    assert path.to_t1 == (981, 961, 941)
    assert path.to_t0 == (941, 921, 901, 881)
    assert path.to_clean == (*range(941, 0, -20), None)
    assert path.steps == 53


def test_planning_leaves_the_given_scheduler_as_it_was():
    given_scheduler = scheduler()
    given_scheduler.set_timesteps(7)
    before = given_scheduler.timesteps.clone()
    timestep_grid(given_scheduler, 30)
    assert torch.equal(given_scheduler.timesteps, before)
    assert given_scheduler.num_inference_steps == 7


@pytest.mark.parametrize("set_alpha_to_one", [False, True])
@pytest.mark.parametrize("kind", ["epsilon", "v_prediction", "sample"])
def test_ddim_backward_is_the_librarys_own_step(kind, set_alpha_to_one):
    theirs = scheduler(prediction_type=kind, set_alpha_to_one=set_alpha_to_one)
    ours = noise_schedule(theirs)
    theirs.set_timesteps(20)
    generator = torch.Generator().manual_seed(0)
    for t in theirs.timesteps.tolist():
        x, prediction = torch.randn(2, 2, 4, 8, 8, generator=generator, dtype=torch.float64)
        t_next = t - 50 if t >= 50 else None
        expected = theirs.step(prediction, t, x, eta=0.0)
        mine = ddim_backward(x, prediction, ours.alpha_bar(t), ours.alpha_bar(t_next), ours.prediction_type)
        torch.testing.assert_close(mine, expected.prev_sample, rtol=1e-5, atol=1e-5)
        clean = predict_clean(x, prediction, ours.alpha_bar(t), ours.prediction_type)
        torch.testing.assert_close(clean, expected.pred_original_sample, rtol=1e-5, atol=1e-5)


def test_the_step_to_nowhere_ends_at_the_checkpoints_final_alpha():
    assert noise_schedule(scheduler(set_alpha_to_one=True)).alpha_bar(None) == 1.0
    assert noise_schedule(scheduler()).alpha_bar(None) == pytest.approx(1 - 0.00085)


def test_forward_alpha_is_the_quotient_and_for_the_paper_the_slice_product():
    schedule = noise_schedule(scheduler())
    assert forward_alpha(schedule, 881, 941, as_authors=False) == pytest.approx(0.53053, abs=5e-6)
    assert forward_alpha(schedule, 881, 941, as_authors=True) == pytest.approx(0.53106, abs=5e-6)
    product = float(torch.prod(scheduler().alphas[881:941]))
    assert forward_alpha(schedule, 881, 941, as_authors=True) == pytest.approx(product, abs=1e-7)


def test_noise_added_forward_reaches_the_higher_levels_signal_and_variance():
    schedule = noise_schedule(scheduler())
    clean, generator = torch.full((1, 1, 400, 400), 3.0), torch.Generator().manual_seed(1)
    first, second = torch.randn(2, 1, 1, 400, 400, generator=generator)
    low, high = schedule.alpha_bar(601), schedule.alpha_bar(651)
    at_low = low**0.5 * clean + (1 - low) ** 0.5 * first
    at_high = ddpm_forward(at_low, second, forward_alpha(schedule, 601, 651, as_authors=False))
    assert at_high.mean() == pytest.approx(3 * high**0.5, abs=0.01)
    assert at_high.var() == pytest.approx(1 - high, abs=0.01)


def test_a_scheduler_without_variance_preserving_noise_is_refused():
    with pytest.raises(ValueError, match="FlowMatchEulerDiscreteScheduler"):
        noise_schedule(FlowMatchEulerDiscreteScheduler())


def test_an_unknown_prediction_type_is_refused():
    unknown = EulerDiscreteScheduler(**STABLE_DIFFUSION)
    unknown.register_to_config(prediction_type="flow")
    with pytest.raises(ValueError, match="flow"):
        noise_schedule(unknown)
