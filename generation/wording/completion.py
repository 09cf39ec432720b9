"""Continues a prompt that is being typed to one that the checkpoint can draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from .prompts import THEN
from .text import GRAMMAR, bare, fold, normal, tokens
from .things import Found, Phrase, Thing
from .vocabulary import Reading, Vocabulary

_OBJECTS = 8
"""Objects that are offered for the beginning of a name; each comes with several backgrounds."""

_SMALL = {language: frozenset(fold(words).split()) for language, words in GRAMMAR.items()}

_TELLING = 3
"""Letters that tell a name by the beginning of any of its words, or beside another object."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """An example taken apart: `tail` is what follows its object (" in the snow")."""

    thing: Thing
    background: Thing
    tail: str


class Completer:
    """Knows a checkpoint's things and the examples that show how they are asked for."""

    def __init__(self, vocabulary: Vocabulary, examples: Sequence[str]) -> None:
        self._vocabulary = vocabulary
        self._examples = tuple(examples)
        self._scenes = tuple(chain.from_iterable(_scenes(vocabulary, example) for example in examples))

    def complete(self, typed: str, *, language: str = "en", limit: int, max_characters: int) -> list[str]:
        """Prompts that begin like the typed one, the likeliest first; the examples where nothing is typed.

        Of several prompts in one text the last is continued.

        Args:
            language: of the names where the typed text does not decide it.
            limit: of the prompts.
            max_characters: of one prompt; longer ones are left out.
        """
        if len(typed) > max_characters:
            return []
        before, then, last = normal(typed).rpartition(THEN)
        head = f"{' '.join(before.split())} {then} ".lstrip() if then else ""
        text = " ".join(last.split())
        ends_a_word = last[-1:].isspace()
        proposals = self._proposals(text, ends_a_word, language) if text else iter(self._examples)
        prompts = (head + proposal for proposal in proposals if proposal)
        fitting = (prompt for prompt in prompts if len(prompt) <= max_characters)
        return list(islice(dict.fromkeys(fitting), limit))

    def _proposals(self, text: str, ends_a_word: bool, language: str) -> Iterator[str]:
        reading = self._vocabulary.read(text)
        if not self._vocabulary or (reading.is_drawable and (ends_a_word or self._is_whole(text, reading))):
            yield text
        words = [bare(word) for word in fold(text).split()]
        yield from (example for example in self._examples if all(word in bare(fold(example)) for word in words))
        if not self._vocabulary or not words:
            return
        named = [found for found in reading.found if found.is_object]
        if named and reading.background is None:
            yield from self._placed(text, ends_a_word, named[-1], _preferred(named[-1].languages, language))
        if not ends_a_word:
            typed = list(tokens(text))
            for last in (typed[-2:], typed[-1:]):  # "fire t", then "t"
                yield from self._named(text[: last[0].start], " ".join(word.key for word in last), language, reading)
            if reading.unknown and typed[-1].text == reading.unknown[-1].word:
                yield from (text[: typed[-1].start] + near for near in reading.unknown[-1].nearest)

    def _is_whole(self, text: str, reading: Reading) -> bool:
        """Whether the last word is known, or no name begins like it."""
        *_, last = tokens(text)
        if any(found.start <= last.start < found.end for found in reading.found) or _is_small(last.key):
            return True
        return not any(f" {bare(phrase.key)}".find(f" {bare(last.key)}") >= 0 for phrase in self._vocabulary.phrases)

    def _placed(self, text: str, ends_a_word: bool, named: Found, language: str) -> Iterator[str]:
        """The prompt with a background after its object, as far as it is not typed yet."""
        head, rest = text[: named.end], text[named.end :].strip()
        backgrounds = self._backgrounds(named.thing)
        if not rest or language == "en":
            for background in backgrounds:
                tail = self._tail(background, language)
                if fold(tail).startswith(fold(rest)):
                    yield head + tail
        if rest and not ends_a_word:
            *_, last = tokens(text)
            before = text[named.end : last.start]
            for phrase in _fitting(self._beginning(last.key, language), text[: last.start], language):
                twice = _ends_small(before) and _is_small(next(iter(tokens(phrase.text))).key)
                if not phrase.is_object and not twice and self._may_follow(before, phrase.thing, language):
                    yield text[: last.start] + phrase.text
        elif rest:
            fitting = (each for each in backgrounds if self._may_follow(f" {rest}", each, language))
            yield from (f"{text} {background.called(language)}" for background in fitting)

    def _may_follow(self, before: str, background: Thing, language: str) -> bool:
        """Whether a background follows such words ("on the"), as far as the examples show how it follows an object."""
        tail = self._tail(background, language)
        return not _ends_small(before) or tail.startswith(",") or fold(tail).startswith(fold(before))

    def _named(self, head: str, beginning: str, language: str, reading: Reading) -> Iterator[str]:
        """The prompt with the name that begins so, and with a background if there is none yet."""
        if reading.objects and len(beginning) < _TELLING:
            return
        phrases: dict[Thing, Phrase] = {}
        for phrase in _fitting(self._beginning(beginning, language), head, language):
            if phrase.is_object:
                phrases.setdefault(phrase.thing, phrase)
        objects = list(phrases.values())[:_OBJECTS]
        if reading.background is not None:
            yield from (head + phrase.text for phrase in objects)
            return
        placed = [
            [head + phrase.text + self._tail(background, phrase.language) for background in self._backgrounds(thing)]
            for thing, phrase in phrases.items()
            if phrase in objects
        ]
        for turn in range(max(map(len, placed), default=0)):
            yield from (prompts[turn] for prompts in placed if turn < len(prompts))

    def _beginning(self, beginning: str, language: str) -> list[Phrase]:
        """The names that begin so, or have a word that does; those in `language` first, then the usual ones."""
        key = bare(beginning)
        starting = [phrase for phrase in self._vocabulary.phrases if bare(phrase.key).startswith(key)]
        starting.sort(key=lambda phrase: phrase.language != language)
        if len(key) < _TELLING:
            return starting
        return starting + [phrase for phrase in self._vocabulary.phrases if f" {key}" in bare(phrase.key)]

    def _backgrounds(self, thing: Thing) -> list[Thing]:
        """All backgrounds, those first in which the examples show the thing or its like."""

        def likeness(background: Thing) -> int:
            shown = [scene.thing for scene in self._scenes if scene.background is background]
            return max((100 if other is thing else len({*other.tags} & {*thing.tags}) for other in shown), default=-1)

        return sorted(self._vocabulary.backgrounds, key=likeness, reverse=True)

    def _tail(self, background: Thing, language: str) -> str:
        """How a background follows an object: as in the examples, or after a comma, as every language has it."""
        if language == "ja":
            return f"、{background.called(language)}"
        tails = (scene.tail for scene in self._scenes if scene.background is background and language == "en")
        return next(tails, f", {background.called(language)}")


def _scenes(vocabulary: Vocabulary, example: str) -> Iterator[_Scene]:
    reading = vocabulary.read(example)
    named = [found for found in reading.found if found.is_object]
    if len(named) == 1 and reading.background is not None and not reading.unknown:
        places = [found.start for found in reading.found if found.thing is reading.background]
        if max(places) > named[0].end:
            yield _Scene(named[0].thing, reading.background, normal(example)[named[0].end :])


def _is_small(key: str) -> bool:
    return any(key in small for small in _SMALL.values())


def _ends_small(text: str) -> bool:
    words = list(tokens(text))
    return bool(words) and _is_small(words[-1].key)


def _fitting(phrases: Sequence[Phrase], head: str, language: str) -> Sequence[Phrase]:
    """Those in the language of the small words that stand before them, the preferred one where it fits; else all."""
    small = [word.key for word in tokens(head) if _is_small(word.key)]
    fitting = [phrase for phrase in phrases if all(word in _SMALL.get(phrase.language, ()) for word in small)]
    own = [phrase for phrase in fitting if phrase.language == language]
    return own or fitting or phrases


def _preferred(languages: Sequence[str], language: str) -> str:
    return language if language in languages else languages[0]
