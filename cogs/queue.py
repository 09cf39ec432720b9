"""/queue and /cancel, and the buttons that cancel a waiting or running job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.app_commands import Choice
from discord.ext import commands

from bot.buttons import Verb, button, button_row
from bot.cards import PROMPT_LISTED, quote, wait
from bot.messages import Place
from bot.speech import Voice, said
from data import CancelOutcome, Job
from generation.request import ResolvedRequest

from .buttons import JobButton
from .replies import left_today, roles_of, voice_of, whisper

if TYPE_CHECKING:
    from bot.app import Flipbook

LISTED = 8
"""Jobs that /queue shows: with the longest prompts they fit one message."""

NO_JOB = 0
"""In the id of the button that looks again."""

# texts: queue-outcome-cancelled queue-outcome-requested queue-outcome-too_late queue-outcome-not_found


class Queue(commands.Cog):
    """Looking after one's waiting jobs."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description=said("queue-description"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def queue(self, interaction: discord.Interaction) -> None:
        """Show the member's own jobs, to them alone."""
        await interaction.response.send_message(view=await panel(self.bot, interaction), ephemeral=True)

    @app_commands.command(description=said("queue-cancel-description"))
    @app_commands.describe(job=said("queue-cancel-job"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def cancel(self, interaction: discord.Interaction, job: int | None = None) -> None:
        """Cancel the named job, or the only one there is; where there are several, each has its button."""
        if job is None:
            mine = await self.bot.service.mine(interaction.user.id)
            if len(mine) != 1:
                which = voice_of(interaction)("queue-cancel-which") if mine else None
                view = await panel(self.bot, interaction, news=which)
                await interaction.response.send_message(view=view, ephemeral=True)
                return
            job = mine[0][0].id
        await whisper(interaction, await cancel_in_words(self.bot, job, interaction))

    @cancel.autocomplete("job")
    async def suggest_job(self, interaction: discord.Interaction, typed: str) -> list[Choice[int]]:
        """The member's own unfinished jobs."""
        choices: list[Choice[int]] = []
        for job, _ in await self.bot.service.mine(interaction.user.id):
            prompt = ResolvedRequest.from_json(job.request).prompt
            name = f"{job.id} · {prompt}"
            if typed.lower() in name.lower():
                choices.append(Choice(name=name if len(name) <= 100 else name[:99] + "…", value=job.id))
        return choices[:25]


class CancelButton(JobButton, verb=Verb.CANCEL):
    """Cancels the presser's own job, from its message."""

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """Cancel and say what came of it."""
        await whisper(interaction, await cancel_in_words(bot, self.job_id, interaction))


class CancelHereButton(JobButton, verb=Verb.CANCEL_HERE):
    """Cancels a job from the list of /queue."""

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """Cancel, and show the list anew with what came of it."""
        outcome = await cancel_in_words(bot, self.job_id, interaction)
        await interaction.response.edit_message(view=await panel(bot, interaction, news=outcome))


class LookAgainButton(JobButton, verb=Verb.LOOK_AGAIN):
    """Shows the places as they are by now."""

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """Show the list anew."""
        await interaction.response.edit_message(view=await panel(bot, interaction))


async def panel(bot: Flipbook, interaction: discord.Interaction[Any], *, news: str | None = None) -> ui.LayoutView:
    """The member's unfinished jobs with their places, and what else waits; `news` comes first."""
    service, say = bot.service, voice_of(interaction)
    jobs = await service.mine(interaction.user.id)
    view = ui.LayoutView(timeout=None)
    box: ui.Container[ui.LayoutView] = ui.Container()
    if news is not None:
        box.add_item(ui.TextDisplay(news))
    for job, place in jobs[:LISTED]:
        line = ui.TextDisplay[ui.LayoutView](_line(job, place, say))
        box.add_item(line if place is None else ui.Section(line, accessory=button(Verb.CANCEL_HERE, job.id, say)))
    if not jobs:
        box.add_item(ui.TextDisplay(say("queue-empty")))
    if len(jobs) > LISTED:
        box.add_item(ui.TextDisplay(say("queue-more", count=len(jobs) - LISTED)))
    box.add_item(ui.TextDisplay("\n".join(await _footer(bot, interaction, say))))
    box.add_item(button_row((Verb.LOOK_AGAIN,), NO_JOB, say))
    view.add_item(box)
    view.stop()  # presses are answered by the dynamic buttons
    return view


async def cancel_in_words(bot: Flipbook, job_id: int, interaction: discord.Interaction[Any]) -> str:
    """Cancel a job of the member and say what came of it."""
    outcome: CancelOutcome = await bot.service.cancel(job_id, user_id=interaction.user.id)
    return voice_of(interaction)(f"queue-outcome-{outcome}", job=str(job_id))


async def _footer(bot: Flipbook, interaction: discord.Interaction[Any], say: Voice) -> list[str]:
    service, guild_id = bot.service, interaction.guild_id
    quota = await service.limits.quota(interaction.user.id, guild_id=guild_id, role_ids=roles_of(interaction))
    if guild_id is None:
        waiting = say("queue-waiting-in-all", count=service.waiting())
    else:
        waiting = say("queue-waiting-here", count=service.moderation.waiting(guild_id))
    lines = [f"-# {waiting} · {left_today(quota, say)}"]
    if (refused := service.offer.unavailable()) is not None:
        lines.append(f"⚠️ {refused.in_words(say)}")
    return lines


def _line(job: Job, place: Place | None, say: Voice) -> str:
    prompt = quote(ResolvedRequest.from_json(job.request), length=PROMPT_LISTED)
    return f"**{job.id}** · {prompt}\n-# {_where(place, say)}"


def _where(place: Place | None, say: Voice) -> str:
    if place is None:
        return say("queue-posting")
    if place.paused:
        return say("queue-paused")
    if place.loading:
        return say("queue-loading")
    if place.position == 0:
        return say("queue-rendering", wait=wait(place, say))
    return say("queue-position", position=place.position, wait=wait(place, say))


async def setup(bot: Flipbook) -> None:
    """Add the commands and the buttons."""
    await bot.add_cog(Queue(bot))
    bot.add_dynamic_items(CancelButton, CancelHereButton, LookAgainButton)
