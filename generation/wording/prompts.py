"""Several prompts in one text, one after the other: "a green field => the same field in snow"."""

from __future__ import annotations

import re

THEN = "=>"
"""Stands between a prompt and the one that follows it in time."""


def prompts_of(text: str) -> tuple[str, ...]:
    """The prompts of a text in their order; one that is empty says nothing, and no request may hold it."""
    return tuple(prompt.strip() for prompt in text.split(THEN))


_PLACE = re.compile(
    r"""[,;、]|\b(?:in|on|at|under|over|near|by|into|against|before|behind|through
    |im|am|auf|vor|bei|unter|dans|sur|sous|au|aux|en|bajo|em|no|na|nos|nas|sob|sobre)\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Where a prompt turns from its subject to its scene."""


def scene_of(prompt: str) -> str:
    """The prompt without its subject: "in the snow" of "a red fox in the snow", nothing of "a red fox"."""
    found = _PLACE.search(prompt)
    return prompt[found.start() :].lstrip(",;、 ") if found else ""
