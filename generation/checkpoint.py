"""Loading a checkpoint: the starter, a folder or a hub id becomes a `Text2VideoZero`, from safetensors only."""

from __future__ import annotations

from typing import Any, cast

import torch
from safetensors import SafetensorError

from .catalogue import STARTER, CheckpointCard, describe, native_size
from .chunks import CHUNK_FRAMES, checked_chunk
from .errors import CheckpointUnavailable
from .pipeline import Text2VideoZero
from .request import Defaults

WEIGHTED = ("unet", "vae", "text_encoder")
"""The parts that hold weights."""


def load_checkpoint(name: str = STARTER, *, device: str = "auto", chunk: int = CHUNK_FRAMES) -> Text2VideoZero:
    """Load a checkpoint for rendering.

    Args:
        name: "starter", a folder that `save_pretrained` wrote, or a hub id.
        device: "auto" takes cuda, then mps, then cpu; or any torch device.
        chunk: how many frames go through the UNet together, at least 1.

    Raises:
        CheckpointUnavailable: with the reason and what to do.
        InvalidRequest: chunk is no such number.
    """
    checked_chunk(chunk)
    card = describe(name)
    where = pick_device(device)
    dtype = torch.float16 if where.type == "cuda" else torch.float32
    parts = _load_parts(card, dtype)
    try:
        for part in WEIGHTED:
            parts[part].to(where).eval().requires_grad_(False)
        parts["unet"].to(memory_format=torch.channels_last)
        _check_parts(**parts)
        defaults = _defaults(card, parts)
        return Text2VideoZero(**parts, defaults=defaults, fingerprint=card.fingerprint, chunk=chunk)
    except (ValueError, RuntimeError) as error:
        raise CheckpointUnavailable(f"the checkpoint {name} cannot be used: {error}") from error


def pick_device(name: str) -> torch.device:
    """The torch device for "auto" or an explicit name.

    Raises:
        CheckpointUnavailable: torch does not know the device or cannot use it here.
    """
    if name == "auto":
        if torch.cuda.is_available():
            name = "cuda"
        else:
            name = "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        probe = torch.zeros(1, device=name)
        probe.item()  # "meta" is a device that holds nothing
        return probe.device
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise CheckpointUnavailable(f"the device {name!r} cannot be used here: {error}") from error


def _load_parts(card: CheckpointCard, dtype: torch.dtype) -> dict[str, Any]:
    """The five parts of a checkpoint, each by its own loader; they are untyped objects of the libraries.

    Raises:
        CheckpointUnavailable: nothing loadable there, pickled weights only, or the hub is out of reach.
    """
    # Imported one by one: diffusers' pipeline classes would bring image processors and seconds with them.
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
    from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
    from diffusers.schedulers.scheduling_ddim import DDIMScheduler
    from transformers import CLIPTextModel, CLIPTokenizer

    source = str(card.folder or card.name)
    everywhere: dict[str, Any] = {"local_files_only": card.folder is not None}
    weights: dict[str, Any] = {**everywhere, "dtype": dtype, "use_safetensors": True, "output_loading_info": True}
    loaders: dict[str, Any] = {"unet": UNet2DConditionModel, "vae": AutoencoderKL, "text_encoder": CLIPTextModel}
    kl: Any = AutoencoderKL
    try:
        if kl.load_config(source, subfolder="vae", **everywhere).get("_class_name") == "AutoencoderTiny":
            loaders["vae"] = AutoencoderTiny
        return {
            **{
                part: _complete(part, *loaders[part].from_pretrained(source, subfolder=part, **weights))
                for part in loaders
            },
            "tokenizer": cast("Any", CLIPTokenizer).from_pretrained(source, subfolder="tokenizer", **everywhere),
            "scheduler": cast("Any", DDIMScheduler).from_pretrained(source, subfolder="scheduler", **everywhere),
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError) as error:
        raise CheckpointUnavailable(_explain(card, error)) from error


def _complete(part: str, model: Any, report: dict[str, Any]) -> Any:
    """The model, when its file held every weight: the libraries fill gaps with random numbers and go on."""
    missing = sorted(report["missing_keys"])
    if missing:
        raise ValueError(f"{part} lacks {len(missing)} weights, {missing[0]} among them")
    return model


def _check_parts(unet: Any, text_encoder: Any, tokenizer: Any, **_: Any) -> None:
    """Refuse what loads but cannot draw: another family's UNet, or a tokenizer whose files are missing.

    Raises:
        ValueError: with the reason.
    """
    config = unet.config
    if config.in_channels != config.out_channels:
        raise ValueError(
            f"its UNet reads {config.in_channels} channels and writes {config.out_channels}; "
            "inpainting and instruction checkpoints are not supported"
        )
    if config.get("addition_embed_type") is not None:
        raise ValueError("its UNet asks for more than text (SDXL does); SD 1.x and 2.x are supported")
    width = text_encoder.config.hidden_size
    if isinstance(config.cross_attention_dim, int) and config.cross_attention_dim != width:
        raise ValueError(f"its UNet reads text of width {config.cross_attention_dim}, its text encoder writes {width}")
    if len(tokenizer) <= len(tokenizer.all_special_tokens):
        raise ValueError("its tokenizer knows no words; the folder tokenizer/ is missing or empty")


def _explain(card: CheckpointCard, error: Exception) -> str:
    reason = " ".join(str(error).split())[:400]
    if card.folder is None:
        return (
            f"the checkpoint {card.name} could not be loaded from the hub: {reason} Check the name and the "
            "network, or download it once and set CHECKPOINT to its folder."
        )
    for part in WEIGHTED:
        pickled = next(iter(sorted(card.folder.glob(f"{part}/*.bin"))), None)
        if pickled is not None and not any(card.folder.glob(f"{part}/*.safetensors")):
            return f"{pickled} holds pickled weights, which are refused; convert the checkpoint to safetensors"
    return f"the checkpoint in {card.folder} could not be loaded: {reason}"


def _defaults(card: CheckpointCard, parts: dict[str, Any]) -> Defaults:
    """The card's defaults; a hub id's size is only known once its configs are here."""
    if card.folder is not None:
        return card.defaults
    size = native_size(parts["unet"].config, parts["vae"].config)
    return Defaults.model_validate({**card.defaults.model_dump(), **size})
