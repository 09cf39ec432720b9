"""Finds names inside a run of Japanese, which has no spaces between its words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from .text import GRAMMAR, Token, fold, is_hiragana, tokens
from .things import Found, Phrase

_UNREAD = 100
"""Cost of a character that belongs to no known word. A known word costs 1: the longer ones win."""

_SHORT = 2
"""So short, hiragana that is left over is grammar, and a name counts only where nothing unread touches it."""


class JapaneseReader:
    """Splits a run into known words so that the fewest characters are left over."""

    def __init__(self, phrases: Iterable[Phrase], fillers: Iterable[str]) -> None:
        self._words: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            if key := _joined(phrase.key):
                named = self._words.setdefault(key, [])
                if not named or named[0].thing is phrase.thing:
                    named.append(phrase)
        for filler in (*GRAMMAR["ja"].split(), *fillers):
            if key := _joined(fold(filler)):
                self._words.setdefault(key, [])
        self._lengths: dict[str, list[int]] = {}
        for word in sorted(self._words, key=len):
            lengths = self._lengths.setdefault(word[0], [])
            if len(word) not in lengths:
                lengths.append(len(word))

    def read(self, run: Token) -> tuple[list[Found], list[str]]:
        """The things that a run names, and what is left of it."""
        words = self._split(run.key)
        is_read = [False] * len(run.key)
        for start, end in words:
            is_read[start:end] = [True] * (end - start)
        found: list[Found] = []
        for start, end in words:
            phrases = self._words[run.key[start:end]]
            if phrases and self._is_chance(run.text, is_read, start, end):
                is_read[start:end] = [False] * (end - start)
            elif phrases:
                found.append(Found.of(phrases, run.start + start, run.start + end))
        left = ["".join(part[1] for part in group) for known, group in _runs(is_read, run.text) if not known]
        return found, [part for part in left if not (is_hiragana(part) and len(part) <= _SHORT)]

    def _split(self, key: str) -> list[tuple[int, int]]:
        """Where the known words lie, by dynamic programming from the end."""
        cost = [0] * (len(key) + 1)
        step = [0] * len(key)
        for place in range(len(key) - 1, -1, -1):
            cost[place] = cost[place + 1] + _UNREAD
            for length in self._lengths.get(key[place], ()):
                end = place + length
                if end <= len(key) and cost[end] < cost[place] and key[place:end] in self._words:
                    cost[place], step[place] = cost[end] + 1, length
        words: list[tuple[int, int]] = []
        place = 0
        while place < len(key):
            if step[place]:
                words.append((place, place + step[place]))
            place += step[place] or 1
        return words

    @staticmethod
    def _is_chance(text: str, is_read: list[bool], start: int, end: int) -> bool:
        """Whether a short name in hiragana is more likely a part of an unknown word beside it."""
        if end - start > _SHORT or not is_hiragana(text[start:end]):
            return False
        beside = [place for place in (start - 1, end) if 0 <= place < len(text)]
        return any(not is_read[place] and is_hiragana(text[place]) for place in beside)


def _joined(key: str) -> str:
    """A folded phrase without spaces; empty when it is not all Japanese."""
    return key.replace(" ", "") if all(token.japanese for token in tokens(key)) else ""


def _runs(is_read: list[bool], text: str) -> Iterable[tuple[bool, Iterable[tuple[bool, str]]]]:
    return groupby(zip(is_read, text, strict=True), key=lambda part: part[0])
