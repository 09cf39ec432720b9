"""The things that a checkpoint can draw, and their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from .text import LANGUAGES, fold


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """An object or a background: `words` are its names by language, the usual one first."""

    name: str
    words: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    tags: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    """Colours that it can be asked in besides its own."""

    def called(self, language: str = "en") -> str:
        """Its usual name in a language, else in English."""
        names = self.words.get(language) or self.words.get("en")
        return names[0] if names else self.name


@dataclass(frozen=True, slots=True)
class Phrase:
    """One name of a thing; `key` is its folded form."""

    key: str
    text: str
    language: str
    thing: Thing
    is_object: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A thing named in a prompt, from `start` to `end` of its normal form, as these languages name it."""

    thing: Thing
    is_object: bool
    languages: tuple[str, ...]
    start: int
    end: int

    @classmethod
    def of(cls, phrases: Sequence[Phrase], start: int, end: int) -> Found:
        """What several names that read the same say."""
        languages = tuple(dict.fromkeys(phrase.language for phrase in phrases))
        return cls(phrases[0].thing, phrases[0].is_object, languages, start, end)


def phrases(objects: Sequence[Thing], backgrounds: Sequence[Thing]) -> tuple[Phrase, ...]:
    """Every name of every thing; where two are alike the earlier one counts: English first, objects first."""
    return tuple(sorted(_all(objects, backgrounds), key=lambda phrase: (_rank(phrase.language), not phrase.is_object)))


def _all(objects: Sequence[Thing], backgrounds: Sequence[Thing]) -> Iterator[Phrase]:
    for things, is_object in ((objects, True), (backgrounds, False)):
        for thing in things:
            names = dict(thing.words)
            names["en"] = tuple(dict.fromkeys((*names.get("en", ()), thing.name)))
            for language, texts in names.items():
                for text in texts:
                    if key := fold(text):
                        yield Phrase(key, text, language, thing, is_object)


def _rank(language: str) -> int:
    return LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)
