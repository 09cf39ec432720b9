"""Texts: every language has every key with the same placeholders, and every key is used."""

from __future__ import annotations

import re
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


def test_every_language_has_the_same_files_keys_and_placeholders():
    english = messages(DEFAULT)
    assert english
    for language in LANGUAGES:
        assert messages(language) == english, language
        assert sources(language).keys() == sources(DEFAULT).keys()


def test_every_text_is_used_and_every_used_text_exists():
    code = "\n".join(
        path.read_text(encoding="utf-8") for room in ("bot", "cogs") for path in (ROOT / room).glob("**/*.py")
    )
    families = {key for line in FAMILY.findall(code) for key in line.split()}
    named = {key for key in messages(DEFAULT) if f'"{key}"' in code} | families
    assert messages(DEFAULT).keys() - named == set(), "texts that nothing says"
    asked = (
        set(re.findall(r'(?:\bsaid|\bvoice_of\([^)]*\)|\bvoice\([^)]*\)|\bsay)\(\s*"([a-z0-9-]+)"', code)) | families
    )
    assert asked - messages(DEFAULT).keys() == set(), "texts that are missing"


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
    assert voice("de")("quota-left", left=3, limit=20) == "heute noch 3 deiner 20 Clips (UTC)"
    assert voice("fi")("quota-left", left=3, limit=20) == "3 of your 20 clips left today (UTC)"


def test_a_missing_text_is_its_key_and_is_logged(caplog):
    assert voice("de")("nothing-of-the-kind") == "nothing-of-the-kind"
    assert "nothing-of-the-kind" in caplog.text


def test_a_declared_text_is_english_and_knows_its_key():
    string = said("quota-left", left=1, limit=2)
    assert string.message == "1 of your 2 clips left today (UTC)"
    assert string.extras == {"key": "quota-left", "values": {"left": 1, "limit": 2}}
