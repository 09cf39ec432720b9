"""Finds the known words that a misspelt one may have meant, by what is seen and by what is heard."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .text import bare

LONGEST = 40
"""Characters of a word that is looked up at all."""

_TRIED = 12
"""Candidates, those that share most pairs of letters, whose distance is computed."""

_PREFIX = 4
"""Letters after which the beginning of a long name stands for it: "rhino"."""

_SOUNDS = (
    ("ph", "f"), ("chs", "x"), ("ck", "k"), ("qu", "kv"), ("c", "k"), ("q", "k"), ("ks", "x"), ("z", "s"), ("y", "i"),
)  # fmt: skip


class Match(NamedTuple):
    """A known word: `number` is its place in the list it came from; `distance` 0 sounds the same."""

    distance: int
    number: int


def distance(first: str, second: str) -> int:
    """Fewest insertions, deletions, substitutions and swaps of neighbours (Damerau 1964, restricted)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        following = [i]
        for j, other in enumerate(second, start=1):
            cost = row[j - 1] if letter == other else 1 + min(row[j - 1], row[j], following[-1])
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]


def sound(key: str) -> str:
    """A folded word as it is heard: no accents, no doubled letters, one letter for each sound."""
    text = bare(key)
    for written, heard in _SOUNDS:
        text = text.replace(written, heard)
    return "".join(letter for place, letter in enumerate(text) if place == 0 or letter != text[place - 1])


class SpellingIndex:
    """Known words, found by what they share with another."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._sounds = [sound(key) for key in keys]
        self._pairs: dict[str, list[int]] = {}
        for number, text in enumerate(self._sounds):
            for pair in _pairs(text):
                self._pairs.setdefault(pair, []).append(number)

    def near(self, key: str) -> list[Match]:
        """The words near enough to be meant, nearest first."""
        if len(key) > LONGEST:
            return []
        heard = sound(key)
        shared: Counter[int] = Counter()
        for pair in _pairs(heard):
            shared.update(self._pairs.get(pair, ()))
        least = max(1 if len(heard) < 5 else 2, max(shared.values(), default=0) - 2)
        likely = [number for number, count in shared.items() if count >= least]
        tried = heapq.nlargest(_TRIED, likely, key=lambda number: shared[number] / (len(self._sounds[number]) + 1))
        found = ((self._distance(heard, self._sounds[number]), number) for number in tried)
        return sorted(Match(far, number) for far, number in found if far is not None)

    @staticmethod
    def _distance(word: str, known: str) -> int | None:
        """How far apart the two are; None when they are two words."""
        if len(word) >= _PREFIX and known.startswith(word):
            return 0 if word == known else 1
        allowed = 1 if len(word) < 6 else 2 if len(word) < 9 else 3
        if len(word) < 3 or abs(len(word) - len(known)) > allowed:
            return None
        same_start = word[0] == known[0]
        if not same_start and len(word) < 4:
            return None
        far = distance(word, known)
        return far if far <= (allowed if same_start else 1) else None


def _pairs(text: str) -> Iterator[str]:
    framed = f"^{text}$"
    return iter({framed[place : place + 2] for place in range(len(framed) - 1)})
