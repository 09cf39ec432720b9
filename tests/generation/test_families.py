"""Checkpoints of each family: from a folder and from one file they draw what diffusers draws with the same weights."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionXLPipeline
from safetensors.torch import load_file, save_file

from generation import CheckpointUnavailable, InvalidRequest, Text2VideoZero, VideoRequest, load_checkpoint
from generation.catalogue import describe
from generation.style import Style
from tests.ldm import save_single_file, save_single_file_v2
from tests.tiny import save_tiny_checkpoint, save_tiny_xl_checkpoint, tiny_parts, tiny_xl_parts

ASK = VideoRequest(prompt="a fox", seed=1, frames=2, steps=2, guidance_scale=2.0)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A checkpoint folder of each family; SD 2.x differs from 1.x in what it predicts."""
    root = tmp_path_factory.mktemp("families")
    return {
        "SD 1.x": save_tiny_checkpoint(root / "sd1"),
        "SD 2.x": save_tiny_checkpoint(root / "sd2", prediction_type="v_prediction"),
        "SDXL": save_tiny_xl_checkpoint(root / "xl"),
    }


@pytest.fixture(scope="module")
def files(folders):
    """The same weights in one file each."""
    writers = {"SD 1.x": save_single_file, "SD 2.x": save_single_file_v2, "SDXL": save_single_file}
    parts = {"SD 1.x": tiny_parts(), "SD 2.x": tiny_parts(prediction_type="v_prediction"), "SDXL": tiny_xl_parts()}
    return {
        family: writers[family](parts[family], folder.with_suffix(".safetensors")) for family, folder in folders.items()
    }


@pytest.mark.parametrize("negative", ["", "snow"])
def test_the_anchor_is_the_picture_that_sdxl_draws_from_the_same_latents(negative):
    parts = tiny_xl_parts()
    latents = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))
    plain = StableDiffusionXLPipeline(**parts, add_watermarker=False)
    plain.set_progress_bar_config(disable=True)
    picture = plain(
        "a fox", negative_prompt=negative or None, height=64, width=64, num_inference_steps=10, guidance_scale=7.5,
        latents=latents.clone(), output_type="np",
    ).images[0]  # fmt: skip

    request = ASK.change(negative_prompt=negative, steps=10, t0=601, t1=801, guidance_scale=7.5, width=64, height=64)
    anchor = Text2VideoZero(**parts).render(request, latents=latents).frames[0]

    assert np.ptp(picture) > 0.1
    np.testing.assert_allclose(anchor, picture, atol=1e-4)


@pytest.mark.parametrize("family", ["SD 1.x", "SD 2.x", "SDXL"])
def test_one_file_with_the_config_of_a_folder_draws_what_the_folder_draws(folders, files, family):
    whole = load_checkpoint(str(folders[family]), device="cpu").render(ASK)
    style = Style(checkpoint=str(files[family]), config=str(folders[family]))
    clip = load_checkpoint(device="cpu", style=style).render(ASK)
    np.testing.assert_allclose(clip.frames, whole.frames, atol=1e-6)
    assert clip.frames.shape == (2, 64, 64, 3), "the size is the config's"
    assert clip.request.checkpoint == str(files[family])
    assert clip.fingerprint == describe("starter", style).fingerprint


@pytest.mark.parametrize("family", ["SD 1.x", "SD 2.x", "SDXL"])
def test_one_file_without_a_config_says_at_once_that_the_hub_is_needed(files, family):
    with pytest.raises(
        CheckpointUnavailable, match=r"configs of [\w-]+/stable-diffusion-.*as its config, or .* the hub"
    ):
        load_checkpoint(str(files[family]), device="cpu")


def test_a_config_of_another_family_is_refused(folders, files):
    style = Style(checkpoint=str(files["SD 1.x"]), config=str(folders["SDXL"]))
    with pytest.raises(CheckpointUnavailable, match="could not be loaded with the configs of"):
        load_checkpoint(style=style, device="cpu")


def test_one_file_that_lacks_weights_is_refused_and_they_are_not_made_up(folders, files, tmp_path):
    for lost in ("model.diffusion_model.out.2.weight", "first_stage_model.decoder.conv_in.bias"):
        weights = load_file(files["SDXL"])
        del weights[lost]
        save_file(weights, tmp_path / "holed.safetensors")
        style = Style(checkpoint=str(tmp_path / "holed.safetensors"), config=str(folders["SDXL"]))
        with pytest.raises(CheckpointUnavailable, match="lacks 1 weights"):
            load_checkpoint(style=style, device="cpu")


def test_a_pickle_is_refused_and_never_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("a pickle was opened"))
    for suffix in ("ckpt", "bin", "pt"):
        path = tmp_path / f"model.{suffix}"
        path.write_bytes(b"\x80\x04.")
        with pytest.raises(CheckpointUnavailable, match=r"pickled weights .* are refused"):
            load_checkpoint(str(path), device="cpu")


def test_a_broken_file_and_one_of_an_unknown_family_are_refused(folders, files, tmp_path):
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(files["SD 1.x"].read_bytes()[:-100])
    with pytest.raises(CheckpointUnavailable, match=r"broken\.safetensors is damaged"):
        load_checkpoint(str(broken), device="cpu")
    other = tmp_path / "other.safetensors"
    save_file({"double_blocks.0.img_attn.qkv.weight": torch.zeros(3, 3)}, other)
    with pytest.raises(CheckpointUnavailable, match=r"unknown family; SD 1\.x, 2\.x and SDXL"):
        load_checkpoint(str(other), device="cpu")


def test_an_sdxl_refiner_is_refused(tmp_path):
    folder = save_tiny_xl_checkpoint(tmp_path / "refiner", refiner=True)
    with pytest.raises(CheckpointUnavailable, match="refiners are not supported"):
        load_checkpoint(str(folder), device="cpu")


def test_sdxl_without_its_second_text_encoder_is_refused(folders, tmp_path):
    folder = shutil.copytree(folders["SDXL"], tmp_path / "xl")
    shutil.rmtree(folder / "text_encoder_2")
    with pytest.raises(CheckpointUnavailable, match="could not be loaded"):
        load_checkpoint(str(folder), device="cpu")


def test_a_size_of_broken_cells_is_refused_before_anything_is_loaded(folders):
    card = describe(str(folders["SD 1.x"]))
    assert card.resolve(ASK.change(width=72)).width == 72
    with pytest.raises(InvalidRequest, match=r"multiples of 16 .* not 72 x 64; 64 x 64 is nearest"):
        describe("starter").resolve(ASK.change(width=72, height=64))


# Devices and dtypes


@pytest.mark.parametrize(("cuda", "mps", "device"), [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")])
def test_auto_picks_cuda_then_mps_then_cpu(monkeypatch, cuda, mps, device):
    from generation.checkpoint import best_device

    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert best_device() == device


def test_the_dtype_follows_the_device_and_can_be_forced(folders):
    from generation.checkpoint import pick_dtype

    assert pick_dtype("auto", torch.device("cuda")) == torch.float16
    assert pick_dtype("auto", torch.device("mps")) == pick_dtype("auto", torch.device("cpu")) == torch.float32
    model = load_checkpoint(str(folders["SDXL"]), device="cpu", dtype="bfloat16")
    assert {model.unet.dtype, model.autoencoder.vae.dtype, model.text_encoder.dtype} == {torch.bfloat16}
    assert np.isfinite(model.render(ASK).frames).all()
    with pytest.raises(CheckpointUnavailable, match="'float8' is none of auto, float32"):
        load_checkpoint(str(folders["SDXL"]), device="cpu", dtype="float8")
