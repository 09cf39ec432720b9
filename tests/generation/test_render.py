"""The renderer as a whole, on a real tiny checkpoint: what a request fixes, what it costs, and how it stops."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, AutoencoderTiny, StableDiffusionPipeline
from diffusers.models.attention_processor import AttnProcessor

from generation import Defaults, GenerationError, InvalidRequest, RenderCancelled, Text2VideoZero, VideoRequest
from generation.accelerations import EXACT
from tests.tiny import tiny_parts

QUICK = {"width": 64, "height": 64, "steps": 4, "guidance_scale": 2.0, "dx": 5.0, "dy": 3.0, "seed": 1}


def ask(**fields):
    return VideoRequest(prompt="a fox", **{**QUICK, "frames": 2, **fields})


def draw(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def counted_rows(module, rows):
    return module.register_forward_pre_hook(lambda _, inputs: rows.append(inputs[0].detach().clone()))


@pytest.fixture(scope="module")
def parts():
    return tiny_parts()


@pytest.fixture
def model(parts):
    return Text2VideoZero(**parts)


@pytest.fixture
def unet_inputs(parts):
    inputs = []
    hook = counted_rows(parts["unet"], inputs)
    yield inputs
    hook.remove()


class KeepsNoise(Text2VideoZero):
    """Remembers the forward noise of each render."""

    def moved_frames(self, x_t0, noise, r, **scene):
        self.noise = noise
        return super().moved_frames(x_t0, noise, r, **scene)


# What a request fixes


@pytest.mark.parametrize("frame_noise", ["shared", "independent"])
def test_the_same_resolved_request_gives_the_same_frames(model, frame_noise):
    request = ask(frame_noise=frame_noise, frames=3).resolve(model.defaults)
    first, second = model.render(request), model.render(request)
    assert first.request == request
    np.testing.assert_array_equal(first.frames, second.frames)
    assert np.abs(first.frames[0] - first.frames[2]).max() > 1e-3, "frames must differ for this to mean anything"


def test_another_seed_gives_another_clip(model):
    assert np.abs(model.render(ask(seed=1)).frames - model.render(ask(seed=2)).frames).max() > 0.01


def test_an_open_seed_is_reported_and_makes_the_clip_again(model):
    clip = model.render(ask(seed=None))
    np.testing.assert_array_equal(model.render(clip.request).frames, clip.frames)


def test_what_is_left_open_comes_from_the_models_defaults(parts):
    defaults = Defaults(frames=2, steps=3, width=72, height=64, guidance_scale=1.0, fps=5)
    clip = Text2VideoZero(**parts, defaults=defaults, fingerprint="sha256:x").render(VideoRequest(prompt="a fox"))
    assert clip.frames.shape == (2, 64, 72, 3)
    assert (clip.request.steps, clip.request.fps, clip.fingerprint) == (3, 5, "sha256:x")


@pytest.mark.parametrize("frame_noise", ["shared", "independent"])
def test_given_latents_and_noise_replace_the_draws(model, unet_inputs, frame_noise):
    latents, noise = draw(5, 1, 4, 8, 8), draw(6, 1 if frame_noise == "shared" else 2, 4, 8, 8)

    def render(seed, **given):
        return model.render(ask(seed=seed, frames=3, frame_noise=frame_noise), **given).frames

    whole = render(1, latents=latents, noise=noise)
    assert torch.equal(unet_inputs[0][:1], latents)
    np.testing.assert_array_equal(whole, render(2, latents=latents, noise=noise))
    assert np.abs(whole - render(1, latents=latents)).max() > 1e-3, "the noise must matter"
    assert np.abs(whole - render(1, noise=noise)).max() > 1e-3, "the latents must matter"


@pytest.mark.parametrize(
    ("name", "shape", "fields"),
    [
        ("latents", (1, 4, 8, 9), {}),
        ("latents", (4, 8, 8), {}),
        ("latents", (2, 4, 8, 8), {}),
        ("noise", (3, 4, 8, 8), {"frame_noise": "independent"}),
        ("noise", (1, 3, 8, 8), {"frame_noise": "shared"}),
        ("noise", (2, 4, 8, 8), {"frame_noise": "shared"}),
    ],
)
def test_tensors_of_another_shape_are_refused(model, name, shape, fields):
    with pytest.raises(InvalidRequest, match=f"{name} must have the shape"):
        model.render(ask(frames=3, **fields), **{name: torch.zeros(shape)})


@pytest.mark.parametrize("frame_noise", ["shared", "independent"])
def test_the_anchor_is_frame_0_and_a_still_is_frame_0_of_any_longer_clip(model, frame_noise):
    still = model.render(ask(frames=1, frame_noise=frame_noise)).frames
    longer = model.render(ask(frames=4, frame_noise=frame_noise)).frames
    assert still.shape == (1, 64, 64, 3)
    np.testing.assert_allclose(still[0], longer[0], atol=1e-5)


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction"])
def test_the_anchor_is_the_picture_that_the_checkpoint_draws_from_the_same_latents(kind):
    parts = tiny_parts(prediction_type=kind)
    latents = draw(3, 1, 4, 8, 8)
    plain = StableDiffusionPipeline(**parts, safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    plain.set_progress_bar_config(disable=True)
    picture = plain(
        "a fox", negative_prompt="snow", height=64, width=64, num_inference_steps=10, guidance_scale=7.5,
        latents=latents.clone(), output_type="np",
    ).images[0]  # fmt: skip

    request = ask(negative_prompt="snow", steps=10, t0=601, t1=801, guidance_scale=7.5)
    anchor = Text2VideoZero(**parts).render(request, latents=latents).frames[0]

    assert np.ptp(picture) > 0.1
    np.testing.assert_allclose(anchor, picture, atol=1e-4)


def test_the_first_frames_noise_does_not_depend_on_the_clips_length(parts):
    model = KeepsNoise(**parts)
    model.render(ask(frames=4, frame_noise="independent", steps=1))
    four = model.noise
    model.render(ask(frames=8, frame_noise="independent", steps=1))
    assert four.shape == (3, 4, 8, 8)
    assert torch.equal(model.noise[:3], four)
    assert len({float(frame.sum()) for frame in model.noise}) == 7, "each frame has its own"


def test_no_seed_shares_its_draws_with_another(parts, unet_inputs):
    model = KeepsNoise(**parts)
    model.render(ask(seed=7, frame_noise="independent", steps=1))
    noise = model.noise
    for other in (7 + 2**32, 8, 2**53 - 1):
        unet_inputs.clear()
        model.render(ask(seed=other, frame_noise="independent", steps=1))
        assert not torch.equal(unet_inputs[0][:1], noise)
        assert not torch.equal(model.noise, noise)


@pytest.mark.parametrize("kind", ["even", "paper"])
def test_moved_frames_show_the_anchors_content_further_right_and_down(model, kind):
    anchor = torch.zeros(1, 4, 8, 8)
    anchor[..., 3, 3] = 100.0
    r = ask(frames=4, dx=8.0, dy=8.0, warp=kind, frame_noise="independent").resolve(model.defaults)
    moved = model.moved_frames(anchor, torch.zeros(3, 4, 8, 8), r)
    peaks = [divmod(int(frame[0].argmax()), 8) for frame in moved]
    assert peaks == [(4, 4), (5, 5), (6, 6)]
    assert float(moved.max()) == pytest.approx(100 * (0.53106 if kind == "paper" else 0.53053) ** 0.5, abs=0.01)


def test_shared_noise_moves_with_the_frame_and_independent_noise_does_not(model):
    noise = torch.zeros(1, 4, 8, 8)
    noise[..., 2, 1] = 1.0
    nothing = torch.zeros(1, 4, 8, 8)
    shared = ask(frames=3, dx=8.0, dy=0.0, frame_noise="shared").resolve(model.defaults)
    moved = model.moved_frames(nothing, noise, shared)
    assert [int(frame[0, 2].argmax()) for frame in moved] == [2, 3]
    own = shared.change(frame_noise="independent")
    assert [int(frame[0, 2].argmax()) for frame in model.moved_frames(nothing, noise.repeat(2, 1, 1, 1), own)] == [1, 1]


def test_the_scene_goes_on_beyond_its_border_where_the_mirror_would_show_the_object_again(model):
    """An object that touches the left border moves right: its mirror image must not come in behind it."""
    scene = torch.zeros(1, 4, 8, 8)
    scene[..., 1] = 10.0  # column 0 is background, column 1 the object
    r = ask(frames=4, dx=8.0, dy=0.0, warp="even", frame_noise="shared").resolve(model.defaults)
    x_t0 = model.schedule.alpha_bar(r.t0) ** 0.5 * scene
    nothing = torch.zeros(1, 4, 8, 8)
    mirrored = model.moved_frames(x_t0, nothing, r)[-1, 0, 4]
    extended = model.moved_frames(x_t0, nothing, r, scene=scene)[-1, 0, 4]
    assert int(extended.argmax()) == int(mirrored[3:].argmax()) + 3 == 4
    assert float(mirrored[:3].max()) > 0.5 * float(mirrored.max())
    assert float(extended[:3].abs().max()) < 0.05 * float(extended.max())


# What it costs


def test_eight_frames_of_the_papers_50_steps_are_778_unet_samples(model, unet_inputs):
    clip = model.render(ask(frames=8, steps=50, t0=881, t1=941, guidance_scale=7.5))
    assert clip.unet_samples == sum(len(x) for x in unet_inputs) == 2 * (5 + 48 * 8) == 778
    assert len(unet_inputs) == 53


def test_keys_and_values_are_projected_for_the_anchor_only(model):
    rows = {"to_q": [], "to_k": [], "to_v": []}
    layers = [m for name, m in model.unet.named_modules() if name.endswith("attn1")]
    hooks = [counted_rows(getattr(layer, name), kept) for layer in layers for name, kept in rows.items()]
    try:
        model.render(ask(frames=5, steps=2))
    finally:
        for hook in hooks:
            hook.remove()
    assert {len(x) for x in rows["to_k"]} == {len(x) for x in rows["to_v"]} == {2}, "one anchor per guidance group"
    assert {len(x) for x in rows["to_q"]} == {2, 10}
    assert len(rows["to_k"]) == len(rows["to_q"])


@pytest.mark.parametrize("guidance_scale", [0.0, 1.0])
def test_without_guidance_one_group_runs_and_the_negative_prompt_is_never_read(parts, unet_inputs, guidance_scale):
    read = []

    class Tokenizer:
        def __call__(self, prompts, **options):
            read.extend(prompts)
            return parts["tokenizer"](prompts, **options)

        def __getattr__(self, name):
            return getattr(parts["tokenizer"], name)

    model = Text2VideoZero(**{**parts, "tokenizer": Tokenizer()})
    model.render(ask(negative_prompt="snow", guidance_scale=guidance_scale, frames=3, steps=2))
    assert read == ["a fox"]
    assert {len(x) for x in unet_inputs} == {1, 3}


def test_with_guidance_the_negative_prompt_changes_the_clip(model):
    plain = model.render(ask()).frames
    assert np.abs(plain - model.render(ask(negative_prompt="snow")).frames).max() > 1e-4
    assert np.abs(plain - model.render(ask(guidance_scale=7.5)).frames).max() > 1e-4


@pytest.mark.parametrize("steps", [1, 2, 7, 30])
@pytest.mark.parametrize(("t0", "t1"), [(881, 941), (1, 999), (0, 1), (400, 650)])
def test_any_step_count_renders_with_any_noise_levels(model, steps, t0, t1):
    told = []
    clip = model.render(ask(steps=steps, t0=t0, t1=t1, guidance_scale=1.0), on_progress=told.append)
    assert np.isfinite(clip.frames).all()
    assert np.ptp(clip.frames) > 0.05
    assert len(told) >= steps


# Checkpoints of other shapes


def test_latent_channels_and_a_size_that_is_not_square_come_from_the_config(unet_inputs):
    parts = tiny_parts(latent_channels=8)
    rows = []
    counted_rows(parts["unet"], rows)
    clip = Text2VideoZero(**parts).render(ask(width=96, height=64))
    assert rows[0].shape == (2, 8, 8, 12)
    assert clip.frames.shape == (2, 64, 96, 3)


@pytest.mark.parametrize("blocks", [3, 5])
def test_another_autoencoder_factor_is_read_from_its_config(parts, blocks):
    vae = AutoencoderKL(
        block_out_channels=(16,) * blocks,
        down_block_types=("DownEncoderBlock2D",) * blocks,
        up_block_types=("UpDecoderBlock2D",) * blocks,
        norm_num_groups=8,
    ).eval()
    model = Text2VideoZero(**{**parts, "vae": vae})
    assert model.pixels_per_cell == 2 ** (blocks - 1)
    clip = model.render(ask(width=64, height=32, steps=1))
    assert clip.latents.shape == (2, 4, 32 // model.pixels_per_cell, 64 // model.pixels_per_cell)
    assert clip.frames.shape == (2, 32, 64, 3)
    if blocks == 5:
        with pytest.raises(InvalidRequest, match="multiples of 16 for this checkpoint, not 72 x 64"):
            model.render(ask(width=72))


def test_a_tiny_autoencoder_decodes_too(parts):
    vae = AutoencoderTiny(
        encoder_block_out_channels=(16,) * 4, decoder_block_out_channels=(16,) * 4,
        num_encoder_blocks=(1,) * 4, num_decoder_blocks=(1,) * 4,
    ).eval()  # fmt: skip
    assert Text2VideoZero(**{**parts, "vae": vae}).render(ask(steps=1)).frames.shape == (2, 64, 64, 3)


def test_noise_levels_beyond_the_checkpoints_training_are_refused():
    model = Text2VideoZero(**tiny_parts(num_train_timesteps=100))
    with pytest.raises(InvalidRequest, match="t1 must be below and steps at most 100"):
        model.render(ask(t0=881, t1=941))
    assert len(model.render(ask(t0=61, t1=81, steps=3))) == 2


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_draws_nearly_the_same_clip(dtype):
    request = ask(frames=3, guidance_scale=7.5, frame_noise="shared")
    exact = Text2VideoZero(**tiny_parts()).render(request).frames
    parts = tiny_parts()
    for name in ("unet", "vae", "text_encoder"):
        parts[name].to(dtype)
    clip = Text2VideoZero(**parts).render(request)
    assert clip.latents.dtype == dtype
    assert clip.frames.dtype == np.float32
    assert np.abs(clip.frames - exact).mean() < 0.02


def test_an_autoencoder_that_overflows_in_half_precision_decodes_in_float32():
    parts = tiny_parts()
    with torch.no_grad():
        parts["vae"].decoder.conv_in.weight.mul_(1e5)
    request = ask(steps=2)
    exact = Text2VideoZero(**parts).render(request).frames
    parts["vae"].half()
    latents = torch.randn(1, 4, 8, 8)
    assert not parts["vae"].decode(latents.half() * 5).sample.isfinite().all(), "half precision must overflow here"
    np.testing.assert_allclose(Text2VideoZero(**parts).render(request).frames, exact, atol=0.01)


def test_a_checkpoint_that_draws_nan_is_an_error_and_no_black_clip():
    parts = tiny_parts()
    with torch.no_grad():
        parts["unet"].conv_out.weight.fill_(float("nan"))
    with pytest.raises(GenerationError, match="NaN"):
        Text2VideoZero(**parts).render(ask(steps=1))


# Progress and stopping


def test_progress_counts_every_step_first_of_the_anchor_then_of_all_frames(model):
    told = []
    model.render(ask(frames=3, steps=10, t0=601, t1=801), on_progress=told.append)
    assert [p.step for p in told] == list(range(1, len(told) + 1))
    assert {p.steps for p in told} == {len(told)}
    phases = [p.phase for p in told]
    assert phases == ["anchor"] * 3 + ["frames"] * 9
    assert phases.index("frames") == phases.count("anchor")


def test_a_preview_is_a_picture_and_costs_nothing_until_it_is_called(parts, monkeypatch):
    decoded = []
    decode = parts["vae"].decode
    monkeypatch.setattr(parts["vae"], "decode", lambda z, **options: decoded.append(len(z)) or decode(z, **options))
    told = []
    clip = Text2VideoZero(**parts).render(ask(), on_progress=told.append)
    assert decoded == []
    for progress in (told[0], told[-1]):
        picture = progress.preview()
        assert picture.shape == (64, 64, 3)
        assert picture.dtype == np.float32
        assert 0 <= picture.min() < picture.max() <= 1
    assert decoded == [1, 1]
    last = told[-1].preview()
    assert np.abs(last - clip.frames[0]).max() < np.abs(told[0].preview() - clip.frames[0]).max()


@pytest.mark.parametrize("stop_at", [0, 1, 3, 4])
def test_a_cancel_is_asked_for_before_every_step_and_stops_before_the_next(model, unet_inputs, stop_at):
    asked = []

    def cancelled():
        asked.append(len(unet_inputs))
        return len(unet_inputs) == stop_at

    with pytest.raises(RenderCancelled, match=rf"after {stop_at} of \d+ steps"):
        model.render(ask(), cancelled=cancelled)
    assert asked == list(range(stop_at + 1)), "asked once before each step"
    assert len(unet_inputs) == stop_at


class Custom(AttnProcessor):
    """Stands for a processor that someone else installed."""


@pytest.mark.parametrize("custom", [False, True])
@pytest.mark.parametrize("ending", ["success", "error", "cancel"])
def test_the_unet_keeps_its_own_attention_processors(ending, custom):
    model = Text2VideoZero(**tiny_parts(), accelerations=EXACT)
    if custom:
        model.unet.set_attn_processor({name: Custom() for name in model.unet.attn_processors})
    before = model.unet.attn_processors
    during = []

    def on_progress(progress):
        during.append(model.unet.attn_processors)
        if ending == "error" and progress.step == 3:
            raise RuntimeError("the middle of a render")

    def render():
        model.render(ask(), on_progress=on_progress, cancelled=lambda: ending == "cancel" and len(during) == 3)

    if ending == "success":
        render()
    else:
        with pytest.raises(RuntimeError if ending == "error" else RenderCancelled):
            render()

    after = model.unet.attn_processors
    assert after.keys() == before.keys()
    assert all(after[name] is before[name] for name in before)
    changed = {name for name in before if during[0][name] is not before[name]}
    assert changed == {name for name in before if name.endswith("attn1.processor")}


def test_custom_processors_on_the_unet_do_not_change_the_clip():
    parts = tiny_parts()
    plain = Text2VideoZero(**parts).render(ask()).frames
    parts["unet"].set_attn_processor({name: Custom() for name in parts["unet"].attn_processors})
    np.testing.assert_allclose(Text2VideoZero(**parts).render(ask()).frames, plain, atol=1e-5)


def test_two_threads_may_share_a_model(model):
    requests = [ask(seed=1, guidance_scale=1.0, frames=3), ask(seed=2, guidance_scale=3.0, frames=2)]
    alone = [model.render(request).frames for request in requests]
    before = model.unet.attn_processors
    together, start = {}, threading.Barrier(2)

    def render(index):
        start.wait()
        together[index] = model.render(requests[index]).frames

    threads = [threading.Thread(target=render, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index, frames in enumerate(alone):
        np.testing.assert_allclose(together[index], frames, atol=1e-5)
    assert all(model.unet.attn_processors[name] is before[name] for name in before)


def test_the_text_encoders_attention_mask_is_used_where_the_config_asks_for_it(parts):
    masks = []

    def text_encoder(ids, attention_mask=None, **options):
        masks.append(attention_mask)
        return parts["text_encoder"](ids, attention_mask=attention_mask, **options)

    for wanted in (False, True):
        text_encoder.config = SimpleNamespace(use_attention_mask=wanted, max_position_embeddings=16)
        Text2VideoZero(**{**parts, "text_encoder": text_encoder}).render(ask(steps=1))
    assert masks[0] is None
    assert masks[1].shape == (2, 16)
