"""Folded layers: the same numbers as the layers one by one, up to the border, in fewer operations."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from diffusers import AutoencoderTiny
from diffusers.models.upsampling import Upsample2D
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from generation import Text2VideoZero, VideoRequest, load_checkpoint
from generation.accelerations import ALL, EXACT, FOLDED
from generation.folding import folds
from generation.layers import standing_in
from tests.tiny import tiny_parts, tiny_xl_parts

ASK = {"prompt": "a fox", "width": 64, "height": 64, "steps": 3, "dx": 5.0, "dy": 3.0, "seed": 1, "frames": 3}


def conv(i, o, size=3, **options):
    return nn.Conv2d(i, o, size, padding=size // 2, **options)


def upsample():
    return nn.Upsample(scale_factor=2, mode="nearest")


def patchwise(i, o):
    """Convolutions that together look at one 4 x 4 patch for each cell, the first with a bias, which the border lacks
    where a later one looks beyond it."""
    gather, mix, keep = conv(i, 4 * i, stride=2), conv(4 * i, o, stride=2), conv(o, o)
    with torch.no_grad():
        for layer, taps in ((gather, (1, 2)), (mix, (1, 2)), (keep, (1,))):
            kept = torch.zeros(3, 3)
            kept[taps[0] :, taps[0] :][: len(taps), : len(taps)] = 1
            layer.weight *= kept
    return gather, mix, keep


RUNS = {
    "upsampled": lambda: [conv(3, 6), nn.ReLU(), upsample(), conv(6, 5)],
    "upsampled by 5 x 5": lambda: [upsample(), conv(3, 5, 5, bias=False)],
    "upsampled and two": lambda: [upsample(), conv(3, 6), conv(6, 3)],
    "upsampled and two without a bias": lambda: [upsample(), conv(3, 6, bias=False), conv(6, 3, bias=False)],
    "patches": lambda: list(patchwise(3, 7)),
}


@torch.inference_mode()
@pytest.mark.parametrize("size", [(32, 24), (4, 12), (16, 4), (4, 4)])
@pytest.mark.parametrize("run", list(RUNS))
def test_folded_layers_give_the_same_numbers_in_fewer_operations(run, size):
    torch.manual_seed(0)
    model = nn.Sequential(*RUNS[run]()).requires_grad_(False)
    x = torch.randn(2, 3, *size)
    with FlopCounterMode(display=False) as plainly:
        plain = model(x)
    found = folds(model)
    assert list(found) == [model]
    with standing_in(found), FlopCounterMode(display=False) as folded:
        torch.testing.assert_close(model(x), plain, atol=1e-5, rtol=1e-4)
    if min(size) >= 24:  # the border is computed layer by layer, which is all of a small picture
        assert folded.get_total_flops() < plainly.get_total_flops()
    assert "forward" not in vars(model)


LEFT_ALONE = {
    "overlapping patches": lambda: [conv(3, 6, stride=2), conv(6, 6, stride=2)],
    "bilinear": lambda: [nn.Upsample(scale_factor=2, mode="bilinear"), conv(3, 3)],
    "by three": lambda: [nn.Upsample(scale_factor=3, mode="nearest"), conv(3, 3)],
    "reflected border": lambda: [upsample(), conv(3, 3, padding_mode="reflect")],
    "groups": lambda: [upsample(), conv(3, 3, groups=3)],
    "dilated": lambda: [upsample(), nn.Conv2d(3, 3, 3, padding=1, dilation=2)],
    "strided": lambda: [upsample(), conv(3, 3, stride=2)],
    "half precision": lambda: [upsample(), conv(3, 3).half()],
}


@pytest.mark.parametrize("layers", list(LEFT_ALONE))
def test_what_would_not_be_the_same_is_left_alone(layers):
    torch.manual_seed(0)
    assert folds(nn.Sequential(*LEFT_ALONE[layers]()).requires_grad_(False)) == {}


def test_upsampling_to_another_size_keeps_to_its_own_way():
    torch.manual_seed(0)
    module = Upsample2D(4, use_conv=True, out_channels=4).requires_grad_(False)
    x = torch.randn(1, 4, 5, 5)
    plain = [module(x), module(x, (10, 10)), module(x, (9, 11))]
    with standing_in(folds(module)):
        for found, expected in zip([module(x), module(x, (10, 10)), module(x, (9, 11))], plain, strict=True):
            torch.testing.assert_close(found, expected)


def test_somebody_elses_forward_stays():
    module = Upsample2D(4, use_conv=True, out_channels=4)
    module.forward = lambda x: x
    assert folds(module) == {}


@pytest.mark.parametrize(
    "parts", [tiny_parts(), tiny_parts(prediction_type="v_prediction"), tiny_xl_parts()], ids=["SD1", "SD2", "SDXL"]
)
def test_a_clip_of_each_family_keeps_its_pixels_and_its_modules(parts):
    clips = [Text2VideoZero(**parts, accelerations=names).render(VideoRequest(**ASK)) for names in ([FOLDED], EXACT)]
    np.testing.assert_allclose(clips[0].frames, clips[1].frames, atol=1e-5)
    modules = [*parts["unet"].modules(), *parts["vae"].modules()]
    assert len(folds(parts["unet"])) == 1 and len(folds(parts["vae"])) == 3
    assert not any("forward" in vars(module) for module in modules)


def test_a_tiny_autoencoder_is_folded_where_it_lies_in_a_row():
    vae = AutoencoderTiny(encoder_block_out_channels=(8,) * 4, decoder_block_out_channels=(8,) * 4).eval()
    z = torch.randn(1, 4, 8, 8)
    with torch.inference_mode():
        plain = vae.decode(z).sample
        with standing_in(folds(vae)):
            torch.testing.assert_close(vae.decode(z).sample, plain, atol=1e-5, rtol=1e-4)
    assert [*folds(vae)] == [vae.decoder.layers]


@torch.inference_mode()
def test_the_starter_encodes_and_decodes_with_a_fraction_of_the_operations():
    model = load_checkpoint(device="cpu")
    vae, z = model.autoencoder.vae, torch.randn(1, model.unet.config.in_channels, 16, 16)
    picture = 2 * torch.rand(1, 3, 256, 256) - 1
    found, flops, made = folds(vae), [], []
    for layers in ({}, found):
        with standing_in(layers):
            for code in (lambda: vae.decode(z).sample, lambda: vae.encode(picture).latents):
                with FlopCounterMode(display=False) as counter:
                    made.append(code())
                flops.append(counter.get_total_flops())
    torch.testing.assert_close(made[2], made[0], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(made[3], made[1], atol=1e-4, rtol=1e-4)
    assert flops[2] < 0.65 * flops[0] and flops[3] < 0.01 * flops[1]


def test_accelerations_that_are_switched_off_leave_every_layer_its_own_pass(monkeypatch):
    model = Text2VideoZero(**tiny_parts())
    assert model.accelerations == frozenset(ALL) and model.autoencoder.folds
    model.accelerations = EXACT
    monkeypatch.setattr("generation.folding.folds", lambda _: pytest.fail("folded"))
    monkeypatch.setattr("generation.autoencoder.folds", lambda _: pytest.fail("folded"))
    monkeypatch.setattr("generation.accelerations.folds", lambda _: pytest.fail("folded"))
    assert model.render(VideoRequest(**ASK)).frames.std() > 0


def test_an_autoencoder_that_goes_over_to_float32_is_folded_anew():
    parts = tiny_parts()
    exact = Text2VideoZero(**copy.deepcopy(parts), accelerations=EXACT)
    model = Text2VideoZero(**parts)
    z = torch.randn(1, 4, 8, 8)
    model.autoencoder.vae.bfloat16()
    model.decode(z)
    model.autoencoder.vae.float()
    exact.autoencoder.vae.bfloat16().float()
    np.testing.assert_allclose(model.decode(z), exact.decode(z), atol=1e-5)
