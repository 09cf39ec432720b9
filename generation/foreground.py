"""Where a frame shows the prompt's subject, told by the UNet's own attention to the text."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .attention import Anchor, processed, split_heads
from .text import Text

COARSEST = 4
"""Layers that see the picture at least this many times coarser than the latent know no outlines."""

_LEVELS = 64  # thresholds that Otsu's method tries


def subject_weights(text: Text, scene: Text) -> Tensor:
    """How much each token owes to the subject: (1, n) or (f, n), between two orthogonal embeddings sqrt(2).

    A text encoder lets later tokens know what earlier ones say, so that attention looks for a subject in many tokens
    besides its own word. Those whose embedding would be another without the subject speak of it.

    Args:
        text: of the prompt.
        scene: of the prompt without its subject.
    """
    said, unsaid = text.conditional.tokens.float(), scene.conditional.tokens.float()
    owed, length = (said - unsaid).square().sum(-1), said.square().sum(-1)
    return (owed / length.clamp(min=1e-12)).sqrt()


class SubjectMaps:
    """Adds up, over layers and steps, how much each cell of each frame looks at the subject.

    Args:
        weights: (1, n) or (f, n), see `subject_weights`.
        anchor: knows which frames and groups of guidance a batch holds.
    """

    def __init__(self, weights: Tensor, anchor: Anchor) -> None:
        self._weights = weights
        self.anchor = anchor
        self._sums: dict[int, dict[int, Tensor]] = {}

    def add(self, probabilities: Tensor) -> None:
        """Take one layer's attention (frames, cells, n) for the batch at hand."""
        first, (frames, cells, _) = self.anchor.first, probabilities.shape
        weights = self._weights if len(self._weights) == 1 else self._weights[first : first + frames]
        found = (probabilities.float() * weights[:, None]).sum(-1)
        sums = self._sums.setdefault(cells, {})
        for frame, seen in enumerate(found, start=first):
            sums[frame] = sums[frame] + seen if frame in sums else seen

    def over(self, latents: Tensor) -> Tensor:
        """The maps (f, h, w) of the latents (f, c, h, w)."""
        frames, _, rows, columns = latents.shape
        total = torch.zeros(frames, 1, rows, columns, device=latents.device)
        for cells, sums in self._sums.items():
            shrink = math.sqrt(rows * columns / cells)
            if shrink < COARSEST:
                shape = (frames, 1, round(rows / shrink), round(columns / shrink))
                found = torch.stack([sums[frame] for frame in range(frames)]).reshape(shape)
                total += F.interpolate(found, size=(rows, columns), mode="bilinear")
        return total[:, 0]


class _WatchedProcessor:
    """Stands before the processor of one text attention layer."""

    def __init__(self, original: Any, maps: SubjectMaps) -> None:
        self.original = original
        self.maps = maps

    def __call__(
        self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor | None = None, **options: Any
    ) -> Tensor:
        if encoder_hidden_states is not None:
            conditional = len(hidden_states) // self.maps.anchor.groups
            query = split_heads(attn.to_q(hidden_states[-conditional:]), attn.heads)
            key = split_heads(attn.to_k(encoder_hidden_states[-conditional:]), attn.heads)
            self.maps.add((query @ key.transpose(-1, -2) * attn.scale).softmax(-1).mean(1))
        return self.original(attn, hidden_states, encoder_hidden_states=encoder_hidden_states, **options)


@contextmanager
def watched(unet: Any, maps: SubjectMaps) -> Generator[None]:
    """Within this block `maps` sees the text attention of every batch; the pixels stay what they are."""

    def watch(name: str, processor: Any) -> Any:
        return _WatchedProcessor(processor, maps) if name.endswith("attn2.processor") else processor

    with processed(unet, watch):
        yield


def foreground(maps: Tensor) -> Tensor:
    """The cells that show the subject, (f, 1, h, w) of zeros and ones, from maps (f, h, w).

    Each frame is divided by Otsu's threshold (1979), and the foreground grown by a thirty-second of the picture, as
    the authors' 5 x 5 dilation at 64 x 64 cells does.
    """
    masks = torch.stack([(frame > otsu(frame)).float() for frame in maps])[:, None]
    radius = max(maps.shape[1:]) // 32
    return F.max_pool2d(masks, 2 * radius + 1, stride=1, padding=radius)


def otsu(values: Tensor) -> float:
    """The threshold that divides values into two classes of the largest variance between them (Otsu 1979)."""
    low, high = float(values.min()), float(values.max())
    levels = torch.linspace(low, high, _LEVELS + 2, device=values.device)[1:-1]
    above = values.flatten()[None] > levels[:, None]
    share = above.float().mean(1)
    mean = (above * values.flatten()).mean(1)
    between = (mean - share * values.mean()).square() / (share * (1 - share)).clamp(min=1e-9)
    return float(levels[between.argmax()])
