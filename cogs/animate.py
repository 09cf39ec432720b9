"""The menu entry "Animate this picture" of any message: a form asks for the prompt of a clip that begins with it."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.choices import Choices
from bot.orders import Refused
from bot.speech import Voice, said
from generation.catalogue import MOVES
from generation.quality import QUALITIES
from generation.request import MAX_PROMPT_CHARACTERS

from .forms import Form, answers, written
from .ordering import order
from .place import check_place
from .replies import NO_ANSWER, report, voice_of
from .uploads import check_picture, is_picture

if TYPE_CHECKING:
    from bot.app import Flipbook

FORM = "flipbook:animate:{message}:{picture}"
SUBMITTED = FORM.format(message=r"(?P<message>\d{1,19})", picture=r"(?P<picture>\d{1,19})")

REMEMBERED = 1000
"""Pictures of forms that were shown last. Others are looked up, which is not possible everywhere."""


class Animate(commands.Cog):
    """Making a picture move."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot
        self._found: OrderedDict[int, discord.Attachment] = OrderedDict()
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
        self._found[picture.id] = picture
        while len(self._found) > REMEMBERED:
            self._found.popitem(last=False)
        await interaction.response.send_modal(_form(message.id, picture.id, voice_of(interaction)))

    @answers(SUBMITTED)
    async def chosen(self, interaction: discord.Interaction[Any], submitted: re.Match[str]) -> None:
        """Order the clip of a form."""
        service, fields = self.bot.service, written(interaction)
        own = Choices.parse(motion=fields.get("motion") or None, quality=fields.get("quality") or None)
        choices = service.offer.chosen(own, user_id=interaction.user.id, guild_id=interaction.guild_id)
        wish = {"prompt": fields.get("prompt", ""), **service.offer.fields(choices)}
        picture = await self._picture(interaction, int(submitted["message"]), int(submitted["picture"]))
        await order(self.bot, interaction, wish, picture=picture, private=bool(choices.private))

    async def _picture(
        self, interaction: discord.Interaction[Any], message_id: int, picture_id: int
    ) -> discord.Attachment:
        """The picture that a form is about; one of an earlier process is looked for in its message.

        Without the privileged intent Discord shows the files of others' messages only where the bot is mentioned and in
        its direct messages (docs: Gateway, Message Content Intent).

        Raises:
            Refused: the message's files cannot be read by the bot, or the picture is gone.
        """
        if (found := self._found.get(picture_id)) is not None:
            return found
        # Only where the member is: nobody may reach for pictures elsewhere.
        channel = self.bot.get_partial_messageable(interaction.channel_id or 0, guild_id=interaction.guild_id)
        try:
            message = await channel.fetch_message(message_id)
        except NO_ANSWER as error:
            raise Refused("animate-restarted") from error
        found = next((each for each in message.attachments if each.id == picture_id), None)
        if found is None:
            raise Refused("animate-restarted")
        return found


def _form(message_id: int, picture_id: int, say: Voice) -> Form:
    """What else there is to say of a clip that begins with a picture."""
    form = Form(say("animate-title"), FORM.format(message=message_id, picture=picture_id))
    prompt = ui.TextInput[Any](
        custom_id="prompt",
        style=discord.TextStyle.paragraph,
        max_length=MAX_PROMPT_CHARACTERS,
        placeholder=say("animate-placeholder"),
    )
    form.ask(say("animate-prompt"), prompt)
    form.ask(say("animate-motion"), _select("motion", {name: say(f"video-motion-{name}") for name in MOVES}))
    form.ask(say("animate-quality"), _select("quality", {name: say(f"video-quality-{name}") for name in QUALITIES}))
    return form


def _select(custom_id: str, names: dict[str, str]) -> ui.Select[Any]:
    options = [discord.SelectOption(label=name, value=value) for value, name in names.items()]
    return ui.Select(custom_id=custom_id, options=options, required=False, min_values=0)


async def setup(bot: Flipbook) -> None:
    """Add the menu's entry and its form."""
    await bot.add_cog(Animate(bot))
