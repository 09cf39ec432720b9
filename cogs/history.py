"""/history: a member's clips, newest first, with their recipes; paged, for their eyes only."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.cards import AGAIN, PROMPT_LISTED, custom_id, quote
from data import ChannelRoute, Job
from generation.request import ResolvedRequest

from .replies import report

if TYPE_CHECKING:
    from bot.app import Flipbook

PAGE = 5
NEWEST = 0
"""Stands for "from the newest" in a page button's id."""


class History(commands.Cog):
    """Looking back."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description="Your clips, newest first.")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the first page, to the member alone."""
        view = await history_page(self.bot, interaction.user.id, NEWEST)
        await interaction.response.send_message(view=view, ephemeral=True)


class PageButton(ui.DynamicItem[ui.Button[Any]], template=r"flipbook:history:(?P<before>\d+)"):
    """Turns to the clips older than one job, for whoever presses it."""

    def __init__(self, before: int) -> None:
        super().__init__(ui.Button(label="Older", custom_id=custom_id("history", before)))
        self.before = before

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(int(match["before"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Replace the page."""
        bot: Flipbook = interaction.client
        try:
            view = await history_page(bot, interaction.user.id, self.before)
            await interaction.response.edit_message(view=view)
        except Exception as error:
            await report(interaction, error)


async def history_page(bot: Flipbook, user_id: int, before: int) -> ui.LayoutView:
    """One page of clips older than the job `before` (NEWEST: from the newest)."""
    jobs = await bot.service.history(user_id, before=before or None, limit=PAGE + 1)
    shown, more = jobs[:PAGE], len(jobs) > PAGE
    view = ui.LayoutView(timeout=None)
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay("### Your clips" if shown else "You have no clips yet. Try /video."))
    for job in shown:
        again: ui.Button[ui.LayoutView] = ui.Button(
            label="Again", style=discord.ButtonStyle.secondary, custom_id=custom_id(AGAIN, job.id)
        )
        box.add_item(ui.Section(ui.TextDisplay(_entry(job)), accessory=again))
    buttons: list[ui.Button[ui.LayoutView]] = []
    if before != NEWEST:
        buttons.append(ui.Button(label="Newest", custom_id=custom_id("history", NEWEST)))
    if more:
        buttons.append(ui.Button(label="Older", custom_id=custom_id("history", shown[-1].id)))
    if buttons:
        box.add_item(ui.ActionRow(*buttons))
    view.add_item(box)
    view.stop()  # presses are answered by the dynamic buttons
    return view


def _entry(job: Job) -> str:
    request = ResolvedRequest.from_json(job.request)
    when = discord.utils.format_dt(datetime.fromtimestamp(job.created_at, UTC), "R")
    link = f" · [message]({_link(job)})" if isinstance(job.route, ChannelRoute) else ""
    recipe = (
        f"seed {request.seed} · {request.frames} frames · {request.steps} steps · guidance {request.guidance_scale:g}"
        f" · {_motion(request)}"
    )
    return f"**{job.id}** · {quote(request, length=PROMPT_LISTED)}\n{when}{link}\n-# {recipe}"


def _motion(request: ResolvedRequest) -> str:
    """The motion per frame: "motion 5, 0 px", and what there is of zoom and rotation."""
    parts = [f"motion {request.dx:g}, {request.dy:g} px"]
    if request.zoom != 1:
        parts.append(f"zoom {100 * (request.zoom - 1):+.2g} %")
    if request.rotation:
        parts.append(f"rotation {request.rotation:g}°")
    return ", ".join(parts)


def _link(job: Job) -> str:
    assert isinstance(job.route, ChannelRoute)
    return f"https://discord.com/channels/{job.guild_id or '@me'}/{job.route.channel_id}/{job.route.message_id}"


async def setup(bot: Flipbook) -> None:
    """Add the command and the page button."""
    await bot.add_cog(History(bot))
    bot.add_dynamic_items(PageButton)
