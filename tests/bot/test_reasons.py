"""Errors of the engine and stored reasons in the reader's language, with what they speak of."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PIL import Image

from bot.cards import end_card
from bot.messages import TooLarge, Undeliverable
from bot.orders import Refused
from bot.reasons import explain_error, explain_reason, reason_of
from bot.speech import LANGUAGES, voice
from bot.styles import Styles
from cogs.replies import explain
from data import JobState, Reason
from generation.catalogue import CheckpointCard, check_size
from generation.catalogue import describe as describe_checkpoint
from generation.errors import CheckpointUnavailable, EncodeError, GenerationError, OutOfMemory, UnsuitableFrames
from generation.first_picture import open_picture, with_picture
from generation.request import Defaults, VideoRequest
from tests.bot.house import house

CARD = CheckpointCard("x", None, "print", Defaults())


def request(**fields):
    return lambda: VideoRequest.parse({"prompt": "a fox", **fields})


def size():
    check_size(CARD.resolve(VideoRequest(prompt="a fox", width=520)), 64)


REFUSALS = {
    "no prompt": (request(prompt="  "), []),
    "a long prompt": (request(prompt="x" * 1001), ["1"]),
    "a control character": (request(prompt="a\x07fox"), []),
    "nothing after": (request(prompt="a fox =>"), ["=>"]),
    "many prompts": (request(prompt="a => b => c", frames=2), ["3", "2"]),
    "many frames": (request(frames=65), ["frames", "64"]),
    "no frames": (request(frames=0), ["frames", "1"]),
    "a fast file": (request(fps=30, interpolation=3), ["90", "60"]),
    "a large file": (request(width=1032, upscale="lanczos"), ["024"]),
    "an odd size": (size, ["520", "512"]),
    "no such style": (lambda: Styles({"oil": CARD}).card("ink"), ["ink", "oil"]),
    "no styles": (lambda: Styles().card("ink"), ["ink"]),
    "a broken style": (lambda: Styles({"oil": CheckpointUnavailable("no file")}).card("oil"), ["oil"]),
    "no checkpoint": (lambda: describe_checkpoint("/nowhere/at/all"), ["/nowhere/at/all"]),
    "no picture": (lambda: open_picture(b"text"), ["PNG"]),
    "a large picture": (lambda: open_picture(Image.new("1", (16_385, 1))), ["32", "50"]),
    "a lost picture": (
        lambda: with_picture(CARD.resolve(VideoRequest(prompt="a fox", first_picture="0" * 64)), None),
        [],
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_every_language_says_what_the_engine_refuses_and_names_what_it_speaks_of(case):
    refuse, names = REFUSALS[case]
    with pytest.raises(GenerationError) as refusal:
        refuse()
    said = {language: explain(refusal.value, voice(language)) for language in LANGUAGES}
    assert len(set(said.values())) == len(LANGUAGES), "each in its own words"
    for text in said.values():
        assert text and all(name in text for name in names)
        assert "{" not in text and "error-" not in text


@pytest.mark.parametrize(
    ("error", "german"),
    [
        (OutOfMemory("no room"), "Die Grafikkarte hat für diese Größe nicht genug Speicher"),
        (UnsuitableFrames("adult"), "Kanälen mit Altersbeschränkung"),
        (EncodeError("ffmpeg failed: last words"), "Die Videodatei konnte nicht geschrieben werden"),
        (Undeliverable("status 403"), "Die Nachricht ist weg"),
        (TooLarge(10), "größer, als Discord hier erlaubt"),
        (FileNotFoundError(2, "gone"), "nicht mehr da"),
        (ZeroDivisionError("division by zero"), "(ZeroDivisionError)"),
    ],
)
def test_what_is_stored_is_told_in_another_language_later(error, german):
    stored = Reason.from_text(reason_of(error).to_text())
    assert german in explain_reason(stored, voice("de"))
    assert stored.message and german not in stored.message, "English for the log and for engineers"


def test_a_code_without_a_text_is_told_by_its_english_message():
    assert explain_error(GenerationError("the moon is in the way", code="of-tomorrow"), voice("de")) == (
        "the moon is in the way."
    )
    assert explain_reason(Reason("The disk is full."), voice("ja")) == "The disk is full."


@pytest.mark.parametrize(
    "reason",
    [
        Reason("", "style", {"style": "@everyone **x** <@1>", "choices": "[a](http://b.example)"}),
        Reason("@everyone **x** <@1> [a](http://b.example)"),
    ],
)
def test_what_a_reason_names_neither_pings_nor_formats(reason):
    told = explain_reason(reason, voice("en"))
    assert "@everyone" not in told and "**x" not in told and "<@1>" not in told.replace("\\<", "")
    assert "\\[a]" in told


def test_a_refusal_puts_the_error_that_it_names_into_words():
    refused = Refused("service-unavailable", reason=CheckpointUnavailable("no file"))
    assert "Der Checkpoint lässt sich nicht laden" in refused.in_words(voice("de"))
    assert "cannot be loaded" in str(refused), "English for the log"


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("de", ["Dieser Clip ist nicht gelungen.", "nicht genug Speicher", "Erneut versuchen"]),
        ("ja", ["このクリップは作れませんでした。", "メモリが足りません", "再試行"]),
    ],
)
async def test_a_failed_job_says_why_in_the_language_of_its_message(tmp_path, language, parts):
    async with house(tmp_path) as h:
        job = await h.ask("impossible")
        failed = await h.state(job.id, JobState.FAILED)
    card = end_card(replace(failed, language=language, error=reason_of(OutOfMemory("no room"))))
    shown = json.dumps(card.to_components(), ensure_ascii=False)
    assert [part for part in parts if part not in shown] == []
