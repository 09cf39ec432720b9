"""/settings: what a member's or a server's clips are like where a command says nothing, and the language."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.choices import Choices
from bot.orders import Refused
from bot.preferences import LANGUAGE, NOTHING, Owner, Whose
from bot.speech import said
from generation.request import MAX_PROMPT_CHARACTERS

from .buttons import NEVER
from .forms import Form, answers, written
from .replies import report, voice_of
from .settings_panel import PAGE, Panel, panel_id

if TYPE_CHECKING:
    from bot.app import Flipbook

NAMES = "|".join((*Choices.model_fields, LANGUAGE))
WHOSE = "|".join(Whose)

NEGATIVE_FORM = "settings-negative-form"
NEGATIVE_SUBMITTED = rf"flipbook:{NEGATIVE_FORM}:(?P<whose>{WHOSE})"


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Settings(commands.GroupCog, group_name="settings", group_description=said("settings-description")):
    """Choosing once for all clips."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description=said("settings-me-description"))
    async def me(self, interaction: discord.Interaction) -> None:
        """Show the member's own settings."""
        await _show(interaction, Whose.ME)

    @app_commands.command(description=said("settings-server-description"))
    async def server(self, interaction: discord.Interaction) -> None:
        """Show the server's settings to who may manage it."""
        await _show(interaction, Whose.SERVER)

    @answers(NEGATIVE_SUBMITTED)
    async def negative_chosen(self, interaction: discord.Interaction[Any], submitted: re.Match[str]) -> None:
        """Store what clips must not show and show the panel anew; a server's holds in all its channels."""
        whose, text = Whose(submitted["whose"]), written(interaction).get("negative", "").strip()
        guild_id = interaction.guild_id if whose is Whose.SERVER else None
        prompts = panel_of(interaction, whose).service.prompts
        await prompts.check_negative(text, guild_id=guild_id)
        await _change(interaction, whose, "negative", text or None)


class SettingSelect(ui.DynamicItem[ui.Select[Any]], template=rf"flipbook:setting:(?P<whose>{WHOSE}):(?P<name>{NAMES})"):
    """Chooses one setting."""

    def __init__(self, whose: Whose, name: str) -> None:
        super().__init__(ui.Select(custom_id=panel_id("setting", whose, name)))
        self.whose = whose
        self.name = name

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a select that is used, also one of an earlier process."""
        return cls(Whose(match["whose"]), match["name"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Store what was chosen and show the panel anew; or show other values."""
        value = json.loads(self.item.values[0])
        if isinstance(value, dict):
            await self._turn(interaction, cast(dict[str, int], value)[PAGE])
        else:
            await _change(interaction, self.whose, self.name, value)

    async def _turn(self, interaction: discord.Interaction[Any], page: int) -> None:
        try:
            view = panel_of(interaction, self.whose).view(turned=(self.name, page))
            await interaction.response.edit_message(view=view)
        except Exception as error:
            await report(interaction, error)


class PanelButton(ui.DynamicItem[ui.Button[Any]], template=NEVER):
    """A button of the panel; a subclass names its verb and says what it does."""

    verb: ClassVar[str]

    def __init_subclass__(cls, *, verb: str) -> None:
        super().__init_subclass__(template=rf"flipbook:{verb}:(?P<whose>{WHOSE})")
        cls.verb = verb

    def __init__(self, whose: Whose) -> None:
        super().__init__(ui.Button(custom_id=panel_id(self.verb, whose)))
        self.whose = whose

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(Whose(match["whose"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, or say why it cannot be done."""
        try:
            await self.press(interaction, panel_of(interaction, self.whose))
        except Exception as error:
            await report(interaction, error)

    async def press(self, interaction: discord.Interaction[Any], panel: Panel) -> None:
        """What the button does; what it raises is told to who pressed it."""
        raise NotImplementedError


class NegativeButton(PanelButton, verb="settings-negative"):
    """Asks what the clips must not show."""

    async def press(self, interaction: discord.Interaction[Any], panel: Panel) -> None:
        """Open the modal with what is chosen so far."""
        chosen = panel.service.preferences.of(panel.owner).choices.negative
        await interaction.response.send_modal(negative_form(panel, chosen))


def negative_form(panel: Panel, chosen: str | None) -> Form:
    """Asks what the clips must not show; nothing leaves it open."""
    form = Form(panel.say("settings-name-negative"), panel_id(NEGATIVE_FORM, panel.owner.whose))
    text = ui.TextInput[Any](
        custom_id="negative",
        style=discord.TextStyle.paragraph,
        default=chosen,
        required=False,
        max_length=MAX_PROMPT_CHARACTERS,
    )
    form.ask(panel.say("settings-negative-label"), text)
    return form


class ResetButton(PanelButton, verb="settings-reset"):
    """Leaves everything open again."""

    async def press(self, interaction: discord.Interaction[Any], panel: Panel) -> None:
        """Forget what was chosen and show the panel anew."""
        await panel.service.preferences.put(panel.owner, NOTHING)
        await interaction.response.edit_message(view=panel_of(interaction, self.whose).view())


async def _show(interaction: discord.Interaction[Any], whose: Whose) -> None:
    try:
        await interaction.response.send_message(view=panel_of(interaction, whose).view(), ephemeral=True)
    except Refused as error:
        await report(interaction, error)


async def _change(interaction: discord.Interaction[Any], whose: Whose, name: str, value: Any) -> None:
    """Store one setting of who uses the panel; their language may be another one from here on."""
    try:
        panel = panel_of(interaction, whose)
        await panel.service.preferences.change(panel.owner, name, value)
        await interaction.response.edit_message(view=panel_of(interaction, whose).view())
    except Exception as error:
        await report(interaction, error)


def panel_of(interaction: discord.Interaction[Any], whose: Whose) -> Panel:
    """The panel of who asks.

    Raises:
        Refused: a server's settings are asked for outside of servers, or by somebody who may not manage it.
    """
    bot: Flipbook = interaction.client
    guild_id = interaction.guild_id
    if whose is Whose.ME:
        return Panel(bot.service, voice_of(interaction), Owner(whose, interaction.user.id), guild_id)
    if guild_id is None:
        raise Refused("settings-no-server")
    if not interaction.permissions.manage_guild:
        raise Refused("settings-not-allowed")
    return Panel(bot.service, voice_of(interaction), Owner(whose, guild_id), guild_id)


async def setup(bot: Flipbook) -> None:
    """Add the commands and the panel's items."""
    await bot.add_cog(Settings(bot))
    bot.add_dynamic_items(SettingSelect, NegativeButton, ResetButton)
