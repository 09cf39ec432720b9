"""A checkpoint in one .safetensors file, as the original repositories of SD 1.x, 2.x and SDXL write it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from .errors import CheckpointUnavailable
from .weights import read_weights

Family = Literal["SD 1.x", "SD 2.x", "SDXL"]

CONFIGS: dict[Family, str] = {
    "SD 1.x": "stable-diffusion-v1-5/stable-diffusion-v1-5",
    "SD 2.x": "stabilityai/stable-diffusion-2-1",
    "SDXL": "stabilityai/stable-diffusion-xl-base-1.0",
}
"""Where the hub has the configs of a family, the same as diffusers takes."""

_TEXT: dict[Family, dict[str, str]] = {
    "SD 1.x": {"text_encoder": "cond_stage_model.transformer."},
    "SD 2.x": {"text_encoder": "cond_stage_model.model."},
    "SDXL": {
        "text_encoder": "conditioner.embedders.0.transformer.",
        "text_encoder_2": "conditioner.embedders.1.model.",
    },
}
"""Under which names a family keeps its text encoders: OpenAI's CLIP under "transformer", OpenCLIP under "model"."""


def family_of(names: Iterable[str]) -> Family | None:
    """The family of a checkpoint by the names of its tensors; None for one that is not known."""
    names = tuple(names)
    for family, encoders in _TEXT.items():
        needed = ("model.diffusion_model.", "first_stage_model.", *encoders.values())
        if all(any(name.startswith(prefix) for name in names) for prefix in needed):
            return family
    return None


def checked_family(names: Iterable[str], path: Path) -> Family:
    """See `family_of`.

    Raises:
        CheckpointUnavailable: it is none of them.
    """
    family = family_of(names)
    if family is None:
        raise CheckpointUnavailable(
            f"{path} is a checkpoint of an unknown family; SD 1.x, 2.x and SDXL are known, with text encoder and "
            "autoencoder in the file"
        )
    return family


def load_single_file(path: Path, config: str, classes: dict[str, Any], dtype: torch.dtype) -> dict[str, Any]:
    """The parts that hold weights.

    Args:
        path: the file.
        config: a checkpoint folder or hub id with the same architecture.
        classes: the class of each part, by its name.

    Raises:
        CheckpointUnavailable: a file that cannot be read, or of an unknown family.
        ValueError: a part that lacks weights; with RuntimeError where they do not fit the config.
    """
    state = read_weights(path)
    family = checked_family(state, path)
    parts: dict[str, Any] = {}
    for part, cls in classes.items():
        model, converted = _converted(part, cls, state, config, family)
        missing: list[str] = model.load_state_dict(converted, strict=False).missing_keys
        if missing:
            raise ValueError(f"{part} lacks {len(missing)} weights, {sorted(missing)[0]} among them")
        parts[part] = model.to(dtype)
    return parts


def _converted(
    part: str, cls: Any, state: dict[str, Tensor], config: str, family: Family
) -> tuple[Any, dict[str, Tensor]]:
    """The part with random weights, and the file's weights under the part's own names."""
    from diffusers.loaders import single_file_utils

    diffusers: Any = single_file_utils
    local = {"local_files_only": Path(config).is_dir()}
    if part in ("unet", "vae"):
        described = cls.load_config(config, subfolder=part, **local)
        convert = diffusers.convert_ldm_unet_checkpoint if part == "unet" else diffusers.convert_ldm_vae_checkpoint
        return cls.from_config(described), convert(state, described)
    model = cls(cls.config_class.from_pretrained(config, subfolder=part, **local))
    prefix = _TEXT[family][part]
    if prefix.endswith("model."):
        converted = diffusers.convert_open_clip_checkpoint(model, state, prefix=prefix)
    else:
        converted = diffusers.convert_ldm_clip_checkpoint({k: v for k, v in state.items() if k.startswith(prefix)})
    wrapped = hasattr(model, "text_model")  # transformers wraps the encoder only where a projection follows
    return model, {name if wrapped else name.removeprefix("text_model."): value for name, value in converted.items()}
