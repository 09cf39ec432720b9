"""`Clip`: frames are decoded when they are reached, each once."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from generation import Clip, Defaults, RenderCancelled, VideoRequest
from generation.encode import read_recipe


@pytest.fixture
def decoded():
    return []


@pytest.fixture
def clip(decoded):
    def decode(latent):
        assert latent.shape == (1, 4, 2, 2)
        value = float(latent[0, 0, 0, 0])
        decoded.append(int(value))
        return np.full((16, 24, 3), value / 10, np.float32)

    latents = torch.arange(4.0)[:, None, None, None].expand(4, 4, 2, 2)
    request = VideoRequest(prompt="a fox").resolve(Defaults())
    return Clip(latents, decode, request=request, fingerprint="sha256:x", unet_samples=1)


def test_frames_are_decoded_lazily_and_once(clip, decoded):
    assert len(clip) == 4
    assert decoded == []
    frames = iter(clip)
    next(frames)
    next(frames)
    assert decoded == [0, 1]
    assert len(list(clip)) == 4
    assert [float(frame[0, 0, 0]) for frame in frames] == pytest.approx([0.2, 0.3])
    _ = clip.frames
    assert decoded == [0, 1, 2, 3]


def test_frames_is_one_float32_array_in_order(clip):
    assert clip.frames.shape == (4, 16, 24, 3)
    assert clip.frames.dtype == np.float32
    np.testing.assert_allclose(clip.frames[:, 0, 0, 0], [0, 0.1, 0.2, 0.3])


def test_two_readers_at_once_see_the_same_frames(clip, decoded):
    for mine, yours in zip(clip, clip, strict=True):
        assert mine is yours
    assert decoded == [0, 1, 2, 3]


def test_a_cancel_stops_before_the_next_frame_and_leaves_no_file(clip, decoded, tmp_path):
    clip._cancelled = lambda: len(decoded) == 2
    with pytest.raises(RenderCancelled, match="2 of 4 frames"):
        clip.save(tmp_path / "a.mp4")
    assert decoded == [0, 1] and list(tmp_path.iterdir()) == []


def test_the_readmes_python_example_runs(tmp_path, monkeypatch, tiny_checkpoint):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(
        compile(example.replace("load_checkpoint()", f"load_checkpoint({str(tiny_checkpoint)!r})"), "README.md", "exec")
    )
    assert read_recipe(tmp_path / "fox.mp4").request.prompt == "a red fox in the snow"
