"""/queue and /cancel, and the cancel button of a waiting or running job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.cards import CANCEL, PROMPT_LISTED, custom_id, quote, wait
from bot.messages import Place
from bot.speech import Voice
from data import CancelOutcome, Job
from generation.request import ResolvedRequest

from .replies import left_today, report, roles_of, voice_of, whisper

if TYPE_CHECKING:
    from bot.app import Flipbook

LISTED = 5
"""Jobs that /queue names: with the longest prompts and a reason below them they fit one message."""

OUTCOMES = {
    CancelOutcome.CANCELLED: "Job {job} is cancelled; it costs nothing of your quota.",
    CancelOutcome.REQUESTED: "Job {job} stops at its next step.",
    CancelOutcome.TOO_LATE: "Job {job} is over already; nothing to cancel.",
    CancelOutcome.NOT_FOUND: "You have no job {job}. Only your own jobs can be cancelled; /queue lists them.",
}


class Queue(commands.Cog):
    """Looking after one's waiting jobs."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description="Your waiting clips, their places and when they will be ready.")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def queue(self, interaction: discord.Interaction) -> None:
        """List the member's own jobs, to them alone."""
        service = self.bot.service
        jobs = await service.mine(interaction.user.id)
        quota = await service.quota(interaction.user.id, guild_id=interaction.guild_id, role_ids=roles_of(interaction))
        lines = [_line(job, place, voice_of(interaction)) for job, place in jobs[:LISTED]] or [
            "You have no clips on their way."
        ]
        if len(jobs) > LISTED:
            lines.append(f"… and {len(jobs) - LISTED} more")
        lines.append(f"-# {service.waiting()} waiting in all · {left_today(quota, voice_of(interaction))}")
        if (refused := service.unavailable()) is not None:
            lines.append(f"⚠️ {refused.in_words(voice_of(interaction))}")
        await whisper(interaction, "\n".join(lines))

    @app_commands.command(description="Cancel one of your clips.")
    @app_commands.describe(job="Which one; all your waiting clips are offered")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def cancel(self, interaction: discord.Interaction, job: int | None = None) -> None:
        """Cancel the named job, or the only one there is."""
        if job is None:
            mine = await self.bot.service.mine(interaction.user.id)
            if len(mine) != 1:
                text = "You have no clips on their way." if not mine else "You have several; choose one by `job:`."
                await whisper(interaction, text)
                return
            job = mine[0][0].id
        await whisper(interaction, await cancel_in_words(self.bot, job, interaction.user.id))

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


class CancelButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"flipbook:{CANCEL}:(?P<job>\d+)"):
    """Cancels the presser's own job."""

    def __init__(self, job_id: int) -> None:
        super().__init__(discord.ui.Button(label="Cancel", custom_id=custom_id(CANCEL, job_id)))
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(int(match["job"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel and say what came of it."""
        bot: Flipbook = interaction.client
        try:
            await whisper(interaction, await cancel_in_words(bot, self.job_id, interaction.user.id))
        except Exception as error:
            await report(interaction, error)


async def cancel_in_words(bot: Flipbook, job_id: int, user_id: int) -> str:
    """Cancel a job of this member and say what came of it."""
    outcome = await bot.service.cancel(job_id, user_id=user_id)
    return OUTCOMES[outcome].format(job=job_id)


def _line(job: Job, place: Place | None, say: Voice) -> str:
    if place is None:
        where = "being posted"
    elif place.position == 0:
        where = f"rendering, ready in {wait(place, say)}"
    elif place.paused:
        where = say("admin-waits-paused")
    else:
        where = f"position {place.position}, ready in {wait(place, say)}"
    return f"**{job.id}** · {quote(ResolvedRequest.from_json(job.request), length=PROMPT_LISTED)} · {where}"


async def setup(bot: Flipbook) -> None:
    """Add the commands and the button."""
    await bot.add_cog(Queue(bot))
    bot.add_dynamic_items(CancelButton)
