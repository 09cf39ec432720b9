"""A prompt that is being typed is continued to one that can be drawn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.wording import Completer, Vocabulary
from tests.conftest import WORDED_SIDECAR
from tests.generation.test_wording import KNOWN

EXAMPLES = WORDED_SIDECAR["examples"]
COMPLETER = Completer(KNOWN, EXAMPLES)


def complete(typed, language="en", **limits):
    return COMPLETER.complete(typed, language=language, **{"limit": 25, "max_characters": 100, **limits})


def test_nothing_typed_offers_the_examples():
    assert complete("") == complete("  ") == EXAMPLES


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("fo", ["fox in the snow", "fox, night sky"]),
        ("a fo", ["a fox in the snow", "a fox, night sky"]),
        ("a fire t", ["a fire truck on a blue background"]),
        ("a tru", ["a truck on a blue background"]),
        ("a fox", ["a fox", "a fox in the snow", "a fox, night sky"]),
        ("a fox ", ["a fox in the snow"]),
        ("a fox in", ["a fox in the snow"]),
        ("a fox in the s", ["a fox in the snow"]),
        ("a fox in win", ["a fox in winter"]),
        ("a fox and a gira", ["a fox and a giraffe in the snow"]),
        ("a fox in the snow and a gira", ["a fox in the snow and a giraffe"]),
        ("Fu", ["Fuchs, Schnee", "Fuchs, Nacht"]),
        ("ein Fuchs", ["ein Fuchs, Schnee"]),
        ("ein Fuchs im Sch", ["ein Fuchs im Schnee"]),
        ("bar", ["Bär, Nacht"]),
        ("きつ", ["きつね、雪"]),
        ("a foks", ["a fox"]),
        ("snow fox", ["a red fox in the snow"]),
    ],
)
def test_what_is_typed_is_continued_in_its_own_language(typed, offered):
    found = complete(typed)
    assert set(offered) <= set(found), found


def test_the_backgrounds_of_a_things_like_come_first():
    assert next(text for text in complete("giraffe") if text.startswith("giraffe ")) == "giraffe in the snow"
    assert complete("fire t")[0] == "fire truck on a blue background", "as the bus, which is a vehicle too"


def test_a_name_of_several_languages_is_continued_in_the_members():
    assert "gato, snow" in complete("gat", "es")
    assert "giraffe in the snow" in complete("giraffe", "en")
    assert "giraffe, Schnee" in complete("giraffe", "de")


def test_languages_are_not_mixed_in_one_prompt():
    assert complete("Fu")[0].startswith("Fuchs") and not [text for text in complete("a f") if "Fuchs" in text]
    german = complete("ein f")
    assert [text for text in german if "Fuchs" in text] and not [text for text in german if "fox" in text]


def test_a_word_that_is_half_typed_is_not_offered_as_it_is():
    assert "a fox in the s" not in complete("a fox in the s") and "a fox" in complete("a fox")


def test_a_background_follows_the_words_that_the_examples_show_with_it():
    assert "a fox on the snow" not in complete("a fox on the ") and "a fox in the snow" in complete("a fox in the ")
    assert "a fox on the snow" not in complete("a fox on the s")
    assert not [text for text in complete("ein Fuchs im Sch") if " im im " in text]


def test_what_cannot_be_drawn_is_not_offered():
    assert complete("zzqv") == []
    assert "a foks" not in complete("a foks")


def test_without_a_vocabulary_the_typed_text_and_fitting_examples_are_offered():
    plain = Completer(Vocabulary(), EXAMPLES)
    assert plain.complete("fox", language="en", limit=25, max_characters=100) == ["fox", "a red fox in the snow"]
    assert plain.complete("", language="en", limit=2, max_characters=100) == EXAMPLES[:2]


@given(
    st.text(max_size=120)
    | st.builds(
        lambda words, end: " ".join(words) + end,
        st.lists(st.sampled_from(["a", "fox", "fo", "ein", "Fuchs", "in", "the", "s", "fire", "きつ", ",", "zz"])),
        st.sampled_from(["", " ", ","]),
    ),
    st.sampled_from(["en", "de", "ja", "xx"]),
)
def test_any_text_is_completed_within_discords_limits_to_prompts_that_can_be_drawn(typed, language):
    offered = complete(typed, language)
    assert len(offered) == len(set(offered)) <= 25
    for prompt in offered:
        assert 1 <= len(prompt) <= 100
        assert KNOWN.read(prompt).is_drawable
