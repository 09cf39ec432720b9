"""Finds the names of things among the words of a prompt, longest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .text import GRAMMAR, Token, bare, fold, inflections, spelled_out
from .things import Phrase

_JOINABLE = 3
"""Letters that a word must have to be read with its neighbour as one: "snow man", but not "a corn"."""

_Names = dict[str, list[Phrase]]


class Lexicon:
    """Names as they are listed, and in the other forms that people type.

    A name as listed, an English plural or a compound written otherwise ("firetruck") goes before a filler word;
    what only looks like a name without its accents or with an ending goes after it.
    """

    def __init__(self, phrases: Sequence[Phrase], fillers: Iterable[str]) -> None:
        self._names: _Names = {}
        self._looser: _Names = {}
        for phrase in phrases:
            _add(self._names, phrase.key, phrase)
        for phrase in phrases:
            for key in _close(phrase):
                _add(self._names, key, phrase)
            for key in _loose(phrase):
                _add(self._looser, key, phrase)
        self._fillers = {key for word in (*_grammar(), *fillers) for key in _filler_keys(word)}
        self._longest: dict[str, int] = {}
        for key in self._names:
            first, *others = key.split()
            self._longest[first] = max(self._longest.get(first, 1), 1 + len(others))

    def find(self, words: Sequence[Token], place: int) -> tuple[Sequence[Phrase], int]:
        """The names that begin here (all of one thing) and how many words they take; none takes one."""
        first = words[place].key
        for length in range(min(self._longest.get(first, 1), len(words) - place), 1, -1):
            if named := self._names.get(" ".join(word.key for word in words[place : place + length])):
                return named, length
        following = words[place + 1].key if place + 1 < len(words) else ""
        if min(len(first), len(following)) >= _JOINABLE and (named := self._names.get(first + following)):
            return named, 2
        return self._one(first), 1

    def _one(self, key: str) -> Sequence[Phrase]:
        if named := self._names.get(key):
            return named
        if key in self._fillers:
            return ()
        plain = bare(key)
        return self._looser.get(key) or self._names.get(plain) or self._looser.get(plain) or ()

    def is_filler(self, word: Token) -> bool:
        """Whether a word that names nothing is none to be told of."""
        if len(word.key) == 1 or any(character.isdigit() for character in word.key):
            return True  # what is left of "fox's" and of "l'ours"; "3d", "4k", "16x9"
        return word.key in self._fillers or bare(word.key) in self._fillers


def _close(phrase: Phrase) -> Iterator[str]:
    forms = [phrase.key, *(inflections(phrase.key, "en") if phrase.language == "en" else ())]
    yield from forms
    for form in forms:
        if " " in form:
            yield form.replace(" ", "")


def _loose(phrase: Phrase) -> Iterator[str]:
    for form in (phrase.key, *inflections(phrase.key, phrase.language)):
        yield from _spellings(form)


def _grammar() -> Iterator[str]:
    for words in GRAMMAR.values():
        yield from words.split()


def _filler_keys(word: str) -> Iterator[str]:
    for key in fold(word).split():
        yield from _spellings(key)


def _spellings(key: str) -> tuple[str, ...]:
    return (key,) if key.isascii() else (key, bare(key), spelled_out(key))


def _add(names: _Names, key: str, phrase: Phrase) -> None:
    named = names.setdefault(key, [])
    if not named or (named[0].thing is phrase.thing and named[-1] is not phrase):
        named.append(phrase)
