"""Texts: every language has every key with the same placeholders, and every key is used."""

from __future__ import annotations

import ast as syntax
import re
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast, visitor

from bot.speech import DEFAULT, LANGUAGES, nearest, said, sources, voice

ROOT = Path(__file__).parents[2]
FAMILY = re.compile(r"#\s*texts:\s*(.+)")
"""A comment that names keys which the code puts together."""


class Placeholders(visitor.Visitor):
    """The variables of a message."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.names.add(node.id.name)


def messages(language: str) -> dict[str, set[str]]:
    """The placeholders of each message of a language."""
    found: dict[str, set[str]] = {}
    for name, text in sources(language).items():
        for entry in FluentParser().parse(text).body:
            assert not isinstance(entry, ast.Junk), f"{language}/{name}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice in {language}"
                placeholders = Placeholders()
                placeholders.visit(entry)
                found[entry.id.name] = placeholders.names
    return found


@cache
def trees(*rooms: str) -> list[syntax.Module]:
    """The code of some packages, parsed."""
    return [syntax.parse(path.read_text(encoding="utf-8")) for room in rooms for path in (ROOT / room).glob("*.py")]


def literals(*rooms: str) -> set[str]:
    """All strings that stand in the code, those inside of f-strings too."""
    nodes = (node for tree in trees(*rooms) for node in syntax.walk(tree))
    return {node.value for node in nodes if isinstance(node, syntax.Constant) and isinstance(node.value, str)}


def asked_keys() -> set[str]:
    """The keys that the code says by `say("key")`, `voice(...)("key")`, `said("key")` or `Refused("key")`."""
    found: set[str] = set()
    for call in (node for tree in trees("bot", "cogs") for node in syntax.walk(tree) if isinstance(node, syntax.Call)):
        speaker = call.func.func if isinstance(call.func, syntax.Call) else call.func
        name = speaker.id if isinstance(speaker, syntax.Name) else ""
        spoken = ("voice", "voice_of") if speaker is not call.func else ("say", "said", "Refused")
        if name in spoken and call.args and isinstance(call.args[0], syntax.Constant):
            found.add(call.args[0].value)
    return found


def error_codes() -> set[str]:
    """The codes that errors of the engine and stored reasons may have."""
    found: set[str] = set()
    for node in (node for tree in trees("bot", "data", "generation") for node in syntax.walk(tree)):
        match node:
            case syntax.keyword(arg="code", value=syntax.Constant(value=str(code))):
                found.add(code)
            case syntax.Assign(targets=[syntax.Name(id="usual_code")], value=syntax.Constant(value=str(code))):
                found.add(code)
            case syntax.Call(func=syntax.Name(id="PydanticCustomError"), args=[syntax.Constant(value=str(code)), *_]):
                found.add(code)
            case syntax.Call(func=syntax.Name(id="Reason"), args=[_, syntax.Constant(value=str(code)), *_]):
                found.add(code)
    return found - {""}


def test_every_language_has_the_same_files_keys_and_placeholders():
    english = messages(DEFAULT)
    assert english
    for language in LANGUAGES:
        assert messages(language) == english, language
        assert sources(language).keys() == sources(DEFAULT).keys()


def families() -> set[str]:
    """Keys that the code puts together."""
    code = (path.read_text(encoding="utf-8") for room in ("bot", "cogs") for path in (ROOT / room).glob("*.py"))
    return {key for text in code for line in FAMILY.findall(text) for key in line.split()}


def test_every_text_is_used():
    in_code = literals("bot", "cogs") | families()
    of_errors = {f"error-{literal}" for literal in literals("bot", "data", "generation")}
    assert messages(DEFAULT).keys() - in_code - of_errors == set()


def test_every_text_that_is_said_exists():
    said_keys = asked_keys() | families() | {f"error-{code}" for code in error_codes()}
    assert "service-restarts" in said_keys and "error-prompt-sides" in said_keys, "it looks where it should"
    assert said_keys - messages(DEFAULT).keys() == set()


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
