"""The button that deletes a clip, for its member and for moderators, and the one that makes sure of it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.buttons import Verb

from .buttons import JobButton
from .replies import NO_ANSWER, report, voice_of
from .viewing import viewer_of

if TYPE_CHECKING:
    from bot.app import Flipbook


class DeleteButton(JobButton, verb=Verb.DELETE):
    """Asks whether to delete the clip."""

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """Ask, or say why this member cannot."""
        await bot.service.album.check_deletable(self.job_id, viewer_of(interaction))
        say = voice_of(interaction)
        view = ui.View(timeout=None)
        view.add_item(
            ui.Button(
                label=say("clip-delete-sure"),
                style=discord.ButtonStyle.danger,
                custom_id=_sure_id(self.job_id, _shown_in(interaction)),
            )
        )
        view.stop()  # presses are answered by the dynamic button
        question = say("clip-delete-question", job=str(self.job_id))
        await interaction.response.send_message(question, view=view, ephemeral=True)


class DeleteSureButton(ui.DynamicItem[ui.Button[Any]], template=r"flipbook:delete-sure:(?P<job>\d+):(?P<shown>\d+)"):
    """Deletes the clip, its file, its message and the one that the question was asked from."""

    def __init__(self, job_id: int, shown_in: int) -> None:
        super().__init__(ui.Button(custom_id=_sure_id(job_id, shown_in)))
        self.job_id = job_id
        self.shown_in = shown_in

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(int(match["job"]), int(match["shown"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Delete, and say so in place of the question."""
        bot: Flipbook = interaction.client
        say = voice_of(interaction)
        try:
            removed = await bot.service.album.delete(self.job_id, viewer_of(interaction))
        except Exception as error:
            await report(interaction, error)
            return
        key = "clip-deleted" if removed else "clip-deleted-but-shown"
        try:
            await interaction.response.edit_message(content=say(key, job=str(self.job_id)), view=None)
        except Exception as error:
            await report(interaction, error)
        await self._remove_shown(interaction, bot)

    async def _remove_shown(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """Remove a copy of the clip that /show has posted."""
        if not self.shown_in or interaction.channel_id is None:
            return
        channel = bot.get_partial_messageable(interaction.channel_id, guild_id=interaction.guild_id)
        with suppress(*NO_ANSWER):  # most often it was the clip's own message
            await channel.get_partial_message(self.shown_in).delete()


def _sure_id(job_id: int, shown_in: int) -> str:
    return f"flipbook:delete-sure:{job_id}:{shown_in}"


def _shown_in(interaction: discord.Interaction[Any]) -> int:
    """The message that shows the clip to everybody; 0 where only this member sees the message."""
    message = interaction.message
    return 0 if message is None or message.flags.ephemeral else message.id


async def setup(bot: Flipbook) -> None:
    """Add the buttons."""
    bot.add_dynamic_items(DeleteButton, DeleteSureButton)
