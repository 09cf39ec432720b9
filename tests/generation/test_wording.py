"""What a vocabulary makes of a prompt: what it names, what is unknown, and what may have been meant."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.request import MAX_PROMPT_CHARACTERS
from generation.wording import Thing, Vocabulary
from generation.wording.spelling import distance
from tests.conftest import VOCABULARY


def things(entries):
    return [
        Thing(
            entry["name"],
            {language: tuple(words) for language, words in entry["words"].items()},
            tuple(entry.get("tags", ())),
            tuple(entry.get("colours", ())),
        )
        for entry in entries
    ]


def make(**changes):
    fields = {**VOCABULARY, **changes}
    return Vocabulary(
        things(fields["objects"]), things(fields["backgrounds"]), colours=fields["colours"], words=fields["words"]
    )


KNOWN = make()


def objects(prompt, vocabulary=KNOWN):
    return [thing.name for thing in vocabulary.read(prompt).objects]


def background(prompt):
    found = KNOWN.read(prompt).background
    return found and found.name


def unknown(prompt, vocabulary=KNOWN):
    return {word.word: word.nearest for word in vocabulary.read(prompt).unknown}


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a fox", "fox"),
        ("A RED FOX!", "fox"),
        ("ｆｏｘ", "fox"),  # noqa: RUF001
        ("ein Fuchs süß im Schnee", "fox"),
        ("un renard", "fox"),
        ("un zorro", "fox"),
        ("uma raposa", "fox"),
        ("狐", "fox"),
        ("雪の中のきつね", "fox"),
        ("キツネが走る", "fox"),
        ("ein Bär", "bear"),
        ("ein Baer", "bear"),
        ("ein Bar", "bear"),
        ("l’ours", "bear"),  # noqa: RUF001
        ("el autobus", "bus"),
        ("o onibus", "bus"),
        ("un bonhomme de neige", "snowman"),
    ],
)
def test_a_thing_is_known_by_its_name_in_six_languages(prompt, name):
    assert objects(prompt) == [name]
    assert unknown(prompt) == {}


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        *(("two foxes", "fox"), ("the fox's video", "fox"), ("cats", "cat"), ("buses", "bus"), ("wolves", "wolf")),
        *(("berries", "berry"), ("snowmen", "snowman"), ("fire trucks", "fire truck"), ("zwei Katzen", "cat")),
        *(("des renards", "fox"), ("raposas", "fox"), ("ursos", "bear")),
    ],
)
def test_plurals_name_the_same_thing(prompt, name):
    assert objects(prompt) == [name]
    assert set(unknown(prompt)) <= {"two", "zwei"}


def test_the_longest_name_wins():
    assert objects("a fire truck and a truck") == ["fire truck", "truck"]
    assert objects("firetruck, fire-truck") == ["fire truck", "fire truck"]
    assert objects("a snow man") == ["snowman"]
    assert objects("a corn") == ["corn"], "an article is no part of a name"


def test_a_filler_word_is_no_plural_in_another_language():
    assert objects("ein Fuchs") == ["fox"], "“ein” is not a form of the German egg"
    assert objects("zwei Eier") == ["egg"]


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        *(("a fox in the snow", "snow"), ("a fox in winter", "snow"), ("the night sky", "night"), ("猫と夜", "night")),
        *(("a blue fox in the snow", "snow"), ("blue background, night", "blue"), ("a fox", None)),
    ],
)
def test_the_background_is_found(prompt, name):
    assert background(prompt) == name


@pytest.mark.parametrize(
    ("prompt", "drawable"),
    [
        *(("a fox", True), ("a fox and a zebra", True), ("the night sky", True)),
        *(("a zebra", False), ("a zebra in the snow", False), ("cute", False), ("🦊", False), ("...", False)),
    ],
)
def test_an_object_or_an_empty_known_scene_can_be_drawn(prompt, drawable):
    assert KNOWN.read(prompt).is_drawable is drawable


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(
            ("foks", "fox"),
            ("fux", "Fuchs"),
            ("fxo", "fox"),
            ("giraff", "giraffe"),
            ("girrafe", "giraffe"),
            ("katt", "cat"),
        ),
        *(("Fuks", "Fuchs"), ("rennard", "renard"), ("raposha", "raposa"), ("majestik", "majestic")),
        *(("firetrukc", "fire truck"), ("キリソ", "キリン"), ("gira", "giraffe")),
    ],
)
def test_the_nearest_by_spelling_is_offered_in_its_own_language(typed, meant):
    assert unknown(f"a fox and {typed}")[typed][0] == meant


def test_a_name_and_a_word_that_are_written_alike_are_offered_once():
    snow = Thing("snow", {"en": ("snow",), "de": ("Schnee",)}, (), ())
    either = Vocabulary(KNOWN.objects, (snow,), words=["schnee"])
    assert unknown("ein Fuchs im Schne", either) == {"Schne": ("Schnee",)}


def test_words_that_are_far_from_all_names_have_no_nearest():
    assert unknown("a zebra dragon on a log with qwrtz") == {"zebra": (), "dragon": (), "log": (), "qwrtz": ()}


def test_a_tag_offers_the_things_that_have_it_in_the_prompts_language():
    assert unknown("a vehicle") == {"vehicle": ("bus", "fire truck", "car")}
    assert unknown("pets") == {"pets": ("cat",)}
    assert unknown("ein animal und der Schnee") == {"animal": ("Fuchs", "Katze", "Bär")}


def test_numbers_punctuation_emoji_colours_and_listed_words_are_never_unknown():
    assert unknown("2 cute red foxes, walking: 3d/4k (no. 1!) 🦊🦊🏽 ① — “majestic” #7 'süß' suss") == {}


def test_a_prompt_of_many_unknown_words_is_told_of_few_and_short_ones():
    told = KNOWN.read("x" * 300 + " " + " ".join(f"{chr(97 + n)}zzqv" for n in range(20))).unknown
    assert len(told) == 5
    assert max(len(word.word) for word in told) <= 40


def test_a_word_is_told_of_once_and_as_it_was_typed():
    assert list(unknown("Zèbre zèbre ZÈBRE fox")) == ["Zèbre"]


def test_a_japanese_word_is_not_cut_into_the_names_that_happen_to_lie_in_it():
    assert objects("かわいいかさ") == [], "“いか” is a squid, “かわいい かさ” a pretty umbrella"
    assert objects("いかとかえる") == ["squid", "frog"]
    assert objects("かわいいかえる") == ["frog"]
    assert unknown("恐竜と猫") == {"恐竜": ()}


def test_without_a_list_of_words_only_misspelt_names_are_unknown_beside_a_known_thing():
    names_only = make(words=None)
    assert unknown("a majestic shiny fox", names_only) == {}
    assert unknown("a sunny night", names_only) == {}
    assert unknown("a foks in the snow", names_only) == {"foks": ("fox",)}
    assert unknown("a shiny dragon", names_only) == {"shiny": (), "dragon": ()}


def test_an_empty_vocabulary_knows_of_no_unknown_word():
    assert not Vocabulary()
    assert Vocabulary().read("a zebra").unknown == ()


def test_a_warning_says_what_is_near_and_what_is_ignored():
    assert KNOWN.read("a cute fox").warning() is None
    warning = KNOWN.read("a majestik fox, a vehicle, a zebra and a dragon").warning()
    assert warning == (
        "I don't know “majestik”; did you mean “majestic”? "
        "I don't know “vehicle”; did you mean “bus”, “fire truck” or “car”? Ignored: “zebra”, “dragon”."
    )
    assert KNOWN.read("a zebra").warning() == "I don't know “zebra”."


@pytest.mark.parametrize(
    ("first", "second", "edits"),
    [("", "", 0), ("fox", "fox", 0), ("fox", "", 3), ("fox", "fxo", 1), ("fox", "foxy", 1), ("kitten", "sitting", 3)],
)
def test_a_swap_of_neighbours_is_one_edit(first, second, edits):
    assert distance(first, second) == distance(second, first) == edits


HOSTILE = [
    *("a" * 1000, "a " * 500, "ab" * 500, "\ufdfa" * 1000, "a" + "\u0300" * 999, "あa" * 500, "かえる" * 333),
    *("हिन्दी " * 140, "foks giraff " * 80, "fire " * 200, " ".join(f"w{n}ord" for n in range(160)), "\u200d" * 1000),
]


@given(st.text(max_size=MAX_PROMPT_CHARACTERS) | st.sampled_from(HOSTILE))
def test_any_text_is_read_and_what_is_found_lies_in_it(prompt):
    reading = KNOWN.read(prompt)
    ends = 0
    for found in reading.found:
        assert ends <= found.start < found.end
        ends = found.end
    assert all(word.word for word in reading.unknown)


@given(
    st.sampled_from([name for thing in VOCABULARY["objects"] for names in thing["words"].values() for name in names])
)
def test_every_listed_name_is_found_whatever_its_case_and_place(name):
    for prompt in (name, name.upper(), f"🎬 {name}, 2"):
        assert len(objects(prompt)) == 1
        assert unknown(prompt) == {}


def test_reading_is_fast_for_a_large_vocabulary_and_a_hostile_prompt():
    syllables = [a + b for a in "bcdfghklmnprst" for b in "aeiou"]
    names = [a + b + c for a in syllables[::5] for b in syllables[::7] for c in syllables[::9]][:800]
    large = Vocabulary(
        [
            Thing(
                names[n], {language: (names[160 * k + n],) for k, language in enumerate(("en", "de", "fr", "es", "pt"))}
            )
            for n in range(160)
        ],
        words=["a", "the"],
    )
    for prompt in ("a foks in the snow with a kadamu", *HOSTILE):
        seconds = []
        for _ in range(5):
            started = time.process_time()
            large.read(prompt)
            seconds.append(time.process_time() - started)
        assert min(seconds) < 0.005, prompt[:40]
