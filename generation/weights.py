"""Reading one file of weights: safetensors, and never a pickle, which could run anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor

from .errors import CheckpointUnavailable

SUFFIX = ".safetensors"

_safetensors: Any = safetensors  # the stubs are partial
_for_torch: Any = safetensors.torch


def read_weights(path: Path) -> dict[str, Tensor]:
    """All tensors of a file by their names, on the CPU.

    Raises:
        CheckpointUnavailable: it is no safetensors file, or a damaged one.
    """
    _check_suffix(path)
    try:
        return _for_torch.load_file(path)
    except (SafetensorError, OSError) as error:
        raise _unreadable(path, error) from error


def read_names(path: Path) -> list[str]:
    """The names of a file's tensors, without their values.

    Raises:
        CheckpointUnavailable: see `read_weights`.
    """
    _check_suffix(path)
    try:
        with _safetensors.safe_open(path, framework="pt") as file:
            return list(file.keys())
    except (SafetensorError, OSError) as error:
        raise _unreadable(path, error) from error


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() != SUFFIX:
        raise CheckpointUnavailable(
            f"{path} is not a {SUFFIX} file; pickled weights (.ckpt, .bin, .pt) are refused: convert it to safetensors"
        )


def _unreadable(path: Path, error: Exception) -> CheckpointUnavailable:
    return CheckpointUnavailable(f"{path} is damaged or no safetensors file: {error}")
