"""Why something did not work, in the reader's language: the engine's errors by their codes, and stored reasons.

A code without a text, as of an older or a newer release, is told by its English message.
"""

from __future__ import annotations

from collections.abc import Mapping

from data import Reason
from generation.errors import GenerationError

from .messages import TooLarge, Undeliverable
from .plain import plain
from .speech import Voice

MESSAGE_SHOWN = 800
VALUE_SHOWN = 300
"""Characters of an English message, and of a value that a text names."""


TOO_LARGE = frozenset({"clip-too-large", "clip-does-not-fit"})
"""Codes of what a shorter clip mends."""


def reason_of(error: Exception) -> Reason:
    """An error as it is stored."""
    match error:
        case GenerationError():
            return Reason(str(error), error.code, error.values)
        case Undeliverable():
            return Reason(str(error), "message-closed")
        case TooLarge():
            return Reason(str(error), "clip-too-large")
        case FileNotFoundError():
            return Reason(str(error), "clip-gone")
        case _:
            kind = type(error).__name__
            message = f"an unexpected {kind}; the operator's log says more"
            return Reason(message, "unforeseen", {"kind": kind})


def explain_error(error: GenerationError, say: Voice) -> str:
    """What the engine refuses, in a sentence."""
    return _told(error.code, error.values, str(error), say)


def explain_reason(reason: Reason, say: Voice) -> str:
    """What was stored of a job's end, in a sentence."""
    return _told(reason.code, reason.values, reason.message, say)


def explain_value(value: str | int | float | Exception, say: Voice) -> str | int | float:
    """A placeholder's value; an error in words."""
    if isinstance(value, GenerationError):
        return explain_error(value, say)
    return str(value) if isinstance(value, Exception) else value


def _told(code: str, values: Mapping[str, str | int | float], message: str, say: Voice) -> str:
    key = f"error-{code}"
    if not code or not say.knows(key):
        return _sentence(plain(message, MESSAGE_SHOWN))
    shown = {name: plain(value, VALUE_SHOWN) if isinstance(value, str) else value for name, value in values.items()}
    return say(key, **shown)


def _sentence(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else f"{message}."
