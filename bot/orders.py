"""What a member asks the service for, and the answer that it cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field

from data import Route
from generation.request import VideoRequest

from .reasons import explain_value
from .speech import DEFAULT, Voice, voice


class Refused(Exception):
    """The request cannot be taken at present; `in_words` says so to the member, `str` in English.

    Args:
        key: of the text.
        values: its placeholders; an error among them is put into words as well.
    """

    def __init__(self, key: str, **values: str | int | float | Exception) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def in_words(self, say: Voice) -> str:
        """Why, in the language of a voice."""
        return say(self.key, **{name: explain_value(value, say) for name, value in self.values.items()})

    def __str__(self) -> str:
        return self.in_words(voice(DEFAULT))


@dataclass(frozen=True, slots=True)
class Order:
    """A member's wish and the message that will carry its clip.

    `key` names the interaction, `press` a button on a message: each makes one job at most. `language` is that of the
    job's message. `picture` is the file of a first picture as somebody sent it; `private` says that only the member
    sees the clip; `file_limit` is what Discord takes in its message, in bytes, where that is known.
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
    rooms: frozenset[int] = frozenset()
    """The channel that is asked in and those that it lies in: a thread's channel, and the category."""
    picture: bytes | None = field(default=None, repr=False)
    private: bool = False
    file_limit: int | None = None
