"""What a member asks the service for, and the answer that it cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from data import Route
from generation.request import VideoRequest


class Refused(Exception):
    """The request cannot be taken at present; the message is for the member."""


@dataclass(frozen=True, slots=True)
class Order:
    """A member's wish and the message that will carry its clip.

    `key` names the interaction, `press` a button on a message: each makes one job at most. `language` is that of the
    job's message.
    """

    user_id: int
    guild_id: int | None
    request: VideoRequest
    route: Route
    key: str
    press: str | None = None
    role_ids: frozenset[int] = frozenset()
    age_restricted: bool = False
    language: str = "en"
    home_id: int | None = None
    """The channel that is asked in; of a thread, its parent."""
