"""LoRA files, merged into the weights of a loaded checkpoint (Hu et al. 2021, arXiv 2106.09685, eq. 3)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from .errors import CheckpointUnavailable
from .weights import read_weights

_DOWN = (
    ".lora_down.weight",
    ".lora.down.weight",
    "_lora.down.weight",
    ".lora_linear_layer.down.weight",
    ".lora_A.weight",
)
_UP = tuple(suffix.replace("down", "up").replace("lora_A", "lora_B") for suffix in _DOWN)
_PARTS = {
    "unet": ("lora_unet_", "unet_"),
    "text_encoder_2": ("lora_te2_", "text_encoder_2_"),
    "text_encoder": ("lora_te1_", "lora_te_", "text_encoder_"),
}
"""Beginnings of names in files of kohya's scripts and of diffusers or peft, with "_" for "."; longer ones first."""


class _Layer(NamedTuple):
    """One layer's pair of matrices, (rank, in, ...) and (out, rank, ...), and the factor alpha of rank-sized steps."""

    down: Tensor
    up: Tensor
    alpha: float

    def change(self, shape: torch.Size) -> Tensor:
        delta = self.up.float().flatten(1) @ self.down.float().flatten(1)
        return (delta * (self.alpha / len(self.down))).reshape(shape)


@torch.no_grad()
def merge_lora(parts: Mapping[str, Any], path: Path, weight: float) -> None:
    """Add `weight` times a LoRA file to the UNet and the text encoders: W + weight * alpha / rank * B A.

    Args:
        parts: the checkpoint's parts by name, changed in place.
        path: a .safetensors file as kohya's scripts, diffusers or peft write it.

    Raises:
        CheckpointUnavailable: it cannot be read, is no LoRA, or is for another family; nothing was merged.
    """
    layers = _layers(read_weights(path), path, parts["unet"].config)
    modules = {part: _modules(parts[part]) for part in _PARTS if part in parts}
    changes: list[tuple[Tensor, Tensor]] = []
    for name, layer in layers.items():
        target = _target(name, modules)
        if target is None:
            raise CheckpointUnavailable(f"{path} does not fit the checkpoint: it has no layer for {name}")
        try:
            changes.append((target, weight * layer.change(target.shape)))
        except RuntimeError as error:
            raise CheckpointUnavailable(f"{path} does not fit the checkpoint at {name}: {error}") from error
    for target, change in changes:
        target.copy_((target.float() + change.to(target.device)).to(target.dtype))


def _layers(state: dict[str, Tensor], path: Path, unet_config: Any) -> dict[str, _Layer]:
    if any(name.startswith(("lora_unet_input_blocks", "lora_unet_output_blocks")) for name in state):
        state = _renamed(state, unet_config)
    downs, ups = _by_layer(state, _DOWN), _by_layer(state, _UP)
    alphas = _by_layer(state, (".alpha",))
    if not downs or downs.keys() != ups.keys() or len(downs) + len(ups) + len(alphas) != len(state):
        raise CheckpointUnavailable(f"{path} is no LoRA file of a kind that is known (LoHa, LoKr and DoRA are not)")
    return {
        name: _Layer(down, ups[name], float(alphas[name]) if name in alphas else float(len(down)))
        for name, down in downs.items()
    }


def _renamed(state: dict[str, Tensor], unet_config: Any) -> dict[str, Tensor]:
    """SDXL's blocks, which kohya's scripts name and count as the original repository does."""
    from diffusers.loaders import lora_conversion_utils

    conversion: Any = lora_conversion_utils
    counted: dict[str, Tensor] = conversion._maybe_map_sgm_blocks_to_diffusers(state, unet_config)
    blocks = {"_input_blocks_": "_down_blocks_", "_middle_block_": "_mid_block_", "_output_blocks_": "_up_blocks_"}
    for theirs, ours in blocks.items():
        counted = {name.replace(theirs, ours): value for name, value in counted.items()}
    return counted


def _by_layer(state: dict[str, Tensor], suffixes: tuple[str, ...]) -> dict[str, Tensor]:
    return {
        name.removesuffix(suffix).removeprefix("base_model.model.").replace(".", "_").replace("_processor_", "_"): value
        for name, value in state.items()
        for suffix in suffixes
        if name.endswith(suffix)
    }


def _modules(part: Any) -> dict[str, Tensor]:
    """The weights of a part's layers by their names, with "_" for "."."""
    modules: dict[str, nn.Module] = dict(part.named_modules())
    return {
        name.removeprefix("text_model.").replace(".", "_"): module.weight
        for name, module in modules.items()
        if isinstance(module, nn.Linear | nn.Conv2d)
    }


def _target(name: str, modules: Mapping[str, Mapping[str, Tensor]]) -> Tensor | None:
    for part, prefixes in _PARTS.items():
        for prefix in prefixes:
            if part in modules and name.startswith(prefix):
                layer = name.removeprefix(prefix).removeprefix("text_model_")
                found = modules[part].get(layer, modules[part].get(f"{layer}_0"))
                if found is not None:
                    return found
    return None
