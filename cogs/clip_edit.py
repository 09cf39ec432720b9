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
from bot.variants import Edits, Form
from generation.catalogue import MOVES
from generation.quality import QUALITIES
from generation.request import MAX_PROMPT_CHARACTERS, MAX_SEED

from .buttons import JobButton
from .ordering import order
from .replies import report, voice_of

if TYPE_CHECKING:
    from bot.app import Flipbook

AS_IT_IS = "as-it-is"
"""Chosen where the clip's quality or motion has no name."""

SUBMITTED = re.compile(r"flipbook:edit:(?P<job>\d{1,19})")


class EditButton(JobButton, verb=Verb.EDIT):
    """Opens the recipe in a form."""

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """Show the form, filled in."""
        form = await bot.service.variants.form(self.job_id)
        await interaction.response.send_modal(EditModal(self.job_id, form, voice_of(interaction)))


class EditModal(ui.Modal):
    """A recipe that can be edited. `Editing` answers it, which needs nothing of the process that showed it."""

    def __init__(self, job_id: int, form: Form, say: Voice) -> None:
        super().__init__(title=say("clip-edit-title"), custom_id=custom_id(Verb.EDIT, job_id))
        request = form.request
        self.add_item(
            _labelled(
                say("clip-edit-prompt"),
                ui.TextInput(
                    custom_id="prompt",
                    style=discord.TextStyle.paragraph,
                    default=request.prompt,
                    max_length=MAX_PROMPT_CHARACTERS,
                ),
            )
        )
        self.add_item(
            _labelled(
                say("clip-edit-negative"),
                ui.TextInput(
                    custom_id="negative",
                    style=discord.TextStyle.paragraph,
                    default=request.negative_prompt or None,
                    required=False,
                    max_length=MAX_PROMPT_CHARACTERS,
                ),
            )
        )
        seed = ui.TextInput[Any](
            custom_id="seed", default=str(request.seed), required=False, max_length=len(str(MAX_SEED))
        )
        self.add_item(_labelled(say("clip-edit-seed"), seed, say("clip-edit-seed-hint")))
        qualities = {name: say(f"video-quality-{name}") for name in QUALITIES}
        self.add_item(_labelled(say("clip-edit-quality"), _select("quality", qualities, form.quality, say)))
        motions = {name: say(f"video-motion-{name}") for name in MOVES}
        self.add_item(_labelled(say("clip-edit-motion"), _select("motion", motions, form.motion, say)))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Nothing: `Editing` has heard of it as well."""


class Editing(commands.Cog):
    """Answers edited recipes."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Order the clip of an edited recipe, whichever process has shown the form."""
        data: Any = interaction.data or {}
        submitted = SUBMITTED.fullmatch(data.get("custom_id", ""))
        if interaction.type is not discord.InteractionType.modal_submit or submitted is None:
            return
        try:
            edits = edits_of(written(data))
            variants, job_id = self.bot.service.variants, int(submitted["job"])
            request = await variants.edited(job_id, edits)
            await order(self.bot, interaction, request.model_dump(), private=await variants.is_private(job_id))
        except Exception as error:
            await report(interaction, error)


def written(data: Any) -> dict[str, str]:
    """What stands in a submitted form: the value or the first choice of each field, by the field's id."""
    fields: dict[str, str] = {}
    for label in data.get("components", ()):
        field: Any = label.get("component", {})
        chosen: Any = field.get("values") or [""]
        fields[field.get("custom_id", "")] = str(field.get("value") or chosen[0])
    return fields


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


def _labelled(text: str, field: ui.Item[Any], hint: str | None = None) -> ui.Label[Any]:
    return ui.Label(text=text, description=hint, component=field)


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
