"""What the text says to the UNet at each frame: embeddings of the prompts, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .camera import advances
from .embedding import Embedded, Reader, embed, time_ids
from .request import ResolvedRequest
from .wording import THEN, scene_of


@dataclass(frozen=True, slots=True)
class Text:
    """Text embeddings of one render.

    Attributes:
        conditional: of one prompt that all frames share, or of each of the f frames, frame 0 first.
        unconditional: of the negative prompt; None without guidance.
        guidance_scale: of classifier-free guidance.
        guidance_stop: noise level below which guidance is off (Kynkäänniemi et al. 2024, arXiv 2404.07724).
    """

    conditional: Embedded
    unconditional: Embedded | None
    guidance_scale: float
    guidance_stop: int = 0

    def at(self, timestep: int) -> Text:
        """What is said at a timestep: below the stop without guidance."""
        return self.unguided() if timestep < self.guidance_stop else self

    @property
    def groups(self) -> int:
        """Groups of latents that go through the UNet side by side: 2 with guidance, else 1."""
        return 1 if self.unconditional is None else 2

    @property
    def is_shared(self) -> bool:
        """Whether all frames hear the same prompt."""
        return len(self.conditional.tokens) == 1

    def unguided(self) -> Text:
        """The same without guidance."""
        return Text(self.conditional, None, 1.0)

    def of_frames(self, first: int, count: int) -> Tensor:
        """The embeddings (g * count, n, d) of frames `first` and on, the unconditional group first."""
        return self._grouped([said.tokens for said in self._said()], first, count)

    def beside(self, first: int, count: int, height: int, width: int) -> dict[str, Tensor] | None:
        """What SDXL's UNet is told besides, for the same frames (Podell et al. 2023, section 2.2)."""
        pooled = [said.pooled for said in self._said() if said.pooled is not None]
        if not pooled:
            return None
        embeds = self._grouped(pooled, first, count)
        sizes = torch.tensor(time_ids(height, width), device=embeds.device, dtype=embeds.dtype)
        return {"text_embeds": embeds, "time_ids": sizes.repeat(len(embeds), 1)}

    def _said(self) -> list[Embedded]:
        return [self.conditional] if self.unconditional is None else [self.unconditional, self.conditional]

    @staticmethod
    def _grouped(groups: Sequence[Tensor], first: int, count: int) -> Tensor:
        """(g * count, ...) of each group's rows: its only one for every frame, or those of the frames."""
        rows = [group if len(group) == 1 else group[first : first + count] for group in groups]
        return torch.cat([row.expand(count, *row.shape[1:]) for row in rows])


def encode_text(r: ResolvedRequest, readers: Sequence[Reader], like: Tensor, *, windows: int = 1) -> Text:
    """Embed the prompts, and the negative prompt where guidance needs it.

    Args:
        readers: one, or SDXL's two.
        like: has the device and dtype that the embeddings are wanted in.
        windows: see `embed`.
    """
    guided = r.guidance_scale > 1
    said = embed([r.negative_prompt, *r.prompts] if guided else r.prompts, readers, like.device, windows=windows)
    said = said.each(lambda rows: rows.to(like.dtype))
    unconditional = said.each(lambda rows: rows[:1]) if guided else None
    prompts = said.each(lambda rows: rows[1:]) if guided else said
    if len(r.prompts) > 1:
        places = prompt_places(r)
        prompts = prompts.each(lambda rows: travel(rows, places))
    return Text(prompts, unconditional, r.guidance_scale, r.guidance_stop)


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
    """The embeddings (f, ..., d) at so many places on the way through those of the prompts (p, ..., d), p > 1."""
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
