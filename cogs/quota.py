"""/quota: what is left of the member's day, for their eyes only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.limits import Allowance
from bot.speech import Voice, said
from data import Budget

from .replies import roles_of, soon, voice_of, whisper

if TYPE_CHECKING:
    from bot.app import Flipbook


class Quota(commands.Cog):
    """Saying what is left."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description=said("quota-description"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def quota(self, interaction: discord.Interaction) -> None:
        """Show the member's day, and the server's where it is limited."""
        allowance = await self.bot.service.limits.allowance(
            interaction.user.id, guild_id=interaction.guild_id, role_ids=roles_of(interaction)
        )
        await whisper(interaction, "\n".join(_lines(allowance, voice_of(interaction))))


def _lines(allowance: Allowance, say: Voice) -> Iterator[str]:
    quota = allowance.quota
    yield say("quota-day", left=quota.left, limit=quota.limit)
    yield say("quota-taken", made=quota.used, reserved=quota.reserved)
    yield say("quota-resets", resets=soon(quota.resets_at))
    yield say("quota-active", active=allowance.active, limit=allowance.max_active)
    if allowance.budget is not None:
        yield _server(allowance.budget, say)


def _server(budget: Budget, say: Voice) -> str:
    left, limit = round(budget.left_s or 0), round(budget.limit_s or 0)
    return say("quota-server", left=left, limit=limit, reserved=round(budget.reserved_s))


async def setup(bot: Flipbook) -> None:
    """Add the command."""
    await bot.add_cog(Quota(bot))
