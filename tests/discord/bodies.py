"""Every body that the bot sends is held to Discord's documented limits, also where the simulated Discord does not look.

`stage` checks all requests of a test when it ends. The rules are those of the loopback Discord.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from simcord import HttpLogEntry

from . import peer_rules as rules
from .peer_rules import ApiError, Json, invalid

CHOICES_LIMIT = 25
MENTIONS_LIMIT = 100
NONCE_CHARACTERS = 25


def check_bodies(requests: Iterable[HttpLogEntry]) -> None:
    """Raises AssertionError with each request that Discord would refuse, and why."""
    refused: list[str] = []
    for request in requests:
        try:
            check_body(request.method, request.path, request.json)
        except ApiError as error:
            refused.append(f"{request.method} {request.path}: {error}")
    assert not refused, "Discord refuses what was sent:\n" + "\n".join(refused)


def check_body(method: str, path: str, body: Any) -> None:
    """Raises ApiError where Discord refuses the body, or where there is no rule for the route."""
    if method in ("GET", "DELETE"):
        return
    for route, check in RULES:
        if re.fullmatch(route, f"{method} {path}"):
            check(body or {})
            return
    raise rules.NotImplementedByPeer(f"a rule for {method} {path}")


def check_message(body: Json) -> None:
    """Create and Edit Message (Discord API docs, Message resource)."""
    rules.check_text(body)
    v2 = bool(int(body.get("flags") or 0) & rules.COMPONENTS_V2)
    for key in ("content", "embeds"):
        if v2 and body.get(key):
            raise invalid(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Not beside components.")
    rules.check_components(body.get("components") or [], v2=v2)
    for index, file in enumerate(rules.require_list("attachments", body.get("attachments") or [], 0, 10)):
        if file.get("description") is not None:
            rules.require_length(f"attachments.{index}.description", file["description"], 0, 1024)
    for key, ids in (body.get("allowed_mentions") or {}).items():
        if key in ("users", "roles"):
            rules.require_list(f"allowed_mentions.{key}", ids, 0, MENTIONS_LIMIT)
    if body.get("nonce") is not None:
        rules.require_length("nonce", str(body["nonce"]), 1, NONCE_CHARACTERS)


def check_callback(body: Json) -> None:
    """The first answer to an interaction (Discord API docs, Receiving and Responding to Interactions)."""
    data = body.get("data") or {}
    match body.get("type"):
        case 4 | 7:
            check_message(data)
        case 5 | 6:
            if set(data) - {"flags"}:
                raise invalid("data", "BASE_TYPE_INVALID", "A deferred answer says nothing yet.")
        case 8:
            for index, choice in enumerate(rules.require_list("data.choices", data.get("choices"), 0, CHOICES_LIMIT)):
                rules.check_choice(f"data.choices.{index}", choice)
        case 9:
            rules.check_modal(data)
        case kind:
            raise rules.NotImplementedByPeer(f"interaction callbacks of type {kind}")


def _check_commands(body: Any) -> None:
    rules.check_commands(body)


RULES: tuple[tuple[str, Callable[[Any], None]], ...] = (
    (r"POST /interactions/\d+/[^/]+/callback", check_callback),
    (r"POST /channels/\d+/messages", check_message),
    (r"PATCH /channels/\d+/messages/\d+", check_message),
    (r"POST /webhooks/\d+/[^/]+", check_message),
    (r"PATCH /webhooks/\d+/[^/]+/messages/(\d+|@original)", check_message),
    (r"PUT /applications/\d+/commands", _check_commands),
    (r"POST /users/@me/channels", lambda _: None),
    (r"POST /channels/\d+/(messages/\d+/)?threads", lambda _: None),  # only tests open threads
)
