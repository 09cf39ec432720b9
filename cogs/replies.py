"""Answers that only the member sees, and the way an error becomes one."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from bot.delivery import TOO_LARGE
from bot.orders import Refused
from bot.reasons import explain_error
from bot.speech import Voice, nearest, voice
from data import BudgetExceeded, DataError, DuplicateJob, Quota, QuotaExceeded, TooManyJobs
from generation.errors import GenerationError

if TYPE_CHECKING:
    from bot.app import Flipbook
    from bot.preferences import Preferences

log = logging.getLogger(__name__)


PLANNED = (GenerationError, Refused, DataError)
"""Errors that are told to the member."""


NO_ANSWER = (discord.HTTPException, aiohttp.ClientError)
"""What a call to Discord may raise; discord.py has already retried what it retries."""

ACKNOWLEDGED = 40060
"""An answer did arrive, though Discord said at first that it did not (docs: JSON Error Codes)."""

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


def rooms_of(interaction: discord.Interaction[Any]) -> frozenset[int]:
    """The channel that is asked in and those that it lies in: a thread's channel, and the category."""
    parent_id: int | None = getattr(interaction.channel, "parent_id", None)
    home = interaction.channel
    if parent_id is not None and interaction.guild is not None:
        home = interaction.guild.get_channel(parent_id)
    category_id: int | None = getattr(home, "category_id", None)
    rooms = (interaction.channel_id, parent_id, category_id)
    return frozenset(room for room in rooms if room is not None)


def is_age_restricted(interaction: discord.Interaction[Any]) -> bool:
    """Whether only adults see the channel; a thread is as its channel is."""
    channel = interaction.channel
    return not isinstance(channel, discord.DMChannel | discord.GroupChannel | None) and channel.is_nsfw()


async def whisper(interaction: discord.Interaction, text: str) -> None:
    """Tell only the member, whatever was answered before."""
    text = text if len(text) <= CONTENT_CHARACTERS else text[: CONTENT_CHARACTERS - 1] + "…"
    if not interaction.response.is_done():
        try:
            await interaction.response.send_message(text, ephemeral=True)
            return
        except discord.HTTPException as error:
            if error.code != ACKNOWLEDGED:
                raise
    await interaction.followup.send(text, ephemeral=True)


def explain(error: Exception, say: Voice) -> str | None:
    """An error in words for a member; None when it is nobody's plan and belongs in the log."""
    if isinstance(error, app_commands.CommandInvokeError):
        return explain(error.original, say)
    if is_discords(error):
        return say("error-clip-too-large" if is_too_large(error) else "error-discord")
    if isinstance(error, QuotaExceeded):
        quota = error.quota
        return say(
            "error-quota", limit=quota.limit, used=quota.used, reserved=quota.reserved, resets=soon(quota.resets_at)
        )
    if isinstance(error, BudgetExceeded):
        budget = error.budget
        return say(
            "error-budget",
            needed=round(error.seconds),
            left=round(budget.left_s or 0),
            limit=round(budget.limit_s or 0),
            resets=soon(budget.resets_at),
        )
    if isinstance(error, TooManyJobs):
        return say("error-too-many", active=error.active, limit=error.limit)
    if isinstance(error, DuplicateJob):
        return say("error-duplicate", job=str(error.job.id))
    if isinstance(error, Refused):
        return error.in_words(say)
    if isinstance(error, GenerationError):
        return explain_error(error, say)
    if isinstance(error, app_commands.MissingPermissions):  # what a server asks of a member is to manage it
        return say("admin-refused-rights")
    if isinstance(error, app_commands.CheckFailure):
        return say("error-not-allowed")
    if isinstance(error, app_commands.TransformerError):
        return say("error-option")
    return None


def is_discords(error: Exception) -> bool:
    """Whether Discord or the way to it is the reason; a body that Discord calls malformed is a defect of ours."""
    if isinstance(error, discord.HTTPException):
        return error.status != 400 or error.code == ACKNOWLEDGED or is_too_large(error)
    return isinstance(error, aiohttp.ClientError)


def is_too_large(error: Exception) -> bool:
    """Whether Discord refuses a file for its size."""
    return isinstance(error, discord.HTTPException) and (error.status == 413 or error.code == TOO_LARGE)


def soon(moment: float) -> str:
    """A time as Discord shows it to each reader: "in 3 hours"."""
    return discord.utils.format_dt(datetime.fromtimestamp(moment, UTC), "R")


async def report(interaction: discord.Interaction, error: Exception) -> None:
    """Tell the member what went wrong; what was not foreseen goes to the log in full."""
    say = voice_of(interaction)
    text = explain(error, say)
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if is_discords(cause):
        log.warning("interaction %s: Discord did not take the answer: %s", interaction.id, cause)
    if text is None:
        log.exception("interaction %s failed", interaction.id, exc_info=error)
        text = say("error-unforeseen-here")
    try:
        await whisper(interaction, text)
    except NO_ANSWER as silence:
        log.info("interaction %s: the error could not be told: %s", interaction.id, silence)
