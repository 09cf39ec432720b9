"""The measures tell known clips apart, the ablation leaves out what it says, and the command reports both."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from generation import CheckpointUnavailable, Defaults, GenerationError, Text2VideoZero, VideoRequest
from generation.ablation import VARIANTS, Ablation
from generation.attention import anchored, unanchored
from generation.camera import Pose
from generation.clip_score import clip_scorer
from generation.evaluate import main, summary, tasks
from generation.measures import background_change, measured_path, warp_consistency
from generation.resample import move_scene, visible
from tests.tiny import tiny_parts

ASK = VideoRequest(prompt="a fox", width=64, height=64, steps=3, guidance_scale=2.0, dx=8.0, dy=0.0, seed=1, frames=3)
WAY = [Pose((4.0 * k, 2.0 * k)) for k in range(4)]


def scene():
    """A smooth picture (1, 3, 128, 128) with a bright square in the middle."""
    y, x = torch.meshgrid(torch.arange(128.0), torch.arange(128.0), indexing="ij")
    picture = torch.stack([(x / 21 + c).sin() * (y / 17 - c).cos() / 4 + 0.4 for c in range(3)])
    picture[:, 48:80, 48:80] = 0.9
    return picture[None]


def moving(poses):
    return torch.cat([move_scene(scene(), pose, (128, 128)) for pose in poses]).clamp(0, 1)


@pytest.fixture(scope="module")
def model():
    return Text2VideoZero(**tiny_parts(), defaults=Defaults(width=64, height=64))


# Measures


@pytest.mark.parametrize("pose", [Pose((7.0, -3.0)), Pose((5.0, 2.0), 1.2, 15.0)])
def test_a_pose_and_its_inverse_bring_the_picture_back(pose):
    back = move_scene(move_scene(scene(), pose, (128, 128)), pose.inverse, (128, 128))[0]
    seen = visible(pose.inverse, (128, 128))
    assert 0.4 < seen.float().mean() < 1
    inner = torch.nn.functional.max_pool2d((~seen)[None].float(), 9, 1, 4)[0] == 0
    assert float((back - scene()[0]).abs()[:, inner].mean()) < 0.02


def test_a_clip_that_moves_as_asked_is_consistent_and_its_path_is_found():
    frames = moving(WAY)
    assert warp_consistency(frames, WAY) > 60
    assert background_change(frames, WAY) < 1
    np.testing.assert_allclose(measured_path(frames), [pose.shift for pose in WAY], atol=0.3)


def test_a_clip_that_stands_still_or_flickers_is_told():
    frames = moving(WAY)
    still = frames[:1].expand(4, -1, -1, -1)
    assert warp_consistency(still, WAY) < 25
    np.testing.assert_allclose(measured_path(still), np.zeros((4, 2)), atol=0.1)
    flicker = frames + torch.tensor([0.0, 0.04, 0.0, 0.04])[:, None, None, None]
    assert background_change(flicker, WAY) == pytest.approx(0.04 * 255, rel=0.1)
    assert warp_consistency(flicker, WAY) < warp_consistency(frames, WAY) - 20


def test_what_changes_in_the_middle_is_no_change_of_the_background():
    frames = moving([Pose((0.0, 0.0))] * 3)
    frames[1, :, 50:78, 50:78] = 0.0
    assert background_change(frames, [Pose((0.0, 0.0))] * 3) == 0.0


# The ablation


def test_both_is_the_method_itself(model):
    variant = Ablation.of(model, motion=True, attention=True)
    assert torch.equal(variant.render(variant.asked(ASK)).latents, model.render(ASK).latents)


def test_neither_makes_frames_that_know_nothing_of_each_other(model):
    variant = Ablation.of(model, motion=False, attention=False)
    three = variant.render(variant.asked(ASK)).latents
    two = variant.render(variant.asked(ASK.change(frames=2, dx=-20.0))).latents
    torch.testing.assert_close(three[:2], two, atol=1e-4, rtol=0)
    assert float((three[0] - three[1]).abs().mean()) > 0.3


def test_cross_frame_attention_lets_the_anchor_change_the_other_frames(model):
    """Only where it is on does another anchor, from another x_T, give other frames."""
    changed = {}
    for attention in (False, True):
        variant = Ablation.of(model, motion=False, attention=attention)
        request = variant.asked(ASK.change(frames=2))
        clips = [variant.render(request, latents=torch.full((1, 4, 8, 8), value)).latents for value in (0.1, -0.9)]
        changed[attention] = float((clips[0][1] - clips[1][1]).abs().max())
    assert changed[False] < 1e-5 < 1e-3 < changed[True]


def test_motion_without_cross_frame_attention_begins_with_the_moved_anchor(model):
    clips = {name: Ablation.of(model, motion=m, attention=a) for name, (m, a) in VARIANTS.items()}
    latents = {name: variant.render(variant.asked(ASK)).latents for name, variant in clips.items()}
    assert torch.allclose(latents["motion"][0], latents["both"][0], atol=1e-5), "the anchor attends to itself anyway"
    assert not torch.allclose(latents["motion"][1], latents["both"][1], atol=1e-3)


def test_unanchored_layers_are_anchored_again_afterwards(model):
    with anchored(model.unet, groups=1):
        before = dict(model.unet.attn_processors)
        with unanchored(model.unet):
            assert not any(type(p).__name__ == "_AnchorProcessor" for p in model.unet.attn_processors.values())
        assert dict(model.unet.attn_processors) == before


# The command


def test_the_command_measures_each_variant_and_writes_a_picture(tiny_checkpoint, tmp_path, capsys):
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("a fox\n\na cat in the snow\na third\n", encoding="utf-8")
    arguments = ["--checkpoint", str(tiny_checkpoint), "--device", "cpu", "--prompts", str(prompts), "--clips", "2"]
    assert main([*arguments, "--steps", "1", "--ablation", "--picture", str(tmp_path / "a.webp")]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == ["fingerprint", *VARIANTS]
    for name in VARIANTS:
        assert figures[name]["clips"] == 2
        assert {"consistency_db", "background_change", "correlation", "path_error_px", "follows"} < set(figures[name])
    with Image.open(tmp_path / "a.webp") as picture:
        assert picture.size == (3 * 64, 4 * 64)


def test_the_way_frames_are_moved_is_the_one_asked_for(tiny_checkpoint, tmp_path, capsys, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "generation.evaluate.tasks", lambda *all, **fields: asked.append(fields) or tasks(*all, **fields)
    )
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("a fox\n", encoding="utf-8")
    arguments = ["--checkpoint", str(tiny_checkpoint), "--device", "cpu", "--prompts", str(prompts), "--steps", "2"]
    moved = {"warp": "paper", "frame_noise": "independent", "t0": 101, "t1": 301}
    assert main([*arguments, "--warp", "paper", "--frame-noise", "independent", "--t0", "101", "--t1", "301"]) == 0
    assert asked == [{"frames": None, "steps": 2, **moved}]
    assert json.loads(capsys.readouterr().out)["both"]["clips"] == 1


def test_shares_and_spreads_are_told_apart():
    clips = [{"correlation": c, "right_in_every_frame": r} for c, r in ((0.99, 1.0), (0.5, 1.0), (1.0, 0.0))]
    table = summary(clips)
    assert (table["follows"]["right"], table["right_in_every_frame"]["right"]) == (2, 2)
    assert table["correlation"]["mean"] == pytest.approx(0.83)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--prompts", "nothing.txt"], "cannot be read"),
        (["--prompts", "empty.txt"], "holds no prompts"),
        (["--checkpoint", "/nowhere"], "/nowhere"),
    ],
)
def test_what_cannot_be_evaluated_is_one_line(arguments, reason, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.txt").write_text("\n")
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("error: ") and reason in printed.err and printed.err.count("\n") == 1


def test_a_checkpoint_that_the_judge_does_not_know_needs_prompts(tiny_checkpoint, capsys):
    assert main(["--checkpoint", str(tiny_checkpoint)]) == 1
    assert "give --prompts FILE" in capsys.readouterr().err


def test_without_torchmetrics_the_clip_score_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchmetrics.multimodal.clip_score", None)
    with pytest.raises(GenerationError, match=r"flipbook\[evaluate\]"):
        clip_scorer("anything")


def test_the_clip_score_is_100_times_the_mean_cosine_of_picture_and_text(tmp_path):
    pytest.importorskip("torchmetrics")
    from transformers import CLIPModel, CLIPProcessor

    from tests.tiny import save_tiny_clip

    folder = save_tiny_clip(tmp_path / "clip")
    score = clip_scorer(str(folder))
    frames = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    prompts = ["a fox", "snow", "!", "night on the sea", "7", "?x"]
    found = [score(frames, prompt) for prompt in prompts]
    model, processor = CLIPModel.from_pretrained(folder).eval(), CLIPProcessor.from_pretrained(folder)
    for prompt, value in zip(prompts, found, strict=True):
        inputs = processor(text=prompt, images=list((frames * 255).round().byte()), return_tensors="pt", padding=True)
        with torch.inference_mode():
            cosines = model(**inputs).logits_per_text / model.logit_scale.exp()
        assert value == pytest.approx(max(0.0, 100 * float(cosines.mean())), abs=1e-3)
    assert max(found) > 0
    with pytest.raises(CheckpointUnavailable, match="cannot be loaded"):
        clip_scorer(str(tmp_path / "nowhere"))
