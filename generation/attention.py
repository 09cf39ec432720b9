"""Cross-frame attention: every frame attends to the anchor frame, whose keys and values are made once per step."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import torch.nn.functional as F
from torch import Tensor


def anchor_keys_and_values(attn: Any, hidden: Tensor, groups: int) -> tuple[Tensor, Tensor]:
    """Keys and values of the anchor frame, each (g, heads, n, d / heads).

    Args:
        attn: diffusers' Attention module; only its projections are used.
        hidden: (g * f, n, d), frames of a guidance group one after the other, the anchor first.
        groups: g, the number of guidance groups (2 with classifier-free guidance, else 1).
    """
    anchor = hidden[:: len(hidden) // groups]
    return _split_heads(attn.to_k(anchor), attn.heads), _split_heads(attn.to_v(anchor), attn.heads)


def cross_frame_attention(attn: Any, hidden: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Self-attention in which all frames of a group use the anchor's keys and values (the paper's eq. 8).

    Args:
        attn: diffusers' Attention module; only its projections are used.
        hidden: (g * f, n, d), frames of a guidance group one after the other.
        key, value: (g, heads, n, d / heads), the anchor's.

    Returns:
        (g * f, n, d). The frames are folded into the query length, so the anchor's keys and values are
        not copied for each frame.
    """
    batch, tokens, _ = hidden.shape
    groups = len(key)
    query = _split_heads(attn.to_q(hidden).reshape(groups, batch // groups * tokens, -1), attn.heads)
    mixed = F.scaled_dot_product_attention(query, key, value, scale=attn.scale)
    merged = mixed.transpose(1, 2).reshape(batch, tokens, -1)
    projection, dropout = attn.to_out
    return dropout(projection(merged))


def _split_heads(x: Tensor, heads: int) -> Tensor:
    """(b, n, heads * d) -> (b, heads, n, d)."""
    return x.reshape(*x.shape[:2], heads, -1).transpose(1, 2)


class Anchor:
    """The anchor's keys and values of one step: made by the chunk that it leads, kept for the chunks that follow."""

    def __init__(self, groups: int) -> None:
        self.groups = groups
        self._leads, self._keeps = True, False
        self._kept: dict[Any, tuple[Tensor, Tensor]] = {}

    def expect(self, *, leads: bool, more: bool) -> None:
        """Say of the next batch whether the anchor leads it, and whether more batches of the step follow."""
        self._leads, self._keeps = leads, more

    def keys_and_values(self, attn: Any, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Those of this layer, from `hidden` where the anchor leads it, else as they were kept."""
        if not self._leads:
            return self._kept[attn]
        made = anchor_keys_and_values(attn, hidden, self.groups)
        if self._keeps:
            self._kept[attn] = made
        return made

    def forget(self) -> None:
        """Free what was kept; the step is done."""
        self._kept.clear()


class _AnchorProcessor:
    """Stands in for the processor of one self-attention layer."""

    def __init__(self, original: Any, anchor: Anchor) -> None:
        self.original = original
        self.anchor = anchor

    def __call__(
        self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor | None = None, **options: Any
    ) -> Tensor:
        if encoder_hidden_states is not None:  # a layer that only ever looks at the text
            return self.original(attn, hidden_states, encoder_hidden_states, **options)
        return cross_frame_attention(attn, hidden_states, *self.anchor.keys_and_values(attn, hidden_states))


@contextmanager
def unanchored(unet: Any) -> Generator[None]:
    """Within this block, which may stand in one of `anchored`, every frame attends to itself."""
    found: Mapping[str, Any] = dict(unet.attn_processors)
    try:
        unet.set_attn_processor({name: getattr(processor, "original", processor) for name, processor in found.items()})
        yield
    finally:
        unet.set_attn_processor(dict(found))


@contextmanager
def anchored(unet: Any, *, groups: int) -> Generator[Anchor]:
    """Within this block the UNet's self-attention is cross-frame attention; afterwards it is as it was found.

    Text cross-attention keeps its own processors. Every batch is led by the anchor unless the yielded `Anchor` is
    told otherwise.
    """
    found: Mapping[str, Any] = dict(unet.attn_processors)
    anchor = Anchor(groups)
    anchors = {
        name: _AnchorProcessor(processor, anchor) if name.endswith("attn1.processor") else processor
        for name, processor in found.items()
    }
    try:
        unet.set_attn_processor(anchors)
        yield anchor
    finally:
        unet.set_attn_processor(dict(found))
        anchor.forget()
