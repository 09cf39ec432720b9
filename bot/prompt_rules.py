"""What may be asked for, by the words of a prompt; pure. The words lie in prompt_words.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.resources import files

from .prompt_text import plain, words

ADULT_AGE = 18
PLURAL_FROM = 4
"""Letters from which a word is also meant in its plural with s."""


class Category(StrEnum):
    """Why a prompt is refused."""

    MINORS = "minors"
    """Sexual content with minors: always."""
    ADULT = "adult"
    """Adult content outside age-restricted channels."""
    SERVER = "server"
    """A word that the server does not want."""


class WordList:
    """Words and phrases that are looked for in a text."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._phrases: list[tuple[str, ...]] = []
        self._inside: list[str] = []
        for entry in entries:
            key = _key(entry)
            if not key:
                continue
            if any(_is_japanese(part) for part in key):
                self._inside.append(plain(entry))
            elif len(key) > 1:
                self._phrases.append(key)
                self._words.add("".join(key))
            else:
                word = "".join(key)
                self._words.update((word, f"{word}s") if len(word) >= PLURAL_FROM else (word,))

    def found_in(self, prompt: Prompt) -> bool:
        """Whether the prompt has one of them."""
        return (
            not self._words.isdisjoint(prompt.readings)
            or any(phrase[0] in prompt.readings and _follows(phrase, prompt.words) for phrase in self._phrases)
            or any(entry in prompt.text for entry in self._inside)
        )


class Prompt:
    """A prompt taken apart, once for all lists."""

    def __init__(self, text: str) -> None:
        self.text = plain(text)
        self.words = words(text)
        self.readings = frozenset[str]().union(*self.words)


class PromptRules:
    """The lists of this installation; the words of each server come besides."""

    def __init__(self, lists: dict[str, list[str]]) -> None:
        self._always = WordList(lists["always"])
        self._sexual = WordList(lists["sexual"])
        self._minors = WordList(lists["minors"])
        units = "|".join(re.escape(unit).replace(r"\ ", r"[\s-]*") for unit in lists["age_units"])
        self._age = re.compile(rf"(?<!\d)(\d{{1,2}})[\s-]*(?:{units})(?![a-z])|\baged?\s+(\d{{1,2}})\b")

    def judge(self, text: str, *, adult_allowed: bool, unwanted: WordList) -> Category | None:
        """Why the prompt is refused; None where it may be asked for."""
        prompt = Prompt(text)
        is_sexual = self._sexual.found_in(prompt)
        if self._always.found_in(prompt) or (is_sexual and self._names_minors(prompt)):
            return Category.MINORS
        if is_sexual and not adult_allowed:
            return Category.ADULT
        return Category.SERVER if unwanted.found_in(prompt) else None

    def _names_minors(self, prompt: Prompt) -> bool:
        ages = (int(match[1] or match[2]) for match in self._age.finditer(prompt.text))
        return self._minors.found_in(prompt) or any(age < ADULT_AGE for age in ages)


@cache
def shipped_rules() -> PromptRules:
    """The lists that come with the bot."""
    return PromptRules(tomllib.loads((files("bot") / "prompt_words.toml").read_text(encoding="utf-8")))


def is_findable(entry: str) -> bool:
    """Whether a word or phrase has a letter or a digit: nothing else is looked for."""
    return bool(_key(entry))


def _key(entry: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", plain(entry)))


def _is_japanese(text: str) -> bool:
    return re.search("[\u3040-\u30ff\u3400-\u9fff]", text) is not None


def _follows(phrase: tuple[str, ...], prompt: list[frozenset[str]]) -> bool:
    starts = range(len(prompt) - len(phrase) + 1)
    return any(all(word in prompt[start + place] for place, word in enumerate(phrase)) for start in starts)
