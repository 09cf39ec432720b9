"""/history: a member's clips, newest first, with their pictures and recipes; paged, for their eyes only."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui
from discord.app_commands import Range
from discord.ext import commands

from bot.buttons import Verb, button_row, custom_id
from bot.cards import PROMPT_LISTED, alt_text, quote
from bot.plain import plain
from bot.speech import Voice, said
from data import ChannelRoute, Job
from generation.request import ResolvedRequest

from .replies import is_age_restricted, report, voice_of

if TYPE_CHECKING:
    from bot.app import Flipbook

PAGE = 5
"""Clips of a page: with a strip and three buttons each they take 35 of the 40 components of a message."""

NEWEST = 0
"""Stands for "from the newest" in a page button's id."""

WORDS_CHARACTERS = 40
"""Of the words that are looked for: a page button's id holds them, in 100 characters at most."""

BUTTONS = (Verb.AGAIN, Verb.SHOW, Verb.DELETE)


class History(commands.Cog):
    """Looking back."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description=said("history-description"))
    @app_commands.describe(words=said("history-words"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def history(
        self, interaction: discord.Interaction, words: Range[str, 1, WORDS_CHARACTERS] | None = None
    ) -> None:
        """Show the first page, to the member alone."""
        page = await history_page(self.bot, interaction, words=words or "")
        await interaction.response.send_message(view=page.view, files=page.files, ephemeral=True)


class PageButton(
    ui.DynamicItem[ui.Button[Any]],
    template=rf"(?s)flipbook:history:(?P<before>\d+):(?P<words>.{{0,{WORDS_CHARACTERS}}})",
):
    """Turns to the clips older than one job, for whoever presses it."""

    def __init__(self, before: int, words: str = "", label: str = "") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"{custom_id('history', before)}:{words}"))
        self.before = before
        self.words = words

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(int(match["before"]), match["words"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Replace the page."""
        bot: Flipbook = interaction.client
        try:
            page = await history_page(bot, interaction, before=self.before, words=self.words)
            await interaction.response.edit_message(view=page.view, attachments=page.files)
        except Exception as error:
            await report(interaction, error)


class Page:
    """A page's view and the pictures that it shows."""

    def __init__(self) -> None:
        self.view = ui.LayoutView(timeout=None)
        self.files: list[discord.File] = []

    def add_clip(self, box: ui.Container[ui.LayoutView], job: Job, strip: Path | None, say: Voice) -> None:
        """A clip: its words, its strip, and what can be done with it."""
        box.add_item(ui.TextDisplay(_entry(job, say)))
        if strip is not None:
            self.files.append(discord.File(strip, filename=f"strip-{job.id}{strip.suffix}"))
            box.add_item(ui.MediaGallery(discord.MediaGalleryItem(self.files[-1], description=alt_text(job))))
        box.add_item(button_row(BUTTONS, job.id, say))


async def history_page(
    bot: Flipbook, interaction: discord.Interaction[Any], *, before: int = NEWEST, words: str = ""
) -> Page:
    """A page of the member's clips whose prompts have all the words, older than the job `before`.

    Adult clips have no strip where /show would not show them.
    """
    album, say = bot.service.album, voice_of(interaction)
    jobs = await album.of(interaction.user.id, before=before or None, limit=PAGE + 1, words=words)
    shown, more = jobs[:PAGE], len(jobs) > PAGE
    adult = is_age_restricted(interaction)
    strips = await album.strips([job for job in shown if adult or not job.age_restricted])
    page = Page()
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(_heading(say, words, empty=not shown)))
    for job in shown:
        page.add_clip(box, job, strips.get(job.id), say)
    turns: list[ui.Item[Any]] = []
    if before != NEWEST:
        turns.append(PageButton(NEWEST, words, say("history-newest")))
    if more:
        turns.append(PageButton(shown[-1].id, words, say("history-older")))
    if turns:
        box.add_item(ui.ActionRow(*turns))
    page.view.add_item(box)
    page.view.stop()  # presses are answered by the dynamic buttons
    return page


def _heading(say: Voice, words: str, *, empty: bool) -> str:
    if words:
        return say("history-none-with" if empty else "history-title-with", words=plain(words, WORDS_CHARACTERS))
    return say("history-none" if empty else "history-title")


def _entry(job: Job, say: Voice) -> str:
    request = ResolvedRequest.from_json(job.request)
    when = discord.utils.format_dt(datetime.fromtimestamp(job.created_at, UTC), "R")
    link = f" · [{say('history-message')}]({_link(job)})" if isinstance(job.route, ChannelRoute) else ""
    facts = say("history-facts", seed=str(request.seed), frames=request.frames, when=when)
    return f"**{job.id}** · {quote(request, length=PROMPT_LISTED)}\n-# {facts}{link}"


def _link(job: Job) -> str:
    assert isinstance(job.route, ChannelRoute)
    place = job.message_guild_id or "@me"
    return f"https://discord.com/channels/{place}/{job.route.channel_id}/{job.route.message_id}"


async def setup(bot: Flipbook) -> None:
    """Add the command and the page button."""
    await bot.add_cog(History(bot))
    bot.add_dynamic_items(PageButton)
