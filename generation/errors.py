"""What can go wrong while a sentence becomes a clip, in words for the person who asked."""

from __future__ import annotations


class GenerationError(Exception):
    """Base of every error that the `generation` package raises on purpose."""


class InvalidRequest(GenerationError, ValueError):
    """The request cannot be rendered as it stands; the message names the field and the allowed values."""


class NotAPicture(InvalidRequest):
    """What was given as a picture is none that can be read; the message names the formats."""


class PictureTooLarge(InvalidRequest):
    """A given picture goes beyond the bounds; the message names them. It was not decoded."""


class CheckpointUnavailable(GenerationError):
    """The checkpoint cannot be loaded; the message says why and what the operator can do."""


class RenderCancelled(GenerationError):
    """The caller asked to stop; nothing was kept."""


class UnsuitableFrames(GenerationError):
    """A frame check says that the clip is not fit for everybody; nothing was kept."""


class EncodeError(GenerationError):
    """ffmpeg could not write or read the clip; the message holds its last words."""


class NoRecipe(GenerationError):
    """The file carries no recipe of ours, so the clip cannot be made again from it."""


class OutOfMemory(GenerationError):
    """The device has not enough memory for a single frame; nothing was kept."""
