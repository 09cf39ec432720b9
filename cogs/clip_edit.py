"""The button that opens a clip's recipe to be edited, and what becomes of the edited one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.ext import commands

from bot.buttons import Verb, custom_id
from bot.orders import Refused
from bot.speech import Voice
from bot.variants import Edits
from bot.variants import Form as Recipe
from generation.catalogue import MOVES
from generation.quality import QUALITIES
from generation.request import MAX_PROMPT_CHARACTERS, MAX_SEED

from .buttons import JobButton
from .forms import Form, answers, written
from .ordering import order
from .replies import voice_of

if TYPE_CHECKING:
    from bot.app import Flipbook

AS_IT_IS = "as-it-is"
"""Chosen where the clip's quality or motion has no name."""

SUBMITTED = rf"flipbook:{Verb.EDIT}:(?P<job>\d{{1,19}})"


class EditButton(JobButton, verb=Verb.EDIT):
    """Opens the recipe in a form."""

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """Show the form, filled in."""
        form = await bot.service.variants.form(self.job_id)
        await interaction.response.send_modal(edit_form(self.job_id, form, voice_of(interaction)))


def edit_form(job_id: int, form: Recipe, say: Voice) -> Form:
    """A recipe that can be edited; `Editing` answers it."""
    modal, request = Form(say("clip-edit-title"), custom_id(Verb.EDIT, job_id)), form.request
    prompt = ui.TextInput[Any](
        custom_id="prompt",
        style=discord.TextStyle.paragraph,
        default=request.prompt,
        max_length=MAX_PROMPT_CHARACTERS,
    )
    negative = ui.TextInput[Any](
        custom_id="negative",
        style=discord.TextStyle.paragraph,
        default=request.negative_prompt or None,
        required=False,
        max_length=MAX_PROMPT_CHARACTERS,
    )
    seed = ui.TextInput[Any](custom_id="seed", default=str(request.seed), required=False, max_length=len(str(MAX_SEED)))
    qualities = {name: say(f"video-quality-{name}") for name in QUALITIES}
    motions = {name: say(f"video-motion-{name}") for name in MOVES}
    modal.ask(say("clip-edit-prompt"), prompt)
    modal.ask(say("clip-edit-negative"), negative)
    modal.ask(say("clip-edit-seed"), seed, say("clip-edit-seed-hint"))
    modal.ask(say("clip-edit-quality"), _select("quality", qualities, form.quality, say))
    modal.ask(say("clip-edit-motion"), _select("motion", motions, form.motion, say))
    return modal


class Editing(commands.Cog):
    """Answers edited recipes."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @answers(SUBMITTED)
    async def edited(self, interaction: discord.Interaction[Any], submitted: re.Match[str]) -> None:
        """Order the clip of an edited recipe."""
        edits = edits_of(written(interaction))
        variants, job_id = self.bot.service.variants, int(submitted["job"])
        request = await variants.edited(job_id, edits)
        await order(self.bot, interaction, request.model_dump(), private=await variants.is_private(job_id))


def edits_of(fields: dict[str, str]) -> Edits:
    """Edits from a form's fields.

    Raises:
        Refused: the seed is no number that can be one.
    """
    seed = fields.get("seed", "").strip()
    if seed and not (seed.isascii() and seed.isdigit() and int(seed) <= MAX_SEED):
        raise Refused("clip-edit-no-seed", most=str(MAX_SEED))
    named = {name: fields.get(name) for name in ("quality", "motion")}
    return Edits(
        prompt=fields.get("prompt", ""),
        negative_prompt=fields.get("negative", ""),
        seed=int(seed) if seed else None,
        quality=named["quality"] if named["quality"] in QUALITIES else None,
        motion=named["motion"] if named["motion"] in MOVES else None,
    )


def _select(name: str, choices: dict[str, str], chosen: str | None, say: Voice) -> ui.Select[Any]:
    select: ui.Select[Any] = ui.Select(custom_id=name)
    if chosen is None:
        select.add_option(label=say("clip-edit-as-it-is"), value=AS_IT_IS, default=True)
    for value, label in choices.items():
        select.add_option(label=label, value=value, default=value == chosen)
    return select


async def setup(bot: Flipbook) -> None:
    """Add the button and what answers its form."""
    await bot.add_cog(Editing(bot))
    bot.add_dynamic_items(EditButton)
