"""/help: what the bot does, what it can draw and how it is asked; in the member's language, for their eyes only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.buttons import custom_id
from bot.examples import examples
from bot.plain import plain
from bot.remarks import count
from bot.speech import Voice, said
from generation.catalogue import CheckpointCard
from generation.wording import Thing

from .replies import left_today, report, roles_of, voice_of

if TYPE_CHECKING:
    from bot.app import Flipbook

EXAMPLES = 3

PAGE_CHARACTERS = 3500
"""Of a page; a message of components takes 4,000 characters in all."""

LINE_CHARACTERS = 1000
"""Of a line of the list, so that lines fill pages."""

GROUP = 4
"""Things that make a group of their own in the list, at least."""


class Help(commands.Cog):
    """Saying what can be asked for."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @app_commands.command(description=said("help-description"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction) -> None:
        """Show the first page, to the member alone."""
        await interaction.response.send_message(view=await help_page(self.bot, interaction, 0), ephemeral=True)


class HelpButton(ui.DynamicItem[ui.Button[Any]], template=r"flipbook:help:(?P<page>\d{1,4})"):
    """Turns to a page of the list, for whoever presses it."""

    def __init__(self, page: int) -> None:
        super().__init__(ui.Button(label="…", custom_id=custom_id("help", page)))
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild a pressed button, also one of an earlier process."""
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Replace the page."""
        bot: Flipbook = interaction.client
        try:
            await interaction.response.edit_message(view=await help_page(bot, interaction, self.page))
        except Exception as error:
            await report(interaction, error)


async def help_page(bot: Flipbook, interaction: discord.Interaction[Any], page: int) -> ui.LayoutView:
    """One page: the introduction, or a part of what can be drawn."""
    card, say = bot.service.offer.card, voice_of(interaction)
    lists = [] if card is None else pages(_list(card, say), PAGE_CHARACTERS)
    texts = ["\n".join(_introduction(bot, interaction, say))[:PAGE_CHARACTERS], *lists]
    page = min(page, len(texts) - 1)  # the checkpoint may have changed since the button was shown
    view = ui.LayoutView(timeout=None)
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(texts[page]))
    quota = await bot.service.limits.quota(
        interaction.user.id, guild_id=interaction.guild_id, role_ids=roles_of(interaction)
    )
    box.add_item(ui.TextDisplay(f"-# {left_today(quota, say)}"))
    turns = [(say("help-back"), page - 1), (say("help-more" if page else "help-list"), page + 1)]
    buttons: list[ui.Button[ui.LayoutView]] = [
        ui.Button(label=label, custom_id=custom_id("help", other)) for label, other in turns if 0 <= other < len(texts)
    ]
    if buttons:
        box.add_item(ui.ActionRow(*buttons))
    view.add_item(box)
    view.stop()  # presses are answered by the dynamic buttons
    return view


def pages(lines: Iterable[str], limit: int) -> list[str]:
    """Lines, each of at most `limit` characters, put together on as few pages as hold so many in their order."""
    full: list[str] = []
    for line in lines:
        if full and len(full[-1]) + 1 + len(line) <= limit:
            full[-1] = f"{full[-1]}\n{line}"
        else:
            full.append(line)
    return full


def _introduction(bot: Flipbook, interaction: discord.Interaction[Any], say: Voice) -> Iterator[str]:
    yield say("help-introduction")
    if (refused := bot.service.offer.unavailable()) is not None:
        yield f"⚠️ {refused.in_words(say)}"
    card = bot.service.offer.card
    if card is not None:
        yield say("help-can-draw", count=count(card, say)) if card.vocabulary else say("help-anything")
    if card is not None and (shown := examples(card, say)[:EXAMPLES]):
        yield say("help-for-example")
        yield from (f"/video prompt: {plain(example, 100)}" for example in shown)
    yield say("help-commands")
    yield from (
        f"{command} · {description}" for command, description in bot.described(interaction.permissions, say.language)
    )
    if menus := bot.menus(say.language):
        yield say("help-menus", names=say("list-comma").join(menus))


def _list(card: CheckpointCard, say: Voice) -> Iterator[str]:
    """What the checkpoint can draw, in lines that fit on a page."""
    vocabulary, language, comma = card.vocabulary, say.tongue, say("list-comma")
    if not vocabulary:
        return
    groups = _groups(vocabulary.objects)
    for tag, things in groups.items():
        rest = say("help-rest") if len(groups) > 1 else ""
        heading = say("help-group", tag=tag) if tag else rest
        yield from _wrapped(heading, [thing.called(language) for thing in things], comma)
    yield from _wrapped(say("help-on"), [thing.called(language) for thing in vocabulary.backgrounds], comma)
    coloured: dict[tuple[str, ...], list[str]] = {}
    for thing in vocabulary.objects:
        if thing.colours:
            coloured.setdefault(thing.colours, []).append(thing.called(language))
    for colours, names in coloured.items():
        yield from _wrapped(say("help-also-in", colours=comma.join(colours)), names, comma)


def _groups(things: Sequence[Thing]) -> dict[str, list[Thing]]:
    """Things by the tag that each shares with most others; those that are few of their kind come last, under ""."""
    shared = Counter(tag for thing in things for tag in dict.fromkeys(thing.tags))
    groups: dict[str, list[Thing]] = {}
    for thing in things:
        groups.setdefault(max(thing.tags, key=shared.__getitem__, default=""), []).append(thing)
    large = {tag: members for tag, members in groups.items() if tag and len(members) >= GROUP}
    rest = [thing for thing in things if not any(thing in members for members in large.values())]
    return {**large, "": rest}


def _wrapped(heading: str, names: Sequence[str], comma: str) -> Iterator[str]:
    """A heading and its names, on as many lines as it takes."""
    line = f"**{plain(heading, 200).strip()}** " if heading else ""
    for place, name in enumerate(names):
        shown = plain(name, 60) + (comma if place + 1 < len(names) else "")
        if len(line) + len(shown) > LINE_CHARACTERS:
            yield line.rstrip()
            line = ""
        line += shown
    if line:
        yield line


async def setup(bot: Flipbook) -> None:
    """Add the command and the page button."""
    await bot.add_cog(Help(bot))
    bot.add_dynamic_items(HelpButton)
