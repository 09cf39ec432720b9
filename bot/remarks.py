"""What a member is told of the words of a prompt; nothing of it pings or formats."""

from __future__ import annotations

from generation.catalogue import CheckpointCard
from generation.request import VideoRequest

from .cards import plain

SHOWN = 700
"""Characters of what is said of the words."""


def refusal(card: CheckpointCard, request: VideoRequest) -> str | None:
    """Why nothing in one of the prompts can be drawn, and how to see what can; None when something can in each."""
    if not card.vocabulary:
        return None
    readings = (card.vocabulary.read(prompt) for prompt in request.prompts)
    vague = next((reading for reading in readings if not reading.is_drawable), None)
    if vague is None:
        return None
    reason = vague.warning() or "Your prompt names nothing that I can draw."
    return f"{plain(reason, SHOWN)}\nI can draw {count(card)}; /help lists them all. Nothing was taken from your quota."


def remark(card: CheckpointCard, request: VideoRequest) -> str | None:
    """Which words of a prompt will be ignored and what may have been meant; None when all are known."""
    warning = card.vocabulary.warning(request.prompts)
    return None if warning is None else plain(warning, SHOWN)


def count(card: CheckpointCard) -> str:
    """How much a checkpoint can draw: "24 objects on 12 backgrounds"."""
    return f"{len(card.vocabulary.objects)} objects on {len(card.vocabulary.backgrounds)} backgrounds"
