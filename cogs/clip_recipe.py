"""How a clip was made, to read and to copy: a button below the clip, and a message command on any message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.buttons import Verb, button_row, job_ids_of
from bot.cards import quote
from bot.choices import seconds_of
from bot.plain import plain
from bot.speech import Voice, said
from bot.variants import Form
from generation.shapes import shape_of

from .buttons import JobButton
from .replies import report, voice_of, whisper

if TYPE_CHECKING:
    from bot.app import Flipbook

PROMPT_SHOWN = 1000
"""All of the longest prompt."""

COPY_CHARACTERS = 1500
"""Of the command to copy; a message of components takes 4,000 characters in all."""


class RecipeButton(JobButton, verb=Verb.RECIPE):
    """Shows the recipe to whoever presses it."""

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """Show it to them alone."""
        await show_recipe(bot, interaction, self.job_id)


class Recipe(commands.Cog):
    """The command in a message's menu."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot
        self.menu = app_commands.ContextMenu(
            name=said("clip-recipe-menu"),
            callback=self.recipe,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )

    async def cog_load(self) -> None:
        """Register the command: a cog's own decorators know none of this kind."""
        self.bot.tree.add_command(self.menu)

    async def cog_unload(self) -> None:
        """Take it back."""
        self.bot.tree.remove_command(self.menu.name, type=self.menu.type)

    async def recipe(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Show how the clip of a message was made, to the member alone."""
        ours = self.bot.user is not None and message.author.id == self.bot.user.id
        job_ids = job_ids_of(message) if ours else set[int]()
        if len(job_ids) != 1:
            await whisper(interaction, voice_of(interaction)("clip-no-clip-here"))
            return
        try:
            await show_recipe(self.bot, interaction, job_ids.pop())
        except Exception as error:
            await report(interaction, error)


async def show_recipe(bot: Flipbook, interaction: discord.Interaction[Any], job_id: int) -> None:
    """Answer with a job's recipe.

    Raises:
        Refused: there is no such job, it was deleted, or its style is gone.
    """
    form = await bot.service.variants.form(job_id)
    await interaction.response.send_message(view=recipe_card(form, job_id, voice_of(interaction)), ephemeral=True)


def recipe_card(form: Form, job_id: int, say: Voice) -> ui.LayoutView:
    """A recipe in words, as a command to copy, and what can be done with it."""
    request = form.request
    view = ui.LayoutView(timeout=None)
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(f"### {say('clip-recipe-title', job=str(job_id))}"))
    box.add_item(ui.TextDisplay(f"> {quote(request, length=PROMPT_SHOWN)}"))
    box.add_item(ui.TextDisplay("\n".join(_facts(form, say))))
    box.add_item(ui.TextDisplay(f"```\n{_command(form)}\n```"))
    box.add_item(button_row((Verb.AGAIN, Verb.EDIT), job_id, say))
    view.add_item(box)
    view.stop()  # presses are answered by the dynamic buttons
    return view


def _facts(form: Form, say: Voice) -> Iterator[str]:
    request = form.request
    width, height = request.file_size
    if request.negative_prompt:
        yield say("clip-recipe-negative", text=plain(request.negative_prompt, 200))
    yield say("clip-recipe-seed", seed=str(request.seed))
    yield say(
        "clip-recipe-length",
        frames=request.file_frames,
        fps=request.file_fps,
        seconds=round(request.file_frames / request.file_fps, 1),
    )
    yield say("clip-recipe-size", size=f"{width} x {height}")
    yield say("clip-recipe-motion", motion=motion_in_words(form, say))
    yield say(
        "clip-recipe-drawing",
        steps=request.steps,
        sampler=request.sampler,
        guidance=round(request.guidance_scale, 2),
    )
    if request.style:
        yield say("clip-recipe-style", style=plain(request.style, 60))


def motion_in_words(form: Form, say: Voice) -> str:
    """The name of the motion, or what it is per frame where it has none."""
    if form.motion is not None:
        return say(f"video-motion-{form.motion}")
    request = form.request
    parts = [f"{request.dx:g}, {request.dy:g} px"]
    if request.zoom != 1:
        parts.append(f"{100 * (request.zoom - 1):+.2g} %")
    if request.rotation:
        parts.append(f"{request.rotation:+g}°")
    return " · ".join(parts)


def _command(form: Form) -> str:
    """The slash command that asks for much the same; Discord's client takes it as it is pasted."""
    request = form.request
    length, shape = seconds_of(request.frames, request.fps), shape_of(request.width, request.height)
    options = {
        "prompt": request.prompt,
        "negative": request.negative_prompt,
        "length": None if length is None else f"{length:g}",
        "motion": form.motion,
        "quality": form.quality,
        "shape": None if shape == "square" else shape,
        "loop": request.trajectory == "loop",
        "style": request.style,
        "seed": str(request.seed),
    }
    text = "/video " + " ".join(f"{name}:{value}" for name, value in options.items() if value)
    return text.replace("`", "'")[:COPY_CHARACTERS]  # nothing ends the block of code that it stands in


async def setup(bot: Flipbook) -> None:
    """Add the command and the button."""
    await bot.add_cog(Recipe(bot))
    bot.add_dynamic_items(RecipeButton)
