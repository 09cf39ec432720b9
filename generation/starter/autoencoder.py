"""A stock AutoencoderTiny whose encoder is an exact patch PCA, so latents exist before anything is trained."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .libraries import advance, backward, eigh, encode, make_autoencoder, part, to_channels_last

PATCH: Final = 16  # pixels of one latent cell, along both sides
CHANNELS: Final = 24  # of a latent
SCALING: Final = 2.0  # latents are the encoder's output times this: the stock decoder clamps its input at 3
_LEVELS: Final = 5  # stages: four of them halve the picture
_ENCODER_WIDTH: Final = 4 * CHANNELS
_DECODER_WIDTH: Final = 48
_DECODER_BLOCKS: Final = (3, 4, 2, 1, 0)
_CROP: Final = 8  # latent cells of a training crop, along both sides
_NOISE: Final = 0.3  # the decoder also learns latents that are off by this much, as a denoiser's are


@dataclass(frozen=True, slots=True)
class Basis:
    """A linear code of patches: `rows` (CHANNELS, 3, PATCH, PATCH) on pixels in [0, 1], then `bias` (CHANNELS)."""

    rows: Tensor
    bias: Tensor

    def to(self, device: torch.device) -> "Basis":
        """Return a copy on `device`."""
        return Basis(self.rows.to(device), self.bias.to(device))

    def encode(self, pictures: Tensor) -> Tensor:
        """Return the latents (n, CHANNELS, h, w) of `pictures` (n, 3, h * PATCH, w * PATCH) in [0, 1]."""
        return F.conv2d(pictures, self.rows, self.bias, stride=PATCH)


def fit_basis(pictures: Tensor) -> Basis:
    """Fit the PCA of all patches; channels are scaled by eigenvalue ** -1/4 and to a common rms of 1.

    Plain PCA leaves details too faint against the diffusion noise, whitening makes them as loud as the shapes.
    """
    patches = F.pixel_unshuffle(pictures, PATCH).movedim(1, -1).flatten(0, -2).double()
    mean = patches.mean(0)
    values, vectors = eigh((patches - mean).T @ (patches - mean) / len(patches))
    values, vectors = values[:CHANNELS], vectors[:, :CHANNELS]
    scale = values.clamp_min(1e-8) ** -0.25
    scale = scale / (values * scale**2).mean().sqrt()
    rows = (vectors * scale).T
    return Basis(rows.reshape(-1, 3, PATCH, PATCH).float(), -(rows @ mean).float())


def build(basis: Basis) -> nn.Module:
    """Return an AutoencoderTiny whose encoder, times SCALING, is exactly `basis`; its decoder is untrained."""
    model = make_autoencoder(
        encoder_block_out_channels=(_ENCODER_WIDTH,) * _LEVELS,
        decoder_block_out_channels=(_DECODER_WIDTH,) * _LEVELS,
        scaling_factor=SCALING,
        num_encoder_blocks=(0,) * _LEVELS,
        num_decoder_blocks=_DECODER_BLOCKS,
        latent_channels=CHANNELS,
    )
    _install(part(model, "encoder.layers"), Basis(basis.rows / SCALING, basis.bias / SCALING))
    return model.requires_grad_(False)


def basis_of(model: nn.Module) -> Basis:
    """Read the patch PCA out of an autoencoder that `build` made, by encoding one pixel after the other.

    Raises:
        ValueError: its encoder is something else.
    """
    with torch.no_grad():
        # As large a patch as the encoder sees, the colours of one pixel at a time.
        pixels = torch.eye(3 * PATCH**2).reshape(-1, 3, PATCH, PATCH)
        bias = encode(model, torch.zeros(1, 3, PATCH, PATCH)) * SCALING
        rows = (encode(model, pixels) * SCALING - bias)[..., 0, 0].T.reshape(-1, 3, PATCH, PATCH)
        basis = Basis(rows.contiguous(), bias[0, :, 0, 0].contiguous())
        probe = torch.rand(2, 3, 2 * PATCH, 2 * PATCH, generator=torch.Generator().manual_seed(0))
        if len(rows) != CHANNELS or not torch.allclose(basis.encode(probe), encode(model, probe) * SCALING, atol=0.02):
            raise ValueError("its encoder is no patch PCA")
    return basis


def _install(layers: nn.Module, basis: Basis) -> None:
    """Write the PCA into the encoder's six convolutions.

    Two strided convolutions gather 4x4 pixels into 48 channels, the third projects each 8x8 quadrant on its part of
    every component, the fourth adds the four quadrants. Each reads taps 1 and 2 of its 3x3 kernel: rows 2i and 2i + 1.
    """
    entry, first, second, third, fourth, exit_ = (cast(nn.Conv2d, layer) for layer in layers.children())
    with torch.no_grad():
        for layer in (entry, first, second, third, fourth, exit_):
            layer.weight.zero_()
            if layer.bias is not None:
                layer.bias.zero_()
        for channel in range(3):
            entry.weight[channel, channel, 1, 1] = 1
        for layer, width in ((first, 3), (second, 12)):
            for quadrant in range(4):
                for channel in range(width):
                    layer.weight[quadrant * width + channel, channel, 1 + quadrant // 2, 1 + quadrant % 2] = 1
        # Channel (q2, q1, c) of the second level holds pixel (2 * q2 + q1) of colour c, rows and columns alike.
        parts = basis.rows.reshape(CHANNELS, 3, 2, 2, 2, 2, 2, 2, 2, 2)
        # Axes: k, c, then for rows y8 y4 y2 y1 and for columns x8 x4 x2 x1.
        k, c, y8, y4, y2, y1, x8, x4, x2, x1 = range(10)
        ordered = parts.permute(y8, x8, k, y2, x2, y1, x1, c, y4, x4).reshape(4, CHANNELS, 48, 2, 2)
        for quadrant in range(4):
            span = slice(quadrant * CHANNELS, (quadrant + 1) * CHANNELS)
            third.weight[span, :48, 1:, 1:] = ordered[quadrant]
            for channel in range(CHANNELS):
                fourth.weight[channel, quadrant * CHANNELS + channel, 1 + quadrant // 2, 1 + quadrant % 2] = 1
        for channel in range(CHANNELS):
            exit_.weight[channel, channel, 1, 1] = 1
        cast(Tensor, exit_.bias).copy_(basis.bias)


def train_decoder(
    model: nn.Module,
    basis: Basis,
    pictures: Callable[[], Tensor],
    steps: int,
    rate: float,
    device: torch.device,
    report: Callable[[int, float], None],
    start: int = 0,
) -> None:
    """Train the decoder on random crops of pictures (n, 3, h, w) in [0, 1]; the latents stay as they are.

    It goes on after `start` of `steps` steps; the first are a warm-up again.
    """
    if start >= steps:
        return
    decoder = to_channels_last(part(model, "decoder"), device).requires_grad_(True).train()
    code = basis.to(device)
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=rate, betas=(0.9, 0.99), weight_decay=0.0)
    left = steps - start
    warm_up = max(1, min(100, left // 10))
    schedule = torch.optim.lr_scheduler.SequentialLR(
        optimizer,
        [
            torch.optim.lr_scheduler.LinearLR(optimizer, 0.05, 1.0, warm_up),
            torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(1, left - warm_up), rate * 0.02),
        ],
        [warm_up],
    )
    for step in range(start, steps):
        crops = _crops(pictures().to(device))
        latents = code.encode(crops)
        spread = torch.rand(len(latents), 1, 1, 1, device=device) * _NOISE
        decoded = decoder((latents + spread * torch.randn_like(latents)) / SCALING).add(1).div(2)
        loss = picture_loss(decoded, crops)
        optimizer.zero_grad(set_to_none=True)
        backward(loss)
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        advance(optimizer)
        schedule.step()
        report(step + 1, loss.item())
    decoder.requires_grad_(False).eval()


def picture_loss(decoded: Tensor, pictures: Tensor) -> Tensor:
    """Return L1 + 2 MSE + L1 of the differences between neighbours, which keeps edges crisp."""
    error = decoded - pictures
    edges = error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()
    return error.abs().mean() + 2 * error.square().mean() + edges


def _crops(pictures: Tensor) -> Tensor:
    cells = pictures.shape[-1] // PATCH - _CROP
    parts: list[Tensor] = []
    for picture in pictures:
        top, left = (int(torch.randint(cells + 1, ())) * PATCH for _ in range(2))
        parts.append(picture[:, top : top + _CROP * PATCH, left : left + _CROP * PATCH])
    return torch.stack(parts).contiguous(memory_format=torch.channels_last)
