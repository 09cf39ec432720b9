"""/privacy: a copy of all that is stored about a member, and its deletion; for their eyes only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.privacy import Copy
from bot.speech import Voice, said
from data import Erasure, Holdings

from .questions import grave_button, note
from .replies import is_too_large, report, voice_of

if TYPE_CHECKING:
    from bot.app import Flipbook

FILE_NAME = "flipbook.zip"

MARGIN_BYTES = 64 * 1024
"""What Discord counts besides the file itself."""

KEEP, REMOVE = "keep", "remove"
"""What becomes of the messages of one's clips."""


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Privacy(commands.GroupCog, group_name="privacy", group_description=said("privacy-description")):
    """What is stored about a member."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description=said("privacy-export-description"))
    async def export(self, interaction: discord.Interaction) -> None:
        """Send all of it in one file."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        room = max(0, interaction.filesize_limit - MARGIN_BYTES)
        try:
            await self._send_copy(interaction, room)
        except discord.HTTPException as error:
            if not is_too_large(error):
                raise
            await self._send_copy(interaction, 0)

    async def _send_copy(self, interaction: discord.Interaction, room: int) -> None:
        say = voice_of(interaction)
        copy = await self.bot.service.privacy.copy(interaction.user.id, max_bytes=room)
        with copy.file:
            file = discord.File(copy.file, filename=FILE_NAME)
            await interaction.followup.send(_contents(copy, say), file=file, ephemeral=True)

    @app_commands.command(description=said("privacy-delete-description"))
    async def delete(self, interaction: discord.Interaction) -> None:
        """Say what would go and what would stay, and ask."""
        say, held = voice_of(interaction), await self.bot.service.privacy.holdings(interaction.user.id)
        await interaction.response.send_message(view=_question(held, say), ephemeral=True)


class ForgetButton(ui.DynamicItem[ui.Button[Any]], template=rf"flipbook:forget:(?P<messages>{KEEP}|{REMOVE})"):
    """Deletes what is stored about whoever presses it."""

    def __init__(self, messages: str) -> None:
        super().__init__(ui.Button(custom_id=_forget_id(messages)))
        self.messages = messages

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(match["messages"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Delete, and say so in the place of the question."""
        bot: Flipbook = interaction.client
        say = voice_of(interaction)  # before the language is forgotten
        try:
            await interaction.response.defer()
            erased = await bot.service.privacy.erase(interaction.user.id, messages=self.messages == REMOVE)
            await interaction.edit_original_response(view=note(_farewell(erased, say)))
        except Exception as error:
            await report(interaction, error)


def _contents(copy: Copy, say: Voice) -> str:
    """What is in the file, and what did not fit."""
    text = say("privacy-exported", clips=copy.clips)
    return f"{text}\n{say('privacy-left-out', files=copy.left_out)}" if copy.left_out else text


def _question(held: Holdings, say: Voice) -> ui.LayoutView:
    lines = (
        say("privacy-question", clips=held.clips, unfinished=held.unfinished),
        say("privacy-what-stays"),
        say("privacy-your-messages", messages=held.messages),
    )
    buttons = [grave_button(say("privacy-delete-button"), _forget_id(KEEP))]
    if held.messages:
        buttons.append(grave_button(say("privacy-delete-with-messages-button"), _forget_id(REMOVE)))
    return note("\n".join(lines), *buttons)


def _farewell(erased: Erasure, say: Voice) -> str:
    """What is gone, what is going, and what stays."""
    lines = [say("privacy-deleted", clips=erased.clips, cancelled=len(erased.unfinished))]
    if erased.messages_removed:
        lines.append(say("privacy-messages-removed", messages=erased.messages_removed))
    if erased.messages_kept:
        lines.append(say("privacy-messages-kept", messages=erased.messages_kept))
    return "\n".join((*lines, say("privacy-stays")))


def _forget_id(messages: str) -> str:
    return f"flipbook:forget:{messages}"


async def setup(bot: Flipbook) -> None:
    """Add the commands and the button."""
    await bot.add_cog(Privacy(bot))
    bot.add_dynamic_items(ForgetButton)
