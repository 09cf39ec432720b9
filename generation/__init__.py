"""Text to moving pictures: `load_checkpoint().render(VideoRequest(prompt=...))`.

Importing this package loads no torch; the names that need it arrive when they are first used (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import (
    CheckpointUnavailable,
    EncodeError,
    GenerationError,
    InvalidRequest,
    NoRecipe,
    NotAPicture,
    OutOfMemory,
    PictureTooLarge,
    RenderCancelled,
)
from .request import Defaults, ResolvedRequest, VideoRequest

if TYPE_CHECKING:
    from .checkpoint import load_checkpoint
    from .clip import Clip
    from .encode import write_clip
    from .pipeline import Text2VideoZero
    from .walk import Progress

_HEAVY = {
    "Clip": "clip",
    "Progress": "walk",
    "Text2VideoZero": "pipeline",
    "load_checkpoint": "checkpoint",
    "write_clip": "encode",
}

__all__ = [
    "CheckpointUnavailable",
    "Clip",
    "Defaults",
    "EncodeError",
    "GenerationError",
    "InvalidRequest",
    "NoRecipe",
    "NotAPicture",
    "OutOfMemory",
    "PictureTooLarge",
    "Progress",
    "RenderCancelled",
    "ResolvedRequest",
    "Text2VideoZero",
    "VideoRequest",
    "load_checkpoint",
    "write_clip",
]


def __getattr__(name: str) -> Any:
    if name not in _HEAVY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HEAVY[name]}", __name__), name)
