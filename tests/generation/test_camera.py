"""Camera motion: what the names mean, that steps are even and ways bounded, and that moved noise stays noise."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from generation import Defaults, InvalidRequest, ResolvedRequest, Text2VideoZero, VideoRequest
from generation.camera import MAX_STRENGTH, PANS, TURNS, Motion, Pose, advances, camera_path, motion
from generation.noise import normal
from generation.resample import NoiseField, move_scene
from tests.tiny import tiny_parts

DEFAULTS = Defaults(dx=5.0, dy=0.0, width=256, height=256)
SIZE = (256, 256)


def ask(**fields):
    return VideoRequest(prompt="a fox", seed=1, **fields).resolve(DEFAULTS)


def blob(*, x, y, sigma=2.0, cells=32):
    axis = torch.arange(cells, dtype=torch.float32)
    column, row = (torch.exp(-((axis - at) ** 2) / (2 * sigma**2)) for at in (x, y))
    return (row[:, None] * column[None, :])[None, None]


def centroid_px(latent):
    """(x, y) of the content's centre of mass against the picture's middle, in output pixels of 8 a cell."""
    weight = latent[0, 0].double()
    axis = (torch.arange(32, dtype=torch.float64) + 0.5) * 8 - 128
    return np.array([float((weight.sum(0) * axis).sum()), float((weight.sum(1) * axis).sum())]) / float(weight.sum())


def track(way, *, frames=8, x=15.5, y=15.5):
    """Centroids (f, 2) of an object under a motion."""
    return np.array(
        [centroid_px(move_scene(blob(x=x, y=y), pose, SIZE)) for pose in camera_path(ask(frames=frames, **way))]
    )


# Names


@pytest.mark.parametrize("name", PANS)
def test_a_pan_advances_by_equal_amounts_in_its_direction(name):
    way = motion(name, DEFAULTS)
    steps = np.diff(track(way._asdict()), axis=0)
    np.testing.assert_allclose(steps.mean(axis=0), 5 * np.array(PANS[name]), atol=0.05)
    assert (steps.std(axis=0) < 0.25).all()


def test_a_pan_has_the_checkpoints_own_strength_in_its_direction():
    defaults = Defaults(dx=-3, dy=4)
    ways = {"right": (5, 0), "left": (-5, 0), "down": (0, 5), "up": (0, -5), "static": (0, 0)}
    assert {name: motion(name, defaults)[:2] for name in ways} == ways
    for name in PANS.keys() - {"static"}:
        dx, dy, *turn = motion(name, defaults)
        assert math.hypot(dx, dy) == pytest.approx(5, abs=1e-3)
        assert (dx > 0) == ("right" in name)
        assert (dy > 0) == ("down" in name)
        assert turn == [1, 0]


def test_a_zoom_grows_the_distance_to_the_middle_by_an_equal_factor():
    for name, x, sense in (("zoom-in", 19.5, 1), ("zoom-out", 21.5, -1)):
        places = track(motion(name, DEFAULTS)._asdict(), x=x)
        even = places[0, 0] * (1 + 5 / 128) ** (sense * np.arange(8))
        assert (places[:, 0] - even).std() < 0.25
        assert np.abs(places[:, 1]).max() < 0.25


def test_a_rotation_turns_by_equal_angles_around_the_middle():
    for name, sense in (("rotate-clockwise", 1), ("rotate-counterclockwise", -1)):
        places = track(motion(name, DEFAULTS)._asdict(), x=23.5)
        angles = np.unwrap(np.arctan2(places[:, 1], places[:, 0]))
        arcs = np.diff(angles) * 64
        assert arcs.mean() == pytest.approx(sense * 2.5, abs=0.05), "half-way to the edge it moves at half the speed"
        assert arcs.std() < 0.25
        np.testing.assert_allclose(np.hypot(*places.T), 64, atol=0.3)


def test_a_sum_of_moves_is_all_of_them_at_once():
    assert motion("right+down", DEFAULTS) == Motion(dx=5.0, dy=5.0)
    both = motion("right + zoom-in", DEFAULTS)
    assert (both.dx, both.zoom) == (5.0, motion("zoom-in", DEFAULTS).zoom)
    assert motion("left+right", DEFAULTS) == motion("static", DEFAULTS) == Motion()
    assert motion("zoom-in+rotate-clockwise", DEFAULTS).rotation == pytest.approx(math.degrees(5 / 128), abs=1e-4)


def test_strength_scales_every_move_and_zero_is_no_motion():
    assert motion("up", DEFAULTS, strength=2.0).dy == -10.0
    assert motion("rotate-clockwise", DEFAULTS, strength=0.5).rotation == pytest.approx(
        math.degrees(2.5 / 128), abs=1e-4
    )
    for name in (*PANS, *TURNS):
        assert motion(name, DEFAULTS, strength=0) == Motion()
        VideoRequest(prompt="a fox").change(**motion(name, DEFAULTS, strength=MAX_STRENGTH)._asdict())


@pytest.mark.parametrize("name", ["sideways", "", "+", "right+", "Right", "right+sideways", "right,up"])
def test_an_unknown_move_is_refused_with_the_known_ones(name):
    with pytest.raises(InvalidRequest, match=r"motion: '.*' is no move.*zoom-in"):
        motion(name, DEFAULTS)


def test_a_sum_of_too_many_moves_is_refused():
    with pytest.raises(InvalidRequest, match="at most 4"):
        motion("+".join(["right"] * 5), DEFAULTS)


@pytest.mark.parametrize("strength", [-0.1, 4.1, float("nan"), float("inf"), True, "1", None])
def test_a_strength_that_is_none_is_refused(strength):
    with pytest.raises(InvalidRequest, match="strength"):
        motion("right", DEFAULTS, strength=strength)


# Trajectories


def test_without_a_turn_the_frames_advance_by_one_each():
    assert advances(5) == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert advances(1) == advances(1, loop=True, easing="ease-in-out") == [0.0]


def test_easing_covers_the_same_way_with_slow_ends():
    way = advances(9, easing="ease-in-out")
    steps = np.diff(way)
    assert way[0] == 0.0
    assert way[-1] == pytest.approx(8.0)
    assert (steps > 0).all()
    np.testing.assert_allclose(steps, steps[::-1])
    assert steps[0] < 0.5 < 1 < steps[4]


@given(st.integers(1, 64), st.sampled_from(["linear", "ease-in-out"]), st.none() | st.floats(0.2, 70))
def test_a_loop_is_one_step_from_the_anchor_at_its_end(frames, easing, turn):
    way = advances(frames, easing=easing, turn=turn, loop=True)
    np.testing.assert_allclose(way[1:], way[1:][::-1], atol=1e-9)
    assert way[0] == 0.0
    assert max(way) <= (frames / 2 if turn is None else min(turn, frames / 2)) + 1e-9


@given(
    st.integers(1, 64), st.floats(-256, 256), st.floats(-256, 256), st.floats(0.8, 1.25),
    st.sampled_from(["bounded", "loop"]), st.sampled_from(["linear", "ease-in-out"]),
)  # fmt: skip
def test_a_bounded_way_never_leaves_the_scene(frames, dx, dy, zoom, trajectory, easing):
    r = ask(frames=frames, dx=dx, dy=dy, zoom=zoom, trajectory=trajectory, easing=easing)
    for pose in camera_path(r):
        assert max(map(abs, pose.shift)) <= 128 + 1e-6
        assert 0.5 - 1e-6 <= pose.scale <= 2 + 1e-6


def test_a_bounded_way_is_straight_until_it_turns_and_does_not_depend_on_the_length():
    straight = camera_path(ask(frames=64, dx=10.0, dy=0.0, trajectory="straight"))
    bounded = camera_path(ask(frames=64, dx=10.0, dy=0.0))
    assert bounded[:13] == straight[:13]
    assert bounded[13:25] == bounded[:12][::-1], "12 steps of 10 are the most that 128 pixels hold"
    assert camera_path(ask(frames=20, dx=10.0, dy=0.0)) == bounded[:20]


def test_by_default_ways_are_bounded_but_the_papers_is_straight():
    assert VideoRequest(prompt="a fox").resolve(Defaults()).trajectory == "bounded"
    assert VideoRequest(prompt="a fox", warp="paper").resolve(Defaults()).trajectory == "straight"
    assert VideoRequest(prompt="a fox", warp="paper", trajectory="loop").resolve(Defaults()).trajectory == "loop"


def test_a_recipe_of_before_means_what_it_meant():
    fields = ask(frames=64, dx=10.0, dy=1.0).model_dump()
    for younger in ("zoom", "rotation", "easing", "trajectory"):
        del fields[younger]
    old = ResolvedRequest.parse(fields)
    assert camera_path(old) == [Pose((10.0 * k, 1.0 * k)) for k in range(64)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zoom", float("nan")), ("zoom", 0.0), ("zoom", 1.3), ("zoom", "1.1"), ("rotation", float("inf")),
        ("rotation", 46.0), ("easing", "bounce"), ("easing", 1), ("trajectory", "circle"), ("trajectory", True),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_in_words_that_name_its_field(field, value):
    with pytest.raises(InvalidRequest, match=rf"\b{field}\b"):
        VideoRequest.parse({"prompt": "a fox", field: value})


@pytest.mark.parametrize("fields", [{"zoom": 1.1}, {"rotation": -3.0}])
def test_the_papers_warp_refuses_what_it_cannot_do(fields):
    with pytest.raises(InvalidRequest, match="warp"):
        VideoRequest.parse({"prompt": "a fox", "warp": "paper", **fields})
    with pytest.raises(InvalidRequest, match="warp"):
        VideoRequest(prompt="a fox", **fields).resolve(Defaults(warp="paper"))


# Latents

POSES = [
    Pose((0.0, 0.0), scale=1.3),
    Pose((40.0, -20.0), scale=0.6, angle=10.0),
    Pose((3.0, 0.0), angle=37.0),
    Pose((0.0, 5.0), scale=2.0, angle=90.0),
    Pose((0.0, 0.0), scale=9.0),
    Pose((128.0, 128.0), scale=0.5),
]


@pytest.mark.parametrize("pose", POSES, ids=str)
def test_moved_noise_is_white_and_keeps_its_variance(pose):
    for std in (1.0, 0.3):
        noise = std * normal((1, 64, 32, 32), 0, 0)
        moved = NoiseField(noise, seed=1, key=0, std=std).moved(pose, SIZE) / std
        assert float(moved.mean()) == pytest.approx(0.0, abs=0.02)
        assert float(moved.var()) == pytest.approx(1.0, abs=0.03)
        for neighbour in (moved[..., 1:] * moved[..., :-1], moved[..., 1:, :] * moved[..., :-1, :]):
            assert float(neighbour.mean()) == pytest.approx(0.0, abs=0.02)


def test_moved_noise_follows_the_picture():
    noise = normal((1, 16, 32, 32), 0, 0)
    field = NoiseField(noise, seed=1, key=0)
    assert torch.equal(field.moved(Pose((0.0, 0.0)), SIZE), noise)
    turned = field.moved(Pose((0.0, 0.0), angle=90.0), SIZE)
    torch.testing.assert_close(turned, noise.rot90(-1, (-2, -1)), rtol=0, atol=1e-4)
    for pose in (Pose((0.0, 0.0), scale=1.02), Pose((0.0, 0.0), angle=1.0)):
        likeness = float((field.moved(pose, SIZE) * noise)[..., 8:24, 8:24].mean())
        assert likeness > 0.7, "a small motion changes little"


@pytest.mark.parametrize("size", [(256, 128), (72, 200)])
def test_noise_of_any_shape_and_type_moves(size):
    noise = normal((1, 32, size[1] // 8, size[0] // 8), 0, 0)
    pose = Pose((4.0, 2.0), scale=0.9, angle=5.0)
    moved = NoiseField(noise, seed=1, key=0).moved(pose, size)
    assert moved.shape == noise.shape
    assert float(moved.var()) == pytest.approx(1.0, abs=0.08)
    half = NoiseField(noise.half(), seed=1, key=0).moved(pose, size)
    assert half.dtype == torch.float16
    torch.testing.assert_close(half.float(), moved, rtol=0, atol=0.01)
    assert move_scene(noise.half(), pose, size).dtype == torch.float16


def test_a_scene_that_shrinks_or_turns_goes_on_beyond_its_border():
    scene = torch.full((1, 2, 32, 32), 3.0)
    for pose in (*POSES, Pose((100.0, 7.5))):
        torch.testing.assert_close(move_scene(scene, pose, SIZE), scene, rtol=0, atol=1e-3)


# Clips


@pytest.fixture(scope="module")
def model():
    return Text2VideoZero(
        **tiny_parts(), defaults=Defaults(width=64, height=64, steps=2, guidance_scale=1.0, t0=601, t1=801)
    )


def test_a_loop_closes_with_the_motion_that_it_began_with(model):
    request = VideoRequest(
        prompt="a fox", frames=8, dx=3.0, dy=0.0, zoom=1.05, trajectory="loop", frame_noise="shared", seed=2
    )
    frames = model.render(request).frames
    np.testing.assert_allclose(frames[7], frames[1], atol=1e-5)
    assert np.abs(frames[4] - frames[0]).max() > 1e-2


@pytest.mark.parametrize("frame_noise", ["shared", "independent"])
def test_zoom_and_rotation_make_a_clip_that_a_longer_one_begins_with(model, frame_noise):
    request = VideoRequest(
        prompt="a fox", frames=3, dx=0.0, dy=0.0, zoom=1.06, rotation=4.0, frame_noise=frame_noise, seed=2
    )
    frames = model.render(request).frames
    assert np.isfinite(frames).all()
    assert np.abs(frames[1] - frames[2]).max() > 1e-3
    longer = model.render(request.change(frames=5)).frames
    np.testing.assert_allclose(longer[:3], frames, atol=1e-5)
    np.testing.assert_array_equal(model.render(request).frames, frames)
