"""Real, tiny videos in UCF101's and Kinetics's folders become captioned frames, and tell how much footage changes."""

from __future__ import annotations

import logging
import os
import random
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from generation import write_clip
from generation.finish import Finish
from generation.starter.sources import (
    BadSource,
    Example,
    Pictures,
    folder_consistency,
    load_picture,
    open_source,
    read_video_folders,
    temporal_consistency,
)
from generation.starter.sources import videos as module

BRIGHTENING = "color=black:s=64x48:r={rate}:d={seconds},format=gray,geq=lum='min(255,N*{step})'"
"""Every frame is one grey, `step` brighter than the one before: a frame shows which one it is."""


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *arguments], check=True)


def video(path: Path, frames: int = 20, rate: int = 10, step: int = 10) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    source = BRIGHTENING.format(rate=rate, seconds=frames / rate, step=step)
    codec = {".avi": "mpeg4", ".webm": "libvpx"}.get(path.suffix, "libx264")
    ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-q:v", "2", "-c:v", codec, f"file:{path}")
    return path


def grey(example: Example) -> float:
    return float(load_picture(example, 16).mean())


def test_ucf101_and_kinetics_folders_give_spread_frames_with_the_class_in_words(tmp_path: Path) -> None:
    video(tmp_path / "ApplyEyeMakeup" / "v_ApplyEyeMakeup_g01_c01.avi")
    video(tmp_path / "playing guitar" / "-Xyz_000001_000011.mp4")
    video(tmp_path / "yoga" / "a.webm")
    examples = read_video_folders(tmp_path, frames=4)
    assert [example.captions for example in examples] == (
        [("apply eye makeup",)] * 4 + [("playing guitar",)] * 4 + [("yoga",)] * 4
    )
    for start in (0, 4, 8):
        # Frames 2, 7, 12 and 17 of 20, each 10 brighter than the one before.
        assert [grey(example) for example in examples[start : start + 4]] == pytest.approx([20, 70, 120, 170], abs=6)


def test_splits_are_understood_and_only_training_videos_are_read(tmp_path: Path) -> None:
    video(tmp_path / "train" / "tai chi" / "a.mp4")
    video(tmp_path / "val" / "tai chi" / "b.mp4")
    assert {example.path.name for example in open_source(f"videos:{tmp_path}")} == {"a.mp4"}


def test_frames_are_found_by_their_own_times_where_the_rate_changes(tmp_path: Path) -> None:
    slow = video(tmp_path / "slow.mp4", frames=8, step=30)
    (tmp_path / "a").mkdir()
    # Frames 4 to 7 are shown ten times as long as 0 to 3.
    late = "setpts='if(lt(N,4),N,4+(N-4)*10)/(10*TB)'"
    ffmpeg("-i", slow, "-vf", late, "-fps_mode", "vfr", "-c:v", "libx264", tmp_path / "a" / "a.mp4")
    examples = read_video_folders(tmp_path, frames=8)
    assert [grey(example) for example in examples] == pytest.approx([30 * i for i in range(8)], abs=6)


@pytest.mark.parametrize("codec", [("mpeg4", "-bf", "2"), ("libxvid", "-bf", "2"), ("libx264",)])
def test_an_avi_with_reordered_frames_is_spread_to_within_a_few_frames(tmp_path: Path, codec: tuple[str, ...]) -> None:
    source = BRIGHTENING.format(rate=10, seconds=4, step=6)
    (tmp_path / "Archery").mkdir()
    encoding = ("-pix_fmt", "yuv420p", "-q:v", "2", "-g", "12", "-c:v", *codec)
    ffmpeg("-f", "lavfi", "-i", source, *encoding, tmp_path / "Archery" / "v_Archery_g01_c01.avi")
    found = [grey(example) / 6 for example in read_video_folders(tmp_path, frames=4)]
    assert found == pytest.approx([5, 15, 25, 35], abs=3.5)


def test_a_video_shorter_than_asked_gives_each_frame_once(tmp_path: Path) -> None:
    video(tmp_path / "blink" / "two.avi", frames=2, rate=2, step=100)
    video(tmp_path / "still" / "one.mp4", frames=1, step=100)
    two, one = [[e for e in read_video_folders(tmp_path) if e.captions == (name,)] for name in ("blink", "still")]
    assert [grey(example) for example in two] == pytest.approx([0, 100], abs=6)
    assert [grey(example) for example in one] == pytest.approx([0], abs=6)


def test_a_moment_past_the_start_of_the_last_frame_shows_a_frame(tmp_path: Path) -> None:
    path = video(tmp_path / "a.mp4", frames=2, rate=1)
    assert load_picture(Example(path, ("x",), 1.9), 16).shape == (16, 16, 3)


def test_frames_have_square_pixels(tmp_path: Path) -> None:
    path = tmp_path / "anamorphic.mp4"
    # Stored 32x32, shown 64x32: the red middle is a square once shown, and fills the centre crop.
    source = "color=white:s=32x32:r=5:d=1,drawbox=8:0:16:32:red:fill,setsar=2"
    ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv444p", "-c:v", "libx264", "-qp", "0", path)
    pixels = load_picture(Example(path, ("x",), 0.0), 32)
    assert np.abs(pixels[:, 2:-2].astype(int) - [255, 0, 0]).max() < 30


def test_frames_are_drawn_as_training_pictures(tmp_path: Path) -> None:
    video(tmp_path / "YoYo" / "a.avi")
    batch, captions = Pictures(read_video_folders(tmp_path), 16).draw(4, random.Random(0))
    assert batch.shape == (4, 3, 16, 16) and captions == ["yo yo"] * 4
    assert sorted(batch.mean((1, 2, 3)) * 255) == pytest.approx([20, 70, 120, 170], abs=6)


def test_names_that_look_like_options_or_patterns_are_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["-y.mp4", "-", "a b;$(touch hacked).mp4", "%03d.mp4", "http:x.mp4", "concat:x|y.mp4", "é🦊'\".mp4"]
    made = video(tmp_path / "made.mp4", frames=4)
    (tmp_path / "odd").mkdir()
    monkeypatch.chdir(tmp_path / "odd")
    for name in names:
        Path(name).write_bytes(made.read_bytes())
        assert grey(Example(Path(name), ("x",), 0.25)) == pytest.approx(30, abs=6)
    assert sorted(os.listdir()) == sorted(names)


def test_a_playlist_in_disguise_reaches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(BadSource, match=r"a\.mp4 cannot be read as a video"):
        temporal_consistency(path)


# Bad videos


def test_an_unreadable_video_is_named_and_skipped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    whole = video(tmp_path / "a" / "whole.mp4")
    (tmp_path / "a" / "cut.mp4").write_bytes(whole.read_bytes()[:500])
    (tmp_path / "b").mkdir()
    with caplog.at_level(logging.WARNING):
        assert {example.path for example in read_video_folders(tmp_path)} == {whole}
    assert "cut.mp4 cannot be read as a video (" in caplog.text and "b holds no videos" in caplog.text


def test_too_many_unreadable_videos_are_refused(tmp_path: Path) -> None:
    video(tmp_path / "a" / "whole.mp4")
    (tmp_path / "a" / "bad.avi").write_bytes(b"no video")
    (tmp_path / "a" / "worse.mkv").write_bytes(b"")
    with pytest.raises(BadSource, match=r"2 of 3 videos cannot be read, more than a tenth.*bad\.avi.*worse\.mkv"):
        read_video_folders(tmp_path)
    (tmp_path / "a" / "whole.mp4").unlink()
    with pytest.raises(BadSource, match=r"none of 2 videos can be read: .*bad\.avi"):
        read_video_folders(tmp_path)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", tmp_path / "a.mp4")
    with pytest.raises(BadSource, match=r"a\.mp4 cannot be read as a video"):
        temporal_consistency(tmp_path / "a.mp4")


def test_videos_beside_the_class_folders_are_no_classes(tmp_path: Path) -> None:
    video(tmp_path / "a.mp4")
    with pytest.raises(BadSource, match=r"holds no class folders\. Put each class into a folder of its own"):
        read_video_folders(tmp_path)


def test_a_stuck_ffmpeg_and_a_missing_one_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = video(tmp_path / "a.mp4")
    with monkeypatch.context() as patch:
        patch.setattr(module, "_TIMEOUT_S", 0.001)
        with pytest.raises(BadSource, match=r"ffmpeg did not finish .*a\.mp4"):
            temporal_consistency(path)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "no-ffmpeg"))
    with pytest.raises(BadSource, match="ffmpeg does not start"):
        temporal_consistency(path)


# Consistency


def test_consistency_is_the_mean_psnr_between_neighbours(tmp_path: Path) -> None:
    for step in (4, 8):
        frames = [np.full((48, 64, 3), (60 + step * i) / 255, np.float32) for i in range(8)]
        path = write_clip(frames, tmp_path / f"{step}.mp4", Finish(8)).path
        assert temporal_consistency(path) == pytest.approx(20 * np.log10(255 / step), abs=0.7)
        # Every second frame differs by twice as much.
        assert temporal_consistency(path, fps=4) == pytest.approx(20 * np.log10(255 / step / 2), abs=0.7)


def test_equal_frames_count_as_a_hundred_decibels(tmp_path: Path) -> None:
    path = write_clip([np.full((32, 32, 3), 0.5, np.float32)] * 3, tmp_path / "a.mp4", Finish(4)).path
    assert temporal_consistency(path, size=32) == 100


def test_consistency_of_a_class_folder_is_the_mean_over_its_videos(tmp_path: Path) -> None:
    paths = [video(tmp_path / "a" / f"{step}.avi", step=step) for step in (5, 10)]
    found = folder_consistency(tmp_path / "a", size=32)
    assert found.videos == 2
    assert found.mean_db == pytest.approx(np.mean([temporal_consistency(path, size=32) for path in paths]))
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadSource, match="holds no videos"):
        folder_consistency(tmp_path / "empty")


def test_a_single_frame_has_no_neighbour(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"a\.mp4 has 1 frame at this rate; two are needed"):
        temporal_consistency(video(tmp_path / "a.mp4", frames=1))
    with pytest.raises(BadSource, match="there is no video"):
        temporal_consistency(tmp_path / "gone.mp4")
