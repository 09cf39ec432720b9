"""Background smoothing: equation 9, the mask from the UNet's attention, and a saliency model instead of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from generation import Text2VideoZero, VideoRequest, load_checkpoint
from generation.attention import Anchor
from generation.camera import Pose
from generation.embedding import Embedded
from generation.foreground import SubjectMaps, foreground, otsu, subject_weights
from generation.smoothing import shared_background, smooth_background
from generation.text import Text
from generation.wording import scene_of
from tests.tiny import tiny_parts


def test_a_share_of_the_background_is_the_moved_anchors_and_nothing_else_changes():
    x_0, moved = torch.randn(3, 4, 8, 8), torch.randn(2, 4, 8, 8)
    background = torch.zeros(2, 1, 8, 8)
    background[..., :3] = 1
    smooth = smooth_background(x_0, moved, background, 0.6)
    torch.testing.assert_close(smooth[1:, :, :, :3], 0.4 * x_0[1:, :, :, :3] + 0.6 * moved[..., :3])
    assert torch.equal(smooth[:, :, :, 3:], x_0[:, :, :, 3:])
    assert torch.equal(smooth[0], x_0[0])


def test_neither_a_frames_own_foreground_nor_the_moved_anchors_is_background():
    masks = torch.zeros(2, 1, 8, 8)
    masks[0, 0, 2:4, 0:2] = 1
    masks[1, 0, 6, 6] = 1
    background = shared_background(masks, [Pose((16.0, 0.0))], (64, 64))[0, 0]
    assert {(int(y), int(x)) for y, x in (background == 0).nonzero()} == {(2, 2), (2, 3), (3, 2), (3, 3), (6, 6)} | {
        (y, x) for y in (2, 3) for x in (0, 1)
    }


@pytest.mark.parametrize("cells", [16, 64])
def test_the_foreground_is_what_stands_out_grown_by_a_thirty_second_of_the_picture(cells):
    maps = 0.1 * torch.rand(1, cells, cells)
    maps[0, 4:8, 4:8] += 1
    found = foreground(maps)[0, 0].nonzero()
    grown = cells // 32
    assert found.min().item() == 4 - grown and found.max().item() == 7 + grown
    assert 0.1 < otsu(maps[0]) < 1.0


@pytest.mark.parametrize(
    ("prompt", "scene"),
    [
        ("a red fox in the snow", "in the snow"),
        ("ein Fuchs im Schnee", "im Schnee"),
        ("fox, night sky", "night sky"),
        ("a panda surfing", ""),
        ("an inn", ""),
    ],
)
def test_a_prompts_scene_is_what_follows_its_subject(prompt, scene):
    assert scene_of(prompt) == scene


def test_a_map_counts_the_tokens_that_would_be_others_without_the_subject():
    said = torch.tensor([[[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]])
    weights = subject_weights(
        Text(Embedded(said), None, 1.0),
        Text(Embedded(torch.tensor([[[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]])), None, 1.0),
    )
    torch.testing.assert_close(weights, torch.tensor([[0.0, 2**0.5, 0.0]]))
    anchor = Anchor(1)
    maps = SubjectMaps(weights, anchor)
    for frame in (0, 1):  # two chunks of one frame
        anchor.expect(first=frame, more=frame == 0)
        looks = torch.zeros(1, 64, 3)
        looks[0, :, 0] = 1.0
        looks[0, 9 + frame] = torch.tensor([0.0, 1.0, 0.0])
        maps.add(looks)
    assert [int(frame.argmax()) for frame in maps.over(torch.zeros(2, 4, 8, 8))] == [9, 10]


def ask(**fields):
    fixed = {"frames": 3, "steps": 3, "width": 64, "height": 64, "dx": 8.0, "dy": 0.0, "guidance_scale": 2.0, "seed": 1}
    return VideoRequest(**{"prompt": "a fox in the snow", **fixed, **fields})


def left_half(frame):
    return np.pad(np.ones((frame.shape[0], frame.shape[1] // 2), np.float32), ((0, 0), (0, frame.shape[1] // 2)))


@pytest.mark.parametrize("warp", ["even", "picture", "paper"])
def test_a_saliency_model_can_tell_the_foreground(warp):
    model = Text2VideoZero(**tiny_parts())
    plain = model.render(ask(warp=warp))
    smooth = model.render(ask(warp=warp, smoothing=1.0), saliency=left_half)
    changed = (plain.latents - smooth.latents).abs().amax(1) > 1e-6
    assert not changed[0].any() and not changed[:, :, :4].any()
    assert changed[1, :, 6:].all() and changed[2, :, 7:].all()


def test_chunks_do_not_change_where_the_subject_is_seen_and_the_unet_is_left_as_it_was(monkeypatch):
    parts, seen = tiny_parts(), []
    before = parts["unet"].attn_processors
    monkeypatch.setattr(
        "generation.pipeline.foreground", lambda maps: seen.append(maps) or torch.ones_like(maps[:, None])
    )
    for chunk in (2, 8):
        Text2VideoZero(**parts, chunk=chunk).render(ask(smoothing=0.6, frames=5))
    torch.testing.assert_close(*seen)
    assert seen[0].std() > 0
    assert all(parts["unet"].attn_processors[name] is before[name] for name in before)


def test_the_starters_attention_finds_the_object_in_the_middle():
    """And the background is drawn nearer to the anchor's: the object is not touched."""
    model = load_checkpoint(device="cpu")
    request = VideoRequest(prompt="a red apple on a blue background", seed=1, frames=2, steps=4, dx=16.0, dy=0.0)
    plain, smooth = model.render(request), model.render(request.change(smoothing=1.0))
    changed = (plain.latents - smooth.latents)[1].abs().amax(0) > 1e-6
    assert not changed[6:10, 7:10].any(), "the object's middle"
    border = torch.cat([changed[0], changed[-1], changed[:, 0], changed[:, -1]])
    assert border.float().mean() > 0.9
