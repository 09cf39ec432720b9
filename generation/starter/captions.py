"""How people ask for a scene: many wordings of one picture, in English and, for names, five more languages."""

from collections.abc import Sequence
from random import Random
from typing import Final

from .vocabulary import BACKDROPS, LANGUAGES, Backdrop, Language, Layout, Noun, Scene

LEADS: Final = (
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
ADJECTIVES: Final = (
    *("cute", "happy", "beautiful", "shiny", "funny", "cartoon", "3d", "lovely", "cool", "friendly", "old", "magic"),
    *("sad", "young", "pretty", "nice", "adorable", "sweet", "crazy", "fast", "wild", "new"),
)
ACTIONS: Final = (
    *("moving", "running", "walking", "flying", "driving", "dancing", "jumping", "floating", "swimming", "surfing"),
    *("playing", "sitting", "standing", "gliding", "rolling", "is moving", "is dancing", "is running", "sliding"),
    *("sleeping", "eating", "smiling", "is flying", "is swimming", "looking at you", "riding", "sailing", "spinning"),
)
PLACES: Final[dict[Layout, tuple[str, ...]]] = {
    "left": ("on the left", "on the left side", "to the left", "at the left"),
    "right": ("on the right", "on the right side", "to the right", "at the right"),
}
SIZES: Final[dict[Layout, tuple[str, ...]]] = {
    "small": ("small", "small", "tiny", "little"),
    "large": ("large", "big", "huge", "giant"),
}
_COUNTS: Final = ("two", "two", "two", "2", "a pair of")
_EMPTY: Final = ("{}", "{}", "an empty scene, {}", "nothing, {}", "just the {}", "empty {}")
_ARTICLES: Final[dict[Language, tuple[str, ...]]] = {
    "de": ("ein ", "eine ", "der ", "die ", "das ", "", ""),
    "fr": ("un ", "une ", "le ", "la ", "", ""),
    "es": ("un ", "una ", "el ", "la ", "", ""),
    "pt": ("um ", "uma ", "o ", "a ", "", ""),
    "ja": ("",),
}

_FOREIGN: Final = 0.22  # share of varied captions in another language
_GRAY: Final = {"gray": "grey"}


def plain_caption(scene: Scene) -> str:
    """Return the caption that people type first: "a fox in the snow", "two blue cars on the beach"."""
    place = scene.backdrop.phrases[0]
    if scene.subject is None:
        return scene.backdrop.names[0]
    noun = scene.subject.nouns[0]
    paint = [scene.paint] if scene.paint else []
    if scene.layout == "two":
        return " ".join(["two", *paint, noun.plural, place])
    size = [SIZES[scene.layout][0]] if scene.layout in SIZES else []
    text = with_article(" ".join([*size, *paint, noun.singular]), noun)
    side = [PLACES[scene.layout][0]] if scene.layout in PLACES else []
    return " ".join([text, *side, place])


def caption(scene: Scene, rng: Random, fillers: Sequence[str] = (), variety: float = 1.0) -> str:
    """Return one of the many ways to ask for `scene`, or with probability 1 - `variety` the plain one.

    `fillers` are words that must not change the picture.
    """
    if rng.random() >= variety:
        return plain_caption(scene)
    if rng.random() < _FOREIGN:
        return _foreign(scene, rng)
    if scene.subject is None:
        text = rng.choice(_EMPTY).format(rng.choice(scene.backdrop.names))
    else:
        text = _placed(_object(scene, rng, fillers), scene, rng)
    if rng.random() < 0.3:
        text = f"{rng.choice(LEADS)} {text}"
    return text


def with_article(text: str, noun: Noun) -> str:
    """Put "a" or "an" before `text`, unless its noun has no singular of its own ("french fries")."""
    if noun.singular == noun.plural and noun.singular.endswith("s"):
        return text
    return f"{'an' if text[0] in 'aeiou' and not text.startswith(('uni', 'ufo')) else 'a'} {text}"


def _object(scene: Scene, rng: Random, fillers: Sequence[str]) -> str:
    """Return the object with its number, size, colour and side, and words that change nothing."""
    subject = scene.subject
    assert subject is not None
    nouns = [noun for noun in subject.nouns if subject.colour is None or subject.colour not in noun.singular.split()]
    noun = rng.choice(nouns if scene.paint else subject.nouns) if rng.random() < 0.6 else subject.nouns[0]
    words = [scene.paint] if scene.paint else []
    if not scene.paint and subject.colour and subject.colour not in noun.singular.split() and rng.random() < 0.2:
        words = [_GRAY.get(subject.colour, subject.colour) if rng.random() < 0.5 else subject.colour]
    if rng.random() < 0.12:
        words.insert(0, rng.choice(ADJECTIVES))
    if fillers and rng.random() < 0.08:
        words.insert(0, rng.choice(fillers))
    if scene.layout in SIZES:
        words.insert(0, rng.choice(SIZES[scene.layout]))
    if scene.layout == "two":
        text = " ".join([rng.choice(_COUNTS), *words, noun.plural])
    else:
        bare = " ".join([*words, noun.singular])
        kind = rng.random()
        text = bare if kind < 0.25 else f"the {bare}" if kind < 0.35 else with_article(bare, noun)
    if scene.layout in PLACES:
        return f"{text} {rng.choice(PLACES[scene.layout])}"
    if rng.random() < 0.15:
        text = f"{text} {rng.choice(ACTIONS)}"
    if fillers and rng.random() < 0.04:
        text = f"{text} {rng.choice(fillers)}"
    return text


def _placed(text: str, scene: Scene, rng: Random) -> str:
    kind = rng.random()
    if scene.subject is not None and scene.backdrop.name == scene.subject.home and kind < 0.5:
        return text
    if kind > 0.85:
        return f"{text}, {rng.choice(scene.backdrop.names)}"
    if kind > 0.8:
        return f"{text} {rng.choice(scene.backdrop.names)}"
    return f"{text} {rng.choice(scene.backdrop.phrases)}"


def _foreign(scene: Scene, rng: Random) -> str:
    """Name the object in another language; what only English can say (colour, size, side, number) stays English."""
    language = rng.choice(LANGUAGES)
    phrase, name = scene.backdrop.translations[language]
    if scene.subject is None:
        return name.lower()
    noun = rng.choice(scene.subject.translations[language])
    words = [scene.paint] if scene.paint else []
    if scene.layout in SIZES:
        words.insert(0, SIZES[scene.layout][0])
    if scene.layout == "two":
        words.insert(0, "two")
    side = [PLACES[scene.layout][0]] if scene.layout in PLACES else []
    if words or side:
        text = " ".join([*words, noun, *side])
    else:
        text = rng.choice(_ARTICLES[language]) + noun
    if scene.backdrop.name == scene.subject.home and rng.random() < 0.4:
        return text
    kind = rng.random()
    if kind > 0.7:
        return f"{text}, {name}"
    if kind > 0.5:
        return f"{text}, {scene.backdrop.names[0]}"
    if language == "ja":
        return f"{phrase}{text}"
    return f"{text} {phrase}"


def template_words() -> list[str]:
    """Return every word that captions use around objects and backdrops, sorted: what the model has at least seen."""
    texts = [*LEADS, *ADJECTIVES, *ACTIONS, *_COUNTS, *_EMPTY, *_GRAY, *_GRAY.values(), "a", "an", "the"]
    texts += [text for options in (*PLACES.values(), *SIZES.values(), *_ARTICLES.values()) for text in options]
    for backdrop in BACKDROPS:
        texts += [*backdrop.phrases, *backdrop.names]
        texts += [text for pair in backdrop.translations.values() for text in pair]
    return sorted({word.lower() for text in texts for word in text.replace("{}", " ").replace(",", " ").split()})


_LEADING: Final = frozenset(["in", "on", "at", "by", "of", "under", "with", "front", "against", "a", "an", "the"])


def content_words(backdrop: Backdrop) -> tuple[str, ...]:
    """Return what names a backdrop in English, with prepositions and articles taken off: "grass", "green field".

    A plain backdrop is only named together with a word such as "background": alone, a colour may be the object's.
    """
    if backdrop.plain:
        return (f"{backdrop.name} background", f"{backdrop.name} wall", f"on {backdrop.name}")
    names: dict[str, None] = dict.fromkeys(backdrop.names)
    for phrase in backdrop.phrases:
        words = phrase.split()
        while words[0] in _LEADING:
            words.pop(0)
        names[" ".join(words)] = None
    return tuple(names)
