"""What looks at frames: the checkpoint's own checker, the optional classifier, and the log where neither is there."""

from __future__ import annotations

import importlib.util
import json
import shutil

import numpy as np
import pytest
import torch
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from PIL import Image
from transformers import CLIPConfig

from generation import frame_check
from generation.catalogue import describe
from generation.errors import CheckpointUnavailable, UnsuitableFrames
from generation.frame_check import Classifier, OwnChecker, hold_to, load_check

GREY = np.full((40, 64, 3), 0.5, np.float32)


def save_checker(folder, *, threshold: float) -> None:
    """A tiny checker with random weights that calls a picture unfit where a cosine exceeds the threshold."""
    torch.manual_seed(0)
    layers = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = CLIPConfig(
        text_config={**layers, "vocab_size": 300, "bos_token_id": 0, "eos_token_id": 1},
        vision_config={**layers, "image_size": 32, "patch_size": 8},
        projection_dim=8,
    )
    checker = StableDiffusionSafetyChecker(config)
    torch.nn.init.normal_(checker.concept_embeds)
    torch.nn.init.normal_(checker.special_care_embeds)
    checker.concept_embeds_weights.data.fill_(threshold)
    checker.special_care_embeds_weights.data.fill_(2.0)
    checker.save_pretrained(folder / "safety_checker")
    index = json.loads((folder / "model_index.json").read_text())
    index["safety_checker"] = ["stable_diffusion", "StableDiffusionSafetyChecker"]
    (folder / "model_index.json").write_text(json.dumps(index))


@pytest.fixture
def checkpoint(tmp_path, tiny_checkpoint):
    folder = tmp_path / "checkpoint"
    shutil.copytree(tiny_checkpoint, folder)
    return folder


@pytest.mark.parametrize(("threshold", "unfit"), [(-2.0, True), (2.0, False)])
def test_the_checkpoints_own_checker_is_asked(checkpoint, threshold, unfit):
    save_checker(checkpoint, threshold=threshold)
    check = load_check(describe(str(checkpoint)), "auto", "cpu")
    assert isinstance(check, OwnChecker) and check.bytes > 1000
    assert check(GREY) is unfit


def test_frames_are_prepared_as_clips_own_processor_does(checkpoint):
    from transformers import CLIPImageProcessorPil

    save_checker(checkpoint, threshold=0.0)
    check = OwnChecker(str(checkpoint), "cpu")
    seen = []
    check._model.forward = lambda clip_input, images: (images, [seen.append(clip_input) or False])
    frame = np.random.default_rng(0).random((48, 80, 3), np.float32)
    check(frame)
    processor = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    picture = Image.fromarray((frame * 255).round().astype(np.uint8))
    expected = torch.as_tensor(np.asarray(processor(picture, return_tensors="np")["pixel_values"]))
    torch.testing.assert_close(seen[0], expected, atol=0.02, rtol=0)


def test_the_classifier_scores_frames():
    check = Classifier()
    assert check(GREY) is False
    check._model.score = lambda picture: 0.9
    assert check(GREY) is True


def test_auto_takes_the_classifier_where_the_checkpoint_has_no_checker(checkpoint):
    assert isinstance(load_check(describe(str(checkpoint)), "auto", "cpu"), Classifier)


def test_auto_without_either_says_so_in_the_log(checkpoint, monkeypatch, caplog):
    monkeypatch.setattr(frame_check, "find_spec", lambda name: None)
    assert load_check(describe(str(checkpoint)), "auto", "cpu") is None
    assert "not checked" in caplog.text


@pytest.mark.parametrize(("checking", "words"), [("own", "no safety_checker"), ("classifier", "pip install")])
def test_what_was_asked_for_and_is_not_there_is_refused(checkpoint, monkeypatch, checking, words):
    monkeypatch.setattr(frame_check, "find_spec", lambda name: None)
    with pytest.raises(CheckpointUnavailable, match=words):
        load_check(describe(str(checkpoint)), checking, "cpu")


def test_a_broken_checker_is_refused_rather_than_left_out(checkpoint):
    save_checker(checkpoint, threshold=0.0)
    (checkpoint / "safety_checker" / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(CheckpointUnavailable, match="safety_checker"):
        load_check(describe(str(checkpoint)), "auto", "cpu")


def test_a_checker_in_pickles_only_is_refused(checkpoint):
    save_checker(checkpoint, threshold=0.0)
    weights = checkpoint / "safety_checker" / "model.safetensors"
    weights.rename(weights.with_name("pytorch_model.bin"))
    with pytest.raises(CheckpointUnavailable, match="safety_checker"):
        load_check(describe(str(checkpoint)), "auto", "cpu")


def test_the_starter_needs_none_and_off_is_off(checkpoint):
    save_checker(checkpoint, threshold=0.0)
    assert load_check(describe("starter"), "auto", "cpu") is None
    assert load_check(describe(str(checkpoint)), "off", "cpu") is None


def test_one_unfit_frame_is_enough():
    bright = np.ones_like(GREY)
    with pytest.raises(UnsuitableFrames):
        hold_to(lambda frame: bool(frame.mean() > 0.9), [GREY, GREY, bright])  # type: ignore[arg-type]
    hold_to(lambda frame: bool(frame.mean() > 0.9), [GREY, GREY])  # type: ignore[arg-type]
    hold_to(None, [bright])


def test_the_classifiers_package_is_installed_for_the_tests():
    assert importlib.util.find_spec(frame_check.CLASSIFIER) is not None
