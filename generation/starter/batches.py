"""What one training step sees: pictures with captions from any source, at the noise levels they serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Protocol

import torch
from torch import Tensor
from transformers import CLIPTokenizer

from .autoencoder import Basis
from .captions import caption
from .compositor import STILL, Compositor, random_shift
from .denoiser import LAYOUT, Batch
from .libraries import from_numpy, to_list, tokenize
from .sources import Pictures
from .vocabulary import BACKDROPS, LAYOUTS, Scene, Subject, is_held_out, vanishes

_DROP: Final = 0.1  # share of captions that are left empty, for classifier-free guidance
_UNMOVED: Final = 0.3  # share of late details that stay in place, where a clip's anchor frame is
_EMPTY: Final = 0.03  # share of scenes without an object
_PAINTED: Final = 0.5  # share of paintable objects that are painted
_CENTRE_ONLY: Final = 0.3  # share of a run in which every object stands in the middle, at one size and place
_LAYOUT_WEIGHTS: Final = (52, 8, 8, 10, 10, 12)  # in the order of LAYOUTS
_VARIETY: Final = 0.8  # share of captions that are not the plain one


class Source(Protocol):
    """Where pictures and captions come from."""

    def captions(self, rng: Random) -> Sequence[str]:
        """Return captions as they will come, for the tokenizer."""
        ...

    def draw(self, settled: Sequence[bool], progress: float, rng: Random) -> tuple[Tensor, list[str]]:
        """Return pictures (n, 3, h, w) in [0, 1] and their captions, one for each of `settled`.

        A settled picture shows its content where the caption lets one expect it; others may be moved as a clip
        moves. `progress` is the share of the run that is done.
        """
        ...


@dataclass(frozen=True, slots=True)
class Composites:
    """Sprites on procedural backdrops, with captions in many wordings; held-out pairs never come."""

    compositor: Compositor
    subjects: Sequence[Subject]
    fillers: Sequence[str]

    def captions(self, rng: Random) -> Sequence[str]:
        """Return 60,000 varied captions, and the filler words."""
        return [caption(self.scene(1.0, rng), rng) for _ in range(60_000)] + [*self.fillers] * 2

    def draw(self, settled: Sequence[bool], progress: float, rng: Random) -> tuple[Tensor, list[str]]:
        """Return composites; see `Source`."""
        scenes = [self.scene(progress, rng) for _ in settled]
        early = progress < _CENTRE_ONLY
        shifts = [STILL if early or s or rng.random() < _UNMOVED else random_shift(rng) for s in settled]
        pictures = self.compositor.compose(scenes, shifts, rng)
        return pictures, [caption(scene, rng, self.fillers, _VARIETY) for scene in scenes]

    def scene(self, progress: float, rng: Random) -> Scene:
        """Draw a scene that training may see."""
        while True:
            subject = None if rng.random() < _EMPTY else rng.choice(self.subjects)
            backdrop = rng.choice(BACKDROPS)
            if subject is None:
                return Scene(None, backdrop)
            paint = rng.choice(subject.paints) if subject.paints and rng.random() < _PAINTED else None
            late = progress >= _CENTRE_ONLY
            layout = rng.choices(LAYOUTS, _LAYOUT_WEIGHTS)[0] if late else "centre"
            scene = Scene(subject, backdrop, paint, layout)
            if not is_held_out(scene) and not vanishes(subject, paint, backdrop):
                return scene


@dataclass(frozen=True, slots=True)
class PictureSource:
    """Captioned pictures or video frames from a folder, as they are."""

    pictures: Pictures
    device: torch.device

    def captions(self, rng: Random) -> Sequence[str]:
        """Return every caption."""
        return self.pictures.captions()

    def draw(self, settled: Sequence[bool], progress: float, rng: Random) -> tuple[Tensor, list[str]]:
        """Return pictures and one of their captions; see `Source`."""
        pictures, captions = self.pictures.draw(len(settled), rng)
        return from_numpy(pictures).to(self.device), captions


@dataclass(frozen=True, slots=True)
class Batches:
    """Batches by step and process: the same for the same seed."""

    source: Source
    basis: Basis
    tokenizer: CLIPTokenizer
    steps: int
    seed: int
    rank: int = 0

    def __call__(self, step: int, timesteps: Tensor) -> Batch:
        """Return the batch of `step` for `timesteps` (n): from LAYOUT up, pictures are settled."""
        rng = Random((self.seed * 1_000_003 + step) * 64 + self.rank)
        settled = [bool(high) for high in to_list(timesteps >= LAYOUT)]
        pictures, captions = self.source.draw(settled, step / self.steps, rng)
        kept = ["" if rng.random() < _DROP else text for text in captions]
        tokens = tokenize(self.tokenizer, kept).to(pictures.device)
        known = torch.tensor([s and bool(text) for s, text in zip(settled, kept, strict=True)], device=pictures.device)
        return Batch(self.basis.encode(pictures), tokens, known)
