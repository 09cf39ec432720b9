"""The plain text of a prompt: one line of what is seen, whatever was typed or pasted."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"
"""Invisible, yet part of the spelling: of Persian and Indic words, and of emoji made of several."""


def plain_prompt(text: str) -> str:
    """The text with single spaces for all blanks, and without characters that are not seen.

    Raises:
        ValueError: it holds a control character or half of a surrogate pair.
    """
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise ValueError("holds half of a surrogate pair, which is no character")
    control = next((c for c in text if unicodedata.category(c) == "Cc" and not c.isspace()), None)
    if control is not None:
        raise ValueError(f"holds the control character U+{ord(control):04X}")
    visible = "".join(_shown(c) for c in text)
    return " ".join(visible.split()).strip(_JOINERS + " ")


def _shown(character: str) -> str:
    """A character as it stands in a prompt: other blanks are spaces, and what is not seen parts no word."""
    if character.isprintable() or character in _JOINERS:
        return character
    return "" if unicodedata.category(character) == "Cf" else " "
