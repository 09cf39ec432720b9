"""Reads a slash command that was typed or pasted as one line, the way the documentation prints it.

The page's own picker wants the command chosen first and each option filled in its field; a line such as
`/video prompt: a red apple motion: Zoom in` would be posted as a plain message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_TRUE, _FALSE = {"true", "yes", "on"}, {"false", "no", "off"}


def read_command_line(text: str, entries: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The page's `run_command` action for `text`, or None where no command of the catalogue is meant.

    `entries` are the catalogue's: the invocation ("video", "server settings"), its options, its ids.
    """
    line = text.strip()
    if not line.startswith("/"):
        return None
    for entry in sorted(entries, key=lambda entry: -len(entry["invocation"])):
        invocation = f"/{entry['invocation']}"
        if line == invocation or line.startswith(invocation + " "):
            return {
                "kind": "run_command",
                "command_id": entry["commandId"],
                "path": entry["path"],
                "schema_fingerprint": entry["schemaFingerprint"],
                "options": _read_options(line[len(invocation) :].strip(), entry["options"]),
            }
    return None


def _read_options(text: str, options: list[Mapping[str, Any]]) -> dict[str, Any]:
    declared = {option["name"]: option for option in options}
    if not text or not declared:
        return {}
    names = "|".join(re.escape(name) for name in declared)
    # ["", "prompt", "a red apple", "motion", "Zoom in"]
    before, *pairs = re.split(rf"(?:^|\s)({names}):\s*", text)
    values = {name: value.strip() for name, value in zip(pairs[::2], pairs[1::2], strict=True)}
    if before.strip():
        values.setdefault(next(iter(declared)), before.strip())
    return {name: _read_value(declared[name], value) for name, value in values.items()}


def _chosen(choices: Iterable[Mapping[str, Any]], typed: str) -> str | None:
    """The value of the choice that is typed by its name, by its value, or by how no other one's name begins."""
    values = {str(choice["name"]).casefold(): str(choice["value"]) for choice in choices}
    if typed in values:
        return values[typed]
    if typed in values.values():
        return typed
    begun = [value for name, value in values.items() if name.startswith(typed)]
    return begun[0] if len(begun) == 1 else None


def _read_value(option: Mapping[str, Any], value: str) -> str | bool:
    if (chosen := _chosen(option["choices"], value.casefold())) is not None:
        return chosen
    if option["type"] == "boolean" and value.casefold() in _TRUE | _FALSE:
        return value.casefold() in _TRUE
    mention = re.fullmatch(r"<(?:@[!&]?|#)(\d+)>", value)
    return mention[1] if mention else value
