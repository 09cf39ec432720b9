"""/show and the button of the history: a clip that was made is posted again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.buttons import Verb, button
from bot.cards import clip_card
from bot.orders import Refused
from bot.speech import said, voice
from data import ChannelRoute, Job
from generation.request import ResolvedRequest

from .buttons import JobButton
from .ordering import message_id, take_back
from .questions import note
from .replies import public_language, report, rooms_of, voice_of
from .viewing import viewer_of

if TYPE_CHECKING:
    from bot.app import Flipbook

CHOICES = 25
CHOICE_CHARACTERS = 100
"""Autocomplete answers that Discord takes, and how long each may be (docs: Application Commands)."""

LARGEST_ID = 2**53 - 1
"""Of a whole number as an option (docs: Application Commands)."""

MIB = 1 << 20


class Show(commands.Cog):
    """Showing a clip again."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description=said("show-description"))
    @app_commands.describe(clip=said("show-id"))
    @app_commands.rename(clip="id")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def show(self, interaction: discord.Interaction, clip: Range[int, 1, LARGEST_ID]) -> None:
        """Post one's own clip again, or look at one of this server's."""
        try:
            await show_again(self.bot, interaction, clip)
        except Exception as error:
            await report(interaction, error)

    @show.autocomplete("clip")
    async def suggest_clip(self, interaction: discord.Interaction, typed: str) -> list[Choice[int]]:
        """The member's own clips, the newest first, by the words of their prompts or their numbers."""
        words = "" if typed.isdigit() else typed
        jobs = await self.bot.service.album.of(interaction.user.id, limit=CHOICES, words=words)
        return [_choice(job) for job in jobs if words or str(job.id).startswith(typed)]


class ShowButton(JobButton, verb=Verb.SHOW):
    """Posts a clip of the history again."""

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """As /show does."""
        await show_again(bot, interaction, self.job_id)


async def show_again(bot: Flipbook, interaction: discord.Interaction[Any], job_id: int) -> None:
    """Post a clip: for all where it is the member's own and no private one, else for them alone.

    Where it is too large for this place they are told so, and offered a shorter one.

    Raises:
        Refused: there is none that they may see, or its file is gone.
    """
    job = await bot.service.album.find(job_id, viewer_of(interaction))
    path = await bot.service.album.file(job)
    if (size := path.stat().st_size) > interaction.filesize_limit:
        say = voice_of(interaction)
        text = say("show-too-large", job=str(job_id), size=_mib(size), limit=_mib(interaction.filesize_limit))
        view = note(text, button(Verb.SHORTER, job_id, say))
        await interaction.response.send_message(view=view, ephemeral=True)
        return
    for_all = job.user_id == interaction.user.id and not job.private and _is_welcome(bot, interaction)
    say = voice(public_language(interaction)) if for_all else voice_of(interaction)
    answer = await interaction.response.defer(ephemeral=not for_all, thinking=True)
    filename = f"flipbook-{job.id}{path.suffix}"
    try:
        # What only this member sees goes with their client; no bot can reach it once the interaction is over.
        if for_all and interaction.channel_id is not None:
            await bot.service.album.show_in(job, ChannelRoute(interaction.channel_id, message_id(answer)))
        await interaction.edit_original_response(
            view=clip_card(job, filename, say), attachments=[discord.File(path, filename=filename)]
        )
    except Exception as error:
        await take_back(interaction, error)


def _is_welcome(bot: Flipbook, interaction: discord.Interaction[Any]) -> bool:
    """Whether the server's moderators want clips of this member in this channel."""
    try:
        bot.service.moderation.check(interaction.user.id, interaction.guild_id, rooms_of(interaction))
    except Refused:
        return False
    return True


def _choice(job: Job) -> Choice[int]:
    name = f"{job.id} · {ResolvedRequest.from_json(job.request).prompt}"
    return Choice(name=name if len(name) <= CHOICE_CHARACTERS else name[: CHOICE_CHARACTERS - 1] + "…", value=job.id)


def _mib(size: int) -> str:
    return f"{size / MIB:.1f}"


async def setup(bot: Flipbook) -> None:
    """Add the command and the button."""
    await bot.add_cog(Show(bot))
    bot.add_dynamic_items(ShowButton)
