"""Buttons about a job: their ids name it, so that they work after a restart, months later and for anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.buttons import custom_id

from .replies import report

if TYPE_CHECKING:
    from bot.app import Flipbook

NEVER = r"(?!)"
"""The template of a class that is no button itself: it fits no id."""


class JobButton(ui.DynamicItem[ui.Button[Any]], template=NEVER):
    """Does something about a job when it is pressed; a subclass names its verb and says what.

    How a button looks is said where it is shown, see `bot.buttons.button`.
    """

    verb: ClassVar[str]

    def __init_subclass__(cls, *, verb: str = "") -> None:
        super().__init_subclass__(template=rf"flipbook:{verb}:(?P<job>\d{{1,19}})" if verb else NEVER)
        cls.verb = verb

    def __init__(self, job_id: int) -> None:
        super().__init__(ui.Button(label=self.verb, custom_id=custom_id(self.verb, job_id)))
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(int(match["job"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, or say why it cannot be done."""
        try:
            await self.press(interaction, interaction.client)
        except Exception as error:
            await report(interaction, error)

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """What the button does; what it raises is told to who pressed it."""
        raise NotImplementedError
