"""The shipped weights: small, free of pickles, loadable by diffusers, and they draw what is asked."""

import math

import pytest

torch = pytest.importorskip("torch")

from diffusers import AutoencoderTiny, StableDiffusionPipeline, UNet2DConditionModel  # noqa: E402
from torch import Tensor  # noqa: E402
from transformers import CLIPTextModel, CLIPTokenizer  # noqa: E402

from generation.catalogue import describe  # noqa: E402
from generation.starter import WEIGHTS  # noqa: E402

MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def pipeline() -> StableDiffusionPipeline:
    loaded = StableDiffusionPipeline.from_pretrained(WEIGHTS, dtype=torch.float32)
    loaded.set_progress_bar_config(disable=True)
    return loaded


def _draw(pipeline: StableDiffusionPipeline, prompt: str) -> Tensor:
    generator = torch.Generator().manual_seed(3)
    result = pipeline(prompt, num_inference_steps=12, guidance_scale=2.0, generator=generator, output_type="np")
    return torch.from_numpy(result.images[0])


def test_weights_are_small_and_hold_no_pickles() -> None:
    files = [path for path in WEIGHTS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 40 * MEBIBYTE
    assert max(path.stat().st_size for path in files) < 16 * MEBIBYTE
    assert {path.suffix for path in files} <= {".json", ".safetensors"}


def test_parts_are_stock_classes(pipeline: StableDiffusionPipeline) -> None:
    assert isinstance(pipeline.tokenizer, CLIPTokenizer)
    assert isinstance(pipeline.text_encoder, CLIPTextModel)
    assert isinstance(pipeline.unet, UNet2DConditionModel)
    assert isinstance(pipeline.vae, AutoencoderTiny)
    assert pipeline.scheduler.config.prediction_type == "v_prediction"
    assert pipeline.scheduler.config.clip_sample is False


def test_red_apple_on_a_blue_background_is_red_on_blue(pipeline: StableDiffusionPipeline) -> None:
    picture = _draw(pipeline, "a red apple on a blue background")
    red, green, blue = picture[110:190, 90:170].mean((0, 1)).tolist()
    assert red > 0.6 and green < 0.4 and blue < 0.5
    for corner in (picture[:24, :24], picture[:24, -24:], picture[-24:, :24], picture[-24:, -24:]):
        red, _, blue = corner.mean((0, 1)).tolist()
        assert blue > 0.6 and red < 0.5


def test_red_fox_in_the_snow_is_orange_between_sky_and_snow(pipeline: StableDiffusionPipeline) -> None:
    picture = _draw(pipeline, "a red fox in the snow")
    red, green, blue = picture[100:150, 90:166].mean((0, 1)).tolist()
    assert red > green > blue and red - blue > 0.25
    assert picture[-20:].min(-1).values.mean() > 0.7
    assert picture[:20, :, 2].mean() > picture[:20, :, 0].mean() + 0.1


def test_any_text_encodes(pipeline: StableDiffusionPipeline) -> None:
    for prompt in ("", "Ünïcode 日本 🦊 fox", "x" * 1000):
        tokens = pipeline.tokenizer(prompt, padding="max_length", truncation=True)["input_ids"]
        assert len(tokens) == pipeline.tokenizer.model_max_length == 88


def test_default_motion_is_visible_and_within_the_trained_range() -> None:
    defaults = describe("starter").defaults
    travel = (defaults.frames - 1) * math.hypot(defaults.dx, defaults.dy)
    assert 24 <= travel <= 45
    assert (defaults.width, defaults.height) == (256, 256)
