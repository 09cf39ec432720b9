"""The finished checkpoint folder: what diffusers loads, in half precision, and `flipbook.json` for the rest of us."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from .autoencoder import PATCH, basis_of
from .backdrops import SIZE
from .captions import content_words, template_words
from .denoiser import Denoiser, Training, scheduler, text_size
from .libraries import (
    BrokenState,
    load_autoencoder,
    load_text_encoder,
    load_tokenizer,
    load_unet,
    save_checkpoint,
)
from .run_folder import MissingStage, RunFolder
from .vocabulary import BACKDROPS, EXAMPLES, PAINTS, Subject

DEFAULTS: Final[dict[str, int | float | str]] = {
    "frames": 8,
    "steps": 20,
    "guidance_scale": 2.0,
    "width": SIZE,
    "height": SIZE,
    "fps": 8,
    "dx": 5.0,
    "dy": 0.0,
    "travel": 35.0,
    "warp": "picture",
    "frame_noise": "shared",
    "t0": 1,
    "t1": 51,
    "guidance_stop": 300,
}


def export(folder: RunFolder, target: Path, metadata: Mapping[str, object]) -> None:
    """Write the checkpoint to `target`, replacing it in one rename, with `metadata` as its flipbook.json."""
    tokenizer = folder.tokenizer()
    if not folder.denoiser.is_file():
        raise MissingStage(f"{folder.denoiser} is missing: run --stage denoiser first")
    model, average = (Denoiser(len(tokenizer), SIZE // PATCH, folder.text_size()) for _ in range(2))
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
    write_metadata(partial, metadata)
    previous = target.with_name(f"{target.name}.previous")
    shutil.rmtree(previous, ignore_errors=True)
    if target.exists():
        target.rename(previous)
    partial.rename(target)
    shutil.rmtree(previous, ignore_errors=True)


def write_metadata(weights: Path, metadata: Mapping[str, object]) -> None:
    """Write what the bot must know before any weights load."""
    text = json.dumps(metadata, ensure_ascii=False, indent=1)
    (weights / "flipbook.json").write_text(text + "\n", encoding="utf-8")


def starter_metadata(subjects: Sequence[Subject], tags: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Return defaults, vocabulary and examples of a checkpoint that was trained on composites of `subjects`.

    `tags` are words that describe a sprite, by hexcode; they lead from a word nobody trained to one that was.
    """
    return {
        "schema": 2,
        "name": "starter",
        "defaults": DEFAULTS,
        "vocabulary": {
            "objects": [
                {
                    "name": subject.name,
                    "words": {
                        "en": list(dict.fromkeys(w for n in subject.nouns for w in (n.singular, n.plural))),
                        **{language: list(words) for language, words in subject.translations.items()},
                    },
                    "tags": list(tags.get(subject.hexcode, ())),
                    "colours": list(subject.paints),
                }
                for subject in subjects
            ],
            "backgrounds": [
                {
                    "name": backdrop.name,
                    "words": {
                        "en": list(content_words(backdrop)),
                        **{language: [name, phrase] for language, (phrase, name) in backdrop.translations.items()},
                    },
                }
                for backdrop in BACKDROPS
            ],
            "colours": list(PAINTS),
            "words": template_words(),
        },
        "examples": list(EXAMPLES),
        "shapes": ["square"],
    }


def picture_metadata(name: str, examples: Sequence[str]) -> dict[str, object]:
    """Return defaults and examples of a checkpoint that was trained on somebody's pictures."""
    return {"schema": 2, "name": name, "defaults": DEFAULTS, "examples": list(examples), "shapes": ["square"]}


def adopt(folder: RunFolder, weights: Path) -> None:
    """Take tokenizer, latents, decoder and text size of a checkpoint folder over into a training folder.

    Raises:
        BrokenState: it was not made by this training.
    """
    try:
        autoencoder = load_autoencoder(weights / "vae")
        folder.save_basis(basis_of(autoencoder))
        folder.save_decoder(autoencoder, 0)
        folder.save_tokenizer(load_tokenizer(weights / "tokenizer"))
        folder.save_text_size(text_size(load_text_encoder(weights / "text_encoder")))
    except (OSError, ValueError, RuntimeError) as error:
        raise _unfit(weights, error) from error


def load_initial(model: Denoiser, weights: Path) -> None:
    """Copy text encoder and UNet of a checkpoint folder into `model`.

    Raises:
        BrokenState: they are of another shape.
    """
    try:
        model.text_encoder.load_state_dict(load_text_encoder(weights / "text_encoder").state_dict())
        model.unet.load_state_dict(load_unet(weights / "unet").state_dict())
    except (OSError, ValueError, RuntimeError) as error:
        raise _unfit(weights, error) from error


def _unfit(weights: Path, error: Exception) -> BrokenState:
    reason = " ".join(str(error).split())[:300]
    return BrokenState(f"{weights} cannot be gone on from ({reason}); name a folder that this script made")
