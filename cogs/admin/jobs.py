"""/admin pause, resume and clear: what waits in a server."""

from __future__ import annotations

import re
from typing import Any, Self

import discord
from discord import ui

from bot.buttons import custom_id

from ..questions import grave_button, note
from ..replies import report, voice_of, whisper
from .rights import guild_of, service_of

CLEAR = "clear"


async def pause(interaction: discord.Interaction[Any]) -> None:
    """Let the server's jobs wait."""
    guild_id, moderation = guild_of(interaction), service_of(interaction).moderation
    await moderation.pause(guild_id)
    await whisper(interaction, voice_of(interaction)("admin-pause-done", waiting=moderation.waiting(guild_id)))


async def resume(interaction: discord.Interaction[Any]) -> None:
    """Let the server's jobs go on."""
    guild_id, moderation = guild_of(interaction), service_of(interaction).moderation
    await moderation.resume(guild_id)
    await whisper(interaction, voice_of(interaction)("admin-resume-done", waiting=moderation.waiting(guild_id)))


async def ask_to_clear(interaction: discord.Interaction[Any]) -> None:
    """Say how many jobs wait, and offer the button that cancels them."""
    guild_id, say = guild_of(interaction), voice_of(interaction)
    waiting = service_of(interaction).moderation.waiting(guild_id)
    if not waiting:
        await whisper(interaction, say("admin-clear-none"))
        return
    button = grave_button(say("admin-clear-button", waiting=waiting), custom_id(CLEAR, guild_id))
    view = note(say("admin-clear-ask", waiting=waiting), button)
    await interaction.response.send_message(view=view, ephemeral=True)


class ClearButton(ui.DynamicItem[ui.Button[Any]], template=rf"flipbook:{CLEAR}:(?P<guild>\d+)"):
    """Cancels all that waits in the server, for a moderator of it."""

    def __init__(self, guild_id: int) -> None:
        super().__init__(ui.Button(custom_id=custom_id(CLEAR, guild_id)))
        self.guild_id = guild_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(int(match["guild"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel what waits by now, and put how many that were in the place of the question."""
        try:
            cancelled = await service_of(interaction).moderation.clear(guild_of(interaction))
            text = voice_of(interaction)("admin-clear-done", cancelled=cancelled)
            await interaction.response.edit_message(view=note(text))
        except Exception as error:
            await report(interaction, error)
