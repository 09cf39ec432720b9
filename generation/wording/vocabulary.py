"""What a checkpoint can draw and understands: `Vocabulary`, and what it makes of a prompt: `Reading`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from .japanese import JapaneseReader
from .lexicon import Lexicon
from .spelling import LONGEST, SpellingIndex
from .text import GRAMMAR, LANGUAGES, fold, inflections, kana, normal, tokens
from .things import Found, Thing, phrases

NEAREST = 3
"""Known words that are offered for an unknown one, at most."""

TOLD = 5
"""Unknown words that a reading tells of, at most: the first ones. A hostile prompt has hundreds."""

READ_WORDS = 128
"""Words of a prompt that are read; text encoders see fewer (CLIP: 77 tokens), the rest is never drawn."""

_FILLER_LETTERS = 4
"""Words that name no thing are offered from this length on: nobody is helped by "the" for "teh"."""

_STRANGE = {True: "Ignored:", False: "I don't know"}

_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in GRAMMAR.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word as it was typed, and the known ones that may have been meant."""

    word: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a vocabulary makes of a prompt; `language` is the one that most of its words are in."""

    found: tuple[Found, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    language: str = "en"

    @property
    def objects(self) -> tuple[Thing, ...]:
        """The objects, in the prompt's order."""
        return tuple(found.thing for found in self.found if found.is_object)

    @property
    def background(self) -> Thing | None:
        """The background; of several the longest name's, then the last: "a red apple on blue" is on blue."""
        named = [found for found in self.found if not found.is_object]
        return max(named, key=lambda found: (found.end - found.start, found.start)).thing if named else None

    @property
    def is_drawable(self) -> bool:
        """Whether there is something to draw: an object, or an empty scene that is known entirely."""
        return bool(self.objects) or (self.background is not None and not self.unknown)

    def warning(self) -> str | None:
        """The unknown words and what is near them, in sentences; None when there are none."""
        sentences = [
            f"I don't know “{unknown.word}”; did you mean {_either(unknown.nearest)}?"
            for unknown in self.unknown
            if unknown.nearest
        ]
        if strange := [f"“{unknown.word}”" for unknown in self.unknown if not unknown.nearest]:
            sentences.append(f"{_STRANGE[self.is_drawable]} {', '.join(strange)}.")
        return " ".join(sentences) or None


class Vocabulary:
    """The things that a checkpoint can draw, and every word that it understands.

    Args:
        words: what it knows besides the names of things; None where a sidecar does not say, and then beside a
            known thing only what looks like a misspelt name is called unknown.
    """

    def __init__(
        self,
        objects: Sequence[Thing] = (),
        backgrounds: Sequence[Thing] = (),
        *,
        colours: Sequence[str] = (),
        words: Iterable[str] | None = None,
    ) -> None:
        self.objects = tuple(objects)
        self.backgrounds = tuple(backgrounds)
        self.colours = tuple(colours)
        self.phrases = phrases(self.objects, self.backgrounds)
        self._is_closed = words is not None
        fillers = list(dict.fromkeys((*colours, *(words or ()))))
        self._lexicon = Lexicon(self.phrases, fillers)
        self._japanese = JapaneseReader(self.phrases, fillers)
        self._by_tag: dict[str, list[Thing]] = {}
        for thing in (*self.objects, *self.backgrounds):
            for tag in thing.tags:
                for key in {fold(tag), *inflections(fold(tag), "en")}:
                    self._by_tag.setdefault(key, []).append(thing)
        self._offered = [word for word in fillers if len(word) >= _FILLER_LETTERS]
        self._spelling = SpellingIndex([phrase.key for phrase in self.phrases] + [fold(word) for word in self._offered])

    def __bool__(self) -> bool:
        """Whether it says what the checkpoint can draw."""
        return bool(self.phrases)

    def read(self, prompt: str) -> Reading:
        """Find the things that a prompt names, longest names first, and the words that are unknown."""
        if not self:
            return Reading()
        found: list[Found] = []
        strange: dict[str, str] = {}
        languages: Counter[str] = Counter()
        words = list(islice(tokens(normal(prompt)), READ_WORDS))
        place = 0
        while place < len(words):
            word, length = words[place], 1
            if word.japanese:
                things, left = self._japanese.read(word)
                found.extend(things)
                strange.update((kana(part), part) for part in left)
                languages["ja"] += 1
            else:
                named, length = self._lexicon.find(words, place)
                if named:
                    found.append(Found.of(named, word.start, words[place + length - 1].end))
                    languages.update(found[-1].languages)
                elif not self._lexicon.is_filler(word):
                    strange.setdefault(word.key, word.text)
                languages.update(_LANGUAGES_OF.get(word.key, ()))
            place += length
        language = max(LANGUAGES, key=languages.__getitem__)
        told = list(strange.items())[:TOLD]
        unknown = [Unknown(_cut(shown), self.nearest(key, language)) for key, shown in told]
        if found and not self._is_closed:
            unknown = [word for word in unknown if word.nearest]
        return Reading(tuple(found), tuple(unknown), language)

    def warning(self, prompts: Iterable[str]) -> str | None:
        """What is told of the words of several prompts, each told once; None when all are known."""
        warnings = dict.fromkeys(self.read(prompt).warning() for prompt in prompts)
        return " ".join(warning for warning in warnings if warning) or None

    def nearest(self, word: str, language: str = "en") -> tuple[str, ...]:
        """Known words for one that is not: the things of which it is a tag, else those that are spelled alike.

        What is spelled alike is offered in its own language; `language` decides between equals.
        """
        key = fold(word)
        if things := self._by_tag.get(key):
            return tuple(thing.called(language) for thing in things[:NEAREST])
        offers: list[tuple[int, bool, bool, int]] = []
        for far, number in self._spelling.near(key):
            is_thing = number < len(self.phrases)
            if is_thing or far <= 1:
                other_language = is_thing and self.phrases[number].language != language
                offers.append((far, not is_thing, other_language, number))
        shown: dict[object, str] = {}
        for *_, number in sorted(offers):
            if number < len(self.phrases):
                shown.setdefault(self.phrases[number].thing, self.phrases[number].text)
            else:
                filler = self._offered[number - len(self.phrases)]
                shown.setdefault(filler, filler)
        distinct: dict[str, str] = {}
        for text in shown.values():  # a thing and a word that are written alike are one offer
            distinct.setdefault(fold(text), text)
        return tuple(distinct.values())[:NEAREST]


def _either(words: Sequence[str]) -> str:
    """“fox”, “fox” or “dog”; “fox”, “dog” or “cat”."""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _cut(word: str) -> str:
    return word if len(word) <= LONGEST else word[: LONGEST - 1] + "…"
