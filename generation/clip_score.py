"""The CLIP score (Hessel et al. 2021, arXiv 2104.08718) through torchmetrics, which is installed on request."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Self

import torch
from torch import Tensor

from .errors import CheckpointUnavailable, GenerationError


def clip_scorer(checkpoint: str) -> Callable[[Tensor, str], float]:
    """A function of frames (f, 3, h, w) in [0, 1] and their prompt: 100 times the mean cosine similarity, at least 0.

    Args:
        checkpoint: a CLIP checkpoint's folder or hub id.

    Raises:
        GenerationError: torchmetrics is not installed.
        CheckpointUnavailable: there is no CLIP checkpoint.
    """
    try:
        library: Any = import_module("torchmetrics.multimodal.clip_score")
    except ImportError as error:
        raise GenerationError('the CLIP score needs torchmetrics: pip install "flipbook[evaluate]"') from error
    transformers: Any = import_module("transformers")
    try:
        model = transformers.CLIPModel.from_pretrained(checkpoint, use_safetensors=True).eval()
        processor = transformers.CLIPProcessor.from_pretrained(checkpoint)
    except (OSError, ValueError, ImportError) as error:
        raise CheckpointUnavailable(f"the CLIP checkpoint {checkpoint} cannot be loaded: {error}") from error
    metric: Any = library.CLIPScore(model_name_or_path=lambda: (_Features(model), processor))

    def score(frames: Tensor, prompt: str) -> float:
        metric.reset()
        with torch.inference_mode():
            return float(metric((frames * 255).round().byte(), [prompt] * len(frames)))

    return score


class _Features:
    """A CLIPModel as torchmetrics knows it: since transformers 5 the features come inside an output object."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.config = model.config

    def to(self, device: Any) -> Self:
        self._model.to(device)
        return self

    def get_image_features(self, pixels: Tensor) -> Tensor:
        return self._model.get_image_features(pixels).pooler_output

    def get_text_features(self, tokens: Tensor, mask: Tensor) -> Tensor:
        return self._model.get_text_features(tokens, mask).pooler_output
