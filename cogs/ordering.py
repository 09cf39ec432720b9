"""From an interaction to a queued job: one path for the command and for every button that makes a clip."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord

from bot.orders import Order
from data import ChannelRoute, InteractionRoute, Route
from generation.request import VideoRequest

from .replies import PLANNED, home_of, is_age_restricted, public_language, report, roles_of

if TYPE_CHECKING:
    from bot.app import Flipbook

TOKEN_LIFE_S = 15 * 60
TOKEN_MARGIN_S = 60
"""An interaction's token lives 15 minutes (docs: Receiving and Responding); the last one is not counted on."""


async def order(
    bot: Flipbook, interaction: discord.Interaction[Any], fields: dict[str, Any], *, press: str | None = None
) -> None:
    """Answer with a placeholder, store the job, and only then promise it.

    What can be checked at once is checked before anybody sees a message. An error after the placeholder
    removes it and tells only the member.

    Args:
        fields: of a `VideoRequest`.
        press: names the pressed button and its message; two presses in a moment are one job.
    """
    user_id, guild_id, role_ids = interaction.user.id, interaction.guild_id, roles_of(interaction)
    home_id = home_of(interaction)
    try:
        bot.service.check_admission(user_id, guild_id, home_id)
        request = VideoRequest.parse(fields)
        bot.service.resolve(request)
        adult_allowed = is_age_restricted(interaction)
        await bot.service.prompts.check(request.prompt, guild_id=guild_id, adult_allowed=adult_allowed)
        if press is None:
            bot.service.check_wording(request)
        await bot.service.check_quota(user_id, guild_id=guild_id, role_ids=role_ids)
    except PLANNED as error:
        await report(interaction, error)
        return
    answer = await interaction.response.defer(thinking=True)
    try:
        route = _route(interaction, _message_id(answer), bot.clock.now())
        wish = Order(
            user_id,
            guild_id,
            request,
            route,
            key=bot.key(interaction.id),
            press=press,
            role_ids=role_ids,
            age_restricted=adult_allowed,
            home_id=home_id,
            language=public_language(interaction),
        )
        job, place = await bot.service.submit(wish)
    except Exception as error:
        await _take_back(interaction, error)
        return
    await bot.service.promise(job, place)


async def _take_back(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Tell only the member, then remove the placeholder that everybody sees.

    The first follow-up of a public placeholder replaces it and is public too; so the placeholder is filled
    first and removed last.
    """
    with suppress(discord.HTTPException):
        await interaction.edit_original_response(content="…")
    await report(interaction, error)
    with suppress(discord.HTTPException):
        await interaction.delete_original_response()


def _message_id(answer: Any) -> int:
    """The placeholder's id from Discord's answer to the defer."""
    message_id = getattr(answer, "message_id", None)
    if message_id is None:
        raise RuntimeError("Discord named no message for its placeholder")
    return int(message_id)


def _route(interaction: discord.Interaction[Any], message_id: int, now: float) -> Route:
    """By the bot's token where the bot is a member, else by the interaction's."""
    outside = interaction.is_user_integration() and not interaction.is_guild_integration()
    if (outside and not interaction.context.dm_channel) or interaction.channel_id is None:
        expires_at = now + TOKEN_LIFE_S - TOKEN_MARGIN_S
        return InteractionRoute(interaction.application_id, interaction.token, message_id, expires_at)
    return ChannelRoute(interaction.channel_id, message_id)
