"""Texts: every language has every key with the same placeholders, every key is used, and no English is left in code."""

from __future__ import annotations

import re

import pytest

from bot import speech
from bot.speech import DEFAULT, LANGUAGES, nearest, said, voice
from tests.bot import texts

TEXTS = {language: dict(speech.sources(language)) for language in LANGUAGES}
SPEAKING = texts.sources("bot", "cogs")
RAISING = texts.sources("bot", "data", "generation")
KEYS = texts.messages(TEXTS[DEFAULT]).keys()

SPEAKS_IN_BOT = (
    *("album", "app", "buttons", "cards", "choices", "delivery", "eraser", "examples", "limits", "moderation"),
    *(
        "offer",
        "orders",
        "pictures",
        "places",
        "preferences",
        "privacy",
        "prompt_gate",
        "remarks",
        "service",
        "variants",
    ),
)
"""The modules of the process whose words members may read; the others speak to the operator."""


def test_every_language_has_the_same_files_keys_and_placeholders():
    assert texts.differences(TEXTS, DEFAULT) == []


def test_every_text_is_used():
    assert texts.unused(KEYS - texts.referred(TEXTS[DEFAULT]), SPEAKING, RAISING) == set()


def test_every_text_that_is_said_exists():
    assert texts.missing(KEYS, SPEAKING, RAISING) == set()


def test_no_english_is_left_in_code():
    read = [name for name in SPEAKING if name.startswith("cogs/") or name[4:-3] in SPEAKS_IN_BOT]
    assert len(read) > len(SPEAKS_IN_BOT)
    assert [line for name in read for line in texts.english_in(name, SPEAKING[name])] == []


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ("quota-left =", "quota-remains =", "de lacks quota-left"),
        ("{ $left }", "{ $remaining }", "de: quota-left has other placeholders"),
        ("quota-left", "extra-text = mehr\nquota-left", "de alone has extra-text"),
    ],
)
def test_a_language_that_differs_is_named(before, after, wrong):
    tampered = TEXTS["de"] | {"common.ftl": TEXTS["de"]["common.ftl"].replace(before, after)}
    assert wrong in texts.differences(TEXTS | {"de": tampered}, DEFAULT)


def test_a_missing_file_is_named():
    tampered = {name: text for name, text in TEXTS["ja"].items() if name != "help.ftl"}
    assert "ja has other files" in texts.differences(TEXTS | {"ja": tampered}, DEFAULT)


@pytest.mark.parametrize("broken", ["a-text = { $left", "a-text = { $n ->\n    [one] x\n}", "no text"])
def test_a_text_that_cannot_be_read_is_no_text(broken):
    with pytest.raises(AssertionError):
        texts.messages(TEXTS["fr"] | {"broken.ftl": broken})


def test_a_key_that_stands_twice_is_an_error():
    with pytest.raises(AssertionError, match="twice"):
        texts.messages({"a.ftl": "hello = a", "b.ftl": "hello = b"})


def test_a_text_that_nobody_says_is_found():
    keys = [*KEYS - texts.referred(TEXTS[DEFAULT]), "card-never-said", "error-nowhere"]
    assert texts.unused(keys, SPEAKING, RAISING) == {
        "card-never-said",
        "error-nowhere",
    }


@pytest.mark.parametrize(
    ("tampered", "lacks"),
    [
        ('text = say("card-unheard")', "card-unheard"),
        ('text = voice("de")("card-unheard")', "card-unheard"),
        ('text = say("card-unheard" if late else "card-cancelled")', "card-unheard"),
        ('@command(description=said("video-unheard"))\ndef f(): ...', "video-unheard"),
        ('raise Refused("admin-unheard", until=3)', "admin-unheard"),
        ('raise InvalidRequest("no", code="unheard-of")', "error-unheard-of"),
        ('reason = Reason("no", "unheard-of")', "error-unheard-of"),
        ('raise PydanticCustomError("unheard-of", "no")', "error-unheard-of"),
        ('key = f"verb-{verb}"  # texts: verb-unheard', "verb-unheard"),
    ],
)
def test_a_text_that_does_not_exist_is_found(tampered, lacks):
    added = {"cogs/tampered.py": tampered}
    assert texts.missing(KEYS, SPEAKING | added, RAISING | added) == {lacks}


@pytest.mark.parametrize(
    "tampered",
    [
        'await whisper(interaction, "You have no clips.")',
        'await whisper(interaction, f"{count} clips are on their way")',
        'box.add_item(ui.TextDisplay("### Your clips"))',
        'ui.Button(label="Cancel", custom_id=x)',
        '@app_commands.command(description="Your clips, newest first.")\ndef f(): ...',
        'TITLES = {1: "Edit the recipe"}',
        'raise Refused("You are blocked here.")',
    ],
)
def test_english_in_code_is_found(tampered):
    assert len(texts.english_in("cogs/tampered.py", tampered)) == 1


@pytest.mark.parametrize(
    "code",
    [
        '"""Makes a clip."""',
        'log.warning("job %s failed: %s", 1, 2)',
        'raise RuntimeError("Discord named no message")',
        'raise InvalidRequest(f"frames: at most {most} here", code="most-frames", most=most)',
        'say("card-cancel")',
        'line = f"-# <@{user}> · {text}"',
        'line = f"/video prompt: {example}"',
    ],
)
def test_what_no_member_reads_may_be_english(code):
    assert texts.english_in("cogs/x.py", code) == []


@pytest.mark.parametrize(
    ("tag", "ours"),
    [
        ("de", "de"),
        ("en-GB", "en"),
        ("es-419", "es"),
        ("pt-BR", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("fi", "en"),
        (None, "en"),
    ],
)
def test_the_nearest_language_is_taken(tag, ours):
    assert nearest(tag) == ours


def test_a_voice_fills_placeholders_in_its_language():
    assert voice("de")("quota-left", left=3, limit=20) == "heute noch 3 von 20 Clips übrig (UTC)"
    assert voice("fi")("quota-left", left=3, limit=20) == "3 of your 20 clips left today (UTC)"


def test_a_missing_text_is_its_key_and_is_logged(caplog):
    assert voice("de")("nothing-of-the-kind") == "nothing-of-the-kind"
    assert "nothing-of-the-kind" in caplog.text


def test_a_declared_text_is_english_and_knows_its_key():
    string = said("quota-left", left=1, limit=2)
    assert string.message == "1 of your 2 clips left today (UTC)"
    assert string.extras == {"key": "quota-left", "values": {"left": 1, "limit": 2}}


def test_marks_stay_with_their_words_in_french():
    loose = [line for text in TEXTS["fr"].values() for line in text.splitlines() if re.search(" [:;?!»]|« |'", line)]
    assert [line for line in loose if not line.startswith("#")] == []


def test_english_has_the_apostrophe_of_the_keyboard():
    assert [name for name, text in TEXTS[DEFAULT].items() if chr(0x2019) in text] == []


MANY = {
    "en": "frames steps clips seconds minutes hours attempts words phrases objects backgrounds files messages times",
    "de": "Bilder Bildern Schritte Schritten Clips Sekunden Minuten Stunden Versuche Versuchen Wörter Wendungen "
    "Objekte Hintergründe Hintergründen Dateien Nachrichten GPU-Sekunden warten weitere",
    "fr": "images étapes clips secondes minutes heures tentatives mots objets arrière-plans fonds fichiers messages "
    "livrés échoués annulés créés réservées",
    "es": "fotogramas pasos clips segundos minutos horas intentos palabras frases objetos fondos archivos mensajes "
    "entregados fallidos cancelados hechos reservados",
    "pt-BR": "quadros passos clipes segundos minutos horas tentativas palavras expressões objetos fundos arquivos "
    "mensagens entregues cancelados feitos reservados",
}
"""Words that no language of ours puts after a one."""

NEVER_ONE = {
    "clip-is-smoothest",
    "error-frame-rate",
    "error-prompts-need-frames",
    "admin-words-file",
    "admin-words-too-many",
}


@pytest.mark.parametrize("language", MANY)
def test_one_is_never_told_in_the_plural(language):
    plural = re.compile(rf"\b1 (GPU )?({'|'.join(MANY[language].split())})\b")
    every = texts.messages(TEXTS[language])
    told = {
        key: voice(language)(key, **{name: "x" if name == "reason" else 1 for name in names})
        for key, names in every.items()
        if names
    }
    assert {key: text for key, text in told.items() if plural.search(text) and key not in NEVER_ONE} == {}
