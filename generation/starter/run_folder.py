"""The training folder: each stage's result in one file, so that stages can run, stop and resume apart."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import CLIPTokenizer

from .autoencoder import Basis, build
from .denoiser import TextSize
from .libraries import BrokenState, load_tensors, load_tokenizer, part, save_tensors, save_tokenizer

_STEP: Final = "step"


class MissingStage(Exception):
    """A stage needs the result of an earlier one; the message names it."""


class NoRoom(Exception):
    """The disk is too full for a training; the message says how much it needs."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Paths and typed access to what the stages leave in `root`."""

    root: Path

    @property
    def reader(self) -> Path:
        """Training state of the text encoder after its own stage."""
        return self.root / "reader.pt"

    @property
    def has_decoder(self) -> bool:
        """Whether a decoder was trained here."""
        return (self.root / "decoder.safetensors").is_file()

    @property
    def is_prepared(self) -> bool:
        """Whether latents and tokenizer are there."""
        return (self.root / "basis.safetensors").is_file() and (self.root / "tokenizer/tokenizer.json").is_file()

    @property
    def denoiser(self) -> Path:
        """Training state of text encoder and UNet."""
        return self.root / "denoiser.pt"

    def make_room(self, needed: int) -> None:
        """Create the folder.

        Raises:
            NoRoom: it cannot be written, or its disk has less than `needed` bytes free.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.root).free
        except OSError as error:
            raise NoRoom(f"{self.root} cannot be written ({error.strerror}); name another --out") from error
        if free < needed:
            raise NoRoom(
                f"the disk of {self.root} has {free >> 20} MiB free and a training writes about {needed >> 20} MiB; "
                "make room or name another --out"
            )

    def save_basis(self, basis: Basis) -> None:
        """Keep the patch PCA."""
        self._save("basis", {"rows": basis.rows, "bias": basis.bias})

    def basis(self) -> Basis:
        """Return the patch PCA."""
        tensors = self._load("basis", "prepare")
        return Basis(tensors["rows"], tensors["bias"])

    def save_tokenizer(self, tokenizer: CLIPTokenizer) -> None:
        """Keep the tokenizer."""
        save_tokenizer(tokenizer, self.root / "tokenizer")

    def tokenizer(self) -> CLIPTokenizer:
        """Return the tokenizer."""
        folder = self.root / "tokenizer"
        if not folder.is_dir():
            raise MissingStage(f"{folder} is missing: run --stage prepare first")
        return load_tokenizer(folder)

    def save_text_size(self, size: TextSize) -> None:
        """Keep the size of the text encoder that this training goes on from."""
        (self.root / "text.json").write_text(json.dumps(asdict(size)), encoding="utf-8")

    def text_size(self) -> TextSize:
        """Return the size of the text encoder: the usual one, unless the training goes on from another."""
        path = self.root / "text.json"
        if not path.is_file():
            return TextSize()
        try:
            return TextSize(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise BrokenState(f"{path} is damaged ({error}); run --stage prepare again") from error

    def save_decoder(self, model: nn.Module, step: int) -> None:
        """Keep the decoder's weights and how many steps made them."""
        self._save("decoder", {**part(model, "decoder").state_dict(), _STEP: torch.tensor(step)})

    def decoder_step(self) -> int:
        """Return how many steps the decoder has behind it."""
        if not self.has_decoder:
            return 0
        step = self._load("decoder", "decoder").get(_STEP)
        return 0 if step is None else int(step)

    def autoencoder(self, trained: bool = True) -> nn.Module:
        """Return the autoencoder, with the trained decoder unless that is not wanted."""
        model = build(self.basis())
        if trained:
            weights = self._load("decoder", "decoder")
            try:
                part(model, "decoder").load_state_dict({name: w for name, w in weights.items() if name != _STEP})
            except RuntimeError as error:
                path = self.root / "decoder.safetensors"
                raise BrokenState(f"{path} is of another model; delete it and run --stage decoder again") from error
        return model

    def _save(self, stage_result: str, tensors: dict[str, Tensor]) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        partial = self.root / f"{stage_result}.partial"
        save_tensors(partial, tensors)
        partial.replace(self.root / f"{stage_result}.safetensors")

    def _load(self, name: str, stage: str) -> dict[str, Tensor]:
        path = self.root / f"{name}.safetensors"
        if not path.is_file():
            raise MissingStage(f"{path} is missing: run --stage {stage} first")
        try:
            return load_tensors(path)
        except (OSError, SafetensorError) as error:
            raise BrokenState(f"{path} is damaged ({error}); run --stage {stage} again") from error
