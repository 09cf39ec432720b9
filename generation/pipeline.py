"""Text2Video-Zero (Khachatryan et al. 2023, arXiv 2303.13439): a text-to-image checkpoint draws a moving clip.

The paper counts frames from 1 and calls the first the anchor; here it is frame 0. Shapes are written
(f, c, h, w): frames, latent channels, latent rows, latent columns.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from threading import RLock
from typing import Any

import torch
from PIL.Image import Image
from torch import Tensor

from .accelerations import FOLDED, accelerated, checked, usual
from .attention import anchored
from .autoencoder import Autoencoder
from .camera import Pose, camera_path
from .catalogue import check_size
from .chunks import CHUNK_FRAMES, Chunks, checked_chunk
from .clip import Clip, Frame
from .compiled import Compiled
from .embedding import Reader
from .errors import InvalidRequest
from .first_picture import FirstPicture, open_picture, with_picture
from .foreground import SubjectMaps, foreground, subject_weights, watched
from .given import GivenAnchor, given_steps, inverted, noised
from .noise import given_or_drawn
from .request import UPSCALE_FACTOR, Defaults, ResolvedRequest, VideoRequest
from .resample import move_scene
from .reuse import NO_REUSE, Reuse, reused
from .samplers import sampler_grid, start
from .schedule import (
    Path,
    ddpm_forward,
    forward_alpha,
    noise_schedule,
    plan_path,
    second_pass,
)
from .smoothing import Saliency, salient, shared_background, smooth_background
from .text import Text, encode_text, without_subject
from .upscale import LEVEL, enlarge, enlarge_picture, second_noise
from .walk import Progress, Walk, Watch
from .warp import warp_noise, warp_noisy, warp_scene


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
        accelerations: names of `generation.accelerations`, its `usual` ones for the device where they are not said;
            with none of them a render is exact, the plain algorithm.

    Raises:
        InvalidRequest: chunk is no whole number of at least 1, or there is no such acceleration.
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
        accelerations: Iterable[str] | None = None,
        text_encoder_2: Any = None,
        tokenizer_2: Any = None,
    ) -> None:
        self.unet = unet
        self.autoencoder = Autoencoder(vae)
        self.text_encoder = text_encoder
        self.tokenizer = tokenizer
        self.readers = [Reader(tokenizer, text_encoder)]
        if text_encoder_2 is not None:
            self.readers.append(Reader(tokenizer_2, text_encoder_2))
        self.scheduler = scheduler
        self.defaults = defaults or Defaults()
        self.fingerprint = fingerprint
        self.chunk = checked_chunk(chunk)
        self._compiled = Compiled(unet)
        self.accelerations = usual(unet.device) if accelerations is None else accelerations
        self.schedule = noise_schedule(scheduler)
        self._turn = RLock()  # two renders would exchange each other's attention processors

    @property
    def accelerations(self) -> frozenset[str]:
        """Names of `generation.accelerations`; a render takes those that are set when it begins."""
        return self._accelerations

    @accelerations.setter
    def accelerations(self, names: Iterable[str]) -> None:
        self._accelerations = checked(names)
        self.autoencoder.folds = FOLDED in self._accelerations

    @property
    def bytes(self) -> int:
        """Memory of the weights."""
        modules = (self.unet, self.autoencoder.vae, *(reader.encoder for reader in self.readers))
        return sum(weight.nbytes for module in modules for weight in module.parameters())

    @property
    def device_name(self) -> str:
        """What renders: "cpu", "mps", or "cuda" with the card's name."""
        device: torch.device = self.unet.device
        return f"cuda {torch.cuda.get_device_name(device)}" if device.type == "cuda" else device.type

    @property
    def pixels_per_cell(self) -> int:
        """`Autoencoder.pixels_per_cell`."""
        return self.autoencoder.pixels_per_cell

    @torch.inference_mode()
    def render(
        self,
        request: VideoRequest,
        *,
        first_picture: FirstPicture | bytes | Image | None = None,
        saliency: Saliency | None = None,
        latents: Tensor | None = None,
        noise: Tensor | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Clip:
        """Render a clip (the paper's algorithm 1).

        Args:
            request: what is left open is filled from `defaults`.
            first_picture: becomes the anchor frame, see `open_picture`.
            saliency: tells foreground from background instead of the UNet's attention, for `smoothing`.
            latents: (1, c, h, w) replaces the draw of x_T.
            noise: replaces the draw of the forward noise: (f-1, c, h, w), or (1, c, h, w) when shared.
            on_progress: called after every denoising step, in this thread.
            cancelled: asked before every denoising step, and by the clip before a frame is decoded.

        Raises:
            InvalidRequest: the size, t1 or steps do not fit the checkpoint, a given tensor has another shape, or
                the first picture is missing or cannot be read.
            RenderCancelled: `cancelled` said so.
            OutOfMemory: not even one frame fits into the device's memory.
        """
        picture = first_picture if first_picture is None else open_picture(first_picture)
        r = with_picture(request.resolve(self.defaults), picture)
        shape = self._latent_shape(r)
        x_T = self._placed(given_or_drawn("latents", latents, shape, r.seed, [0]))
        noise = self._forward_noise(r, noise, shape)
        path = self._path(r)
        text = encode_text(r, self.readers, like=x_T)
        walk = Walk(
            partial(start, r.sampler, self.schedule, seed=r.seed),
            self.schedule,
            given_steps(path, r) if picture else path.steps,
            Watch(on_progress, cancelled),
            self.decode,
        )

        with self._turn:
            given = None if picture is None else self._given_anchor(picture, x_T, path, walk, text, r)
            with self._chunks(text, Reuse(r.feature_reuse, r.feature_bands)) as chunks:
                if given is None:
                    x_t1 = walk.backward(chunks, x_T.clone(), path.to_t1, "anchor")
                    x_t0 = walk.backward(chunks, x_t1.clone(), path.to_t0, "anchor")
                    scene = walk.scene
                else:
                    x_t1, x_t0, scene = given(r.t1), given(r.t0), given(None)
                x_t1 = torch.cat([x_t1, self.moved_frames(x_t0, noise, r, scene=scene)])
                del noise  # of each frame a latent, which would stay to the end
                to_clean = partial(walk.backward, chunks, x_t1, path.to_clean, "frames", anchor=given)
                smooths = r.smoothing > 0 and r.frames > 1
                x_0 = self._smoothed(to_clean, chunks, text, r, saliency) if smooths else to_clean()
                if path.again:
                    chunks.size = max(1, chunks.size // UPSCALE_FACTOR**2)  # as many pixels at once
                    x_0 = walk.backward(chunks, self.enlarged_frames(x_0, r), path.again, "upscale")

        return Clip(
            x_0,
            self.decode,
            request=r,
            fingerprint=self.fingerprint,
            unet_samples=walk.samples,
            cancelled=cancelled,
        )

    def moved_frames(self, x_t0: Tensor, noise: Tensor, r: ResolvedRequest, *, scene: Tensor | None = None) -> Tensor:
        """Frames 1..f-1 at noise level t1: the anchor at t0, warped (eq. 6), then noised again (eq. 7).

        Args:
            x_t0: (1, c, h, w), the anchor at t0.
            noise: (f-1, c, h, w), or (1, c, h, w), which then moves with the frame.
            scene: (1, c, h, w), the clean latent that the last step foresaw. With it all warps but
                the paper's move scene and noise apart: the scene goes on beyond its border, the noise stays noise.
        """
        poses = camera_path(r)[1:]
        if not poses:
            return x_t0[:0]
        if r.warp == "paper":
            warped = warp_scene(x_t0, poses, r, self.moved_pictures)
        else:
            clean = torch.zeros_like(x_t0) if scene is None else scene
            warped = warp_noisy(x_t0, clean, self.schedule.alpha_bar(r.t0), poses, r, self.moved_pictures)
        if r.frame_noise == "shared":
            noise = warp_noise(noise, poses, r)
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

    @torch.inference_mode()
    def moved_pictures(self, scene: Tensor, poses: Sequence[Pose], size: tuple[int, int]) -> Tensor:
        """`move_scene` in pixels, (f-1, c, h, w): latents of large patches do not shift as pictures do."""
        picture, invert = self._picture(scene), self.autoencoder.invert
        return torch.cat([self._placed(invert(move_scene(picture, pose, size))) for pose in poses])

    def _picture(self, latent: Tensor) -> Tensor:
        """A clean latent (1, c, h, w) decoded to (1, 3, h, w) in [0, 1], on its device."""
        return torch.tensor(self.decode(latent), device=latent.device).permute(2, 0, 1)[None]

    @contextmanager
    def _chunks(self, text: Text, reuse: Reuse = NO_REUSE) -> Generator[Chunks]:
        """The UNet, predicting for frames that attend to the anchor and hear this text."""
        unet = self.unet
        with (
            anchored(unet, groups=text.groups) as anchor,
            accelerated(unet, self.accelerations, text, anchor, self._compiled),
            reused(unet, reuse, anchor) if reuse.span else nullcontext(),
        ):
            yield Chunks(partial(self.predict, text), anchor, self.chunk, lambda t: text.at(t).groups)

    def _given_anchor(
        self, picture: FirstPicture, x_T: Tensor, path: Path, walk: Walk, text: Text, r: ResolvedRequest
    ) -> GivenAnchor:
        """The anchor at every noise level of the path, when its picture is given."""
        clean = self.encode(picture.fitted(r.width, r.height))
        if r.picture_noise == "drawn":
            return noised(clean, x_T, self.schedule)
        with self._chunks(text.unguided()) as chunks:
            return inverted(clean, x_T, self.schedule, path, partial(walk.backward, chunks))

    def _smoothed(
        self, draw: Callable[[], Tensor], chunks: Chunks, text: Text, r: ResolvedRequest, saliency: Saliency | None
    ) -> Tensor:
        """What `draw` gives, x_0 of all frames, with its background smoothed (section 3.3)."""
        if saliency is None:
            said = text.conditional.tokens
            windows = said.shape[1] // self.readers[0].window
            scene = encode_text(without_subject(r), self.readers, like=said, windows=windows)
            maps = SubjectMaps(subject_weights(text, scene), chunks.anchor)
            with watched(self.unet, maps):
                x_0 = draw()
            masks = foreground(maps.over(x_0))
        else:
            x_0 = draw()
            masks = salient(saliency, [self.decode(x) for x in x_0[:, None]], like=x_0)
        poses = camera_path(r)[1:]
        background = shared_background(masks, poses, (r.width, r.height)).to(x_0.dtype)
        return smooth_background(x_0, warp_scene(x_0[:1], poses, r, self.moved_pictures), background, r.smoothing)

    def predict(self, text: Text, x: Tensor, timestep: int, first: int) -> Tensor:
        """The UNet's prediction for frames `first` and on, (f, c, h, w), guided (Ho & Salimans 2022, eq. 6)."""
        text, frames = text.at(timestep), len(x)
        height, width = (side * self.pixels_per_cell for side in x.shape[-2:])
        prediction = self.unet(
            x.repeat(text.groups, 1, 1, 1),
            torch.tensor(timestep, device=x.device),
            encoder_hidden_states=text.of_frames(first, frames),
            added_cond_kwargs=text.beside(first, frames, height, width),
        ).sample
        if text.groups == 1:
            return prediction
        unconditional, conditional = prediction.split(frames)
        return unconditional + text.guidance_scale * (conditional - unconditional)

    @torch.inference_mode()
    def decode(self, latent: Tensor) -> Frame:
        """`Autoencoder.decode`: one latent (1, c, h, w) -> (h, w, 3) float32 in [0, 1]."""
        return self.autoencoder.decode(latent)

    @torch.inference_mode()
    def encode(self, picture: Tensor) -> Tensor:
        """`Autoencoder.encode`: one picture (1, 3, h, w) in [0, 1] -> its latent (1, c, h, w), placed as the UNet's."""
        return self._placed(self.autoencoder.encode(picture))

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
