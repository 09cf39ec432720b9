"""Accelerations: what they save, that the picture stays, and that the UNet is left as it was found."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from diffusers.models.attention import FeedForward
from diffusers.models.attention_processor import AttnProcessor
from torch import nn

from generation import InvalidRequest, Text2VideoZero, VideoRequest
from generation.accelerations import ALL, COMPILED, EXACT, SLICED, TEXT_KEYS, usual
from generation.attention import cross_frame_attention, whole_registers
from generation.feed_forward import slices
from tests.tiny import tiny_parts, tiny_xl_parts

STEPS = 3


def ask(**fields):
    fixed = {"width": 64, "height": 64, "steps": STEPS, "dx": 5.0, "dy": 3.0, "seed": 1, "frames": 4}
    return VideoRequest(**{"prompt": "a fox", **fixed, **fields})


@pytest.fixture(scope="module")
def parts():
    return tiny_parts()


def projected(unet, render):
    """How many rows each text projection to keys was given, per call."""
    rows = []
    layers = [module for name, module in unet.named_modules() if name.endswith("attn2.to_k")]
    hooks = [layer.register_forward_pre_hook(lambda _, inputs: rows.append(len(inputs[0]))) for layer in layers]
    try:
        render()
    finally:
        for hook in hooks:
            hook.remove()
    return rows, len(layers)


@pytest.mark.parametrize("guidance_scale", [1.0, 3.0])
def test_text_keys_are_made_once_per_render_and_group_and_the_picture_stays(parts, guidance_scale):
    request = ask(guidance_scale=guidance_scale)
    groups = 1 if guidance_scale == 1.0 else 2
    model, clips = Text2VideoZero(**parts, accelerations=[TEXT_KEYS]), []
    rows, layers = projected(parts["unet"], lambda: clips.append(model.render(request).frames))
    assert rows == [groups] * layers
    exact = Text2VideoZero(**parts, accelerations=EXACT)
    rows, _ = projected(parts["unet"], lambda: clips.append(exact.render(request).frames))
    assert sum(rows) > STEPS * groups * layers, "without it they are made again at each step"
    np.testing.assert_allclose(*clips, atol=1e-5)


@pytest.mark.parametrize("register", [8, 16])
@pytest.mark.parametrize("rows", [1, 15, 16, 77, 88])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_rows_behind_the_keys_change_nothing(rows, dtype, register, monkeypatch):
    """Keys of minus a hundred too, beside which a row of zeros would win."""
    monkeypatch.setattr("generation.attention.REGISTER", register)
    random = torch.Generator().manual_seed(rows)
    key, value = (torch.randn(2, 4, rows, 12, generator=random) for _ in range(2))
    query = torch.randn(2, 4, 50, 12, generator=random).abs()
    for scale in (1.0, -100.0):
        q, k, v = (x.to(dtype) for x in (query, scale * key.abs(), value))
        wide_k, wide_v, mask = whole_registers(k, v)
        assert wide_k.shape == wide_v.shape == (2, 4, -(-rows // register) * register, 12)
        assert (mask is None) == (rows % register == 0)
        found = F.scaled_dot_product_attention(q, wide_k, wide_v, attn_mask=mask)
        atol = 1e-5 if dtype == torch.float32 else 2e-2
        torch.testing.assert_close(found, F.scaled_dot_product_attention(q, k, v), atol=atol, rtol=0)


def test_text_keys_fill_whole_registers(parts, monkeypatch):
    seen = []

    def attention(attn, hidden, key, value, mask=None):
        seen.append((key.shape[2], None if mask is None else mask.isinf().sum().item()))
        return cross_frame_attention(attn, hidden, key, value, mask)

    monkeypatch.setattr("generation.accelerations.cross_frame_attention", attention)
    monkeypatch.setattr("generation.attention.REGISTER", 12)
    Text2VideoZero(**parts, accelerations=[TEXT_KEYS]).render(ask())
    window = parts["tokenizer"].model_max_length
    assert window % 12 and set(seen) == {(-(-window // 12) * 12, -window % 12)}


def test_the_next_render_hears_its_own_text(parts):
    model = Text2VideoZero(**parts)
    other = model.render(ask(prompt="a cow")).frames
    assert np.abs(model.render(ask()).frames - other).max() > 1e-3
    np.testing.assert_array_equal(model.render(ask(prompt="a cow")).frames, other)


def test_text_that_changes_over_the_frames_is_not_kept(parts):
    clips = [
        Text2VideoZero(**parts, accelerations=names).render(ask(prompt="a fox => a cow")).frames
        for names in ([TEXT_KEYS], EXACT)
    ]
    np.testing.assert_array_equal(*clips)


class Loud(AttnProcessor):
    """Somebody else's processor, which matters."""

    def __call__(self, *arguments, **options):
        return 3 * super().__call__(*arguments, **options)


def test_somebody_elses_text_processors_keep_working(parts):
    plain = Text2VideoZero(**parts).render(ask()).frames
    found = dict(parts["unet"].attn_processors)
    loud = {name: Loud() if name.endswith("attn2.processor") else processor for name, processor in found.items()}
    parts["unet"].set_attn_processor(dict(loud))
    try:
        clips = [Text2VideoZero(**parts, accelerations=names).render(ask()).frames for names in ([TEXT_KEYS], EXACT)]
    finally:
        parts["unet"].set_attn_processor(found)
    np.testing.assert_array_equal(*clips)
    assert np.abs(clips[0] - plain).max() > 1e-3


def test_the_unet_is_left_as_it_was_found_also_after_an_error(parts):
    before = parts["unet"].attn_processors

    def stop(progress):
        assert all(parts["unet"].attn_processors[name] is not before[name] for name in before)
        raise RuntimeError("the middle of a render")

    with pytest.raises(RuntimeError, match="middle"):
        Text2VideoZero(**parts).render(ask(), on_progress=stop)
    assert all(parts["unet"].attn_processors[name] is before[name] for name in before)


@pytest.mark.parametrize("shape", [(1, 1, 32), (2, 7, 32), (3, 5000, 32)], ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_feed_forward_layer_draws_the_same_in_slices(shape, dtype, monkeypatch):
    monkeypatch.setattr("generation.feed_forward.SLICE_BYTES", 16 << 10)  # so many slices, on any number of threads
    torch.manual_seed(1)
    layer = FeedForward(32, dim_out=48).to(dtype)
    [sliced] = slices(layer).values()
    x = torch.randn(shape).to(dtype)
    with torch.inference_mode():
        found, whole = sliced(x), layer(x)
    assert found.shape == (*shape[:2], 48)
    torch.testing.assert_close(found, whole, atol=1e-5 if dtype == torch.float32 else 1e-2, rtol=0)


def test_feed_forward_layers_of_another_kind_keep_their_own_way():
    odd = FeedForward(32)
    odd.net[2] = nn.Sequential(nn.Linear(128, 32))  # as an adapter would stand there
    others = [FeedForward(32, activation_fn="gelu"), FeedForward(32, bias=False), FeedForward(32, final_dropout=True)]
    assert slices(nn.ModuleList([odd, *others])) == {}
    assert slices(FeedForward(32).to("meta")) == {}, "on another device"


@pytest.mark.parametrize("parts", [tiny_parts(), tiny_xl_parts()], ids=["SD1", "SDXL"])
def test_every_family_draws_the_same_clip_with_slices_alone(parts):
    assert slices(parts["unet"])
    clips = [Text2VideoZero(**parts, accelerations=names).render(ask()).frames for names in ([SLICED], EXACT)]
    np.testing.assert_allclose(*clips, atol=1e-5)
    assert not any("forward" in vars(module) for module in parts["unet"].modules())


def test_an_unknown_acceleration_is_refused(parts):
    with pytest.raises(InvalidRequest, match="'warp-drive' is none; choose among text-keys, folded-convolutions"):
        Text2VideoZero(**parts, accelerations=["warp-drive"])


def test_layers_are_compiled_on_cuda_or_where_somebody_asks(parts):
    assert COMPILED in usual(torch.device("cuda")) and COMPILED not in usual(torch.device("cpu"))
    assert SLICED in usual(torch.device("cpu"))
    assert Text2VideoZero(**parts).accelerations == {*ALL}


def test_compiled_layers_draw_the_same_picture_and_stay_compiled(parts, monkeypatch):
    """With torch's own tracing and no C++ compiler behind it, which takes a minute for each layer's shapes."""
    made = []

    def backend(graph, _):
        made.append(graph)
        return graph.forward

    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend=backend))
    exact = Text2VideoZero(**parts, accelerations=EXACT).render(ask(feature_reuse=300)).frames
    model = Text2VideoZero(**parts, accelerations=[COMPILED, *ALL])
    np.testing.assert_allclose(model.render(ask(feature_reuse=300)).frames, exact, atol=1e-5)
    assert made and not any("forward" in vars(module) for module in parts["unet"].modules())
    made.clear()
    np.testing.assert_allclose(model.render(ask(feature_reuse=300)).frames, exact, atol=1e-5)
    assert made == [], "the next render compiles nothing again"


def test_whole_feed_forward_layers_are_compiled_not_their_slices(parts, monkeypatch):
    compiled = []
    monkeypatch.setattr(torch, "compile", lambda own, **_: compiled.append(own) or own)
    Text2VideoZero(**parts, accelerations=[COMPILED, SLICED]).render(ask())
    owners = {type(own.__self__) for own in compiled}
    assert FeedForward in owners


def test_without_a_compiler_a_render_goes_on_uncompiled_and_the_log_says_so_once(parts, monkeypatch, caplog):
    monkeypatch.setattr("torch._inductor.config.cpp.cxx", ("no-such-compiler",))
    monkeypatch.setattr("torch._inductor.config.force_disable_caches", True)
    exact = Text2VideoZero(**parts, accelerations=EXACT).render(ask()).frames
    model = Text2VideoZero(**parts, accelerations=[COMPILED])
    for _ in range(2):
        np.testing.assert_array_equal(model.render(ask()).frames, exact)
    said = [record.getMessage() for record in caplog.records if record.name == "generation.compiled"]
    assert len(said) == 1 and said[0].startswith("going on without compiled layers")


def test_memory_that_runs_out_in_a_compiled_layer_is_no_failure_to_compile(parts, monkeypatch):
    def compile(own, **_):
        def scarce(x, *others):
            if len(x) > 2:
                raise MemoryError
            return own(x, *others)

        return scarce

    monkeypatch.setattr(torch, "compile", compile)
    exact = Text2VideoZero(**parts, accelerations=EXACT).render(ask()).frames
    model = Text2VideoZero(**parts, accelerations=[COMPILED])
    np.testing.assert_allclose(model.render(ask()).frames, exact, atol=1e-5)
    assert not model._compiled._failed
