"""What the text says to the UNet at each frame: embeddings of the prompts, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from .camera import advances
from .request import ResolvedRequest
from .wording import THEN, scene_of


@dataclass(frozen=True, slots=True)
class Text:
    """Text embeddings of one render.

    Attributes:
        conditional: (1, n, d) where all frames share the prompt, else (f, n, d), frame 0 first.
        unconditional: (1, n, d), the negative prompt's; None without guidance.
        guidance_scale: of classifier-free guidance.
    """

    conditional: Tensor
    unconditional: Tensor | None
    guidance_scale: float

    @property
    def groups(self) -> int:
        """Groups of latents that go through the UNet side by side: 2 with guidance, else 1."""
        return 1 if self.unconditional is None else 2

    def unguided(self) -> Text:
        """The same without guidance."""
        return Text(self.conditional, None, 1.0)

    def of_frames(self, first: int, count: int) -> Tensor:
        """The embeddings (g * count, n, d) of frames `first` and on, the unconditional group first."""
        conditional = self.conditional if len(self.conditional) == 1 else self.conditional[first : first + count]
        groups = [conditional] if self.unconditional is None else [self.unconditional, conditional]
        return torch.cat([group.expand(count, -1, -1) for group in groups])


def encode_text(r: ResolvedRequest, tokenizer: Any, text_encoder: Any, like: Tensor) -> Text:
    """Embed the prompts, and the negative prompt where guidance needs it.

    Args:
        tokenizer, text_encoder: CLIP's.
        like: has the device and dtype that the embeddings are wanted in.
    """
    guided = r.guidance_scale > 1
    tokens = tokenizer(
        [r.negative_prompt, *r.prompts] if guided else [*r.prompts],
        padding="max_length",
        max_length=tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    )
    mask = None
    if getattr(text_encoder.config, "use_attention_mask", False):
        mask = tokens.attention_mask.to(like.device)
    embeddings: Tensor = text_encoder(tokens.input_ids.to(like.device), attention_mask=mask)[0]
    unconditional, prompts = (embeddings[:1], embeddings[1:]) if guided else (None, embeddings)
    conditional = prompts if len(prompts) == 1 else travel(prompts, prompt_places(r))
    return Text(
        conditional.to(like.dtype),
        None if unconditional is None else unconditional.to(like.dtype),
        r.guidance_scale,
    )


def without_subject(r: ResolvedRequest) -> ResolvedRequest:
    """The request for the same scenes with nothing in them; a full stop where there is no scene."""
    return r.change(prompt=f" {THEN} ".join(scene_of(prompt) or "." for prompt in r.prompts))


def prompt_places(r: ResolvedRequest) -> list[float]:
    """Where each frame stands on the way through the prompts: 0 is the first one, 1 the second, and so on.

    The way is eased as the camera's is, and a loop returns to the first prompt.
    """
    way = advances(r.frames, easing=r.easing, loop=r.trajectory == "loop")
    longest = max(way)
    return [(len(r.prompts) - 1) * advance / longest if longest else 0.0 for advance in way]


def travel(prompts: Tensor, places: Sequence[float]) -> Tensor:
    """The embeddings (f, n, d) at so many places on the way through those of the prompts (p, n, d), p > 1."""
    last_leg = len(prompts) - 2
    legs = [(min(int(place), last_leg), place) for place in places]
    return torch.stack([spherical(prompts[leg], prompts[leg + 1], place - leg) for leg, place in legs])


def spherical(start: Tensor, end: Tensor, share: float) -> Tensor:
    """Spherical interpolation (Shoemake 1985) of the vectors in the last dimension; share 0 is `start`, 1 `end`.

    Halfway between two embeddings the mean is shorter than both, and short embeddings say little. Where two vectors
    point the same way it is the linear interpolation.
    """
    a, b = start.float(), end.float()
    cosine = torch.cosine_similarity(a, b, dim=-1).clamp(-1, 1)[..., None]
    angle = torch.acos(cosine)
    sine = angle.sin()
    apart = sine > 1e-3
    safe = torch.where(apart, sine, 1.0)
    near = torch.where(apart, ((1 - share) * angle).sin() / safe, 1 - share)
    far = torch.where(apart, (share * angle).sin() / safe, share)
    return (near * a + far * b).to(start.dtype)
