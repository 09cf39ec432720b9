"""What the starter can draw: objects, backdrops, colours and layouts, without torch and without pictures."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Literal

Layout = Literal["centre", "left", "right", "small", "large", "two"]
LAYOUTS: Final[tuple[Layout, ...]] = ("centre", "left", "right", "small", "large", "two")

Language = Literal["de", "fr", "es", "pt", "ja"]
LANGUAGES: Final[tuple[Language, ...]] = ("de", "fr", "es", "pt", "ja")

PAINTS: Final = ("red", "orange", "yellow", "green", "blue", "purple", "pink")
"""Colours that some objects can be painted in."""

_TABLE: Final = Path(__file__).with_name("subjects.tsv")
_HELD_OUT_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Noun:
    """One English word for an object."""

    singular: str
    plural: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One object.

    Attributes:
        hexcode: of its sprite.
        nouns: English; the first is its name.
        colour: its own, None when it has several.
        paints: other colours that it can be asked in.
        home: the backdrop that it gets unasked.
        clashes: backdrops in which it would vanish.
        translations: nouns by language.
    """

    hexcode: str
    nouns: tuple[Noun, ...]
    colour: str | None
    paints: tuple[str, ...]
    home: str
    clashes: tuple[str, ...] = ()
    translations: Mapping[Language, tuple[str, ...]] = field(
        default_factory=dict[Language, tuple[str, ...]], hash=False
    )

    @property
    def name(self) -> str:
        """The English name, which identifies it."""
        return self.nouns[0].singular


@dataclass(frozen=True, slots=True)
class Backdrop:
    """One background: phrases that follow an object, and names that stand alone ("fox, snow").

    `translations` holds a phrase and a name by language; the Japanese phrase goes before the object.
    """

    name: str
    phrases: tuple[str, ...]
    names: tuple[str, ...]
    translations: Mapping[Language, tuple[str, str]] = field(
        default_factory=dict[Language, tuple[str, str]], hash=False
    )

    @property
    def plain(self) -> bool:
        """Whether it is one colour."""
        return self.phrases[0].endswith("background")


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture's content: an object (None: an empty scene), perhaps painted, in front of a backdrop."""

    subject: Subject | None
    backdrop: Backdrop
    paint: str | None = None
    layout: Layout = "centre"


def _plain(name: str, de: str, fr: str, es: str, pt: str, ja: str) -> Backdrop:
    stem = de.rstrip("e")
    return Backdrop(
        name,
        (
            f"on a {name} background",
            f"on a {name} background",
            f"on {name}",
            f"with a {name} background",
            f"in front of a {name} background",
            f"against a {name} background",
            f"on a {name} wall",
        ),
        (f"{name} background", name),
        {
            "de": (f"auf {stem}em Hintergrund", f"{de}er Hintergrund"),
            "fr": (f"sur fond {fr}", f"fond {fr}"),
            "es": (f"sobre fondo {es}", f"fondo {es}"),
            "pt": (f"em fundo {pt}", f"fundo {pt}"),
            "ja": (f"{ja}背景の", f"{ja}背景"),
        },
    )


def _scene(name: str, phrases: str, names: str, **translations: str) -> Backdrop:
    split = {language: (text.split("; ")[0], text.split("; ")[1]) for language, text in translations.items()}
    by_language: dict[Language, tuple[str, str]] = {language: split[language] for language in LANGUAGES}
    return Backdrop(name, tuple(phrases.split("; ")), tuple(names.split("; ")), by_language)


BACKDROPS: Final = (
    _plain("blue", "blau", "bleu", "azul", "azul", "青い"),
    _plain("red", "rot", "rouge", "rojo", "vermelho", "赤い"),
    _plain("green", "grün", "vert", "verde", "verde", "緑の"),
    _plain("yellow", "gelb", "jaune", "amarillo", "amarelo", "黄色い"),
    _plain("pink", "rosafarben", "rose", "rosa", "rosa", "ピンクの"),
    _plain("purple", "violett", "violet", "morado", "roxo", "紫の"),
    _plain("white", "weiß", "blanc", "blanco", "branco", "白い"),
    _plain("black", "schwarz", "noir", "negro", "preto", "黒い"),
    _scene(
        "snow",
        "in the snow; in the snow; in snow; on snow; in a snowy landscape; in winter",
        "snow; winter; snowy landscape",
        de="im Schnee; Schnee",
        fr="dans la neige; neige",
        es="en la nieve; nieve",
        pt="na neve; neve",
        ja="雪の中の; 雪",
    ),
    _scene(
        "field",
        "in a green field; in a green field; in a field; on the grass; in a meadow; on a hill; in a park",
        "green field; meadow; grass; park",
        de="auf der Wiese; Wiese",
        fr="dans un pré; pré",
        es="en el campo; campo",
        pt="no campo; campo",
        ja="草原の; 草原",
    ),
    _scene(
        "beach",
        "on the beach; on a beach; at the beach; on the sand; by the seaside",
        "beach; sandy beach; seaside",
        de="am Strand; Strand",
        fr="sur la plage; plage",
        es="en la playa; playa",
        pt="na praia; praia",
        ja="浜辺の; 浜辺",
    ),
    _scene(
        "night",
        "in the night sky; at night; in the night; under the stars; in space",
        "night sky; night; space",
        de="in der Nacht; Nacht",
        fr="dans la nuit; nuit",
        es="en la noche; noche",
        pt="na noite; noite",
        ja="夜空の; 夜空",
    ),
    _scene(
        "sea",
        "in the sea; on the sea; on the water; in the ocean; at sea; on a wave",
        "sea; ocean; water",
        de="im Meer; Meer",
        fr="dans la mer; mer",
        es="en el mar; mar",
        pt="no mar; mar",
        ja="海の; 海",
    ),
    _scene(
        "desert",
        "in the desert; in the desert; in a desert; on a dune; on sand dunes",
        "desert; sand dunes; dunes",
        de="in der Wüste; Wüste",
        fr="dans le désert; désert",
        es="en el desierto; desierto",
        pt="no deserto; deserto",
        ja="砂漠の; 砂漠",
    ),
    _scene(
        "sunset",
        "at sunset; at sunset; in the sunset; at dusk; in front of a sunset; in the evening",
        "sunset; dusk; evening",
        de="bei Sonnenuntergang; Sonnenuntergang",
        fr="au coucher du soleil; coucher de soleil",
        es="al atardecer; atardecer",
        pt="no pôr do sol; pôr do sol",
        ja="夕焼けの; 夕焼け",
    ),
    _scene(
        "city",
        "in the city; in the city; in a city; on the street; on a street; in town; on the road",
        "city; street; town; road",
        de="in der Stadt; Stadt",
        fr="en ville; ville",
        es="en la ciudad; ciudad",
        pt="na cidade; cidade",
        ja="街の; 街",
    ),
)

EXAMPLES: Final = (
    "a red fox in the snow",
    "a red apple on a blue background",
    "a rocket in the night sky",
    "a panda in a green field",
    "a sailboat on the sea",
    "a penguin on the beach",
    "two owls at night",
    "a blue car in the city",
    "a giraffe in the desert",
    "a castle at sunset",
)


@cache
def subjects() -> tuple[Subject, ...]:
    """Return every object, in the order of the table."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return tuple(_subject(line.split("\t")) for line in lines if line and not line.startswith("#"))


def _subject(fields: list[str]) -> Subject:
    hexcode, nouns, colour, home, *words, clashes = fields
    own = None if colour == "-" else colour.rstrip("!")
    return Subject(
        hexcode,
        tuple(_noun(noun) for noun in nouns.split(";")),
        own,
        tuple(paint for paint in PAINTS if paint != own) if colour.endswith("!") else (),
        home,
        tuple(clashes.split(";")) if clashes != "-" else (),
        {language: tuple(text.split(";")) for language, text in zip(LANGUAGES, words, strict=True)},
    )


def _noun(text: str) -> Noun:
    singular, _, plural = text.partition("/")
    return Noun(singular, plural or f"{singular}s")


def vanishes(subject: Subject, paint: str | None, backdrop: Backdrop) -> bool:
    """Return whether an object cannot be told from the backdrop; such pairs are neither trained nor offered."""
    return backdrop.name == paint if paint else backdrop.name in subject.clashes


def pairs() -> list[Scene]:
    """Return every unpainted object in the middle of every backdrop in which it can be seen."""
    return [Scene(s, b) for s in subjects() for b in BACKDROPS if not vanishes(s, None, b)]


def is_held_out(scene: Scene) -> bool:
    """Return whether an object and backdrop are kept from training, to measure what the model combines by itself.

    One pair in ten, by a hash of both names, in every colour and layout; never an object's home.
    """
    if scene.subject is None or scene.backdrop.name == scene.subject.home:
        return False
    if (scene.subject.name, scene.backdrop.name) in _SHOWN:
        return False
    digest = hashlib.sha256(f"{scene.subject.name}/{scene.backdrop.name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") < _HELD_OUT_SHARE * 2**32


_SHOWN: Final = frozenset(
    {("fox", "snow"), ("apple", "blue"), ("penguin", "beach"), ("car", "city"), ("castle", "sunset")}
)
"""Pairs that the examples show."""
