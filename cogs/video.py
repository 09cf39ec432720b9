"""/video, and the buttons that make a clip again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.cards import AGAIN, REROLL, custom_id
from generation.catalogue import MOVES, QUALITIES, steps_of
from generation.catalogue import motion as motion_of
from generation.errors import InvalidRequest
from generation.request import MAX_FRAMES, MAX_PROMPT_CHARACTERS, MAX_SEED, MAX_STEPS

from .ordering import order
from .replies import language_of, report, whisper

if TYPE_CHECKING:
    from bot.app import Flipbook

SUGGESTIONS = 25
"""Most autocomplete answers that Discord takes (docs: Application Commands)."""

SUGGESTION_CHARACTERS = 100


class Video(commands.Cog):
    """Asking for a clip."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description="Make a short video from a sentence.")
    @app_commands.describe(
        prompt="What the clip shows, for example: a red apple on a blue background",
        negative="What it must not show",
        motion="How the picture moves",
        quality="A draft is quick; the best takes twice as long as usual",
        frames="How many frames (more take longer)",
        steps="Denoising steps (more are finer and take longer)",
        guidance="How closely it follows the prompt",
        seed="The same seed and prompt give the same clip",
    )
    @app_commands.choices(
        motion=[Choice(name=name, value=name) for name in MOVES],
        quality=[Choice(name=name, value=name) for name in QUALITIES],
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def video(
        self,
        interaction: discord.Interaction,
        prompt: Range[str, 1, MAX_PROMPT_CHARACTERS],
        negative: Range[str, 1, MAX_PROMPT_CHARACTERS] | None = None,
        motion: Choice[str] | None = None,
        quality: Choice[str] | None = None,
        frames: Range[int, 1, MAX_FRAMES] | None = None,
        steps: Range[int, 1, MAX_STEPS] | None = None,
        guidance: Range[float, 0.0, 50.0] | None = None,
        seed: Range[int, 0, MAX_SEED] | None = None,
    ) -> None:
        """Order a clip."""
        fields: dict[str, Any] = {
            "prompt": prompt,
            "negative_prompt": negative,
            "frames": frames,
            "steps": steps,
            "guidance_scale": guidance,
            "seed": seed,
        }
        if (card := self.bot.service.card) is not None:
            if motion is not None:
                fields |= motion_of(motion.value, card.defaults, frames)._asdict()
            if quality is not None:
                try:
                    fields["steps"] = steps_of(quality.value, card.defaults, steps=steps)
                except InvalidRequest as error:
                    await report(interaction, error)
                    return
        await order(self.bot, interaction, fields)

    @video.autocomplete("prompt")
    async def suggest_prompt(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        """Sentences that the checkpoint can draw and that begin like the typed one."""
        sentences = self.bot.service.complete(
            typed,
            language=language_of(interaction),
            limit=SUGGESTIONS,
            max_characters=SUGGESTION_CHARACTERS,
        )
        return [Choice(name=sentence, value=sentence) for sentence in sentences]


class ClipButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"flipbook:(?P<verb>{AGAIN}|{REROLL}):(?P<job>\d+)"
):
    """Makes a clip from the recipe of another, for whoever presses it and on their quota.

    "Again" keeps the seed, "Re-roll" draws another.
    """

    def __init__(self, verb: str, job_id: int) -> None:
        super().__init__(discord.ui.Button(label="Again", custom_id=custom_id(verb, job_id)))
        self.verb = verb
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(match["verb"], int(match["job"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Order the clip."""
        bot: Flipbook = interaction.client
        try:
            request = await bot.service.recipe(self.job_id)
            if request is None:
                await whisper(interaction, "I have no recipe of that clip any more; use /video to ask anew.")
                return
            fields = request.model_dump()
            if self.verb == REROLL:
                del fields["seed"]
            message_id = interaction.message.id if interaction.message is not None else 0
            press = bot.key(f"{message_id}:{self.verb}:{self.job_id}")
            await order(bot, interaction, fields, press=press)
        except Exception as error:
            await report(interaction, error)


async def setup(bot: Flipbook) -> None:
    """Add the commands and the buttons."""
    await bot.add_cog(Video(bot))
    bot.add_dynamic_items(ClipButton)
