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
class Wish:
    """What a member asks for, and from where: all that decides whether they may have it.

    Attributes:
        press: names a button on a message; two presses of it in a moment are one job.
        age_restricted: whether only adults see what comes of it.
        rooms: the channel that is asked in and those that it lies in: a thread's channel, and the category.
        private: whether only the member sees the clip.
    """

    user_id: int
    guild_id: int | None
    request: VideoRequest
    press: str | None = None
    role_ids: frozenset[int] = frozenset()
    age_restricted: bool = False
    rooms: frozenset[int] = frozenset()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A wish and the message that will carry its clip.

    Attributes:
        key: names the interaction, which makes one job at most.
        language: that of the job's message.
        picture: the file of a first picture as somebody sent it.
        file_limit: what Discord takes in the message, in bytes, where that is known.
    """

    wish: Wish
    route: Route
    key: str
    language: str = "en"
    picture: bytes | None = field(default=None, repr=False)
    file_limit: int | None = None
