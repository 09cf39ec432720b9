"""Cross-frame attention: every frame attends to the anchor frame, whose keys and values are made once."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import torch.nn.functional as F
from torch import Tensor


def cross_frame_attention(attn: Any, hidden: Tensor, groups: int) -> Tensor:
    """Self-attention in which all frames of a group use the anchor's keys and values (the paper's eq. 8).

    Args:
        attn: diffusers' Attention module; only its projections are used.
        hidden: (g * f, n, d), frames of a guidance group one after the other, the anchor first.
        groups: g, the number of guidance groups (2 with classifier-free guidance, else 1).

    Returns:
        (g * f, n, d). The frames are folded into the query length, so the anchor's keys and values are
        neither computed nor stored more than once per group.
    """
    batch, tokens, _ = hidden.shape
    frames = batch // groups
    anchor = hidden[::frames]
    query = _split_heads(attn.to_q(hidden).reshape(groups, frames * tokens, -1), attn.heads)
    key = _split_heads(attn.to_k(anchor), attn.heads)
    value = _split_heads(attn.to_v(anchor), attn.heads)
    mixed = F.scaled_dot_product_attention(query, key, value, scale=attn.scale)
    merged = mixed.transpose(1, 2).reshape(batch, tokens, -1)
    projection, dropout = attn.to_out
    return dropout(projection(merged))


def _split_heads(x: Tensor, heads: int) -> Tensor:
    """(b, n, heads * d) -> (b, heads, n, d)."""
    return x.reshape(*x.shape[:2], heads, -1).transpose(1, 2)


class _AnchorProcessor:
    """Stands in for the processor of one self-attention layer."""

    def __init__(self, original: Any, groups: int) -> None:
        self.original = original
        self.groups = groups

    def __call__(
        self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor | None = None, **options: Any
    ) -> Tensor:
        if encoder_hidden_states is not None:  # a layer that only ever looks at the text
            return self.original(attn, hidden_states, encoder_hidden_states, **options)
        return cross_frame_attention(attn, hidden_states, self.groups)


@contextmanager
def anchored(unet: Any, *, groups: int) -> Generator[None]:
    """Within this block the UNet's self-attention is cross-frame attention; afterwards it is as it was found.

    Text cross-attention keeps its own processors.
    """
    found: Mapping[str, Any] = dict(unet.attn_processors)
    anchors = {
        name: _AnchorProcessor(processor, groups) if name.endswith("attn1.processor") else processor
        for name, processor in found.items()
    }
    try:
        unet.set_attn_processor(anchors)
        yield
    finally:
        unet.set_attn_processor(dict(found))
