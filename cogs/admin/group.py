"""The commands of /admin that have no group of their own; what they do lies beside them, one file per matter."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.speech import said

from . import jobs, members, stats
from .rights import ModeratorGroup


class Admin(ModeratorGroup):
    """Moderating."""

    def __init__(self) -> None:
        super().__init__("admin", said("admin-description"))

    @app_commands.command(description=said("admin-pause-description"))
    async def pause(self, interaction: discord.Interaction) -> None:
        """Let the server's jobs wait."""
        await jobs.pause(interaction)

    @app_commands.command(description=said("admin-resume-description"))
    async def resume(self, interaction: discord.Interaction) -> None:
        """Let the server's jobs go on."""
        await jobs.resume(interaction)

    @app_commands.command(description=said("admin-clear-description"))
    async def clear(self, interaction: discord.Interaction) -> None:
        """Ask whether all waiting jobs shall be cancelled."""
        await jobs.ask_to_clear(interaction)

    @app_commands.command(description=said("admin-block-description"))
    @app_commands.describe(member=said("admin-block-member"))
    async def block(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Take no orders of a member."""
        await members.block(interaction, member)

    @app_commands.command(description=said("admin-unblock-description"))
    @app_commands.describe(member=said("admin-unblock-member"))
    async def unblock(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Take a member's orders again."""
        await members.unblock(interaction, member)

    @app_commands.command(description=said("admin-blocked-description"))
    async def blocked(self, interaction: discord.Interaction) -> None:
        """List whose orders are not taken."""
        await members.show_blocked(interaction)

    @app_commands.command(description=said("admin-stats-description"))
    async def stats(self, interaction: discord.Interaction) -> None:
        """Show how the server's jobs go."""
        await stats.show(interaction)
