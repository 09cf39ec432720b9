"""The styles that members pick from by name: what is known of each before it is loaded."""

from __future__ import annotations

import logging

from generation.catalogue import CheckpointCard, describe
from generation.errors import CheckpointUnavailable, InvalidRequest
from generation.style import Style

from .settings import Settings

log = logging.getLogger(__name__)


class Styles:
    """The cards of the installation's styles; one whose files are missing says why when it is asked for.

    Args:
        cards: by name; what cannot be used is its reason.
    """

    def __init__(self, cards: dict[str, CheckpointCard | CheckpointUnavailable] | None = None) -> None:
        self._cards = cards or {}

    @classmethod
    def read(cls, settings: Settings) -> Styles:
        """The styles of the settings, described."""
        return cls({name: _describe(name, settings, style) for name, style in settings.styles.items()})

    @property
    def names(self) -> tuple[str, ...]:
        """What members can pick, in the operator's order."""
        return tuple(self._cards)

    def card(self, name: str) -> CheckpointCard:
        """The card of a style.

        Raises:
            InvalidRequest: there is no such style, or it cannot be used; the message says what can.
        """
        card = self._cards.get(name)
        if card is None:
            if not self._cards:
                raise InvalidRequest(f"style: {name!r} is none; there are none here", code="no-styles", style=name)
            choices = ", ".join(self._cards)
            raise InvalidRequest(
                f"style: {name!r} is none; choose one of {choices}", code="style", style=name, choices=choices
            )
        if isinstance(card, CheckpointUnavailable):
            raise InvalidRequest(f"style: {name!r} cannot be used: {card}", code="style-broken", style=name)
        return card


def _describe(name: str, settings: Settings, style: Style) -> CheckpointCard | CheckpointUnavailable:
    try:
        return describe(settings.checkpoint, style)
    except CheckpointUnavailable as error:
        log.error("style %s cannot be used: %s", name, error)
        return error
