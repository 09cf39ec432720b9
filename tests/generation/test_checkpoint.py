"""Loading: a folder renders, and whatever cannot is refused with the reason."""

from __future__ import annotations

import json
import shutil
import time

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from generation import CheckpointUnavailable, VideoRequest, load_checkpoint
from generation.catalogue import STARTER, describe
from generation.starter import WEIGHTS

PARTS = ("unet", "vae", "text_encoder")


@pytest.fixture
def folder(tiny_checkpoint, tmp_path):
    """A copy of the tiny checkpoint that a test may break."""
    return shutil.copytree(tiny_checkpoint, tmp_path / "mine")


def weights_of(folder, part):
    return next((folder / part).glob("*.safetensors"))


def edit(path, **changes):
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def pickle_weights(folder, part):
    weights = weights_of(folder, part)
    name = "pytorch_model.bin" if part == "text_encoder" else "diffusion_pytorch_model.bin"
    torch.save(load_file(weights), weights.with_name(name))
    weights.unlink()


def test_a_loaded_folder_renders_by_its_sidecar(tiny_checkpoint):
    model = load_checkpoint(str(tiny_checkpoint), device="cpu")
    clip = model.render(VideoRequest(prompt="a fox", seed=1))
    assert clip.frames.shape == (3, 64, 64, 3)
    assert np.ptp(clip.frames) > 0.05
    assert clip.request.checkpoint == str(tiny_checkpoint)
    assert clip.fingerprint == describe(str(tiny_checkpoint)).fingerprint
    again = load_checkpoint(str(tiny_checkpoint), device="cpu").render(clip.request)
    np.testing.assert_array_equal(again.frames, clip.frames)


@pytest.mark.skipif(not WEIGHTS.is_dir(), reason="the starter's weights are not in this tree")
def test_the_starter_renders():
    clip = load_checkpoint(device="cpu").render(VideoRequest(prompt="a fox", frames=2, steps=2, seed=1))
    assert np.isfinite(clip.frames).all()
    assert clip.request.checkpoint == STARTER


def test_weights_are_ready_for_inference_only(tiny_checkpoint):
    model = load_checkpoint(str(tiny_checkpoint), device="cpu")
    for module in (model.unet, model.autoencoder.vae, model.text_encoder):
        assert not module.training
        assert not any(weight.requires_grad for weight in module.parameters())


@pytest.mark.parametrize("pickled", [PARTS, *((part,) for part in PARTS)])
def test_pickled_weights_are_refused_and_never_opened(folder, pickled, monkeypatch):
    for part in pickled:
        pickle_weights(folder, part)
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("a pickle was opened"))
    with pytest.raises(CheckpointUnavailable, match=r"\.bin holds pickled weights.*convert.*safetensors"):
        load_checkpoint(str(folder), device="cpu")


@pytest.mark.parametrize("part", PARTS)
def test_a_broken_weights_file_is_refused(folder, part):
    weights = weights_of(folder, part)
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(CheckpointUnavailable, match="could not be loaded"):
        load_checkpoint(str(folder), device="cpu")


@pytest.mark.parametrize("part", PARTS)
def test_missing_weights_are_refused_and_not_made_up(folder, part):
    weights = weights_of(folder, part)
    kept = load_file(weights)
    lost = sorted(kept)[len(kept) // 2]
    del kept[lost]
    save_file(kept, weights)
    with pytest.raises(CheckpointUnavailable, match=f"{part} lacks 1 weights, .*{lost.split('.')[-1]}"):
        load_checkpoint(str(folder), device="cpu")


def test_weights_named_as_in_old_checkpoints_still_load(folder, tiny_checkpoint):
    old = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    vae = load_file(weights_of(folder, "vae"))
    renamed = {}
    for name, weight in vae.items():
        for new, former in old.items() if "attentions" in name else ():
            name = name.replace(f".{new}.", f".{former}.")
        renamed[name] = weight
    assert renamed.keys() != vae.keys()
    save_file(renamed, weights_of(folder, "vae"))
    request = VideoRequest(prompt="a fox", seed=1, steps=1)
    np.testing.assert_array_equal(
        load_checkpoint(str(folder), device="cpu").render(request).frames,
        load_checkpoint(str(tiny_checkpoint), device="cpu").render(request).frames,
    )


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder", "scheduler", "tokenizer"])
def test_a_missing_part_is_refused(folder, part):
    shutil.rmtree(folder / part)
    with pytest.raises(CheckpointUnavailable, match=str(folder)):
        load_checkpoint(str(folder), device="cpu")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"in_channels": 9}, "reads 9 channels"),
        ({"addition_embed_type": "text"}, "SDXL"),
        ({"cross_attention_dim": 48}, "could not be loaded|width"),
    ],
)
def test_another_kind_of_model_is_refused_when_it_is_loaded(folder, changes, reason):
    from diffusers import UNet2DConditionModel

    config = {**UNet2DConditionModel.load_config(folder, subfolder="unet"), **changes}
    shutil.rmtree(folder / "unet")
    UNet2DConditionModel.from_config({**config, "addition_embed_type_num_heads": 4}).save_pretrained(folder / "unet")
    with pytest.raises(CheckpointUnavailable, match=reason):
        load_checkpoint(str(folder), device="cpu")


def test_a_noise_schedule_that_the_method_does_not_know_is_refused(folder):
    edit(folder / "scheduler/scheduler_config.json", prediction_type="flow")
    with pytest.raises(CheckpointUnavailable, match="prediction_type 'flow' is unknown"):
        load_checkpoint(str(folder), device="cpu")


def test_a_missing_folder_and_one_that_is_no_checkpoint_are_refused(tmp_path):
    with pytest.raises(CheckpointUnavailable, match="there is no checkpoint folder"):
        load_checkpoint(str(tmp_path / "nowhere"), device="cpu")
    with pytest.raises(CheckpointUnavailable, match=r"model_index\.json"):
        load_checkpoint(str(tmp_path), device="cpu")


def test_a_hub_id_that_is_out_of_reach_fails_at_once_and_says_what_to_do():
    started = time.perf_counter()
    with pytest.raises(CheckpointUnavailable, match=r"someone/something could not be loaded from the hub.*CHECKPOINT"):
        load_checkpoint("someone/something", device="cpu")
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("device", ["toaster", "", "cpu:x", "meta"])
def test_an_unknown_device_is_refused(tiny_checkpoint, device):
    with pytest.raises(CheckpointUnavailable, match="device"):
        load_checkpoint(str(tiny_checkpoint), device=device)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has the device")
def test_a_device_that_is_not_here_is_refused(tiny_checkpoint):
    with pytest.raises(CheckpointUnavailable, match="'cuda' cannot be used here"):
        load_checkpoint(str(tiny_checkpoint), device="cuda")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_draws_nearly_what_the_cpu_draws(tiny_checkpoint):
    request = VideoRequest(prompt="a fox", seed=1)
    cpu = load_checkpoint(str(tiny_checkpoint), device="cpu").render(request)
    gpu = load_checkpoint(str(tiny_checkpoint), device="cuda").render(request)
    assert gpu.latents.dtype == torch.float16
    assert np.abs(gpu.frames - cpu.frames).mean() < 0.02
