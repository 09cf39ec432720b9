"""/admin words: words that a server does not want in prompts."""

from __future__ import annotations

import io

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.plain import plain
from bot.prompt_gate import LONGEST_WORD, MOST_WORDS
from bot.speech import said

from ..replies import voice_of, whisper
from .rights import ModeratorGroup, guild_of, may_moderate, service_of

SUGGESTIONS = 25

SHOWN_CHARACTERS = 1500
"""Words that take more are sent as a file."""


class Words(ModeratorGroup):
    """The list of words; who moderates the server sees it, and nobody else."""

    def __init__(self) -> None:
        super().__init__("words", said("admin-words-description"))

    @app_commands.command(description=said("admin-words-add-description"))
    @app_commands.describe(words=said("admin-words-add-words"))
    async def add(self, interaction: discord.Interaction, words: str) -> None:
        """Refuse prompts with these words or phrases."""
        guild_id, say = guild_of(interaction), voice_of(interaction)
        try:
            added = await service_of(interaction).prompts.add_words(guild_id, words.split(","))
        except ValueError:
            await whisper(interaction, say("admin-words-limits", most=MOST_WORDS, longest=LONGEST_WORD))
            return
        await whisper(interaction, say("admin-words-added", count=added))

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
            file = discord.File(io.BytesIO("\n".join(words).encode()), filename="words.txt")
            text = say("admin-words-file", count=len(words))
            await interaction.response.send_message(text, file=file, ephemeral=True)
