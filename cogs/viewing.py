"""Who looks at a clip, and what they may see from where they are."""

from __future__ import annotations

from typing import Any

import discord

from bot.album import Viewer

from .replies import is_age_restricted


def viewer_of(interaction: discord.Interaction[Any]) -> Viewer:
    """The member behind an interaction, with the rights that they have where it happens."""
    return Viewer(
        interaction.user.id,
        interaction.guild_id,
        interaction.channel_id,
        sees=lambda channel_id: _sees(interaction, channel_id),
        adult=is_age_restricted(interaction),
        moderates=interaction.guild_id is not None and interaction.permissions.manage_messages,
    )


def _sees(interaction: discord.Interaction[Any], channel_id: int) -> bool:
    """Whether the member can read a channel; a private thread only from inside, since its members are not known."""
    if channel_id == interaction.channel_id:
        return True
    guild, member = interaction.guild, interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return False
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.is_private()):
        return False
    permissions = channel.permissions_for(member)
    return permissions.view_channel and permissions.read_message_history
