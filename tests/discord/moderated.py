"""A stage with a moderator, for the tests of /admin."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord

from tests.discord.stage import Stage, stage, text_of


@dataclass
class House:
    """A stage with a moderator."""

    stage: Stage
    mod: Any

    @property
    def moderation(self):
        return self.stage.bot.service.moderation

    @property
    def guild_id(self) -> int:
        return self.stage.channel.guild.id

    async def admin(self, command: str, **options: Any) -> Any:
        """The answer to a moderator's command, for their eyes only."""
        result = await self.mod.slash(self.stage.channel, f"admin {command}", **options)
        assert result.response.ephemeral
        return result.response.message

    async def said(self, command: str, **options: Any) -> str:
        return text_of(await self.admin(command, **options))

    async def ask(self, who: Any, channel: Any = None, prompt: str = "fox") -> Any:
        return await who.slash(channel or self.stage.channel, "video", prompt=prompt)


@asynccontextmanager
async def moderated(settings, *, renders: bool = True) -> AsyncGenerator[House]:
    async with stage(settings, renders=renders) as s:
        role = s.channel.guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
        mod = s.channel.guild.add_member(s.env.create_user("mod"), roles=[role])
        yield House(s, mod)
