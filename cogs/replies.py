"""Answers that only the member sees, and the way an error becomes one."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.orders import Refused
from bot.speech import Voice, nearest, voice
from data import BudgetExceeded, DataError, DuplicateJob, Quota, QuotaExceeded, TooManyJobs
from generation.errors import GenerationError

if TYPE_CHECKING:
    from bot.app import Flipbook
    from bot.preferences import Preferences

log = logging.getLogger(__name__)


PLANNED = (GenerationError, Refused, DataError)
"""Errors whose message is meant for the member."""


CONTENT_CHARACTERS = 2000
"""The longest plain message (docs: Create Message)."""


def language_of(interaction: discord.Interaction[Any]) -> str:
    """The member's language without its region: "pt" for "pt-BR"."""
    return _own_language(interaction).split("-")[0]


def voice_of(interaction: discord.Interaction[Any]) -> Voice:
    """What speaks to the member alone: in the language that they have set, else in that of their Discord."""
    return voice(_own_language(interaction))


def public_language(interaction: discord.Interaction[Any]) -> str:
    """The language of a message that a whole server reads; in direct messages the member's."""
    if interaction.guild_id is None:
        return nearest(_own_language(interaction))
    chosen = _preferences(interaction).guild_language(interaction.guild_id)
    return nearest(chosen or (interaction.guild_locale or interaction.locale).value)


def _own_language(interaction: discord.Interaction[Any]) -> str:
    return _preferences(interaction).language(interaction.user.id) or interaction.locale.value


def _preferences(interaction: discord.Interaction[Any]) -> Preferences:
    bot: Flipbook = interaction.client
    return bot.service.preferences


def left_today(quota: Quota, say: Voice) -> str:
    """What is left of a member's day, for a line in small print."""
    return say("quota-left", left=quota.left, limit=quota.limit)


def roles_of(interaction: discord.Interaction[Any]) -> frozenset[int]:
    """The ids of the member's roles in this server; none outside servers."""
    user = interaction.user
    return frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset()


def home_of(interaction: discord.Interaction[Any]) -> int | None:
    """The channel that is asked in; of a thread, its parent."""
    return getattr(interaction.channel, "parent_id", None) or interaction.channel_id


def is_age_restricted(interaction: discord.Interaction[Any]) -> bool:
    """Whether only adults see the channel; a thread is as its channel is."""
    channel = interaction.channel
    return not isinstance(channel, discord.DMChannel | discord.GroupChannel | None) and channel.is_nsfw()


async def whisper(interaction: discord.Interaction, text: str) -> None:
    """Tell only the member, whatever was answered before."""
    text = text if len(text) <= CONTENT_CHARACTERS else text[: CONTENT_CHARACTERS - 1] + "…"
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)


def explain(error: Exception) -> str | None:
    """An error in words for a member; None when it is nobody's plan and belongs in the log."""
    if isinstance(error, app_commands.CommandInvokeError):
        return explain(error.original)
    if isinstance(error, QuotaExceeded):
        quota = error.quota
        resets = discord.utils.format_dt(datetime.fromtimestamp(quota.resets_at, UTC), "R")
        return (
            f"Your {quota.limit} clips for today are taken ({quota.used} made, {quota.reserved} on their way). "
            f"New ones {resets}; a clip that waits can be cancelled with /cancel."
        )
    if isinstance(error, BudgetExceeded):
        resets = discord.utils.format_dt(datetime.fromtimestamp(error.budget.resets_at, UTC), "R")
        return (
            f"This server's GPU time for today is taken: the clip needs about {error.seconds:.0f} s, and "
            f"{error.budget.left_s or 0:.0f} s of {error.budget.limit_s or 0:.0f} s are left. There is more {resets}; "
            "fewer frames or steps need less."
        )
    if isinstance(error, TooManyJobs):
        return f"You already have {error.active} clips on their way (at most {error.limit}). See /queue."
    if isinstance(error, DuplicateJob):
        return f"That is already on its way as job {error.job.id}. See /queue."
    if isinstance(error, PLANNED):
        return str(error)
    if isinstance(error, app_commands.CheckFailure | app_commands.TransformerError):
        return str(error)
    return None


async def report(interaction: discord.Interaction, error: Exception) -> None:
    """Tell the member what went wrong; what was not foreseen goes to the log in full."""
    text = explain(error)
    if text is None:
        log.exception("interaction %s failed", interaction.id, exc_info=error)
        text = "Something went wrong on my side; it is in the operator's log. Nothing was taken from your quota."
    try:
        await whisper(interaction, text)
    except discord.HTTPException as silence:
        log.info("interaction %s: the error could not be told: %s", interaction.id, silence)
