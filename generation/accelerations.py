"""What makes a render faster and leaves its pixels alone (to rounding), each by its name; without any it is exact."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor

from .attention import Anchor, cross_frame_attention, keys_and_values, processed, whole_registers
from .compiled import Compiled
from .errors import InvalidRequest
from .feed_forward import slices
from .folding import folds
from .layers import standing_in
from .text import Text

TEXT_KEYS = "text-keys"
"""The text's keys and values are made once per render, not for each frame at each step, and fill whole registers."""

FOLDED = "folded-convolutions"
"""On a CPU, upsampling and convolutions with nothing between them are computed as one (`folding`)."""

SLICED = "sliced-feed-forward"
"""On a CPU, feed-forward layers take as many tokens at a time as its cache holds (`feed_forward`)."""

COMPILED = "compiled"
"""Layers are compiled (`compiled`); minutes for the first clip of a process."""

ALL = (TEXT_KEYS, FOLDED, SLICED)
"""Those that cost nothing, for any device."""

EXACT: tuple[str, ...] = ()


def usual(device: torch.device) -> tuple[str, ...]:
    """What renders take where nothing is said: compiled on CUDA alone; on the starter a CPU gains nothing by it."""
    return (*ALL, COMPILED) if device.type == "cuda" else ALL


def checked(names: Iterable[str]) -> frozenset[str]:
    """The accelerations of these names.

    Raises:
        InvalidRequest: there is none of a name.
    """
    chosen, known = frozenset(names), (*ALL, COMPILED)
    if unknown := sorted(chosen - {*known}):
        raise InvalidRequest(f"accelerations: {unknown[0]!r} is none; choose among {', '.join(known)}")
    return chosen


@contextmanager
def accelerated(
    unet: Any, names: frozenset[str], text: Text, anchor: Anchor, compiled: Compiled | None = None
) -> Generator[None]:
    """Within this block the UNet works with these accelerations, as far as they apply to a render of this text.

    What was `compiled` for the UNet before serves again.
    """
    with ExitStack() as stack:
        if TEXT_KEYS in names and text.is_shared:
            stack.enter_context(text_kept(unet, anchor))
        if FOLDED in names:
            stack.enter_context(standing_in(folds(unet)))
        if SLICED in names and COMPILED not in names:  # which compiles the whole layers
            stack.enter_context(standing_in(slices(unet)))
        if COMPILED in names:
            stack.enter_context(standing_in((compiled or Compiled(unet)).layers))
        yield


@contextmanager
def text_kept(unet: Any, anchor: Anchor) -> Generator[None]:
    """Within this block text attention makes its keys and values once; all frames must share the text.

    `anchor` knows the groups of guidance: where it ends the unconditional ones, the first, are left out.

    Layers with a processor of somebody else's keep it.
    """
    from diffusers.models.attention_processor import AttnProcessor, AttnProcessor2_0

    def kept(name: str, processor: Any) -> Any:
        stock = type(processor) in (AttnProcessor, AttnProcessor2_0)
        return _TextProcessor(processor, anchor) if stock and name.endswith("attn2.processor") else processor

    with processed(unet, kept):
        yield


class _TextProcessor:
    """Stands in for the processor of one text attention layer."""

    def __init__(self, original: Any, anchor: Anchor) -> None:
        self.original = original
        self.anchor = anchor
        self._kept: tuple[Tensor, Tensor, Tensor | None] | None = None

    def __call__(
        self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor | None = None, **options: Any
    ) -> Tensor:
        if encoder_hidden_states is None or attn.norm_cross:
            return self.original(attn, hidden_states, encoder_hidden_states, **options)
        groups = self.anchor.groups
        if self._kept is None or len(self._kept[0]) < groups:
            self._kept = whole_registers(*keys_and_values(attn, encoder_hidden_states, groups))
        key, value, mask = self._kept
        return cross_frame_attention(attn, hidden_states, key[-groups:], value[-groups:], mask)
