"""/admin channels: where in a server clips may be asked for."""

from __future__ import annotations

from typing import Any

import discord
from discord import AppCommandOptionType, ChannelType, app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread, Choice

from bot.speech import said

from ..replies import voice_of, whisper
from .members import first_of
from .rights import ModeratorGroup, guild_of, may_moderate, service_of

LISTED = 60
"""Mentions of at most 22 characters that fit one message."""

SUGGESTIONS = 25
SUGGESTION_CHARACTERS = 100


class Home(app_commands.Transformer):
    """A channel that members write in, for which each of its threads stands; or a category for all its channels."""

    @property
    def type(self) -> AppCommandOptionType:
        """See discord.py's `Transformer.type`."""
        return AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[ChannelType]:
        """All that Discord's published description of commands knows, but direct messages and a hub's directory."""
        return [
            ChannelType.text,
            ChannelType.news,
            ChannelType.voice,
            ChannelType.stage_voice,
            ChannelType.forum,
            ChannelType.public_thread,
            ChannelType.private_thread,
            ChannelType.news_thread,
            ChannelType.category,
        ]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> int:
        """The channel's id."""
        assert isinstance(value, AppCommandChannel | AppCommandThread)
        return value.parent_id if isinstance(value, AppCommandThread) else value.id


class Channels(ModeratorGroup):
    """The list of channels; while it is empty, all are allowed."""

    def __init__(self) -> None:
        super().__init__("channels", said("admin-channels-description"))

    @app_commands.command(description=said("admin-channels-add-description"))
    @app_commands.describe(channel=said("admin-channels-add-channel"))
    async def add(self, interaction: discord.Interaction, channel: app_commands.Transform[int, Home]) -> None:
        """Allow a channel, or all of a category."""
        await service_of(interaction).moderation.allow_channel(guild_of(interaction), channel)
        await _show(interaction)

    @app_commands.command(description=said("admin-channels-remove-description"))
    @app_commands.describe(channel=said("admin-channels-remove-channel"))
    async def remove(self, interaction: discord.Interaction, channel: str) -> None:
        """Take a channel from the list, also one that no longer exists."""
        channel_id = int(channel) if channel.isdecimal() else 0
        if not await service_of(interaction).moderation.withdraw_channel(guild_of(interaction), channel_id):
            await whisper(interaction, voice_of(interaction)("admin-channels-not"))
            return
        await _show(interaction)

    @remove.autocomplete("channel")
    async def suggest_listed(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        """The channels of the list, by name where they still exist."""
        guild = interaction.guild
        if guild is None or not may_moderate(interaction):
            return []
        names = {
            channel_id: channel.name if (channel := guild.get_channel(channel_id)) is not None else str(channel_id)
            for channel_id in service_of(interaction).moderation.channels(guild.id)
        }
        chosen = [
            Choice(name=f"#{name}"[:SUGGESTION_CHARACTERS], value=str(channel_id))
            for channel_id, name in names.items()
            if typed.removeprefix("#").lower() in name.lower()
        ]
        return chosen[:SUGGESTIONS]

    @app_commands.command(description=said("admin-channels-show-description"))
    async def show(self, interaction: discord.Interaction) -> None:
        """Name the channels."""
        await _show(interaction)


async def _show(interaction: discord.Interaction[Any]) -> None:
    say = voice_of(interaction)
    names = [f"<#{channel_id}>" for channel_id in service_of(interaction).moderation.channels(guild_of(interaction))]
    text = say("admin-channels-list", channels=first_of(names, LISTED, say)) if names else say("admin-channels-all")
    await whisper(interaction, text)
