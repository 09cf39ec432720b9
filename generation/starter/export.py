"""The finished checkpoint folder: what diffusers loads, in half precision, and `flipbook.json` for the rest of us."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .autoencoder import PATCH
from .composite import SIZE
from .denoiser import Denoiser, Training, scheduler
from .libraries import load_text_encoder, load_unet, save_checkpoint
from .run_folder import MissingStage, RunFolder
from .vocabulary import BACKDROPS, EXAMPLES, Subject

DEFAULTS: Final[dict[str, int | float | str]] = {
    "frames": 8,
    "steps": 20,
    "guidance_scale": 2.0,
    "width": SIZE,
    "height": SIZE,
    "fps": 8,
    "dx": 5,
    "dy": 0,
    "warp": "even",
    "frame_noise": "shared",
    "t0": 601,
    "t1": 651,
}


def export(folder: RunFolder, target: Path, subjects: Sequence[Subject]) -> None:
    """Write the checkpoint to `target`, replacing it in one rename."""
    tokenizer = folder.tokenizer()
    if not folder.denoiser.is_file():
        raise MissingStage(f"{folder.denoiser} is missing: run --stage denoiser first")
    model, average = (Denoiser(len(tokenizer), SIZE // PATCH) for _ in range(2))
    Training.start(model, average, 0.0, 0).load(folder.denoiser)
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    save_checkpoint(
        partial,
        vae=folder.autoencoder(),
        text_encoder=average.text_encoder,
        tokenizer=tokenizer,
        unet=average.unet,
        scheduler=scheduler(),
    )
    for weights in partial.rglob("*.safetensors"):
        weights.chmod(0o644)  # safetensors writes for the owner only
    (partial / "flipbook.json").write_text(json.dumps(metadata(subjects), indent=2) + "\n")
    previous = target.with_name(f"{target.name}.previous")
    shutil.rmtree(previous, ignore_errors=True)
    if target.exists():
        target.rename(previous)
    partial.rename(target)
    shutil.rmtree(previous, ignore_errors=True)


def metadata(subjects: Sequence[Subject]) -> dict[str, object]:
    """Return what the bot must know before any weights load."""
    return {
        "schema": 1,
        "name": "starter",
        "defaults": DEFAULTS,
        "vocabulary": {
            "objects": [subject.name for subject in subjects],
            "backgrounds": [backdrop.name for backdrop in BACKDROPS],
        },
        "examples": list(EXAMPLES),
    }


def load_initial(model: Denoiser, weights: Path) -> None:
    """Copy text encoder and UNet of a checkpoint folder into `model`."""
    model.text_encoder.load_state_dict(load_text_encoder(weights / "text_encoder").state_dict())
    model.unet.load_state_dict(load_unet(weights / "unet").state_dict())
