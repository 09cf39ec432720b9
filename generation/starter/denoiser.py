"""The text encoder and the UNet, and their training on ready latents: resumable, the same batches for one seed."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import torch
from torch import Tensor, nn

from .autoencoder import CHANNELS
from .libraries import backward, denoise, lerp, make_scheduler, make_text_encoder, make_unet, read_text, seeded
from .tokenizer import LENGTH

TRAIN_TIMESTEPS: Final = 1000
_WIDTH: Final = 192  # of the text features
_EMA: Final = 0.996
_GAMMA: Final = 5.0  # min-SNR
LAYOUT: Final = 680  # timestep; above it the object's place is decided, below it the place is read off the latent
_WARM_UP: Final = 200  # steps


@dataclass(frozen=True, slots=True)
class Batch:
    """Two pictures per caption: `layout` for noise levels from LAYOUT up, `detail` for those below.

    Both are (n, c, h, w), `tokens` are (n, LENGTH).
    """

    layout: Tensor
    detail: Tensor
    tokens: Tensor


class Denoiser(nn.Module):
    """The two trained halves side by side, so that one optimizer and one average hold both."""

    def __init__(self, vocabulary: int, cells: int) -> None:
        super().__init__()
        self.text_encoder = make_text_encoder(
            vocab_size=vocabulary,
            hidden_size=_WIDTH,
            intermediate_size=4 * _WIDTH,
            projection_dim=_WIDTH,
            num_hidden_layers=2,
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
            block_out_channels=(48, 96, 128),
            layers_per_block=1,
            attention_head_dim=4,
            norm_num_groups=16,
            cross_attention_dim=_WIDTH,
        )

    def forward(self, latents: Tensor, timesteps: Tensor, tokens: Tensor) -> Tensor:
        """Return the predicted velocity (n, c, h, w)."""
        return denoise(self.unet, latents, timesteps, read_text(self.text_encoder, tokens))


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


def velocity_loss(model: Denoiser, batch: Batch, alphas: Tensor, generator: torch.Generator) -> Tensor:
    """Return the min-SNR-weighted error of the predicted velocity, at noise levels where shapes are decided."""
    count, device = len(batch.tokens), batch.tokens.device
    timesteps = _timesteps(count, generator).to(device)
    latents = torch.where(timesteps[:, None, None, None] < LAYOUT, batch.detail, batch.layout)
    noise = torch.randn(latents.shape, generator=generator).to(device)
    alpha = alphas[timesteps][:, None, None, None]
    noisy = alpha.sqrt() * latents + (1 - alpha).sqrt() * noise
    velocity = alpha.sqrt() * noise - (1 - alpha).sqrt() * latents
    snr = alpha / (1 - alpha)
    weight = (snr.clamp(max=_GAMMA) + 1) / (snr + 1)
    predicted = model(noisy, timesteps, batch.tokens)
    return (weight * (predicted - velocity).square()).mean()


def _timesteps(count: int, generator: torch.Generator) -> Tensor:
    """Draw one timestep from each of `count` equal shares of the density .6 + exp(-((t - 600) / 250)^2)."""
    grid = torch.arange(TRAIN_TIMESTEPS, dtype=torch.float64)
    cumulative = (0.6 + torch.exp(-(((grid - 600) / 250) ** 2))).cumsum(0)
    shares = (torch.arange(count) + torch.rand(count, generator=generator)) / count
    return torch.searchsorted(cumulative, shares.double() * cumulative[-1]).clamp(max=TRAIN_TIMESTEPS - 1)


@dataclass(slots=True)
class Training:
    """A run that can stop at any step and go on from its file."""

    model: Denoiser
    average: Denoiser
    optimizer: torch.optim.Optimizer
    generator: torch.Generator
    rate: float
    step: int = 0

    @classmethod
    def start(cls, model: Denoiser, average: Denoiser, rate: float, seed: int) -> "Training":
        """Begin at step 0; `average` receives the moving average of `model`."""
        average.load_state_dict(model.state_dict())
        average.requires_grad_(False).eval()
        optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.99), weight_decay=0.01)
        return cls(model, average, optimizer, seeded(seed), rate)

    def run(self, batches: Callable[[int], Batch], steps: int, report: Callable[[int, float], None]) -> None:
        """Train up to step `steps` of a warm-up and cosine schedule of that length."""
        device = next(self.model.parameters()).device
        alphas = cast(Tensor, scheduler().alphas_cumprod).to(device)
        self.model.train()
        while self.step < steps:
            for group in self.optimizer.param_groups:
                group["lr"] = self.rate * _schedule(self.step, steps)
            loss = velocity_loss(self.model, batches(self.step), alphas, self.generator)
            self.optimizer.zero_grad(set_to_none=True)
            backward(loss)
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.step += 1
            self._follow()
            report(self.step, loss.item())

    def save(self, path: Path) -> None:
        """Write everything that `load` needs, atomically."""
        state = {
            "step": self.step,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Go on from `path`."""
        state = cast(dict[str, Any], torch.load(path, map_location="cpu", weights_only=True))
        self.step = int(state["step"])
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(_EMA, self.step / (self.step + 10))
        lerp(list(self.average.parameters()), list(self.model.parameters()), 1 - decay)


def _schedule(step: int, steps: int) -> float:
    warm = min(1.0, (step + 1) / min(_WARM_UP, max(1, steps // 10)))
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))
