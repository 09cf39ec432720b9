"""Cross-frame attention: every frame attends to the anchor frame, whose keys and values are made once per step.

Frames also share the text, so that its keys and values can be made once per render.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import torch
import torch.nn.functional as F
from torch import Tensor

REGISTER: Final = 16 if "AVX512" in torch.backends.cpu.get_cpu_capability() else 8
"""How many numbers PyTorch's loops on this CPU take at a time."""


def keys_and_values(attn: Any, source: Tensor, groups: int) -> tuple[Tensor, Tensor]:
    """Keys and values of each group's first frame, the anchor's, each (g, heads, n, d / heads).

    Args:
        attn: diffusers' Attention module; only its projections are used.
        source: (g * f, n, d), frames of a guidance group one after the other, the anchor first.
        groups: g, the number of guidance groups (2 with classifier-free guidance, else 1).
    """
    anchor = source[:: len(source) // groups]
    return split_heads(attn.to_k(anchor), attn.heads), split_heads(attn.to_v(anchor), attn.heads)


def whole_registers(key: Tensor, value: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
    """Keys and values with so many rows of nothing behind them that PyTorch's attention on a CPU is fast.

    It takes `REGISTER` scores at a time and those that are left one by one: where it takes 16, 88 keys take longer
    than 128.

    Args:
        key, value: (g, heads, n, d / heads).

    Returns:
        Both with n rounded up to a multiple of `REGISTER`, and the mask (1, 1, 1, n) that hides the rows behind; None
        where there are none, or on another device.
    """
    rows = key.shape[2]
    behind = -rows % REGISTER
    if not behind or key.device.type != "cpu":
        return key, value, None
    mask = key.new_zeros(1, 1, 1, rows + behind)
    mask[..., rows:] = -torch.inf
    return F.pad(key, (0, 0, 0, behind)), F.pad(value, (0, 0, 0, behind)), mask


def cross_frame_attention(attn: Any, hidden: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
    """Attention in which all frames of a group use the same keys and values: the anchor's (the paper's eq. 8).

    Args:
        attn: diffusers' Attention module; only its projections are used.
        hidden: (g * f, n, d), frames of a guidance group one after the other.
        key, value: (g, heads, n, d / heads), of the anchor frame, or of the text that all frames share.
        mask: what `whole_registers` hides.

    Returns:
        (g * f, n, d). The frames are folded into the query length, so the anchor's keys and values are
        not copied for each frame.
    """
    batch, tokens, _ = hidden.shape
    groups = len(key)
    query = split_heads(attn.to_q(hidden).reshape(groups, batch // groups * tokens, -1), attn.heads)
    mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=attn.scale)
    merged = mixed.transpose(1, 2).reshape(batch, tokens, -1)
    projection, dropout = attn.to_out
    return dropout(projection(merged))


def split_heads(x: Tensor, heads: int) -> Tensor:
    """Tokens of all heads side by side, (b, n, heads * d) -> (b, heads, n, d)."""
    return x.reshape(*x.shape[:2], heads, -1).transpose(1, 2)


class Anchor:
    """The anchor's keys and values of one step: made by the chunk that it leads, kept for the chunks that follow.

    Attributes:
        groups: of guidance in the batches of this step.
        first: index of the frame that leads the batch at hand.
        part: counts the parts of the path; nothing is kept from one to the next.
        timesteps: at which the UNet is called in this part.
    """

    def __init__(self, groups: int) -> None:
        self.groups = groups
        self.first = 0
        self.part = 0
        self.timesteps: Sequence[int] = ()
        self._keeps = False
        self._kept: dict[Any, tuple[Tensor, Tensor]] = {}

    def begin(self, timesteps: Sequence[int]) -> None:
        """Say that a part of the path begins, and at which timesteps the UNet is called in it."""
        self.part += 1
        self.timesteps = timesteps

    def expect(self, *, first: int, more: bool) -> None:
        """Say which frame leads the next batch, 0 being the anchor, and whether more batches of the step follow."""
        self.first, self._keeps = first, more

    def keys_and_values(self, attn: Any, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Those of this layer, from `hidden` where the anchor leads it, else as they were kept."""
        if self.first > 0:
            return self._kept[attn]
        made = keys_and_values(attn, hidden, self.groups)
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
    with processed(unet, lambda _, processor: getattr(processor, "original", processor)):
        yield


@contextmanager
def anchored(unet: Any, *, groups: int) -> Generator[Anchor]:
    """Within this block the UNet's self-attention is cross-frame attention; afterwards it is as it was found.

    Text cross-attention keeps its own processors. Every batch is led by the anchor unless the yielded `Anchor` is
    told otherwise.
    """
    anchor = Anchor(groups)

    def anchors(name: str, processor: Any) -> Any:
        return _AnchorProcessor(processor, anchor) if name.endswith("attn1.processor") else processor

    try:
        with processed(unet, anchors):
            yield anchor
    finally:
        anchor.forget()


@contextmanager
def processed(unet: Any, replace: Callable[[str, Any], Any]) -> Generator[None]:
    """Within this block each attention layer's processor is what `replace(name, processor)` gives for it."""
    layers = {f"{name}.processor": m for name, m in unet.named_modules() if hasattr(m, "set_processor")}
    found = {name: layer.get_processor() for name, layer in layers.items()}
    try:
        for name, layer in layers.items():
            layer.set_processor(replace(name, found[name]))
        yield
    finally:
        for name, layer in layers.items():
            layer.set_processor(found[name])
