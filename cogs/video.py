"""/video: asking for a clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.choices import NO_STYLE, Choices
from bot.speech import said
from generation.catalogue import MOVES, SHAPES
from generation.quality import QUALITIES
from generation.request import MAX_PROMPT_CHARACTERS, MAX_SEED

from .ordering import order
from .replies import PLANNED, language_of, report, voice_of

if TYPE_CHECKING:
    from bot.app import Flipbook

SUGGESTIONS = 25
"""Most autocomplete answers that Discord takes (docs: Application Commands)."""

SUGGESTION_CHARACTERS = 100

PLAIN = "-"
"""The option's value for `NO_STYLE`; no style can have this name."""


class Video(commands.Cog):
    """Asking for a clip."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot
        app_commands.choices(
            length=[
                Choice(name=said("video-length", seconds=each.seconds, frames=each.frames), value=each.seconds)
                for each in bot.service.offer.lengths
            ]
        )(self.video)

    # texts: video-motion-static video-motion-right video-motion-left video-motion-down video-motion-up
    # texts: video-motion-up-right video-motion-up-left video-motion-down-right video-motion-down-left
    # texts: video-motion-zoom-in video-motion-zoom-out
    # texts: video-motion-rotate-clockwise video-motion-rotate-counterclockwise
    # texts: video-quality-draft video-quality-balanced video-quality-best
    # texts: video-shape-square video-shape-portrait video-shape-landscape
    @app_commands.command(description=said("video-description"))
    @app_commands.describe(
        prompt=said("video-prompt"),
        negative=said("video-negative"),
        length=said("video-length-option"),
        motion=said("video-motion"),
        style=said("video-style"),
        quality=said("video-quality"),
        shape=said("video-shape"),
        loop=said("video-loop"),
        seed=said("video-seed"),
        first_picture=said("video-first-picture"),
        private=said("video-private"),
    )
    @app_commands.choices(
        motion=[Choice(name=said(f"video-motion-{name}"), value=name) for name in MOVES],
        quality=[Choice(name=said(f"video-quality-{name}"), value=name) for name in QUALITIES],
        shape=[Choice(name=said(f"video-shape-{name}"), value=name) for name in SHAPES],
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def video(
        self,
        interaction: discord.Interaction,
        prompt: Range[str, 1, MAX_PROMPT_CHARACTERS],
        negative: Range[str, 1, MAX_PROMPT_CHARACTERS] | None = None,
        length: float | None = None,
        motion: str | None = None,
        style: Range[str, 1, SUGGESTION_CHARACTERS] | None = None,
        quality: str | None = None,
        shape: str | None = None,
        loop: bool | None = None,
        seed: Range[int, 0, MAX_SEED] | None = None,
        first_picture: discord.Attachment | None = None,
        private: bool | None = None,
    ) -> None:
        """Order a clip."""
        service = self.bot.service
        try:
            own = Choices.parse(
                negative=negative,
                length=length,
                motion=motion,
                style=NO_STYLE if style == PLAIN else style,
                quality=quality,
                shape=shape,
                loop=loop,
                private=private,
            )
            choices = service.offer.chosen(own, user_id=interaction.user.id, guild_id=interaction.guild_id)
            fields = {"prompt": prompt, "seed": seed, **service.offer.fields(choices)}
        except PLANNED as error:
            await report(interaction, error)
            return
        await order(self.bot, interaction, fields, picture=first_picture, private=bool(choices.private))

    @video.autocomplete("prompt")
    async def suggest_prompt(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        """Sentences that the checkpoint can draw and that begin like the typed one."""
        sentences = self.bot.service.offer.complete(
            typed,
            language=language_of(interaction),
            limit=SUGGESTIONS,
            max_characters=SUGGESTION_CHARACTERS,
        )
        return [Choice(name=sentence, value=sentence) for sentence in sentences]

    @video.autocomplete("style")
    async def suggest_style(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        """The installation's styles whose names hold what is typed, and the checkpoint as it is."""
        plain = Choice(name=voice_of(interaction)("video-style-none"), value=PLAIN)
        styles = [plain, *(Choice(name=name, value=name) for name in self.bot.service.offer.styles.names)]
        return [style for style in styles if typed.casefold() in style.name.casefold()][:SUGGESTIONS]


async def setup(bot: Flipbook) -> None:
    """Add the command."""
    await bot.add_cog(Video(bot))
