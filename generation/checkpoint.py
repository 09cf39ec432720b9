"""Loading a checkpoint: the starter, a folder, a hub id or one file becomes a `Text2VideoZero`; safetensors only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError

from .catalogue import STARTER, CheckpointCard, describe, native_size
from .chunks import CHUNK_FRAMES, checked_chunk
from .errors import CheckpointUnavailable
from .inversion import teach_word
from .lora import merge_lora
from .pipeline import Text2VideoZero
from .request import Defaults
from .single_file import CONFIGS, checked_family, load_single_file
from .style import PLAIN, Dtype, Style
from .weights import read_names

WEIGHTED = ("unet", "vae", "text_encoder", "text_encoder_2")
"""The parts that hold weights; only SDXL has the last."""


def load_checkpoint(
    name: str = STARTER,
    *,
    device: str = "auto",
    dtype: Dtype = "auto",
    chunk: int = CHUNK_FRAMES,
    style: Style = PLAIN,
) -> Text2VideoZero:
    """Load a checkpoint of SD 1.x, 2.x or SDXL for rendering.

    Args:
        name: "starter", a folder that `save_pretrained` wrote, a hub id, or a single .safetensors file.
        device: "auto" takes cuda, then mps, then cpu; or any torch device.
        dtype: of the weights; "auto" takes float16 on cuda, float32 elsewhere.
        chunk: how many frames go through the UNet together, at least 1.
        style: another checkpoint, LoRA files and learnt words.

    Raises:
        CheckpointUnavailable: with the reason and what to do.
        InvalidRequest: chunk is no such number.
    """
    checked_chunk(chunk)
    card = describe(name, style)
    where = pick_device(device)
    parts = _load_parts(card, pick_dtype(dtype, where))
    try:
        _check_parts(**parts)
        for file, weight in style.loras.items():
            merge_lora(parts, Path(file).expanduser(), weight)
        for word, file in style.words.items():
            teach_word(parts, word, Path(file).expanduser())
        for part in WEIGHTED:
            if part in parts:
                parts[part].to(where).eval().requires_grad_(False)
        for part in ("unet", "vae"):
            parts[part].to(memory_format=torch.channels_last)  # their convolutions are faster so
        defaults = _defaults(card, parts)
        return Text2VideoZero(**parts, defaults=defaults, fingerprint=card.fingerprint, chunk=chunk)
    except (ValueError, RuntimeError) as error:
        raise CheckpointUnavailable(f"the checkpoint {card.name} cannot be used: {error}") from error


def best_device() -> str:
    """The fastest kind of device that is here."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def pick_device(name: str) -> torch.device:
    """The torch device for "auto" or an explicit name.

    Raises:
        CheckpointUnavailable: torch does not know the device or cannot use it here.
    """
    try:
        probe = torch.zeros(1, device=best_device() if name == "auto" else name)
        probe.item()  # "meta" is a device that holds nothing
        return probe.device
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise CheckpointUnavailable(f"the device {name!r} cannot be used here: {error}") from error


def pick_dtype(name: Dtype, device: torch.device) -> torch.dtype:
    """The dtype of the weights: half precision where it is faster, unless a name says otherwise.

    Raises:
        CheckpointUnavailable: there is no such dtype.
    """
    match name:
        case "auto":
            return torch.float16 if device.type == "cuda" else torch.float32
        case "float32":
            return torch.float32
        case "float16":
            return torch.float16
        case "bfloat16":
            return torch.bfloat16
        case _:
            raise CheckpointUnavailable(f"the dtype {name!r} is none of auto, float32, float16, bfloat16")


def _load_parts(card: CheckpointCard, dtype: torch.dtype) -> dict[str, Any]:
    """The parts of a checkpoint, each by its own loader; they are untyped objects of the libraries.

    Raises:
        CheckpointUnavailable: nothing loadable there, pickled weights only, or the hub is out of reach.
    """
    # Imported one by one: diffusers' pipeline classes would bring image processors and seconds with them.
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
    from diffusers.schedulers.scheduling_ddim import DDIMScheduler
    from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

    source = _config_source(card)
    everywhere: dict[str, Any] = {"local_files_only": Path(source).is_dir()}
    tokenizer, scheduler = cast("Any", CLIPTokenizer), cast("Any", DDIMScheduler)
    try:
        unet: Any = UNet2DConditionModel
        classes: dict[str, Any] = {"unet": unet, "vae": _vae_class(source, everywhere), "text_encoder": CLIPTextModel}
        others = {"tokenizer": tokenizer, "scheduler": scheduler}
        if unet.load_config(source, subfolder="unet", **everywhere).get("addition_embed_type") == "text_time":
            classes["text_encoder_2"] = CLIPTextModelWithProjection
            others["tokenizer_2"] = tokenizer
        if card.file is not None:
            parts = load_single_file(card.file, source, classes, dtype)
        else:
            weights = {**everywhere, "dtype": dtype, "use_safetensors": True, "output_loading_info": True}
            parts = {
                part: _complete(part, *loader.from_pretrained(source, subfolder=part, **weights))
                for part, loader in classes.items()
            }
        return parts | {
            part: loader.from_pretrained(source, subfolder=part, **everywhere) for part, loader in others.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError) as error:
        raise CheckpointUnavailable(_explain(card, source, error)) from error


def _config_source(card: CheckpointCard) -> str:
    """The folder or hub id that holds the configs and the tokenizer.

    Raises:
        CheckpointUnavailable: a single file that cannot be read, or is of an unknown family.
    """
    if card.file is None:
        return str(card.folder or card.name)
    family = checked_family(read_names(card.file), card.file)
    return str(Path(card.style.config).expanduser()) if card.style.config else CONFIGS[family]


def _vae_class(source: str, everywhere: dict[str, Any]) -> Any:
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
    from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny

    kl: Any = AutoencoderKL
    config = kl.load_config(source, subfolder="vae", **everywhere)
    return AutoencoderTiny if config.get("_class_name") == "AutoencoderTiny" else kl


def _complete(part: str, model: Any, report: dict[str, Any]) -> Any:
    """The model, when its file held every weight: the libraries fill gaps with random numbers and go on."""
    missing = sorted(report["missing_keys"])
    if missing:
        raise ValueError(f"{part} lacks {len(missing)} weights, {missing[0]} among them")
    return model


def _check_parts(unet: Any, text_encoder: Any, tokenizer: Any, text_encoder_2: Any = None, **_: Any) -> None:
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
    width = text_encoder.config.hidden_size
    beside = config.get("addition_embed_type")
    if beside == "text_time":
        width += text_encoder_2.config.hidden_size
        told = text_encoder_2.config.projection_dim + 6 * config.addition_time_embed_dim
        if told != config.projection_class_embeddings_input_dim:
            raise ValueError("its UNet asks for other conditions than SDXL's base model; refiners are not supported")
    elif beside is not None:
        raise ValueError(f"its UNet asks for more than text ({beside}); SD 1.x, 2.x and SDXL are supported")
    if isinstance(config.cross_attention_dim, int) and config.cross_attention_dim != width:
        raise ValueError(f"its UNet reads text of width {config.cross_attention_dim}, its text encoder writes {width}")
    if len(tokenizer) <= len(tokenizer.all_special_tokens):
        raise ValueError("its tokenizer knows no words; the folder tokenizer/ is missing or empty")


def _explain(card: CheckpointCard, source: str, error: Exception) -> str:
    reason = " ".join(str(error).split())[:400]
    if card.file is not None:
        return (
            f"the checkpoint {card.file} could not be loaded with the configs of {source}: {reason} A single file "
            "holds weights only: name a checkpoint folder of the same family as its config, or see that the hub can "
            "be reached."
        )
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
    """The card's defaults; the size of what is no folder is only known once its configs are here."""
    if card.folder is not None:
        return card.defaults
    size = native_size(parts["unet"].config, parts["vae"].config)
    return Defaults.model_validate({**card.defaults.model_dump(), **size})
