"""Who may moderate. Discord hides /admin from others, but a server can show it to them: each use is checked here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

if TYPE_CHECKING:
    from bot.service import Service


def may_moderate(interaction: discord.Interaction[Any]) -> bool:
    """Whether this is in a server and the member may manage it."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def guild_of(interaction: discord.Interaction[Any]) -> int:
    """The server in which a moderator acts.

    Raises:
        MissingPermissions: they may not.
    """
    if interaction.guild_id is None or not may_moderate(interaction):
        raise app_commands.MissingPermissions(["manage_guild"])
    return interaction.guild_id


def service_of(interaction: discord.Interaction[Any]) -> Service:
    """The service of the bot that was asked."""
    return interaction.client.service


class ModeratorGroup(app_commands.Group):
    """Commands for those who may manage the server, in servers that have the bot as a member."""

    def __init__(self, name: str, description: locale_str) -> None:
        super().__init__(
            name=name,
            description=description,
            default_permissions=discord.Permissions(manage_guild=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Refuse everybody else, whatever the server's settings for this command are."""
        guild_of(interaction)
        return True
