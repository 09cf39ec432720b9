"""/admin block, unblock and blocked: whose orders are not taken in a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.speech import Voice

from ..replies import voice_of, whisper
from .rights import guild_of, service_of

LISTED = 60
"""Mentions of at most 23 characters that fit one message."""


async def block(interaction: discord.Interaction[Any], member: discord.abc.User) -> None:
    """Take no orders of a member; what waits of theirs is cancelled."""
    cancelled = await service_of(interaction).moderation.block(guild_of(interaction), member.id)
    await whisper(interaction, voice_of(interaction)("admin-block-done", member=member.mention, cancelled=cancelled))


async def unblock(interaction: discord.Interaction[Any], member: discord.abc.User) -> None:
    """Take a member's orders again."""
    say = voice_of(interaction)
    was_blocked = await service_of(interaction).moderation.unblock(guild_of(interaction), member.id)
    text = say("admin-unblock-done" if was_blocked else "admin-unblock-not", member=member.mention)
    await whisper(interaction, text)


async def show_blocked(interaction: discord.Interaction[Any]) -> None:
    """List whose orders are not taken."""
    say = voice_of(interaction)
    blocked = [f"<@{user_id}>" for user_id in service_of(interaction).moderation.blocked(guild_of(interaction))]
    text = say("admin-blocked-list", members=first_of(blocked, LISTED, say)) if blocked else say("admin-blocked-none")
    await whisper(interaction, text)


def first_of(names: Sequence[str], most: int, say: Voice) -> str:
    """The first names in a row, and how many more there are."""
    row = " ".join(names[:most])
    return row if len(names) <= most else f"{row} {say('admin-more', count=len(names) - most)}"
