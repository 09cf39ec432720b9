"""What the starter can draw and how people ask for it: subjects, backdrops and captions, without torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Subject:
    """One object: its sprite, its nouns, the backdrop it gets unasked, and the backdrops it would vanish in."""

    name: str
    hexcode: str
    home: str
    nouns: tuple[str, ...]
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Backdrop:
    """One background: phrases that follow a subject, and names that stand alone ("fox, snow")."""

    name: str
    phrases: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A subject in front of a backdrop."""

    subject: Subject
    backdrop: Backdrop


def _colour(name: str) -> Backdrop:
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
    )


BACKDROPS: Final = (
    *(_colour(name) for name in ("blue", "red", "green", "yellow", "pink", "purple", "white")),
    Backdrop(
        "snow",
        ("in the snow", "in the snow", "in snow", "on snow", "in a snowy landscape", "in winter"),
        ("snow", "winter", "snowy landscape"),
    ),
    Backdrop(
        "field",
        ("in a green field", "in a green field", "in a field", "on the grass", "in a meadow", "on a hill"),
        ("green field", "meadow", "grass"),
    ),
    Backdrop(
        "beach",
        ("on the beach", "on a beach", "at the beach", "on the sand", "by the seaside"),
        ("beach", "sandy beach", "seaside"),
    ),
    Backdrop(
        "night",
        ("in the night sky", "at night", "in the night", "under the stars", "in space"),
        ("night sky", "night", "space"),
    ),
    Backdrop(
        "sea",
        ("in the sea", "on the sea", "on the water", "in the ocean", "at sea", "on a wave"),
        ("sea", "ocean", "water"),
    ),
)

SUBJECTS: Final = (
    Subject("apple", "1f34e", "white", ("apple", "red apple", "red apple"), ("red",)),
    Subject("pumpkin", "1f383", "night", ("pumpkin", "halloween pumpkin", "orange pumpkin")),
    Subject("pizza", "1f355", "white", ("pizza", "slice of pizza"), ("yellow",)),
    Subject("donut", "1f369", "pink", ("donut", "doughnut", "chocolate donut")),
    Subject("fox", "1f98a", "field", ("fox", "red fox", "red fox", "orange fox")),
    Subject("panda", "1f43c", "field", ("panda", "panda bear", "giant panda"), ("white",)),
    Subject("cat", "1f431", "field", ("cat", "kitten", "yellow cat", "orange cat"), ("yellow",)),
    Subject("dog", "1f436", "field", ("dog", "puppy", "brown dog")),
    Subject("rabbit", "1f430", "field", ("rabbit", "bunny", "white rabbit"), ("white",)),
    Subject("frog", "1f438", "field", ("frog", "green frog", "toad"), ("green",)),
    Subject("penguin", "1f427", "snow", ("penguin", "baby penguin"), ("purple",)),
    Subject("duck", "1f986", "sea", ("duck", "mallard", "mallard duck")),
    Subject("fish", "1f420", "sea", ("fish", "tropical fish", "blue fish"), ("blue",)),
    Subject("car", "1f697", "field", ("car", "red car", "red car"), ("red",)),
    Subject("rocket", "1f680", "night", ("rocket", "space rocket", "spaceship")),
    Subject("boat", "26f5", "sea", ("boat", "sailboat", "sailing boat", "ship")),
    Subject("balloon", "1f388", "blue", ("balloon", "red balloon", "red balloon"), ("red",)),
    Subject("tree", "1f333", "field", ("tree", "green tree"), ("green",)),
    Subject("sunflower", "1f33b", "field", ("sunflower", "yellow flower", "flower"), ("yellow",)),
    Subject("star", "2b50", "night", ("star", "yellow star", "golden star"), ("yellow",)),
    Subject("heart", "2764-fe0f", "white", ("heart", "red heart"), ("red", "pink")),
    Subject("robot", "1f916", "blue", ("robot", "robot head", "android")),
    Subject("snowman", "26c4", "snow", ("snowman", "snow man"), ("white",)),
    Subject("mushroom", "1f344", "field", ("mushroom", "red mushroom", "toadstool"), ("red",)),
)

_HELD_OUT: Final[dict[str, tuple[str, ...]]] = {
    "blue": ("pizza", "penguin", "tree"),
    "beach": ("pizza", "tree"),
    "green": ("panda", "fish", "heart"),
    "purple": ("panda", "fish", "heart"),
    "sea": ("panda", "heart"),
    "red": ("rabbit", "rocket"),
    "pink": ("rabbit", "rocket", "mushroom"),
    "snow": ("rabbit", "rocket", "mushroom"),
    "night": ("rabbit", "mushroom"),
    "yellow": ("penguin", "tree"),
    "white": ("penguin", "tree"),
    "field": ("fish", "heart"),
}
"""Backdrop -> subjects that training never shows there: never a home, never an example."""

EXAMPLES: Final = (
    "a red fox in the snow",
    "a red apple on a blue background",
    "a rocket in the night sky",
    "a panda in a green field",
    "a boat on the sea",
    "a penguin on the beach",
    "a yellow star on a purple background",
    "a robot on a pink background",
)

# Words that say nothing about the picture: seen in training so that a prompt may contain them.
_LEADS: Final = (
    "a photo of",
    "a picture of",
    "a video of",
    "an image of",
    "a clip of",
    "photo of",
    "video of",
    "a drawing of",
    "a cartoon of",
)
_ADJECTIVES: Final = (
    *(
        "cute",
        "little",
        "small",
        "big",
        "happy",
        "beautiful",
        "shiny",
        "funny",
        "cartoon",
        "3d",
        "tiny",
        "lovely",
    ),
    *("giant", "cool", "friendly", "old", "magic"),
)
_ACTIONS: Final = (
    *(
        "moving",
        "running",
        "walking",
        "flying",
        "driving",
        "dancing",
        "jumping",
        "floating",
        "swimming",
        "surfing",
    ),
    *(
        "playing",
        "sitting",
        "standing",
        "gliding",
        "rolling",
        "is moving",
        "is dancing",
        "is running",
        "sliding",
    ),
)


def pairs() -> list[Pair]:
    """Return every pair that can be told apart: a subject in the backdrop's own colour is left out."""
    return [Pair(s, b) for s in SUBJECTS for b in BACKDROPS if b.name not in s.clashes]


def is_held_out(pair: Pair) -> bool:
    """Return whether a pair is kept from training, to measure what the model combines by itself: one in ten."""
    return pair.subject.name in _HELD_OUT.get(pair.backdrop.name, ())


def plain_caption(pair: Pair) -> str:
    """Return the caption that people type first: "a fox in the snow"."""
    return f"{_with_article(pair.subject.name)} {pair.backdrop.phrases[0]}"


def caption(pair: Pair, rng: Random, fillers: Sequence[str] = (), variety: float = 1.0) -> str:
    """Return one of the many ways to ask for `pair`, or with probability 1 - `variety` the plain one.

    `fillers` are words that must not change the picture.
    """
    if rng.random() >= variety:
        return plain_caption(pair)
    noun = rng.choice(pair.subject.nouns) if rng.random() < 0.6 else pair.subject.name
    if rng.random() < 0.15:
        noun = f"{rng.choice(_ADJECTIVES)} {noun}"
    if fillers and rng.random() < 0.08:
        noun = f"{rng.choice(fillers)} {noun}"
    kind = rng.random()
    if kind < 0.25:
        text = noun
    elif kind < 0.35:
        text = f"the {noun}"
    else:
        text = _with_article(noun)
    if rng.random() < 0.15:
        text = f"{text} {rng.choice(_ACTIONS)}"
    if fillers and rng.random() < 0.04:
        text = f"{text} {rng.choice(fillers)}"
    text = _placed(text, pair, rng)
    if rng.random() < 0.3:
        text = f"{rng.choice(_LEADS)} {text}"
    return text


def _placed(text: str, pair: Pair, rng: Random) -> str:
    kind = rng.random()
    if pair.backdrop.name == pair.subject.home and kind < 0.65:
        return text
    if kind > 0.9:
        return f"{text}, {rng.choice(pair.backdrop.names)}"
    return f"{text} {rng.choice(pair.backdrop.phrases)}"


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
