"""Checkpoints in one file, named as the original repositories name their weights: the inverse of what is loaded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_UNET = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_OPENCLIP = {
    "embeddings.position_embedding.weight": "positional_embedding",
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "final_layer_norm": "ln_final",
    "text_projection.weight": "text_projection",
    "encoder.layers": "transformer.resblocks",
    "layer_norm": "ln_",
    "self_attn.out_proj": "attn.out_proj",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}


def save_single_file(parts: dict[str, Any], path: Path) -> Path:
    """Write a checkpoint's weights into one file: OpenAI's CLIP for SD 1.x, both kinds for SDXL."""
    state = _unet(parts["unet"]) | _vae(parts["vae"])
    if "text_encoder_2" in parts:
        state |= _clip(parts["text_encoder"], "conditioner.embedders.0.transformer.text_model.")
        state |= _openclip(parts["text_encoder_2"], "conditioner.embedders.1.model.")
    else:
        state |= _clip(parts["text_encoder"], "cond_stage_model.transformer.text_model.")
    return _write(state, path)


def save_single_file_v2(parts: dict[str, Any], path: Path) -> Path:
    """The same with OpenCLIP's text encoder, as SD 2.x."""
    state = _unet(parts["unet"]) | _vae(parts["vae"]) | _openclip(parts["text_encoder"], "cond_stage_model.model.")
    return _write(state, path)


def _write(state: dict[str, Tensor], path: Path) -> Path:
    save_file({name: weight.detach().clone().contiguous() for name, weight in state.items()}, path)
    return path


def _unet(unet: Any) -> dict[str, Tensor]:
    per_block = unet.config.layers_per_block + 1
    return {f"model.diffusion_model.{_unet_name(k, per_block, unet)}": v for k, v in unet.state_dict().items()}


def _unet_name(name: str, per_block: int, unet: Any) -> str:
    for ours, theirs in _UNET.items():
        if name.startswith(f"{ours}."):
            return name.replace(ours, theirs, 1)
    part, *rest = re.split(r"\.(\d+)\.", name, maxsplit=2)
    if part == "mid_block.resnets":
        return f"middle_block.{2 * int(rest[0])}.{_resnet(rest[1])}"
    if part == "mid_block.attentions":
        return f"middle_block.1.{name.split('.', 3)[3]}"
    block, kind, layer, inner = int(rest[0]), rest[1], int(rest[2]), rest[3]
    down = part == "down_blocks"
    last = per_block - 1 if kind.endswith("samplers") else layer
    index = per_block * block + last + down
    place = f"{'input' if down else 'output'}_blocks.{index}"
    match kind:
        case "resnets":
            return f"{place}.0.{_resnet(inner)}"
        case "attentions":
            return f"{place}.1.{inner}"
        case "downsamplers":
            return f"{place}.0.op.{inner.removeprefix('conv.')}"
        case _:
            return f"{place}.{2 if hasattr(unet.up_blocks[block], 'attentions') else 1}.{inner}"


def _resnet(name: str) -> str:
    layer, _, leaf = name.partition(".")
    return f"{_RESNET[layer]}.{leaf}"


def _vae(vae: Any) -> dict[str, Tensor]:
    last = len(vae.config.block_out_channels) - 1
    state: dict[str, Tensor] = {}
    for name, weight in vae.state_dict().items():
        name = re.sub(r"up_blocks\.(\d)", lambda found: f"up.{last - int(found[1])}", name)
        name = re.sub(r"down_blocks\.(\d)", r"down.\1", name)
        name = re.sub(r"mid_block\.resnets\.(\d)", lambda found: f"mid.block_{int(found[1]) + 1}", name)
        name = name.replace("mid_block.attentions.0", "mid.attn_1").replace("resnets", "block")
        name = name.replace("samplers.0.conv", "sample.conv").replace("conv_shortcut", "nin_shortcut")
        name = name.replace("conv_norm_out", "norm_out").replace("group_norm", "norm")
        if "attn_1.to_" in name:
            name = name.replace("to_out.0", "proj_out").replace("to_", "")
            weight = weight[..., None, None] if weight.ndim == 2 else weight
        state[f"first_stage_model.{name}"] = weight
    return state


def _clip(encoder: Any, prefix: str) -> dict[str, Tensor]:
    return {prefix + name.removeprefix("text_model."): weight for name, weight in encoder.state_dict().items()}


def _openclip(encoder: Any, prefix: str) -> dict[str, Tensor]:
    weights = {name.removeprefix("text_model."): weight for name, weight in encoder.state_dict().items()}
    state: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if ".q_proj." in name:
            kinds = torch.cat([weights[name.replace("q_proj", f"{kind}_proj")] for kind in "qkv"])
            layer, leaf = name.split(".self_attn.q_proj.")
            name, weight = f"{layer}.attn.in_proj_{leaf}", kinds
        elif ".k_proj." in name or ".v_proj." in name:
            continue
        for ours, theirs in _OPENCLIP.items():
            name = name.replace(ours, theirs)
        state[prefix + name] = weight.T if name == "text_projection" else weight
    return state
