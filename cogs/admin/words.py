"""/admin words: words that a server does not want in prompts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.app_commands import Choice
from discord.ext import commands

from bot.orders import Refused
from bot.plain import plain
from bot.prompt_gate import LONGEST_WORD
from bot.speech import Voice, said

from ..forms import Form, answers, written
from ..replies import report, voice_of, whisper
from .rights import ModeratorGroup, guild_of, may_moderate, service_of

if TYPE_CHECKING:
    from bot.app import Flipbook

SUGGESTIONS = 25

SHOWN_CHARACTERS = 1500
"""Words that take more are sent as a file."""

FORM = "flipbook:words:{digest}"
SUBMITTED = FORM.format(digest=r"(?P<digest>[0-9a-f]{16})")

FIELD_CHARACTERS = 4000
FIELDS = 5
"""What a field of a form holds, and how many a form has (docs: Components)."""

ROOM_CHARACTERS = 1000
"""Left at least in the last field, for what is to be added."""


class Words(ModeratorGroup):
    """The list of words; who moderates the server sees it, and nobody else."""

    def __init__(self) -> None:
        super().__init__("words", said("admin-words-description"))

    @app_commands.command(description=said("admin-words-add-description"))
    @app_commands.describe(words=said("admin-words-add-words"))
    async def add(self, interaction: discord.Interaction, words: str) -> None:
        """Refuse prompts with these words or phrases."""
        try:
            added = await service_of(interaction).prompts.add_words(guild_of(interaction), words.split(","))
            await whisper(interaction, voice_of(interaction)("admin-words-added", count=added))
        except Refused as error:
            await report(interaction, error)

    @app_commands.command(description=said("admin-words-remove-description"))
    @app_commands.describe(word=said("admin-words-remove-word"))
    async def remove(self, interaction: discord.Interaction, word: str) -> None:
        """Allow a word or phrase again."""
        say = voice_of(interaction)
        removed = await service_of(interaction).prompts.remove_word(guild_of(interaction), word)
        text = say("admin-words-removed" if removed else "admin-words-not", word=plain(word, LONGEST_WORD))
        await whisper(interaction, text)

    @remove.autocomplete("word")
    async def suggest_word(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        """The words of the list that hold what is typed."""
        if not may_moderate(interaction):
            return []
        words = service_of(interaction).prompts.words(guild_of(interaction))
        chosen = [Choice(name=word, value=word) for word in words if typed.casefold() in word]
        return chosen[:SUGGESTIONS]

    @app_commands.command(description=said("admin-words-edit-description"))
    async def edit(self, interaction: discord.Interaction) -> None:
        """Open the whole list in a form."""
        guild_id, prompts = guild_of(interaction), service_of(interaction).prompts
        try:
            form = words_form(prompts.words(guild_id), prompts.digest(guild_id), voice_of(interaction))
            await interaction.response.send_modal(form)
        except Refused as error:
            await report(interaction, error)

    @app_commands.command(description=said("admin-words-show-description"))
    async def show(self, interaction: discord.Interaction) -> None:
        """List the words, in a file where they are many."""
        say = voice_of(interaction)
        words = service_of(interaction).prompts.words(guild_of(interaction))
        row = " · ".join(plain(word, LONGEST_WORD) for word in words)
        if not words:
            await whisper(interaction, say("admin-words-none"))
        elif len(row) <= SHOWN_CHARACTERS:
            await whisper(interaction, say("admin-words-list", count=len(words), words=row))
        else:
            text = say("admin-words-file", count=len(words))
            await interaction.response.send_message(text, file=_file(words), ephemeral=True)


class WordsEditing(commands.Cog):
    """Answers edited lists."""

    def __init__(self, bot: Flipbook) -> None:
        self.bot = bot

    @answers(SUBMITTED)
    async def edited(self, interaction: discord.Interaction[Any], submitted: re.Match[str]) -> None:
        """Store the list of a form; what is not stored is handed back as a file."""
        say = voice_of(interaction)
        guild_id, prompts = guild_of(interaction), self.bot.service.prompts
        lines = [line for text in written(interaction).values() for line in text.splitlines() if line.strip()]
        before = prompts.words(guild_id)
        try:
            await prompts.set_words(guild_id, lines, digest=submitted["digest"])
        except Refused as error:
            await interaction.response.send_message(error.in_words(say), file=_file(lines), ephemeral=True)
            return
        after = prompts.words(guild_id)
        added, removed = len({*after} - {*before}), len({*before} - {*after})
        await whisper(interaction, say("admin-words-saved", count=len(after), added=added, removed=removed))


def words_form(words: list[str], digest: str, say: Voice) -> Form:
    """The list, one word or phrase on a line, in as many fields as it needs.

    Raises:
        Refused: it does not fit into a form.
    """
    parts = _parts(words)
    if len(parts) < FIELDS and len(parts[-1]) > FIELD_CHARACTERS - ROOM_CHARACTERS:
        parts.append("")
    if len(parts) > FIELDS:
        raise Refused("admin-words-too-many-for-a-form")
    form = Form(say("admin-words-edit-title"), FORM.format(digest=digest))
    for number, part in enumerate(parts, 1):
        field = ui.TextInput[Any](
            custom_id=f"words-{number}",
            style=discord.TextStyle.paragraph,
            default=part or None,
            required=False,
            max_length=FIELD_CHARACTERS,
        )
        label = "admin-words-edit-label" if len(parts) == 1 else "admin-words-edit-part"
        form.ask(say(label, number=number, parts=len(parts)), field)
    return form


def _parts(words: Iterable[str]) -> list[str]:
    """Lines put together into as few texts as hold them in their order."""
    parts = [""]
    for word in words:
        longer = f"{parts[-1]}\n{word}" if parts[-1] else word
        if len(longer) <= FIELD_CHARACTERS:
            parts[-1] = longer
        else:
            parts.append(word)
    return parts


def _file(words: Iterable[str]) -> discord.File:
    return discord.File(io.BytesIO("\n".join(words).encode()), filename="words.txt")
