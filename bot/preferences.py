"""What members and servers have chosen for all their clips, and the language that each is spoken to in.

What a command leaves open the member's choices fill, then the server's; what both leave open is the checkpoint's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from data import Preference, Store

from .choices import Choices
from .speech import nearest

LANGUAGE = "language"
"""The one setting that is none of a clip's."""


class Whose(StrEnum):
    """Who chooses."""

    ME = "me"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Owner:
    """A member or a server, by its id."""

    whose: Whose
    id: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an owner has chosen; what is left open says nothing."""

    choices: Choices = Choices()  # noqa: RUF009 - frozen
    language: str | None = None


NOTHING = Chosen()


class Preferences:
    """All that was chosen, held in memory: every answer asks for its language."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._chosen: dict[Owner, Chosen] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Read what an earlier process stored."""
        self._chosen = {
            **_read(Whose.ME, await self._store.member_preferences()),
            **_read(Whose.SERVER, await self._store.guild_preferences()),
        }

    def of(self, owner: Owner) -> Chosen:
        """What an owner has chosen."""
        return self._chosen.get(owner, NOTHING)

    async def change(self, owner: Owner, setting: str, value: Any) -> None:
        """Store one setting, a field of `Choices` or LANGUAGE; None leaves it open. The others stay as they are.

        Raises:
            InvalidRequest: that cannot be chosen.
        """
        async with self._changing:
            before = self.of(owner)
            if setting == LANGUAGE:
                after = replace(before, language=value and nearest(value))
            else:
                after = replace(before, choices=Choices.parse(**{**before.choices.model_dump(), setting: value}))
            await self.put(owner, after)

    async def put(self, owner: Owner, chosen: Chosen) -> None:
        """Store what an owner chooses in place of what they chose before."""
        preference = Preference(owner.id, chosen.choices.to_json(), chosen.language)
        if owner.whose is Whose.ME:
            await self._store.put_member_preference(preference)
        else:
            await self._store.put_guild_preference(preference)
        self._chosen[owner] = chosen

    def forget(self, user_id: int) -> None:
        """The store has erased this member."""
        self._chosen.pop(Owner(Whose.ME, user_id), None)

    def choices(self, user_id: int, guild_id: int | None) -> Choices:
        """What fills a command of this member in this place."""
        own = self.of(Owner(Whose.ME, user_id)).choices
        return own if guild_id is None else own.or_else(self.of(Owner(Whose.SERVER, guild_id)).choices)

    def language(self, user_id: int) -> str | None:
        """The language that a member has chosen."""
        return self.of(Owner(Whose.ME, user_id)).language

    def guild_language(self, guild_id: int) -> str | None:
        """The language that a server has chosen for what all its members read."""
        return self.of(Owner(Whose.SERVER, guild_id)).language


def _read(whose: Whose, stored: Iterable[Preference]) -> dict[Owner, Chosen]:
    return {
        Owner(whose, preference.owner_id): Chosen(Choices.from_json(preference.choices), preference.language)
        for preference in stored
    }
