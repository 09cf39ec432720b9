"""Text2Video-Zero (Khachatryan et al. 2023, arXiv 2303.13439): a text-to-image checkpoint draws a moving clip.

The paper counts frames from 1 and calls the first the anchor; here it is frame 0. Shapes are written
(f, c, h, w): frames, latent channels, latent rows, latent columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import RLock
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .attention import anchored
from .camera import Pose, camera_path
from .catalogue import check_size
from .chunks import CHUNK_FRAMES, Chunks, checked_chunk
from .clip import Clip, Frame
from .errors import GenerationError, InvalidRequest
from .motion import nearest_warp
from .noise import given_or_drawn
from .request import UPSCALE_FACTOR, Defaults, ResolvedRequest, VideoRequest
from .resample import NoiseField, move_scene
from .samplers import sampler_grid, start
from .schedule import (
    Path,
    ddpm_forward,
    forward_alpha,
    noise_schedule,
    plan_path,
    second_pass,
)
from .text import Reader, embed, time_ids
from .upscale import LEVEL, enlarge, enlarge_picture, second_noise
from .walk import Progress, Walk, Watch


@dataclass(frozen=True, slots=True)
class _Text:
    """Text embeddings of one render: (g, n, d), the unconditional group first when there are two.

    `pooled` is SDXL's (g, p).
    """

    embeddings: Tensor
    guidance_scale: float
    pooled: Tensor | None = None

    @property
    def groups(self) -> int:
        return len(self.embeddings)

    def beside(self, frames: int, height: int, width: int) -> dict[str, Tensor] | None:
        """What SDXL's UNet is told besides, for so many frames of each group (Podell et al. 2023, section 2.2)."""
        if self.pooled is None:
            return None
        sizes = torch.tensor(time_ids(height, width), device=self.pooled.device, dtype=self.pooled.dtype)
        return {
            "text_embeds": self.pooled.repeat_interleave(frames, dim=0),
            "time_ids": sizes.repeat(self.groups * frames, 1),
        }


class Text2VideoZero:
    """Renders clips with the parts of a Stable-Diffusion-shaped checkpoint; a second render waits for the first.

    Args:
        unet: UNet2DConditionModel. It is left as it was found after success, error and cancel.
        vae: an autoencoder with `decode(z).sample` in [-1, 1], and `encode` for the warp "picture".
        text_encoder, tokenizer: CLIP's.
        text_encoder_2, tokenizer_2: SDXL's second ones.
        scheduler: a diffusers scheduler; only its noise schedule and timestep spacing are used.
        defaults: what the checkpoint proposes for fields that a request leaves open.
        fingerprint: identifies the weights in a clip's recipe.
        chunk: how many frames go through the UNet together; it decides on memory and speed, never on the picture.

    Raises:
        InvalidRequest: chunk is no whole number of at least 1.
    """

    def __init__(
        self,
        *,
        unet: Any,
        vae: Any,
        text_encoder: Any,
        tokenizer: Any,
        scheduler: Any,
        defaults: Defaults | None = None,
        fingerprint: str = "unknown",
        chunk: int = CHUNK_FRAMES,
        text_encoder_2: Any = None,
        tokenizer_2: Any = None,
    ) -> None:
        self.unet = unet
        self.vae = vae
        self.text_encoder = text_encoder
        self.tokenizer = tokenizer
        self.readers = [Reader(tokenizer, text_encoder)]
        if text_encoder_2 is not None:
            self.readers.append(Reader(tokenizer_2, text_encoder_2))
        self.scheduler = scheduler
        self.defaults = defaults or Defaults()
        self.fingerprint = fingerprint
        self.chunk = checked_chunk(chunk)
        self.schedule = noise_schedule(scheduler)
        self._turn = RLock()  # two renders would exchange each other's attention processors

    @property
    def bytes(self) -> int:
        """Memory of the weights."""
        modules = (self.unet, self.vae, *(reader.encoder for reader in self.readers))
        return sum(weight.nbytes for module in modules for weight in module.parameters())

    @property
    def pixels_per_cell(self) -> int:
        """Output pixels along one side of a latent cell."""
        return 2 ** (len(self.vae.config.block_out_channels) - 1)

    @torch.inference_mode()
    def render(
        self,
        request: VideoRequest,
        *,
        latents: Tensor | None = None,
        noise: Tensor | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Clip:
        """Render a clip (the paper's algorithm 1 without background smoothing).

        Args:
            request: what is left open is filled from `defaults`.
            latents: (1, c, h, w) replaces the draw of x_T.
            noise: replaces the draw of the forward noise: (f-1, c, h, w), or (1, c, h, w) when shared.
            on_progress: called after every denoising step, in this thread.
            cancelled: asked before every denoising step.

        Raises:
            InvalidRequest: the size, t1 or steps do not fit the checkpoint, or a given tensor has another shape.
            RenderCancelled: `cancelled` said so.
            OutOfMemory: not even one frame fits into the device's memory.
        """
        r = request.resolve(self.defaults)
        shape = self._latent_shape(r)
        x_T = given_or_drawn("latents", latents, shape, r.seed, [0])
        noise = self._forward_noise(r, noise, shape)
        path = self._path(r)
        text = self.encode_text(r)
        watch = Watch(on_progress, cancelled)

        with self._turn, anchored(self.unet, groups=text.groups) as anchor:
            chunks = Chunks(lambda x, t: self.predict(x, t, text), anchor, self.chunk)
            solver = partial(start, r.sampler, self.schedule, seed=r.seed)
            walk = Walk(chunks, solver, self.schedule, path.steps, watch, self.decode)
            x_t1 = walk.backward(self._placed(x_T), path.to_t1, "anchor")
            x_t0 = walk.backward(x_t1, path.to_t0, "anchor")
            x_t1 = torch.cat([x_t1, self.moved_frames(x_t0, noise, r, scene=walk.scene)])
            x_0 = walk.backward(x_t1, path.to_clean, "frames")
            if path.again:
                chunks.size = max(1, chunks.size // UPSCALE_FACTOR**2)  # as many pixels at once
                x_0 = walk.backward(self.enlarged_frames(x_0, r), path.again, "upscale")

        samples = walk.latents * text.groups
        return Clip(x_0, self.decode, request=r, fingerprint=self.fingerprint, unet_samples=samples)

    def moved_frames(self, x_t0: Tensor, noise: Tensor, r: ResolvedRequest, *, scene: Tensor | None = None) -> Tensor:
        """Frames 1..f-1 at noise level t1: the anchor at t0, warped (eq. 6), then noised again (eq. 7).

        Args:
            x_t0: (1, c, h, w), the anchor at t0.
            noise: (f-1, c, h, w), or (1, c, h, w), which then moves with the frame.
            scene: (1, c, h, w), the clean latent that the last step foresaw. With it all warps but
                the paper's move scene and noise apart: the scene goes on beyond its border, the noise stays noise.
        """
        size = (r.width, r.height)
        poses = camera_path(r)[1:]
        if not poses:
            return x_t0[:0]
        if r.warp == "paper":
            warped = torch.cat([nearest_warp(x_t0, pose.shift, size) for pose in poses])
        else:
            warped = self._moved_apart(x_t0, scene, poses, r)
        if r.frame_noise == "shared":
            noise = self._moved_noise(noise, poses, r)
        alpha = forward_alpha(self.schedule, r.t0, r.t1, as_authors=r.warp == "paper")
        return ddpm_forward(warped, noise, alpha)

    def enlarged_frames(self, x_0: Tensor, r: ResolvedRequest) -> Tensor:
        """Clean frames (f, c, h, w) at twice the size and a low noise level, (f, c, 2h, 2w)."""
        if r.warp == "picture":
            wide = torch.cat([self.encode(enlarge_picture(self._picture(x))) for x in x_0[:, None]])
        else:
            wide = enlarge(x_0)
        noise = self._placed(second_noise(wide, r))
        return ddpm_forward(wide, noise, self.schedule.alpha_bar(LEVEL))

    def _moved_apart(self, x_t0: Tensor, scene: Tensor | None, poses: list[Pose], r: ResolvedRequest) -> Tensor:
        size, alpha_bar = (r.width, r.height), self.schedule.alpha_bar(r.t0)
        clean = torch.zeros_like(x_t0) if scene is None else scene
        rest = NoiseField(x_t0 - clean * alpha_bar**0.5, r.seed, 0, std=(1 - alpha_bar) ** 0.5)
        if r.warp == "picture":
            moved = self.moved_pictures(clean, poses, size)
        else:
            moved = torch.cat([move_scene(clean, pose, size) for pose in poses])
        return moved * alpha_bar**0.5 + torch.cat([rest.moved(pose, size) for pose in poses])

    @torch.inference_mode()
    def moved_pictures(self, scene: Tensor, poses: list[Pose], size: tuple[int, int]) -> Tensor:
        """`move_scene` in pixels, (f-1, c, h, w): latents of large patches do not shift as pictures do."""
        picture = self._picture(scene)
        return torch.cat([self.encode(move_scene(picture, pose, size)) for pose in poses])

    def _picture(self, latent: Tensor) -> Tensor:
        """A clean latent (1, c, h, w) decoded to (1, 3, h, w) in [0, 1], on its device."""
        return torch.tensor(self.decode(latent), device=latent.device).permute(2, 0, 1)[None]

    def _moved_noise(self, noise: Tensor, poses: list[Pose], r: ResolvedRequest) -> Tensor:
        size = (r.width, r.height)
        if r.warp == "paper":
            return torch.cat([nearest_warp(noise, pose.shift, size) for pose in poses])
        field = NoiseField(noise, r.seed, 1)
        return torch.cat([field.moved(pose, size) for pose in poses])

    def encode_text(self, r: ResolvedRequest) -> _Text:
        """Embed the prompt, and the negative prompt where guidance needs it."""
        prompts = [r.negative_prompt, r.prompt] if r.guidance_scale > 1 else [r.prompt]
        said = embed(prompts, self.readers, self.unet.device)
        pooled = None if said.pooled is None else said.pooled.to(self.unet.dtype)
        return _Text(said.tokens.to(self.unet.dtype), r.guidance_scale, pooled)

    def predict(self, x: Tensor, timestep: int, text: _Text) -> Tensor:
        """The UNet's prediction for (f, c, h, w) frames, guided (Ho & Salimans 2022, eq. 6)."""
        frames = len(x)
        height, width = (side * self.pixels_per_cell for side in x.shape[-2:])
        prediction = self.unet(
            x.repeat(text.groups, 1, 1, 1),
            torch.tensor(timestep, device=x.device),
            encoder_hidden_states=text.embeddings.repeat_interleave(frames, dim=0),
            added_cond_kwargs=text.beside(frames, height, width),
        ).sample
        if text.groups == 1:
            return prediction
        unconditional, conditional = prediction.split(frames)
        return unconditional + text.guidance_scale * (conditional - unconditional)

    @torch.inference_mode()
    def decode(self, latent: Tensor) -> Frame:
        """One latent (1, c, h, w) -> (h, w, 3) float32 in [0, 1].

        An autoencoder that overflows in half precision stays in float32 from then on.

        Raises:
            GenerationError: there is no picture, in float32 neither.
        """
        config = self.vae.config
        z = latent.float() / config.scaling_factor + (getattr(config, "shift_factor", None) or 0.0)
        image = self.vae.decode(z.to(self.vae.dtype)).sample[0].float()
        if not image.isfinite().all() and self.vae.dtype != torch.float32:
            image = self.vae.float().decode(z).sample[0]
        if not image.isfinite().all():
            raise GenerationError(
                "the checkpoint drew no picture (NaN): its weights are damaged, or too large for half precision; "
                "try the device cpu"
            )
        pixels = (image / 2 + 0.5).clamp(0, 1).permute(1, 2, 0)
        return np.ascontiguousarray(pixels.cpu().numpy())

    @torch.inference_mode()
    def encode(self, picture: Tensor) -> Tensor:
        """One picture (1, 3, h, w) in [0, 1] -> its latent (1, c, h, w), without noise."""
        config = self.vae.config
        found = self.vae.encode((picture * 2 - 1).to(self.vae.dtype))
        z = found.latents if hasattr(found, "latents") else found.latent_dist.mode()
        return self._placed((z.float() - (getattr(config, "shift_factor", None) or 0.0)) * config.scaling_factor)

    def _path(self, r: ResolvedRequest) -> Path:
        levels = len(self.schedule.alphas_cumprod)
        if r.t1 >= levels or r.steps > levels:
            raise InvalidRequest(
                f"t1 must be below and steps at most {levels} for this checkpoint, not {r.t1} and {r.steps}"
            )
        grid = sampler_grid(r.sampler, self.schedule, self.scheduler, r.steps)
        path = plan_path(grid, r.t0, r.t1)
        return replace(path, again=second_pass(grid, LEVEL)) if r.upscale == "second-pass" else path

    def _latent_shape(self, r: ResolvedRequest) -> tuple[int, int, int, int]:
        cell = self.pixels_per_cell
        check_size(r, cell)
        return (1, self.unet.config.in_channels, r.height // cell, r.width // cell)

    def _forward_noise(self, r: ResolvedRequest, given: Tensor | None, shape: tuple[int, int, int, int]) -> Tensor:
        keys = [1] if r.frame_noise == "shared" else list(range(1, r.frames))
        return self._placed(given_or_drawn("noise", given, shape, r.seed, keys))

    def _placed(self, x: Tensor) -> Tensor:
        return x.to(device=self.unet.device, dtype=self.unet.dtype)
