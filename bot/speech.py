"""What the bot says, in the reader's language: texts from Fluent files (projectfluent.org), looked up by their keys.

`bot/texts/<language>/<feature>.ftl` holds a feature's texts; nothing that a member reads is written in code.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from babel import Locale
from babel.lists import format_list
from discord import app_commands
from fluent.runtime import FluentBundle, FluentResource

log = logging.getLogger(__name__)

DEFAULT: Final = "en"
LANGUAGES: Final = ("en", "de", "fr", "es", "pt-BR", "ja")


class Voice:
    """Speaks one language; what it lacks is said in English."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._bundle = bundle(language)
        self._locale = Locale.parse(language, sep="-")

    @property
    def tongue(self) -> str:
        """The language without its region: "pt" for "pt-BR"."""
        return self.language.split("-")[0]

    def knows(self, key: str) -> bool:
        """Whether there is a text of this key, in this language or in English."""
        return self._bundle.has_message(key) or bundle(DEFAULT).has_message(key)

    def either(self, words: Iterable[str]) -> str:
        """Words of which one is meant: "a, b, or c"."""
        return format_list(list(words), "or", locale=self._locale)

    def all(self, words: Iterable[str]) -> str:
        """Words that are all meant: "a, b, and c"."""
        return format_list(list(words), locale=self._locale)

    def __call__(self, key: str, **values: str | int | float) -> str:
        """The text of a key with its placeholders filled; where there is none, the key itself and a line in the log."""
        for source in (self._bundle, bundle(DEFAULT)):
            if source.has_message(key) and (pattern := source.get_message(key).value) is not None:
                text, errors = source.format_pattern(pattern, values)
                for error in errors:
                    log.error("text %s in %s: %s", key, self.language, error)
                return str(text)
        log.error("text %s is missing", key)
        return key


@cache
def voice(language: str | None) -> Voice:
    """The voice for a language tag as Discord gives it ("de", "es-419", "en-GB"); English where it is none of ours."""
    return Voice(nearest(language))


def nearest(language: str | None) -> str:
    """The language of ours that serves a tag: the same one, else one of the same tongue, else English."""
    wanted = (language or DEFAULT).lower()
    tongue = wanted.split("-")[0]
    same = (ours for ours in LANGUAGES if ours.lower() == wanted)
    near = (ours for ours in LANGUAGES if ours.split("-")[0].lower() == tongue)
    return next(same, next(near, DEFAULT))


def said(key: str, **values: str | int | float) -> app_commands.locale_str:
    """A text of a command's declaration: English in itself, and translated when the commands are synced."""
    return app_commands.locale_str(voice(DEFAULT)(key, **values), key=key, values=values)


class Translator(app_commands.Translator):
    """Translates what `said` declared; Discord takes None for "as it is"."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: Any,
        context: app_commands.TranslationContext[Any, Any],
    ) -> str | None:
        """See discord.py's `Translator.translate`."""
        key, values = string.extras.get("key"), string.extras.get("values", {})
        spoken = voice(locale.value)
        return None if key is None or spoken.language == DEFAULT else spoken(key, **values)


@cache
def bundle(language: str) -> FluentBundle:
    """All texts of one language."""
    made = FluentBundle([language], use_isolating=False)  # Discord shows the isolating characters in some clients
    for name, text in sources(language).items():
        try:
            made.add_resource(FluentResource(text))
        except ValueError as error:
            raise ValueError(f"{language}/{name}: {error}") from error
    return made


def sources(language: str) -> Mapping[str, str]:
    """The Fluent files of a language: text by file name, in alphabetical order."""
    folder = resources.files("bot").joinpath("texts", language)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".ftl")), key=lambda file: file.name)
    return {file.name: file.read_text(encoding="utf-8") for file in files}
