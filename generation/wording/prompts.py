"""Several prompts in one text, one after the other: "a green field => the same field in snow"."""

from __future__ import annotations

THEN = "=>"
"""Stands between a prompt and the one that follows it in time."""


def prompts_of(text: str) -> tuple[str, ...]:
    """The prompts of a text in their order; one that is empty says nothing, and no request may hold it."""
    return tuple(prompt.strip() for prompt in text.split(THEN))
