"""Prompts that show what can be asked for, in the reader's language where the checkpoint knows its words."""

from __future__ import annotations

from generation.catalogue import CheckpointCard

from .speech import DEFAULT, Voice


def examples(card: CheckpointCard, say: Voice) -> list[str]:
    """Prompts that the checkpoint can draw: those of the language, then its own, which are English."""
    own = list(card.examples)
    if not card.vocabulary or (own and say.language == DEFAULT):
        return own
    readings = ((prompt, card.vocabulary.read(prompt)) for prompt in say("help-examples").splitlines())
    known = [prompt for prompt, reading in readings if reading.is_drawable and not reading.unknown]
    return list(dict.fromkeys((*known, *own)))
