"""Text becomes words that can be looked up: folded, split, in six languages; Japanese is left in runs.

Positions count in the NFKC form of the text, which `normal` gives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from types import MappingProxyType
from typing import NamedTuple

LANGUAGES = ("en", "de", "fr", "es", "pt", "ja")
"""The languages in which a vocabulary's things may be named; where names collide the earlier one wins."""

GRAMMAR = MappingProxyType(
    {
        "en": "a an the in on at of with and or by to from into under over near is are it its some very same",
        "de": "der die das den dem des ein eine einen einem einer und oder im in am an auf mit vor bei unter ist selbe",
        "fr": "le la les un une des du de et ou dans sur sous avec au aux en est même",
        "es": "el la los las un una unos unas y o en de del al con sobre bajo es mismo misma",
        "pt": "o a os as um uma uns umas e ou em no na nos nas de do da dos das com sobre sob é mesmo mesma",
        "ja": "の が は を に で と も や へ な た て から まで いる ある ている している した する です ます 中 上 下",
    }
)
"""Words that hold a sentence together and show nothing: no checkpoint need list them."""

_JAPANESE = "\u3005\u3006\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"(?P<japanese>[{_JAPANESE}]+)|[^\W_{_JAPANESE}]+")
_HIRAGANA = re.compile("[\u3040-\u309f\u30fc]*")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_LETTERS = str.maketrans({"ø": "o", "œ": "oe", "æ": "ae", "ł": "l"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

_ENDINGS = MappingProxyType(
    {
        "en": (
            ("", "s"), ("", "es"), ("y", "ies"), ("f", "ves"), ("fe", "ves"), ("us", "i"), ("man", "men"),
            ("mouse", "mice"), ("goose", "geese"), ("tooth", "teeth"), ("foot", "feet"), ("child", "children"),
            ("person", "people"),
        ),
        "de": (("", "e"), ("", "n"), ("", "en"), ("", "er"), ("", "s"), ("e", "en")),
        "fr": (("", "s"), ("", "x"), ("al", "aux")),
        "es": (("", "s"), ("", "es"), ("z", "ces")),
        "pt": (("", "s"), ("", "es"), ("ão", "ões"), ("m", "ns"), ("l", "is")),
    }
)  # fmt: skip
"""How nouns end in the plural (and in German cases), generously: what no noun is, nobody types."""


class Token(NamedTuple):
    """One word, or one run of Japanese; `key` is its folded form."""

    text: str
    key: str
    start: int
    japanese: bool

    @property
    def end(self) -> int:
        """Where the next character begins."""
        return self.start + len(self.text)


def normal(text: str) -> str:
    """The form in which the positions of tokens count."""
    return unicodedata.normalize("NFKC", text)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in `normal` form; punctuation, symbols and emoji are none."""
    start = end = 0
    for match in _WORD.finditer(text):
        if match["japanese"]:
            if end:
                yield _latin(text, start, end)
            start = end = 0
            yield Token(match[0], kana(match[0].casefold()), match.start(), True)
        elif end and all(unicodedata.category(character)[0] == "M" for character in text[end : match.start()]):
            end = match.end()  # a vowel sign or an accent inside the word, not the end of it
        else:
            if end:
                yield _latin(text, start, end)
            start, end = match.span()
    if end:
        yield _latin(text, start, end)


def fold(text: str) -> str:
    """A phrase as it is looked up: its tokens' keys, single spaces between them."""
    return " ".join(token.key for token in tokens(normal(text)))


def bare(key: str) -> str:
    """Without accents: "forêt" and "foret", "Bär" and "Bar" are the same."""
    if key.isascii():
        return key
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", key))
    return unicodedata.normalize("NFC", plain).translate(_LETTERS)


def spelled_out(key: str) -> str:
    """As typed on a keyboard without umlauts: "baer"."""
    return key.translate(_UMLAUTS)


def kana(text: str) -> str:
    """Katakana written as hiragana, character by character."""
    return text.translate(_KATAKANA)


def is_hiragana(text: str) -> bool:
    """Whether all of it is hiragana, as the grammar of a Japanese sentence is."""
    return _HIRAGANA.fullmatch(text) is not None


def inflections(key: str, language: str) -> Iterator[str]:
    """The other forms in which a noun may stand."""
    for singular, plural in _ENDINGS.get(language, ()):
        if key.endswith(singular):
            yield key.removesuffix(singular) + plural


def _latin(text: str, start: int, end: int) -> Token:
    word = text[start:end]
    return Token(word, unicodedata.normalize("NFC", word.casefold()), start, False)
