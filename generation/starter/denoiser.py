"""The text encoder and the UNet, and their training: resumable, the same for one seed, on one or more processes.

The text encoder learns first and alone (`Training.read`): from what it says of a caption, a linear layer, the sketch,
must tell the latent that the caption lets one expect. The last tokens, which see the whole prompt, each answer for one
part of the picture. A sketch by least squares is learnt from ten times as many captions a second as the UNet sees
pictures, and afterwards the UNet has to look things up by place rather than to find out what words mean.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import torch
from torch import Tensor, nn

from .alignment import guided
from .autoencoder import CHANNELS
from .libraries import (
    BrokenState,
    advance,
    average_gradients,
    backward,
    denoise,
    lerp,
    load_state,
    make_scheduler,
    make_text_encoder,
    make_unet,
    read_text,
    seeded,
)
from .muon import Muon
from .tokenizer import LENGTH

TRAIN_TIMESTEPS: Final = 1000
LAYOUT: Final = 680  # timestep; above it the object's place is decided, below it the place is read off the latent
REGIONS: Final = 8  # along both sides of the picture: so many times so many last tokens answer for one region each
_WIDTH: Final = 192  # of the text features
_BLOCKS: Final = (48, 96, 128)  # channels of the UNet's levels
_EMA: Final = 0.998
_GAMMA: Final = 5.0  # min-SNR
_WARM_UP: Final = 200  # steps
_GUIDE_WEIGHT: Final = 0.3  # of guided attention's loss
_MUON_RATE: Final = 1.7  # of Muon's learning rate to AdamW's
_ENDS: Final = ("weight", "embeddings.", "conv_in.", "conv_out.", "time_embedding.")  # "weight" is the sketch's


@dataclass(frozen=True, slots=True)
class Batch:
    """Latents (n, c, h, w), tokens (n, LENGTH), and whether each latent is what its caption lets one expect (n)."""

    latents: Tensor
    tokens: Tensor
    settled: Tensor


@dataclass(frozen=True, slots=True)
class TextSize:
    """How large the text encoder is: layers, and hidden units of each, in which it keeps what the objects look like."""

    layers: int = 3
    hidden: int = 8 * _WIDTH


class Denoiser(nn.Module):
    """The trained halves side by side, so that one average holds all."""

    def __init__(self, vocabulary: int, cells: int, text: TextSize = TextSize()) -> None:
        super().__init__()
        self.cells = cells
        self.text_encoder = make_text_encoder(
            vocab_size=vocabulary,
            hidden_size=_WIDTH,
            intermediate_size=text.hidden,
            projection_dim=_WIDTH,
            num_hidden_layers=text.layers,
            num_attention_heads=4,
            max_position_embeddings=LENGTH,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
        self.unet = make_unet(
            sample_size=cells,
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            down_block_types=("CrossAttnDownBlock2D",) * 3,
            up_block_types=("CrossAttnUpBlock2D",) * 3,
            block_out_channels=_BLOCKS,
            layers_per_block=1,
            attention_head_dim=4,
            norm_num_groups=16,
            cross_attention_dim=_WIDTH,
        )
        self.sketch = nn.Linear(_WIDTH, CHANNELS * (cells // REGIONS) ** 2)

    def forward(self, latents: Tensor, timesteps: Tensor, text: Tensor) -> Tensor:
        """Return the predicted velocity (n, c, h, w) for text features (n, LENGTH, width)."""
        return denoise(self.unet, latents, timesteps, text)

    def read(self, tokens: Tensor) -> Tensor:
        """Return the text features (n, LENGTH, width)."""
        return read_text(self.text_encoder, tokens)

    def sketched(self, text: Tensor) -> Tensor:
        """Return the latents (n, c, h, w) that the last REGIONS^2 tokens tell, region by region."""
        side = self.cells // REGIONS
        parts = self.sketch(text[:, -(REGIONS**2) :])
        parts = parts.reshape(-1, REGIONS, REGIONS, CHANNELS, side, side).permute(0, 3, 1, 4, 2, 5)
        return parts.reshape(-1, CHANNELS, self.cells, self.cells)


def text_size(text_encoder: Any) -> TextSize:
    """Return how large a CLIPTextModel is."""
    config = text_encoder.config
    return TextSize(config.num_hidden_layers, config.intermediate_size)


def scheduler() -> Any:
    """Return the noise schedule that the weights are trained for."""
    return make_scheduler(
        num_train_timesteps=TRAIN_TIMESTEPS,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )


def sketch_loss(model: Denoiser, text: Tensor, batch: Batch) -> Tensor:
    """Return the mean squared error of the sketch over settled pictures."""
    error = (model.sketched(text) - batch.latents).square().mean((1, 2, 3))
    return (error * batch.settled).sum() / batch.settled.sum().clamp(min=1)


def velocity_loss(
    model: Denoiser, text: Tensor, batch: Batch, timesteps: Tensor, noise: Tensor, alphas: Tensor
) -> Tensor:
    """Return the min-SNR-weighted error of the predicted velocity (Hang et al. 2023, arXiv 2303.09556)."""
    alpha = alphas[timesteps][:, None, None, None]
    noisy = alpha.sqrt() * batch.latents + (1 - alpha).sqrt() * noise
    velocity = alpha.sqrt() * noise - (1 - alpha).sqrt() * batch.latents
    snr = alpha / (1 - alpha)
    weight = (snr.clamp(max=_GAMMA) + 1) / (snr + 1)
    return (weight * (model(noisy, timesteps, text) - velocity).square()).mean()


def draw_timesteps(count: int, generator: torch.Generator) -> Tensor:
    """Draw one timestep from each of `count` equal shares of the density .5 + exp(-((t - 700) / 240)^2)."""
    grid = torch.arange(TRAIN_TIMESTEPS, dtype=torch.float64)
    cumulative = (0.5 + torch.exp(-(((grid - 700) / 240) ** 2))).cumsum(0)
    shares = (torch.arange(count) + torch.rand(count, generator=generator)) / count
    return torch.searchsorted(cumulative, shares.double() * cumulative[-1]).clamp(max=TRAIN_TIMESTEPS - 1)


Draw = Callable[[int, Tensor], Batch]
"""Makes the batch of a step for its timesteps."""


@dataclass(slots=True)
class Training:
    """A run that can stop at any step and go on from its file.

    Attributes:
        reading, drawing: the optimizers of the text encoder with its sketch, and of the UNet.
        read_steps, step: done so far, of the text encoder and of the UNet.
        half: whether to compute in bfloat16 where that is safe.
    """

    model: Denoiser
    average: Denoiser
    reading: tuple[torch.optim.Optimizer, ...]
    drawing: tuple[torch.optim.Optimizer, ...]
    generator: torch.Generator
    half: bool = False
    read_steps: int = 0
    step: int = 0

    @classmethod
    def start(
        cls, model: Denoiser, average: Denoiser, rate: float, seed: int, rank: int = 0, half: bool = False
    ) -> "Training":
        """Begin at step 0; `average` receives the moving average of `model`."""
        average.load_state_dict(model.state_dict())
        average.requires_grad_(False).eval()
        reading = _optimizers((model.text_encoder, model.sketch), rate, half)
        drawing = _optimizers((model.unet,), rate, half)
        return cls(model, average, reading, drawing, seeded(seed * 64 + rank), half)

    def read(self, draw: Draw, steps: int, size: int, report: Callable[[int, float], None]) -> None:
        """Train the text encoder and its sketch alone, up to `steps` batches of `size`."""
        everywhere = torch.full((size,), TRAIN_TIMESTEPS - 1)
        self.model.train()
        while self.read_steps < steps:
            batch = draw(self.read_steps, everywhere)
            with self._precision(batch.latents):
                loss = sketch_loss(self.model, self.model.read(batch.tokens), batch)
            self._advance(loss, self.reading, _schedule(self.read_steps, steps))
            self.read_steps += 1
            report(self.read_steps, loss.item())
        self.average.load_state_dict(self.model.state_dict())

    def run(self, draw: Draw, steps: int, size: int, report: Callable[[int, float], None]) -> None:
        """Train the UNet up to step `steps` of a warm-up and cosine schedule of that length, `size` a batch."""
        device = next(self.model.parameters()).device
        alphas = cast(Tensor, scheduler().alphas_cumprod).to(device)
        self.model.train()
        with guided(self.model.unet, REGIONS) as guide:
            while self.step < steps:
                timesteps = draw_timesteps(size, self.generator)
                batch = draw(self.step, timesteps)
                noise = torch.randn(batch.latents.shape, generator=self.generator).to(device)
                with self._precision(batch.latents):
                    with torch.no_grad():
                        text = self.model.read(batch.tokens)
                    loss = velocity_loss(self.model, text, batch, timesteps.to(device), noise, alphas)
                guided_loss = loss + _GUIDE_WEIGHT * guide.take()
                self._advance(guided_loss, self.drawing, _schedule(self.step, steps))
                self.step += 1
                self._follow()
                report(self.step, loss.item())

    def save(self, path: Path) -> None:
        """Write everything that `load` needs, atomically."""
        state = {
            "read_steps": self.read_steps,
            "step": self.step,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in (*self.reading, *self.drawing)],
            "generator": self.generator.get_state(),
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path, rank: int = 0) -> None:
        """Go on from `path`; each process draws its own noise.

        Raises:
            BrokenState: the file is damaged or belongs to another model.
        """
        state = load_state(path, self.model)
        self.read_steps, self.step = int(state["read_steps"]), int(state["step"])
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        try:
            for optimizer, found in zip((*self.reading, *self.drawing), state["optimizers"], strict=True):
                optimizer.load_state_dict(found)
        except (KeyError, ValueError) as error:
            raise BrokenState(
                f"{path} was written by another version of this training; use another --out, or delete it"
            ) from error
        if rank == 0:
            self.generator.set_state(state["generator"])
        else:
            self.generator.manual_seed(self.step * 64 + rank)

    def _precision(self, like: Tensor) -> torch.autocast:
        return torch.autocast(like.device.type, torch.bfloat16, enabled=self.half)

    def _advance(self, loss: Tensor, optimizers: Sequence[torch.optim.Optimizer], share: float) -> None:
        """Take one step at `share` of the learning rates."""
        self.model.zero_grad(set_to_none=True)
        backward(loss)
        average_gradients(self.model)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["initial_lr"] * share
            advance(optimizer)

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(_EMA, self.step / (self.step + 10))
        lerp(list(self.average.parameters()), list(self.model.parameters()), 1 - decay)


def _optimizers(networks: Sequence[nn.Module], rate: float, half: bool) -> tuple[torch.optim.Optimizer, ...]:
    """Muon for the matrices inside, AdamW for the rest."""
    named = [(name, weight) for network in networks for name, weight in network.named_parameters()]
    inside = [weight for name, weight in named if _is_hidden(name, weight)]
    others = [weight for name, weight in named if not _is_hidden(name, weight)]
    group = {"params": others, "initial_lr": rate}
    adamw = torch.optim.AdamW([group], lr=rate, betas=(0.9, 0.99), weight_decay=0.01)
    return Muon(inside, _MUON_RATE * rate, half=half), adamw


def _is_hidden(name: str, weight: Tensor) -> bool:
    """Whether a weight maps features to features; Muon is not for the ends of a network nor for vectors."""
    return weight.ndim >= 2 and not name.startswith(_ENDS)


def _schedule(step: int, steps: int) -> float:
    warm = min(1.0, (step + 1) / min(_WARM_UP, max(1, steps // 10)))
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))
