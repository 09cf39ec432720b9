"""What is told of a prompt's words is plain text, whatever the member typed and the operator's sidecar holds."""

from __future__ import annotations

import pytest

from bot.remarks import NothingToDraw, is_vague, remark
from bot.speech import LANGUAGES, voice
from generation.catalogue import CheckpointCard
from generation.request import Defaults, VideoRequest
from generation.wording import Thing, Vocabulary

ENGLISH = voice("en")
CARD = CheckpointCard(
    "x", None, "print", Defaults(), Vocabulary([Thing("fox"), Thing("__car__"), Thing("@everyone")], words=[])
)


@pytest.mark.parametrize(("typed", "shown"), [("carr", r"\_\_car\_\_"), ("everyon", "@\u200beveryone")])
def test_known_words_neither_ping_nor_format(typed, shown):
    beside, alone = VideoRequest(prompt=f"a fox, {typed}"), VideoRequest(prompt=typed)
    for told in (remark(CARD, beside, ENGLISH), NothingToDraw(CARD, alone).in_words(ENGLISH)):
        assert told is not None and shown in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_told_fits_a_message_whatever_was_typed(language):
    words = [f"*{letter * 36}*" for letter in "bdghjklmnpqrstvwxz"]
    request = VideoRequest(prompt=" => ".join(f"a fox, {word}" for word in words), frames=32)
    told = remark(CARD, request, voice(language))
    assert told is not None and len(told) == 700
    alone = VideoRequest(prompt=" ".join(words)[:1000])
    assert len(NothingToDraw(CARD, alone).in_words(voice(language))) < 1000


def test_a_prompt_of_known_words_is_told_nothing():
    assert remark(CARD, VideoRequest(prompt="a fox"), ENGLISH) is None
    assert not is_vague(CARD, VideoRequest(prompt="a fox"))
