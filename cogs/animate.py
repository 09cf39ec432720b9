"""The menu entry "Animate this picture" of any message: a form asks for the prompt of a clip that begins with it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, cast

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.choices import Choices
from bot.orders import Refused
from bot.speech import Voice, said
from generation.catalogue import MOVES
from generation.quality import QUALITIES
from generation.request import MAX_PROMPT_CHARACTERS

from .ordering import order
from .place import check_place
from .replies import report, voice_of
from .uploads import check_picture, is_picture

if TYPE_CHECKING:
    from bot.app import Flipbook

FORM = "flipbook:animate"

OPEN_S = 86_400.0
"""How long a form may stay open; Discord's link to the picture lives as long."""


class Animate(commands.Cog):
    """Making a picture move."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot
        self._run = f"{FORM}:{secrets.token_hex(4)}"  # forms of an earlier process are told from ours
        self.menu = menu = app_commands.ContextMenu(name=said("animate-title"), callback=self.animate)
        menu.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        menu.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
        bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take the menu's entry out again."""
        self.bot.tree.remove_command(self.menu.name, type=self.menu.type)

    async def animate(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Ask for the prompt, or say why there is nothing to ask for."""
        try:
            picture = next((each for each in message.attachments if is_picture(each)), None)
            if picture is None:
                raise Refused("animate-no-picture")
            check_picture(picture)
            choices = self.bot.service.offer.chosen(
                Choices(), user_id=interaction.user.id, guild_id=interaction.guild_id
            )
            if not choices.private:
                check_place(interaction)
        except Exception as error:
            await report(interaction, error)
            return
        form = AnimateForm(self.bot, voice_of(interaction), picture, f"{self._run}:{interaction.id}")
        await interaction.response.send_modal(form)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a form of an earlier process, whose picture nobody remembers."""
        custom_id = str(cast(dict[str, Any], interaction.data or {}).get("custom_id", ""))
        is_form = interaction.type is discord.InteractionType.modal_submit and custom_id.startswith(f"{FORM}:")
        if is_form and not custom_id.startswith(f"{self._run}:"):
            await report(interaction, Refused("animate-restarted"))


class AnimateForm(ui.Modal):
    """What else there is to say of a clip that begins with a picture."""

    def __init__(self, bot: Flipbook, say: Voice, picture: discord.Attachment, custom_id: str) -> None:
        super().__init__(title=say("animate-title"), timeout=OPEN_S, custom_id=custom_id)
        self._bot = bot
        self._picture = picture
        self.prompt: ui.TextInput[Any] = ui.TextInput(
            custom_id="prompt",
            style=discord.TextStyle.paragraph,
            max_length=MAX_PROMPT_CHARACTERS,
            placeholder=say("animate-placeholder"),
        )
        self.motion = _select("motion", {name: say(f"video-motion-{name}") for name in MOVES})
        self.quality = _select("quality", {name: say(f"video-quality-{name}") for name in QUALITIES})
        self.add_item(ui.Label(text=say("animate-prompt"), component=self.prompt))
        self.add_item(ui.Label(text=say("animate-motion"), component=self.motion))
        self.add_item(ui.Label(text=say("animate-quality"), component=self.quality))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Order the clip."""
        service = self._bot.service
        try:
            own = Choices.parse(motion=_chosen(self.motion), quality=_chosen(self.quality))
            choices = service.offer.chosen(own, user_id=interaction.user.id, guild_id=interaction.guild_id)
            fields = {"prompt": self.prompt.value, **service.offer.fields(choices)}
            await order(self._bot, interaction, fields, picture=self._picture, private=bool(choices.private))
        except Exception as error:
            await report(interaction, error)


def _select(custom_id: str, names: dict[str, str]) -> ui.Select[Any]:
    options = [discord.SelectOption(label=name, value=value) for value, name in names.items()]
    return ui.Select(custom_id=custom_id, options=options, required=False, min_values=0)


def _chosen(select: ui.Select[Any]) -> str | None:
    return next(iter(select.values), None)


async def setup(bot: Flipbook) -> None:
    """Add the menu's entry and its form."""
    await bot.add_cog(Animate(bot))
