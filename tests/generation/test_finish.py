"""After the frames: formats, boomerang, interpolated frames and twice the size, as they stand in the file."""

from __future__ import annotations

import re
import subprocess

import imageio_ffmpeg
import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence

from generation import Defaults, EncodeError, InvalidRequest, NoRecipe, Text2VideoZero, VideoRequest, write_clip
from generation.comment import read_comment, write_comment
from generation.encode import fit_clip, read_clip, read_recipe
from generation.finish import QUALITIES, Finish
from generation.recipe import Recipe
from generation.request import MAX_SIDE_PX
from generation.upscale import enlarge
from tests.generation.test_encode import NASTY_PROMPTS, noise_clip, recipe_for, smooth_clip
from tests.tiny import tiny_parts

ASK = VideoRequest(prompt="a fox", width=64, height=64, steps=4, guidance_scale=2.0, dx=5.0, dy=3.0, seed=1, frames=3)


@pytest.fixture(scope="module")
def model():
    return Text2VideoZero(**tiny_parts())


def moving_square(frames, step):
    clip = np.zeros((frames, 64, 96, 3), np.float32)
    for k in range(frames):
        clip[k, 24:40, 16 + step * k : 32 + step * k] = 1.0
    return clip


def centre(frame):
    return float((frame.mean(axis=(0, 2)) * np.arange(frame.shape[1])).sum() / frame.mean(axis=(0, 2)).sum())


def durations_ms(path):
    durations = []
    with Image.open(path) as animation:
        for frame in ImageSequence.Iterator(animation):
            frame.load()  # a WebP tells only then
            durations.append(frame.info["duration"])
    return durations


# Formats


@pytest.mark.parametrize(("form", "error"), [("gif", 0.02), ("webp", 0.01)])
def test_an_animation_has_its_pictures_its_pace_and_repeats(tmp_path, form, error):
    clip = smooth_clip()
    path = write_clip(clip, tmp_path / f"a.{form}", Finish(5, form)).path
    back = read_clip(path)
    assert back.shape == clip.shape
    assert np.abs(back / 255 - clip).mean() < error
    assert durations_ms(path) == [200] * 6
    with Image.open(path) as animation:
        assert animation.info["loop"] == 0


@pytest.mark.parametrize("form", ["gif", "webp"])
@pytest.mark.parametrize("prompt", NASTY_PROMPTS)
def test_an_animation_carries_its_recipe(tmp_path, form, prompt):
    recipe = recipe_for(prompt, seed=2**53 - 1, format=form)
    path = write_clip(smooth_clip(2), tmp_path / f"a.{form}", Finish(6, form), recipe=recipe).path
    assert read_recipe(path) == recipe
    assert read_clip(path).shape == (2, 48, 64, 3)
    facts = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-i", path], capture_output=True, text=True).stderr
    assert "64x48" in facts, "other programs read the file still"


@pytest.mark.parametrize("form", ["gif", "webp"])
def test_a_single_picture_carries_its_recipe_too(tmp_path, form):
    recipe = recipe_for(format=form)
    path = write_clip(smooth_clip(1), tmp_path / "a", Finish(6, form), recipe=recipe).path
    assert read_recipe(path) == recipe
    assert read_clip(path).shape == (1, 48, 64, 3)


def test_an_animation_without_a_recipe_says_so_and_a_damaged_one_is_explained(tmp_path):
    for form in ("gif", "webp"):
        path = write_clip(smooth_clip(2), tmp_path / f"a.{form}", Finish(6, form)).path
        with pytest.raises(NoRecipe, match="carries no recipe"):
            read_recipe(path)
        path.write_bytes(path.read_bytes()[:14])
        for read in (read_clip, read_comment):
            with pytest.raises(EncodeError, match="cannot be read as an animation"):
                read(path)
        with pytest.raises(EncodeError, match="cannot be put into"):
            write_comment(tmp_path / "gone.webp", "x")


@pytest.mark.parametrize("form", ["gif", "webp"])
def test_an_animation_is_shrunk_under_a_limit_and_keeps_its_recipe(tmp_path, form):
    recipe = recipe_for(format=form, fps=5)
    first = write_clip(noise_clip(), tmp_path / f"a.{form}", Finish(5, form), recipe=recipe)
    fitted = fit_clip(first.path, max_bytes=first.bytes * 3 // 4)
    assert fitted.bytes == first.path.stat().st_size <= first.bytes * 3 // 4
    assert fitted.quality in QUALITIES[form][1:]
    assert read_recipe(first.path) == recipe
    assert durations_ms(first.path) == [200] * 4


def test_a_file_shrunk_once_is_not_interpolated_or_enlarged_again(tmp_path):
    recipe = recipe_for(frames=4, fps=5, interpolation=2, upscale="lanczos")
    first = write_clip(noise_clip(), tmp_path / "a.mp4", Finish.of(recipe.request), recipe=recipe)
    before = read_clip(first.path).shape
    fit_clip(first.path, max_bytes=first.bytes // 2)
    assert read_clip(first.path).shape == before == (8, 192, 192, 3)


# Playback, rate and size


@pytest.mark.parametrize("frames", [1, 2, 5])
@pytest.mark.parametrize("factor", [2, 3, 8])
def test_interpolation_keeps_the_clips_time_and_gives_every_frame_its_share(tmp_path, frames, factor):
    r = recipe_for(frames=frames, fps=5, interpolation=factor).request
    path = write_clip(smooth_clip(frames), tmp_path / "a.mp4", Finish.of(r)).path
    assert len(read_clip(path)) == r.file_frames == frames * factor
    facts = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-i", path], capture_output=True, text=True).stderr
    assert re.search(rf"\b{5 * factor} fps\b", facts)


def test_frames_between_lie_on_the_way_of_what_moves(tmp_path):
    r = recipe_for(frames=5, fps=5, interpolation=2).request
    back = read_clip(write_clip(moving_square(5, 8), tmp_path / "a.mp4", Finish.of(r)).path) / 255
    places = [centre(frame) for frame in back]
    np.testing.assert_allclose(np.diff(places)[1:-2], 4, atol=1)
    between, blend = back[3], (back[2] + back[4]) / 2
    assert between[24:40].max(axis=(0, 2)).mean() < blend[24:40].mean(axis=(0, 2)).mean() * 1.7
    assert np.abs(between - np.roll(back[2], 4, axis=1)).mean() < np.abs(blend - np.roll(back[2], 4, axis=1)).mean() / 2


def test_lanczos_doubles_the_picture(tmp_path):
    clip = smooth_clip(2)
    r = recipe_for(frames=2, upscale="lanczos").request
    back = read_clip(write_clip(clip, tmp_path / "a.mp4", Finish.of(r)).path) / 255
    assert back.shape == (2, 96, 128, 3)
    assert r.file_size == (128, 96)
    means = back.reshape(2, 48, 2, 64, 2, 3).mean(axis=(2, 4))
    assert np.abs(means - clip).mean() < 0.02


def test_a_boomerang_comes_back_and_shows_its_ends_once(model, tmp_path):
    clip = model.render(ASK.change(frames=4, playback="boomerang"))
    played = list(clip.played())
    assert [next(i for i, frame in enumerate(clip) if frame is shown) for shown in played] == [0, 1, 2, 3, 2, 1]
    assert len(read_clip(clip.save(tmp_path / "a.mp4").path)) == clip.request.file_frames == 6
    assert len(list(model.render(ASK.change(frames=1, playback="boomerang")).played())) == 1


def test_a_clip_is_saved_in_the_format_it_was_asked_for_and_in_no_other(model, tmp_path):
    clip = model.render(ASK.change(format="webp", frames=2))
    assert read_recipe(clip.save(tmp_path / "a.webp").path) == clip.recipe
    with pytest.raises(InvalidRequest, match=r"a\.gif would be a gif; the request asks for webp"):
        clip.save(tmp_path / "a.gif")


# The second pass


def test_a_second_pass_doubles_the_clip_and_keeps_what_it_shows(model):
    plain, clip = model.render(ASK), model.render(ASK.change(upscale="second-pass"))
    assert clip.frames.shape == (3, 128, 128, 3)
    assert clip.request.file_size == (128, 128)
    enlarged = enlarge(plain.latents)
    kept = torch.nn.functional.cosine_similarity(clip.latents.flatten(1), enlarged.flatten(1))
    assert float(kept.min()) > 0.6
    assert float((clip.latents - enlarged).abs().max()) > 0.01, "the details are drawn anew"


def test_a_second_pass_counts_its_steps_and_halves_nothing_but_the_chunk(model):
    steps = []
    whole = model.render(ASK.change(upscale="second-pass", steps=10), on_progress=steps.append)
    assert [progress.step for progress in steps] == list(range(1, steps[-1].steps + 1))
    assert [progress.phase for progress in steps].count("upscale") == 4, "301 and the three of ten steps below it"
    chunked = Text2VideoZero(**tiny_parts(), chunk=1).render(whole.request)
    assert float((whole.latents - chunked.latents).abs().max()) < 1e-4


@pytest.mark.parametrize("frame_noise", ["shared", "independent"])
@pytest.mark.parametrize("warp", ["even", "picture", "paper"])
def test_a_second_pass_is_the_same_again_with_every_warp_and_noise(model, frame_noise, warp):
    request = ASK.change(upscale="second-pass", frames=2, steps=2, warp=warp, frame_noise=frame_noise)
    first, again = model.render(request), model.render(request)
    assert torch.equal(first.latents, again.latents)
    assert first.latents.isfinite().all()


# What is refused, and what older recipes mean


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"fps": 60, "interpolation": 2}, r"fps: 120 frames per second .* at most 60"),
        ({"fps": 51, "format": "gif"}, "a gif plays at most 50"),
        ({"fps": 26, "interpolation": 2, "format": "gif"}, "at most 50"),
        ({"width": MAX_SIDE_PX // 2 + 8, "upscale": "lanczos"}, f"at most {MAX_SIDE_PX // 2} are doubled"),
        ({"height": MAX_SIDE_PX, "upscale": "second-pass"}, "are doubled"),
        ({"interpolation": 0}, "interpolation"),
        ({"interpolation": 9}, "interpolation"),
        ({"playback": "backward"}, "playback"),
        ({"upscale": "4x"}, "upscale"),
        ({"format": "avi"}, "format"),
    ],
)
def test_what_no_file_can_be_is_refused(fields, message):
    with pytest.raises(InvalidRequest, match=message):
        VideoRequest.parse({"prompt": "a fox", **fields})


def test_what_does_not_fit_the_checkpoints_own_rate_is_refused_when_it_is_resolved():
    with pytest.raises(InvalidRequest, match="fps: 64"):
        VideoRequest(prompt="a fox", interpolation=8).resolve(Defaults(fps=8))


def test_a_recipe_from_before_these_fields_means_an_mp4_played_once():
    recipe = recipe_for(seed=1)
    young = {"playback", "interpolation", "upscale", "format"}
    old = recipe.request.model_dump_json(exclude=young)
    again = Recipe.from_json(f'{{"flipbook": 1, "request": {old}, "fingerprint": "sha256:abc"}}')
    assert again == recipe
