"""Guided attention: while the UNet trains, its text attention is told where to look.

The last tokens of a prompt answer for one part of the picture each (see `denoiser`). Left to itself, attention takes
tens of thousands of pictures to find out which token is for which place; a small loss on the attention weights, as
Tachibana, Uenoyama & Aihara 2017 (arXiv 1710.08969, section 4) use for speech, shows it in hundreds. The trained
UNet runs with diffusers' own processors.
"""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import torch
from torch import Tensor, nn

_GUIDED_HEADS: Final = 3  # of each layer; the others look where they like
_TOO_EARLY: Final = "down_blocks.0."  # these layers see too little of the picture to know their place


class Guide:
    """Collects, over one forward pass, how far the guided heads look astray."""

    def __init__(self, regions: int) -> None:
        self.regions = regions
        self._losses: list[Tensor] = []

    def take(self) -> Tensor:
        """Return the mean loss since the last call, and forget it."""
        losses, self._losses = self._losses, []
        return torch.stack(losses).mean()

    def __call__(
        self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor, *_: object, **__: object
    ) -> Tensor:
        """Attend like diffusers' AttnProcessor; (n, places, width) and (n, tokens, width) -> (n, places, width)."""
        count, places, _width = hidden_states.shape
        heads = attn.heads
        query, key, value = (
            projected.reshape(count, projected.shape[1], heads, -1).transpose(1, 2)
            for projected in (
                attn.to_q(hidden_states),
                attn.to_k(encoder_hidden_states),
                attn.to_v(encoder_hidden_states),
            )
        )
        weights = (query @ key.transpose(-1, -2) * attn.scale).softmax(-1)
        wanted = answering(places, weights.shape[-1], self.regions).to(weights.device)
        right = (weights[:, :_GUIDED_HEADS] * wanted).sum(-1)
        self._losses.append(-(right.float() + 1e-4).log().mean())
        mixed = (weights @ value).transpose(1, 2).reshape(count, places, -1)
        return attn.to_out[1](attn.to_out[0](mixed))


@cache
def answering(places: int, tokens: int, regions: int) -> Tensor:
    """Return which tokens answer for which place: (places, tokens), 1 where they do, else 0.

    Both are squares, row by row; the last regions^2 tokens are the ones that answer.
    """
    side = round(places**0.5)
    place, region = torch.arange(side), torch.arange(regions)
    if side >= regions:
        along = place[:, None] * regions // side == region[None, :]
    else:
        along = place[:, None] == region[None, :] * side // regions
    both = (along[:, None, :, None] & along[None, :, None, :]).reshape(places, regions**2)
    return torch.cat([torch.zeros(places, tokens - regions**2), both.float()], dim=1)


@contextmanager
def guided(unet: nn.Module, regions: int) -> Generator[Guide]:
    """Within this block the UNet's text attention is guided; afterwards it is as it was found."""
    guide, network = Guide(regions), unet
    found: dict[str, Any] = dict(_processors(network))
    told = {
        name: guide if name.endswith("attn2.processor") and not name.startswith(_TOO_EARLY) else processor
        for name, processor in found.items()
    }
    try:
        _install(network, told)
        yield guide
    finally:
        _install(network, found)


def _processors(unet: Any) -> dict[str, Any]:
    return unet.attn_processors


def _install(unet: Any, processors: dict[str, Any]) -> None:
    unet.set_attn_processor(dict(processors))
