"""What can go wrong while a sentence becomes a clip, in words for the person who asked."""

from __future__ import annotations

from typing import ClassVar


class GenerationError(Exception):
    """Base of every error that the `generation` package raises on purpose.

    The message is English. `code` and `values` say the same to a program that speaks other languages; both are
    stable, and a code may be that of the whole class or, where nothing needs saying in other languages, "".
    """

    usual_code: ClassVar[str] = ""

    def __init__(self, message: str = "", *, code: str | None = None, **values: str | int | float) -> None:
        super().__init__(message)
        self.code = self.usual_code if code is None else code
        self.values = values


class InvalidRequest(GenerationError, ValueError):
    """The request cannot be rendered as it stands; the message names the field and the allowed values."""


class NotAPicture(InvalidRequest):
    """What was given as a picture is none that can be read; the message names the formats."""

    usual_code = "picture-unreadable"


class PictureTooLarge(InvalidRequest):
    """A given picture goes beyond the bounds; the message names them. It was not decoded."""

    usual_code = "picture-too-large"


class CheckpointUnavailable(GenerationError):
    """The checkpoint cannot be loaded; the message says why and what the operator can do."""

    usual_code = "checkpoint"


class RenderCancelled(GenerationError):
    """The caller asked to stop; nothing was kept."""


class UnsuitableFrames(GenerationError):
    """A frame check says that the clip is not fit for everybody; nothing was kept."""

    usual_code = "unsuitable"


class EncodeError(GenerationError):
    """ffmpeg could not write or read the clip; the message holds its last words."""

    usual_code = "encode"


class NoRecipe(GenerationError):
    """The file carries no recipe of ours, so the clip cannot be made again from it."""


class OutOfMemory(GenerationError):
    """The device has not enough memory for a single frame; nothing was kept."""

    usual_code = "out-of-memory"
