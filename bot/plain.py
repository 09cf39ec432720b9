"""Text of somebody's as it may be shown: it pings nobody, formats nothing and is not too long."""

from __future__ import annotations

import re

from discord.utils import escape_mentions

_MARKDOWN = re.compile(r"[\\*_~`|\[<]|^(?=[#>-])", re.MULTILINE)
"""What formats a text; discord.py's own escaping leaves all links but the first one of a text as they are."""


_BREAKS = re.compile(r"[^\S\u00a0]+")
"""White space but the no-break space, which keeps a mark with its word."""


def plain(text: str, length: int) -> str:
    """A text without mentions and markdown of its own, at most so many characters of it."""
    return escape_mentions(_MARKDOWN.sub(r"\\\g<0>", cut(text, length)))


def cut(text: str, length: int) -> str:
    """A text on one line, at most so many characters of it."""
    text = _BREAKS.sub(" ", text)
    return text if len(text) <= length else text[: length - 1] + "…"
