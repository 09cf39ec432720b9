"""A fixed set of encoded pictures per pair, and the batches drawn from it: every pair equally often."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from transformers import CLIPTokenizer

from .autoencoder import Basis
from .composite import Placement, render
from .denoiser import Batch
from .libraries import from_numpy, tokenize
from .sprites import Pixels
from .vocabulary import Pair, caption

_EARLY_VARIETY = 0.2  # of captions: few wordings bind words to shapes sooner
_LATE_VARIETY = 0.8
_AT_HOME = 0.12  # share of late captions that are moved to the subject's home, where most name no backdrop
_UNMOVED = 0.3  # share of late details that stay in the middle, where a clip's anchor frame is
_DROP = 0.1  # share of captions that are left empty, for classifier-free guidance


def picture_batch(
    pairs: Sequence[Pair], sprites: Mapping[str, Pixels], placement: Placement, rng: np.random.Generator
) -> Tensor:
    """Return one picture per pair as (n, 3, h, w) in [0, 1]."""
    pictures = np.stack([render(pair, sprites, placement, rng) for pair in pairs])
    return from_numpy(pictures).permute(0, 3, 1, 2)


def encode_pairs(
    pairs: Sequence[Pair],
    sprites: Mapping[str, Pixels],
    placement: Placement,
    basis: Basis,
    variants: int,
    seed: int,
) -> Tensor:
    """Return the latents (pairs, variants, c, h, w) in half precision."""
    rng = np.random.default_rng(seed)
    encoded: list[Tensor] = []
    for pair in pairs:
        pictures = picture_batch([pair] * variants, sprites, placement, rng)
        encoded.append(basis.encode(pictures).half().contiguous())
    return torch.stack(encoded)


@dataclass(frozen=True, slots=True)
class Batches:
    """Batches by step: few wordings and `still` pictures for the first half of `steps`, then many wordings.

    In the second half the details, though not the layout, come from `sliding` pictures: the model goes on to place
    objects in the middle and learns to keep them wherever motion has put them.
    """

    pairs: Sequence[Pair]
    still: Tensor
    sliding: Tensor
    tokenizer: CLIPTokenizer
    fillers: Sequence[str]
    size: int
    steps: int
    seed: int
    device: torch.device

    def __call__(self, step: int) -> Batch:
        """Return the batch of `step`: its pairs are a stretch of an endless row of shuffled permutations."""
        rng = random.Random(self.seed * 1_000_003 + step)
        early = step < self.steps // 2
        chosen = [self._pair(step * self.size + i) for i in range(self.size)]
        if not early:
            chosen = [self._home(i) if rng.random() < _AT_HOME else i for i in chosen]
        variety = _EARLY_VARIETY if early else _LATE_VARIETY
        captions = ["" if rng.random() < _DROP else caption(self.pairs[i], rng, self.fillers, variety) for i in chosen]
        layout = self._pictures(self.still, chosen, rng)
        if early:
            return Batch(layout, layout, tokenize(self.tokenizer, captions).to(self.device))
        unmoved = torch.tensor([rng.random() < _UNMOVED for _ in chosen], device=self.device)
        detail = torch.where(unmoved[:, None, None, None], layout, self._pictures(self.sliding, chosen, rng))
        return Batch(layout, detail, tokenize(self.tokenizer, captions).to(self.device))

    def _pictures(self, source: Tensor, chosen: Sequence[int], rng: random.Random) -> Tensor:
        variants = [rng.randrange(source.shape[1]) for _ in chosen]
        return source[list(chosen), variants].float().to(self.device)

    def _home(self, index: int) -> int:
        subject = self.pairs[index].subject
        return next(i for i, p in enumerate(self.pairs) if p.subject == subject and p.backdrop.name == subject.home)

    def _pair(self, index: int) -> int:
        epoch, place = divmod(index, len(self.pairs))
        order = list(range(len(self.pairs)))
        random.Random(self.seed * 7_919 + epoch).shuffle(order)
        return order[place]
