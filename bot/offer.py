"""What can be asked for here, before anything is promised: which clips, in which words, with what left open."""

from __future__ import annotations

from itertools import islice
from typing import Any

from generation.catalogue import CheckpointCard
from generation.errors import GenerationError, InvalidRequest
from generation.request import Defaults, ResolvedRequest, VideoRequest
from generation.wording import Completer

from .choices import Choices, Length, lengths
from .examples import examples
from .orders import Refused
from .parts import Parts
from .preferences import Preferences
from .remarks import NothingToDraw, is_vague
from .speech import voice
from .styles import Styles


class Offer:
    """What the checkpoint and its styles can draw, within the operator's limits, as members and servers prefer it.

    Args:
        card: of the checkpoint; None where it cannot be used.
        refusal: why it cannot.
    """

    def __init__(
        self,
        parts: Parts,
        preferences: Preferences,
        card: CheckpointCard | None,
        *,
        refusal: GenerationError | None = None,
        styles: Styles | None = None,
    ) -> None:
        self.card = card
        self.styles = styles or Styles()
        self._settings = parts.settings
        self._executor = parts.executor
        self._preferences = preferences
        self._refusal = refusal
        self._completer = None if card is None else Completer(card.vocabulary, card.examples)
        self.is_closed = False

    def close(self) -> None:
        """Offer nothing more: the process is about to end."""
        self.is_closed = True

    def unavailable(self) -> Refused | None:
        """Why no new order can be taken, or None."""
        if self.is_closed:
            return Refused("service-restarts")
        reason = self._refusal or self._executor.unavailable
        return None if reason is None else Refused("service-unavailable", reason=reason)

    @property
    def defaults(self) -> Defaults:
        """What a clip is like where nobody chooses."""
        return Defaults() if self.card is None else self.card.defaults

    @property
    def lengths(self) -> tuple[Length, ...]:
        """The lengths that can be chosen, shortest first."""
        return lengths(self.defaults.fps, self._settings.max_frames)

    def card_of(self, request: VideoRequest) -> CheckpointCard:
        """The card of what renders a request.

        Raises:
            Refused: no checkpoint.
            InvalidRequest: an unknown style.
        """
        return self._card_with(request.style)

    def _card_with(self, style: str | None) -> CheckpointCard:
        if style:
            return self.styles.card(style)
        if self.card is None:
            raise self.unavailable() or Refused("service-no-checkpoint")
        return self.card

    def chosen(self, own: Choices, *, user_id: int, guild_id: int | None) -> Choices:
        """What is chosen for a clip: by its member now, then once for all clips by the member, then by the server.

        What was chosen once gives way where the checkpoint cannot follow it; what is chosen now is refused later.
        """
        settled = self._preferences.choices(user_id, guild_id)
        if settled.style and settled.style not in self.styles.names:
            settled = settled.model_copy(update={"style": None})
        choices = own.or_else(settled)
        card = self._card_with(choices.style)
        return own.or_else(settled.possible(card, max_frames=self._settings.max_frames))

    def fields(self, choices: Choices) -> dict[str, Any]:
        """The fields of a `VideoRequest` that make these choices.

        Raises:
            Refused: no checkpoint.
            InvalidRequest: a shape that the checkpoint cannot draw, or an unknown style.
        """
        return choices.fields(self._card_with(choices.style), max_steps=self._settings.max_steps)

    def resolve(self, request: VideoRequest) -> ResolvedRequest:
        """Fill what is left open and hold the clip to this installation's limits.

        Raises:
            Refused: no checkpoint.
            InvalidRequest: beyond a limit, a size that the checkpoint cannot draw, or an unknown style.
        """
        if (refused := self.unavailable()) is not None:
            raise refused
        # An old recipe may name another checkpoint; what renders it is the one that is loaded.
        resolved = self.card_of(request).resolve(request)
        if resolved.frames > self._settings.max_frames:
            most = self._settings.max_frames
            raise InvalidRequest(f"frames: at most {most} here", code="most-frames", most=most)
        if resolved.steps > self._settings.max_steps:
            most = self._settings.max_steps
            raise InvalidRequest(f"steps: at most {most} here", code="most-steps", most=most)
        return resolved

    def check_wording(self, request: VideoRequest) -> None:
        """Hold a prompt to what the checkpoint can draw, as far as it says.

        Raises:
            NothingToDraw: nothing that the prompt names is known; it says what is near it.
        """
        card = self.card_of(request)
        if is_vague(card, request):
            raise NothingToDraw(card, request)

    def complete(self, typed: str, *, language: str, limit: int, max_characters: int) -> list[str]:
        """Prompts that begin like the typed one and can be drawn; the examples where nothing is typed."""
        if self.card is None or self._completer is None:
            return []
        if not typed.strip():
            shown = (prompt for prompt in examples(self.card, voice(language)) if len(prompt) <= max_characters)
            return list(islice(shown, limit))
        return self._completer.complete(typed, language=language, limit=limit, max_characters=max_characters)
