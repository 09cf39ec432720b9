"""From an interaction to a queued job: one path for the command and for every button that makes a clip."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord

from bot.orders import Order, Wish
from data import ChannelRoute
from generation.request import VideoRequest

from .place import PLACEHOLDER, check_place, direct_message, is_with_bot, route_of
from .replies import (
    NO_ANSWER,
    PLANNED,
    is_age_restricted,
    public_language,
    report,
    roles_of,
    rooms_of,
    voice_of,
)
from .uploads import check_picture, download

if TYPE_CHECKING:
    from bot.app import Flipbook


async def order(
    bot: Flipbook,
    interaction: discord.Interaction[Any],
    fields: dict[str, Any],
    *,
    press: str | None = None,
    picture: discord.Attachment | None = None,
    private: bool = False,
) -> None:
    """Answer with a placeholder, store the job, and only then promise it.

    What can be checked at once is checked before anybody sees a message. An error after the placeholder
    removes it and tells only the member.

    Args:
        fields: of a `VideoRequest`.
        press: names the pressed button and its message; two presses in a moment are one job.
        picture: the first picture, as somebody sent it.
        private: the clip goes to the member's direct messages, and only they see the answer.
    """
    private = private and not is_with_bot(interaction)
    try:
        wish = Wish(
            interaction.user.id,
            interaction.guild_id,
            VideoRequest.parse(fields),
            press=press,
            role_ids=roles_of(interaction),
            age_restricted=is_age_restricted(interaction) and not private,
            rooms=rooms_of(interaction),
            private=private,
        )
        await bot.service.check(wish)
        if not private:
            check_place(interaction)
        if picture is not None:
            check_picture(picture)
    except PLANNED as error:
        await report(interaction, error)
        return
    try:
        answer = await interaction.response.defer(thinking=True, ephemeral=private)
    except NO_ANSWER as error:  # it may have arrived all the same, and its message's id is not known
        await take_back(interaction, error)
        return
    letter: discord.Message | None = None
    try:
        content = None if picture is None else await download(picture, simulated=bot.settings.is_local)
        # On the local page nobody reads direct messages.
        letter = await direct_message(interaction.user) if private and not bot.settings.is_local else None
        if letter is None:
            route = route_of(interaction, message_id(answer), bot.clock.now(), private=private)
        else:
            route = ChannelRoute(letter.channel.id, letter.id)
        ordered = Order(
            wish,
            route,
            key=bot.key(interaction.id),
            language=voice_of(interaction).language if private else public_language(interaction),
            picture=content,
            file_limit=interaction.filesize_limit if letter is None else None,
        )
        job, place = await bot.service.submit(ordered)
    except Exception as error:
        await take_back(interaction, error, letter)
        return
    await bot.service.promise(job, place)
    if letter is not None:
        await _point_to(interaction, letter)


async def _point_to(interaction: discord.Interaction[Any], letter: discord.Message) -> None:
    """Say to the member alone where the clip will come."""
    with suppress(*NO_ANSWER):  # the clip comes all the same
        await interaction.edit_original_response(content=voice_of(interaction)("video-in-dms", link=letter.jump_url))


async def take_back(
    interaction: discord.Interaction[Any], error: Exception, letter: discord.Message | None = None
) -> None:
    """Tell only the member, then remove the placeholder that everybody sees.

    The first follow-up of a public placeholder replaces it and is public too; so the placeholder is filled
    first and removed last.
    """
    if letter is not None:
        with suppress(*NO_ANSWER):
            await letter.delete()
    is_shown = interaction.response.is_done()
    with suppress(*NO_ANSWER):
        await interaction.edit_original_response(content=PLACEHOLDER)
        is_shown = True
    await report(interaction, error)
    if is_shown:  # else what was told stands in its place
        with suppress(*NO_ANSWER):
            await interaction.delete_original_response()


def message_id(answer: Any) -> int:
    """The placeholder's id from Discord's answer to the defer."""
    message_id = getattr(answer, "message_id", None)
    if message_id is None:
        raise RuntimeError("Discord named no message for its placeholder")
    return int(message_id)
