"""Where an interaction happens: whether a clip can be posted there, and by which route it gets there."""

from __future__ import annotations

from typing import Any

import discord

from bot.orders import Refused
from data import ChannelRoute, InteractionRoute, Route

from .replies import NO_ANSWER, voice_of

TOKEN_LIFE_S = 15 * 60
TOKEN_MARGIN_S = 60
"""An interaction's token lives 15 minutes (docs: Receiving and Responding); the last one is not counted on."""

PLACEHOLDER = "…"

NEEDED = {
    "view_channel": "place-view-channel",
    "connect": "place-connect",
    "send_messages": "place-send-messages",
    "send_messages_in_threads": "place-send-messages-in-threads",
    "embed_links": "place-embed-links",
    "attach_files": "place-attach-files",
}
"""The permissions that a clip's message may need, as discord.py names them, and the texts that name them."""


def is_outside(interaction: discord.Interaction[Any]) -> bool:
    """Whether only its user has installed the bot: it is no member of the server or group."""
    return interaction.is_user_integration() and not interaction.is_guild_integration()


def is_with_bot(interaction: discord.Interaction[Any]) -> bool:
    """Whether it happens in the direct messages between a member and the bot."""
    return interaction.context.dm_channel


def check_place(interaction: discord.Interaction[Any]) -> None:
    """Notice before anything is rendered that a clip cannot be posted here.

    Raises:
        Refused: what is to be granted.
    """
    if interaction.guild_id is None or is_outside(interaction):
        return
    missing = [name for name in _needed(interaction.channel) if not getattr(interaction.app_permissions, name)]
    if missing:
        say = voice_of(interaction)
        raise Refused(
            "place-missing", permissions=say("list-comma").join(f"**{say(NEEDED[name])}**" for name in missing)
        )


def _needed(channel: object) -> list[str]:
    sending = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    entering = ["connect"] if isinstance(channel, discord.VoiceChannel | discord.StageChannel) else []
    return ["view_channel", *entering, sending, "embed_links", "attach_files"]


def route_of(interaction: discord.Interaction[Any], message_id: int, now: float, *, private: bool) -> Route:
    """To the interaction's own answer: by the bot's token where it can, else by the interaction's.

    Args:
        private: only the member sees the answer; the bot's token cannot edit such a message.
    """
    unreachable = is_outside(interaction) and not is_with_bot(interaction)
    if private or unreachable or interaction.channel_id is None:
        expires_at = now + TOKEN_LIFE_S - TOKEN_MARGIN_S
        return InteractionRoute(interaction.application_id, interaction.token, message_id, expires_at)
    return ChannelRoute(interaction.channel_id, message_id)


async def direct_message(user: discord.User | discord.Member) -> discord.Message | None:
    """A placeholder in a member's direct messages; None where they are closed to the bot or cannot be reached."""
    try:
        return await user.send(PLACEHOLDER)
    except NO_ANSWER:
        return None
