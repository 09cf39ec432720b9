"""Checks of texts and of the code that says them; each gives what is wrong, so that tampered copies can be tried."""

from __future__ import annotations

import ast as code
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fluent.syntax import FluentParser, ast, visitor

ROOT = Path(__file__).parents[2]

Files = Mapping[str, str]
"""The text of files by their names."""

FAMILY = re.compile(r"#\s*texts:\s*(.+)")
"""A comment that names keys which the code puts together."""

WORDS = re.compile(r"[A-Za-z]{2,}'?[a-z]*[,;:.]? [A-Za-z]{2,}|^[A-Z][a-z]+[.!?…]?$")
"""What looks like English to read: two words, or one with a capital."""

USAGE = re.compile(r"/[a-z]+( [a-z_]+:)*")
"""A command as it is typed, which is the same in every language."""

UNREAD = {
    "RuntimeError",
    "ValueError",
    "TypeError",
    "NotImplementedError",
    "Undeliverable",
    "Unreachable",
    "Reason",
    "insist",
}
"""What holds English for developers and the log, or beside a code."""


class _Placeholders(visitor.Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.names.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:
        self.messages.add(node.id.name)


def messages(files: Files) -> dict[str, frozenset[str]]:
    """The placeholders of each message of a language, with those of the messages that stand in it.

    AssertionError where one cannot be read or stands twice.
    """
    read = _read(files)
    return {
        key: frozenset(each.names.union(*(read[inner].names for inner in each.messages))) for key, each in read.items()
    }


def referred(files: Files) -> set[str]:
    """The messages that stand in others."""
    return {inner for each in _read(files).values() for inner in each.messages}


def _read(files: Files) -> dict[str, _Placeholders]:
    found: dict[str, _Placeholders] = {}
    for name, text in files.items():
        for entry in FluentParser().parse(text).body:
            assert not isinstance(entry, ast.Junk), f"{name}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                placeholders = _Placeholders()
                placeholders.visit(entry)
                found[entry.id.name] = placeholders
    return found


def differences(texts: Mapping[str, Files], first: str) -> list[str]:
    """Where a language has other files, keys or placeholders than the first one."""
    wanted, wrong = messages(texts[first]), list[str]()
    for language, files in texts.items():
        had = messages(files)
        wrong += [f"{language} lacks {key}" for key in wanted.keys() - had.keys()]
        wrong += [f"{language} alone has {key}" for key in had.keys() - wanted.keys()]
        wrong += [f"{language}: {key} has other placeholders" for key in wanted & had.keys() if wanted[key] != had[key]]
        if files.keys() != texts[first].keys():
            wrong.append(f"{language} has other files")
    return wrong


def sources(*rooms: str) -> Files:
    """The code of some packages."""
    paths = (path for room in rooms for path in (ROOT / room).glob("**/*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def unused(keys: Iterable[str], speaking: Files, raising: Files) -> set[str]:
    """Texts that no code says: neither by their key, nor as the text of an error's code."""
    of_errors = {f"error-{literal}" for literal in _literals(raising)}
    return set(keys) - _literals(speaking) - _families(speaking) - of_errors


def missing(keys: Iterable[str], speaking: Files, raising: Files) -> set[str]:
    """Texts that are said, or of which an error's code speaks, and that do not exist."""
    return (_said(speaking) | _families(speaking) | {f"error-{each}" for each in _error_codes(raising)}) - set(keys)


def english_in(name: str, text: str) -> list[str]:
    """What looks like English for a member: every such literal but docstrings, log lines and developers' errors."""
    literals = _readable(code.parse(text))
    return [f"{name}:{line}: {literal!r}" for line, literal in literals if WORDS.search(USAGE.sub("", literal))]


def too_long(command: Mapping[str, Any]) -> list[str]:
    """Which names and descriptions of a command Discord would refuse, in which language."""
    wrong: list[str] = []
    for path, part in _parts(command, command["name"]):
        for field, most in (("name", 100 if "value" in part else 32), ("description", 100)):
            said = {"en-US": part.get(field), **(part.get(f"{field}_localizations") or {})}
            for locale, text in said.items():
                if not (1 <= len(text) <= most if text else locale == "en-US"):  # menus have no description
                    wrong.append(f"{path}, {field} in {locale}: {len(text)} characters, at most {most}")
    return wrong


def untranslated(command: Mapping[str, Any], locales: Iterable[str]) -> list[str]:
    """Which descriptions of a command lack one of these languages."""
    return [
        f"{path} in {locale}"
        for path, part in _parts(command, command["name"])
        for locale in locales
        if part.get("description") and locale not in (part.get("description_localizations") or {})
    ]


def _parts(part: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A command, its options and their choices."""
    yield path, part
    for inner in (*(part.get("options") or ()), *(part.get("choices") or ())):
        yield from _parts(inner, f"{path} {inner['name']}")


def _nodes(files: Files) -> Iterator[code.AST]:
    for text in files.values():
        yield from code.walk(code.parse(text))


def _literals(files: Files) -> set[str]:
    return {node.value for node in _nodes(files) if isinstance(node, code.Constant) and isinstance(node.value, str)}


def _families(files: Files) -> set[str]:
    return {key for text in files.values() for line in FAMILY.findall(text) for key in line.split()}


def _said(files: Files) -> set[str]:
    """The keys of `say("key")`, `voice(...)("key")`, `said("key")` and `Refused("key")`."""
    found: set[str] = set()
    for call in (node for node in _nodes(files) if isinstance(node, code.Call)):
        speaker = call.func.func if isinstance(call.func, code.Call) else call.func
        speakers = {"say", "said", "Refused"} if speaker is call.func else {"voice", "voice_of"}
        if isinstance(speaker, code.Name) and speaker.id in speakers and call.args:
            found |= {each.value for each in code.walk(call.args[0]) if isinstance(each, code.Constant)}
    return {key for key in found if isinstance(key, str) and re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", key)}


def _error_codes(files: Files) -> set[str]:
    """The codes that errors of the engine and stored reasons may have."""
    found: set[str] = set()
    for node in _nodes(files):
        match node:
            case (
                code.keyword(arg="code", value=code.Constant(value=str(name)))
                | code.Assign(targets=[code.Name(id="usual_code")], value=code.Constant(value=str(name)))
                | code.Call(func=code.Name(id="PydanticCustomError"), args=[code.Constant(value=str(name)), *_])
                | code.Call(func=code.Name(id="Reason"), args=[_, code.Constant(value=str(name)), *_])
            ):
                found.add(name)
    return found - {""}


def _readable(node: code.AST) -> Iterator[tuple[int, str]]:
    """The literals of a tree but those that no member reads, with their lines."""
    match node:
        case code.Expr(value=code.Constant()) | code.Assert():  # a docstring
            return
        case code.Call(func=code.Attribute(value=code.Name(id="log"))):
            return
        case code.Call(func=code.Name(id=error)) if error in UNREAD:
            return
        case code.Call(keywords=keywords) if any(keyword.arg == "code" for keyword in keywords):
            return
        case code.JoinedStr(values=values):
            yield node.lineno, "…".join(str(part.value) for part in values if isinstance(part, code.Constant))
        case code.Constant(value=str(text)):
            yield node.lineno, text
        case _:
            pass
    for child in code.iter_child_nodes(node):
        if not (isinstance(node, code.JoinedStr) and isinstance(child, code.Constant)):
            yield from _readable(child)
