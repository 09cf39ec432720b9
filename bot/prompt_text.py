"""A prompt as a person reads it, however it is spelled: every word in all the forms in which a list may have it.

NFKC (compatibility forms such as full-width letters), no invisible characters, no accents, look-alike letters of
other scripts as Latin ones (Unicode's confusables, UTS 39), leetspeak, letters that are drawn out or spaced apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any, cast

from confusable_homoglyphs import confusables  # pyright: ignore[reportMissingTypeStubs]

_LEET = str.maketrans("034578@$€+", "oeastbaset")
_ONES = re.compile(r"[1!|]")
"""Stand for i or for l."""
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"[^\W_]+")
_SPELLED_OUT = 3
"""So many single letters in a row may be a word with gaps."""
_LONGEST = 16
"""Letters of a word that is looked for among them."""


def plain(text: str) -> str:
    """Folded, compatible and without what cannot be seen; the characters themselves stay."""
    compatible = unicodedata.normalize("NFKC", text)
    return "".join(c for c in compatible if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace()).casefold()


def words(text: str) -> list[frozenset[str]]:
    """The words of a text in order, each as the set of its possible readings.

    A chunk with marks or digits inside is read as one word and as its parts; letters with gaps are read as one word.
    """
    read: list[frozenset[str]] = []
    for chunk in plain(text).split():
        parts = _WORD.findall(chunk)
        forms = frozenset(_forms(chunk))
        read.extend([forms] if len(parts) == 1 else [forms, *(frozenset(_forms(part)) for part in parts)])
    return read + [frozenset(_forms(word)) for word in _spelled_out(text)]


def _forms(chunk: str) -> Iterator[str]:
    """All readings of one chunk."""
    if chunk.isascii() and chunk.isalpha() and not _DRAWN_OUT.search(chunk):
        yield chunk
        return
    for seen in {chunk, _without_accents(chunk), _without_accents(_latin(chunk))}:
        for form in (seen, *_leet(seen)):
            bare = "".join(_WORD.findall(form))
            yield bare
            if _DRAWN_OUT.search(bare):
                yield _DRAWN_OUT.sub(r"\1", bare)
                yield _DRAWN_OUT.sub(r"\1\1", bare)


def _leet(chunk: str) -> Iterator[str]:
    """Digits and signs between letters as the letters that they are drawn like."""
    core = chunk.strip(".,;:?!\"'()[]{}*-_")
    if any(c.isalpha() for c in core) and not core.isalpha():
        letters = core.translate(_LEET)
        yield _ONES.sub("i", letters)
        yield _ONES.sub("l", letters)


def _latin(chunk: str) -> str:
    """Letters of other scripts that look like Latin ones, as Latin ones."""
    if chunk.isascii():
        return chunk
    library = cast("Any", confusables)  # untyped
    found: list[dict[str, Any]] = library.is_confusable(chunk, greedy=True, preferred_aliases=["latin"]) or []
    twins = {each["character"]: _ascii_twin(each["homoglyphs"]) for each in found}
    return "".join(twins.get(c) or c for c in chunk).casefold()


def _ascii_twin(homoglyphs: list[dict[str, str]]) -> str | None:
    return next((each["c"] for each in homoglyphs if each["c"].isascii() and each["c"].isalpha()), None)


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c) != "Mn"))


def _spelled_out(text: str) -> Iterator[str]:
    """Words whose letters stand apart: "s e x", "s.e.x"."""
    for is_single, run in groupby(_WORD.findall(plain(text)), key=lambda part: len(part) == 1):
        letters = "".join(run) if is_single else ""
        for start in range(len(letters) - _SPELLED_OUT + 1):
            for end in range(start + _SPELLED_OUT, min(start + _LONGEST, len(letters)) + 1):
                yield letters[start:end]
