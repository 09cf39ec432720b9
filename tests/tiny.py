"""A random, tiny, Stable-Diffusion-shaped checkpoint: real classes, real files, no training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from transformers import (
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)


def tiny_parts(
    *, prediction_type: str = "epsilon", latent_channels: int = 4, seed: int = 0, **scheduler: Any
) -> dict[str, Any]:
    """The five parts of a checkpoint with 8 px per latent cell, random weights, native size 64 x 64."""
    torch.manual_seed(seed)
    unet = UNet2DConditionModel(
        sample_size=8,
        in_channels=latent_channels,
        out_channels=latent_channels,
        layers_per_block=1,
        block_out_channels=(32, 64),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=8,
        norm_num_groups=8,
    )
    vae = AutoencoderKL(
        latent_channels=latent_channels,
        block_out_channels=(16, 16, 32, 32),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        norm_num_groups=8,
        sample_size=64,
    )
    return {
        "unet": unet.eval(),
        "vae": vae.eval(),
        "text_encoder": CLIPTextModel(_text_config()).eval(),
        "tokenizer": tiny_tokenizer(),
        "scheduler": DDIMScheduler(
            beta_schedule="scaled_linear",
            beta_start=0.00085,
            beta_end=0.012,
            clip_sample=False,
            set_alpha_to_one=False,
            steps_offset=1,
            prediction_type=prediction_type,
            **scheduler,
        ),
    }


def _text_config(width: int = 32) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=300,
        hidden_size=width,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=16,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
        projection_dim=width,
    )


def tiny_xl_parts(*, seed: int = 0, refiner: bool = False) -> dict[str, Any]:
    """The seven parts of an SDXL-shaped checkpoint: the second text encoder is 48 wide, the UNet asks for both."""
    parts = tiny_parts(seed=seed)
    unet = UNet2DConditionModel(
        sample_size=8,
        layers_per_block=1,
        block_out_channels=(32, 64),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32 + 48,
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=48 + (5 if refiner else 6) * 8,
        norm_num_groups=8,
    )
    second = CLIPTextModelWithProjection(_text_config(48))
    return {**parts, "unet": unet.eval(), "text_encoder_2": second.eval(), "tokenizer_2": tiny_tokenizer()}


def save_tiny_clip(folder: Path) -> Path:
    """Write a random CLIP model that looks at 32 x 32 pixels."""
    torch.manual_seed(0)
    vision = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4}
    config = CLIPConfig(
        text_config=_text_config().to_dict(),
        vision_config={**vision, "image_size": 32, "patch_size": 8},
        projection_dim=32,
    )
    CLIPModel(config).save_pretrained(folder)
    pictures = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    CLIPProcessor(image_processor=pictures, tokenizer=tiny_tokenizer()).save_pretrained(folder)
    return folder


def tiny_tokenizer() -> CLIPTokenizer:
    """A CLIP tokenizer that knows single bytes only."""
    from tokenizers.pre_tokenizers import ByteLevel

    letters = sorted(ByteLevel.alphabet())
    tokens = ["<|startoftext|>", "<|endoftext|>", *letters, *(letter + "</w>" for letter in letters)]
    vocab = {token: index for index, token in enumerate(tokens) if index < 300}
    return CLIPTokenizer(
        vocab=vocab,
        merges=[],
        model_max_length=16,
        bos_token="<|startoftext|>",
        eos_token="<|endoftext|>",
        pad_token="<|endoftext|>",
        unk_token="<|endoftext|>",
    )


def save_tiny_checkpoint(folder: Path, *, sidecar: dict[str, Any] | None = None, **options: Any) -> Path:
    """Write a tiny checkpoint in the layout of `save_pretrained`, with an optional sidecar."""
    pipeline = StableDiffusionPipeline(
        **tiny_parts(**options), safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    pipeline.save_pretrained(folder, safe_serialization=True)
    _write_sidecar(folder, sidecar)
    return folder


def save_tiny_xl_checkpoint(folder: Path, *, sidecar: dict[str, Any] | None = None, **options: Any) -> Path:
    """`save_tiny_checkpoint` of the SDXL kind."""
    StableDiffusionXLPipeline(**tiny_xl_parts(**options), add_watermarker=False).save_pretrained(folder)
    _write_sidecar(folder, sidecar)
    return folder


def _write_sidecar(folder: Path, sidecar: dict[str, Any] | None) -> None:
    if sidecar is not None:
        (folder / "flipbook.json").write_text(json.dumps(sidecar))
