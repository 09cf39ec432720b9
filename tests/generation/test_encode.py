"""MP4 files as ffmpeg sees them: the format that plays everywhere, the recipe inside, and no half-written file."""

from __future__ import annotations

import json
import re
import subprocess

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generation import Defaults, EncodeError, NoRecipe, VideoRequest, write_clip
from generation.encode import fit_clip, read_clip, read_recipe
from generation.finish import QUALITIES, Finish
from generation.recipe import Recipe
from generation.request import ResolvedRequest

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()

NASTY_PROMPTS = [
    "a plain fox",
    'it\'s "quoted" and `ticked`',
    "back\\slash \\n \\\\ \\; \\= end\\",
    "comment=none; #not a comment = ; #",
    "a 🦊 and 👨‍👩‍👧 日本語 עברית",
    "%s {0} $HOME [STREAM] ;FFMETADATA1",
    "-y -i /etc/passwd",
    "é" * 1000,
]


def recipe_for(prompt="a fox", **fields):
    return Recipe(VideoRequest(prompt=prompt, **fields).resolve(Defaults(width=64, height=48)), "sha256:abc")


def smooth_clip(frames=6, height=48, width=64):
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = [[np.sin((x + y * c + 2 * t) / (20 + 9 * c)) / 2.2 + 0.5 for c in range(3)] for t in range(frames)]
    return np.stack(waves).transpose(0, 2, 3, 1).astype(np.float32)


def probe(path):
    return subprocess.run([FFMPEG, "-hide_banner", "-i", path], capture_output=True, text=True).stderr


def boxes(path):
    """The names of an MP4's top-level boxes, in order."""
    content, position, names = path.read_bytes(), 0, []
    while position < len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        names.append(content[position + 4 : position + 8].decode("ascii"))
        position += length
    return names


def test_the_file_is_h264_high_yuv420p_bt709_at_its_frame_rate(tmp_path):
    written = write_clip(smooth_clip(), tmp_path / "a.mp4", Finish(6))
    facts = probe(written.path)
    assert "Video: h264 (High)" in facts
    assert re.search(r"yuv420p\(tv, bt709, progressive\)", facts)
    assert re.search(r"\b64x48\b", facts)
    assert re.search(r"\b6 fps\b", facts)
    assert "Duration: 00:00:01.00" in facts
    assert written.bytes == written.path.stat().st_size
    assert written.quality == QUALITIES["mp4"][0]


def test_the_index_comes_before_the_pictures_so_that_playing_starts_at_once(tmp_path):
    names = boxes(write_clip(smooth_clip(), tmp_path / "a.mp4", Finish(6)).path)
    assert names.index("moov") < names.index("mdat")


def test_pictures_come_back_as_they_were(tmp_path):
    clip = smooth_clip()
    back = read_clip(write_clip(clip, tmp_path / "a.mp4", Finish(6)).path)
    assert back.shape == clip.shape
    for frame, original in zip(back / 255, clip, strict=True):
        psnr = -10 * np.log10(np.mean((frame - original) ** 2))
        assert psnr > 35


@pytest.mark.parametrize("colour", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1), (0, 0, 0)])
def test_pure_colours_keep_their_hue_and_range(tmp_path, colour):
    clip = np.broadcast_to(np.array(colour, np.float32), (2, 32, 32, 3))
    back = read_clip(write_clip(clip, tmp_path / "a.mp4", Finish(6)).path)
    np.testing.assert_allclose(back.mean(axis=(0, 1, 2)) / 255, colour, atol=0.03)


@pytest.mark.parametrize(("size", "padded"), [((33, 47), (34, 48)), ((16, 15), (16, 16)), ((8, 8), (8, 8))])
def test_odd_sizes_are_padded_to_even_ones(tmp_path, size, padded):
    back = read_clip(write_clip(smooth_clip(3, *size), tmp_path / "a.mp4", Finish(6)).path)
    assert back.shape[1:3] == padded


def test_a_single_frame_and_values_out_of_range_are_encoded(tmp_path):
    clip = np.stack([np.full((16, 16, 3), 7.0, np.float32)])
    assert read_clip(write_clip(clip, tmp_path / "a.mp4", Finish(1)).path).min() > 250


def test_encoding_twice_gives_the_same_bytes(tmp_path):
    first, second = (
        write_clip(smooth_clip(), tmp_path / name, Finish(6), recipe=recipe_for(seed=1)) for name in ("a", "b")
    )
    assert first.path.read_bytes() == second.path.read_bytes()


@pytest.mark.parametrize("prompt", NASTY_PROMPTS)
def test_the_recipe_survives_the_file_and_a_remux(tmp_path, prompt):
    recipe = recipe_for(prompt, negative_prompt=prompt[::-1].strip("\u200d "), dx=0.1, seed=2**53 - 1)
    path = write_clip(smooth_clip(2), tmp_path / "a.mp4", Finish(6), recipe=recipe).path
    assert read_recipe(path) == recipe

    remuxed = tmp_path / "b.mp4"
    keep = ["-c", "copy", "-movflags", "use_metadata_tags", "-map_metadata", "0"]
    subprocess.run([FFMPEG, "-loglevel", "error", "-i", path, *keep, remuxed], check=True)
    assert read_recipe(remuxed) == recipe


@given(prompt=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_recipe_is_ascii_json_and_comes_back(prompt):
    recipe = recipe_for(f"fox {prompt}")
    assert recipe.to_json().isascii()
    assert "\n" not in recipe.to_json()
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert isinstance(Recipe.from_json(recipe.to_json()).request, ResolvedRequest)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _: "x" * 10, "no recipe"),
        (lambda _: "[" * 100_000, "no recipe"),
        (lambda _: "[]", "no recipe"),
        (lambda _: '{"title": "fox"}', "no recipe"),
        (lambda content: json.dumps({**content, "flipbook": 99}), "schema 99"),
        (lambda content: json.dumps({**content, "request": None}), "damaged"),
        (lambda content: json.dumps({**content, "request": {**content["request"], "frames": 65}}), "frames"),
        (lambda content: json.dumps({**content, "request": {**content["request"], "seed": None}}), "seed"),
    ],
)
def test_text_that_is_no_recipe_is_refused_with_the_reason(change, reason):
    with pytest.raises(NoRecipe, match=reason):
        Recipe.from_json(change(json.loads(recipe_for().to_json())))


def test_files_without_a_recipe_say_so(tmp_path):
    with pytest.raises(NoRecipe, match="there is no file"):
        read_recipe(tmp_path / "nothing.mp4")
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(NoRecipe, match="not a video"):
        read_recipe(tmp_path / "text.mp4")
    plain = write_clip(smooth_clip(2), tmp_path / "plain.mp4", Finish(6)).path
    with pytest.raises(NoRecipe, match="carries no recipe"):
        read_recipe(plain)
    other = tmp_path / "other.mp4"
    comment = [b"-metadata", b"comment=caf\xe9, my holiday"]  # not UTF-8
    subprocess.run([FFMPEG, "-loglevel", "error", "-i", plain, "-c", "copy", *comment, other], check=True)
    with pytest.raises(NoRecipe, match="no recipe"):
        read_recipe(other)


def test_an_error_in_the_middle_of_the_frames_leaves_the_folder_as_it_was(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"the clip before")

    def frames():
        yield from smooth_clip(3)
        raise RuntimeError("the decoder gave up")

    with pytest.raises(RuntimeError, match="gave up"):
        write_clip(frames(), path, Finish(6))
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]
    assert path.read_bytes() == b"the clip before"


def test_frames_of_two_sizes_are_an_error_and_no_scrambled_clip(tmp_path):
    with pytest.raises(EncodeError, match="one size"):
        write_clip([np.zeros((32, 32, 3)), np.zeros((32, 48, 3))], tmp_path / "a.mp4", Finish(6))
    assert list(tmp_path.iterdir()) == []


def test_no_frames_are_an_error(tmp_path):
    with pytest.raises(EncodeError, match="no frames"):
        write_clip([], tmp_path / "a.mp4", Finish(6))
    assert list(tmp_path.iterdir()) == []


def test_encoding_begins_with_the_first_frame_not_after_the_last(tmp_path, monkeypatch):
    taken, taken_at_start = [], []
    start = subprocess.Popen

    def noted_start(*arguments, **options):
        taken_at_start.append(len(taken))
        return start(*arguments, **options)

    def frames():
        for frame in smooth_clip(3):
            taken.append(frame)
            yield frame

    monkeypatch.setattr(subprocess, "Popen", noted_start)
    write_clip(frames(), tmp_path / "a.mp4", Finish(6))
    assert taken_at_start == [1]
    assert len(taken) == 3


def test_a_path_that_cannot_be_written_is_explained(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder.mp4").mkdir()
    for path in (tmp_path / "file" / "a.mp4", tmp_path / "folder.mp4"):
        with pytest.raises(EncodeError, match=f"{re.escape(str(path))} cannot be written"):
            write_clip(smooth_clip(2), path, Finish(6))
    with pytest.raises(EncodeError, match=r"ffmpeg failed: .*File name too long"):
        write_clip(smooth_clip(2), tmp_path / f"{'a' * 250}.mp4", Finish(6))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder.mp4"]


def test_a_missing_ffmpeg_is_explained(tmp_path, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "no-ffmpeg"))
    with pytest.raises(EncodeError, match="no-ffmpeg"):
        write_clip(smooth_clip(2), tmp_path / "a.mp4", Finish(6))


def noise_clip():
    return np.random.default_rng(0).random((4, 96, 96, 3), dtype=np.float32)


def test_a_clip_is_shrunk_under_the_limit_and_keeps_its_recipe(tmp_path):
    first = write_clip(noise_clip(), tmp_path / "a.mp4", Finish(6), recipe=recipe_for(seed=1))
    fitted = fit_clip(first.path, max_bytes=first.bytes // 2)
    assert fitted.path == first.path
    assert fitted.bytes == first.path.stat().st_size <= first.bytes // 2
    assert fitted.quality > first.quality
    assert read_recipe(first.path) == recipe_for(seed=1)
    assert len(read_clip(first.path)) == 4
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]


def test_a_clip_that_cannot_fit_says_so_and_stays(tmp_path):
    first = write_clip(noise_clip(), tmp_path / "a.mp4", Finish(6), recipe=recipe_for(seed=1))
    before = first.path.read_bytes()
    with pytest.raises(EncodeError, match="does not fit 500 bytes; ask for fewer frames or a smaller size"):
        fit_clip(first.path, max_bytes=500)
    assert first.path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]


def test_what_is_no_video_cannot_be_read(tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    for path in (tmp_path / "text.mp4", tmp_path / "nothing.mp4"):
        with pytest.raises(EncodeError, match="cannot be read"):
            read_clip(path)
