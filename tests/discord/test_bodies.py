"""What the bot sends is held to Discord's limits: each limit is one that the check knows, and a stage's end checks."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import ui

from tests.bot.house import ScriptedExecutor
from tests.discord.bodies import check_body
from tests.discord.peer_rules import COMPONENTS_V2, ApiError, Json
from tests.discord.stage import make_settings, stage
from tests.sketch import save_sketch

CALLBACK = "/interactions/1/token/callback"


def message(*components: Json, **more: Any) -> tuple[str, str, Json]:
    return "PATCH", "/channels/1/messages/2", {"flags": COMPONENTS_V2, "components": list(components), **more}


def callback(kind: int, **data: Any) -> tuple[str, str, Json]:
    return "POST", CALLBACK, {"type": kind, "data": data}


def modal(*fields: Json, title: str = "Edit", label: str = "Prompt", custom_id: str = "form") -> tuple[str, str, Json]:
    labels = [{"type": 18, "label": label, "component": field} for field in fields]
    return callback(9, title=title, custom_id=custom_id, components=labels)


def text(length: int) -> Json:
    return {"type": 10, "content": "x" * length}


def button(**changes: Any) -> Json:
    return {"type": 1, "components": [{"type": 2, "style": 2, "label": "Cancel", "custom_id": "c", **changes}]}


def select(count: int = 1, **changes: Any) -> Json:
    options = [{"label": "left", "value": str(number), **changes} for number in range(count)]
    return {"type": 3, "custom_id": "s", "options": options}


def gallery(description: str) -> Json:
    return {"type": 12, "items": [{"media": {"url": "attachment://a.mp4"}, "description": description}]}


def field(**changes: Any) -> Json:
    return {"type": 4, "style": 2, "custom_id": "prompt", **changes}


def choices(count: int = 1, name: str = "a fox") -> tuple[str, str, Json]:
    return callback(8, choices=[{"name": name, "value": "a fox"}] * count)


def command(channel_type: int) -> tuple[str, str, list[Json]]:
    option = {"type": 7, "name": "where", "description": "a channel", "channel_types": [channel_type]}
    return "PUT", "/applications/1/commands", [{"name": "ask", "description": "asks", "options": [option]}]


LIMITS = {
    "the types of channels": (command(15), command(16)),
    "characters of content": (message(flags=0, content="x" * 2000), message(flags=0, content="x" * 2001)),
    "content beside components": (message(text(1), content=None), message(text(1), content="x")),
    "characters of texts": (message(text(2000), text(2000)), message(text(2000), text(2001))),
    "components": (message(*[text(1)] * 40), message(*[text(1)] * 41)),
    "buttons in a row": (
        message({"type": 1, "components": [button(custom_id=str(n))["components"][0] for n in range(5)]}),
        message({"type": 1, "components": [button(custom_id=str(n))["components"][0] for n in range(6)]}),
    ),
    "a button's label": (message(button(label="x" * 80)), message(button(label="x" * 81))),
    "a button's id": (message(button(custom_id="x" * 100)), message(button(custom_id="x" * 101))),
    "ids twice": (message(button(custom_id="a"), button()), message(button(), button())),
    "options": (
        message({"type": 1, "components": [select(25)]}),
        message({"type": 1, "components": [select(26)]}),
    ),
    "an option's label": (
        message({"type": 1, "components": [select(label="x" * 100)]}),
        message({"type": 1, "components": [select(label="x" * 101)]}),
    ),
    "an option's description": (
        message({"type": 1, "components": [select(description="x" * 100)]}),
        message({"type": 1, "components": [select(description="x" * 101)]}),
    ),
    "alt text": (message(gallery("x" * 1024)), message(gallery("x" * 1025))),
    "files": (
        message(text(1), attachments=[{"id": number} for number in range(10)]),
        message(text(1), attachments=[{"id": number} for number in range(11)]),
    ),
    "a nonce": (message(flags=0, content="x", nonce="n" * 25), message(flags=0, content="x", nonce="n" * 26)),
    "mentions": (
        message(flags=0, content="x", allowed_mentions={"users": ["1"] * 100}),
        message(flags=0, content="x", allowed_mentions={"users": ["1"] * 101}),
    ),
    "suggestions": (choices(25), choices(26)),
    "a suggestion's name": (choices(name="x" * 100), choices(name="x" * 101)),
    "a form's title": (modal(field(), title="x" * 45), modal(field(), title="x" * 46)),
    "a form's id": (modal(field(), custom_id="x" * 100), modal(field(), custom_id="x" * 101)),
    "a form's label": (modal(field(), label="x" * 45), modal(field(), label="x" * 46)),
    "a form's fields": (modal(*[field()] * 5), modal(*[field()] * 6)),
    "a field's length": (modal(field(max_length=4000)), modal(field(max_length=4001))),
    "a field's text": (modal(field(value="xx", max_length=2)), modal(field(value="xxx", max_length=2))),
    "a field's hint": (modal(field(placeholder="x" * 100)), modal(field(placeholder="x" * 101))),
    "a field's options": (modal(select(25)), modal(select(26))),
    "an ephemeral edit": (callback(7, content="x" * 2000), callback(7, content="x" * 2001)),
    "a deferred answer": (callback(5, flags=64), callback(5, content="x")),
}


@pytest.mark.parametrize(("fits", "does_not"), LIMITS.values(), ids=LIMITS)
def test_what_is_over_a_limit_is_refused_and_what_is_not_is_fine(fits, does_not):
    check_body(*fits)
    with pytest.raises(ApiError):
        check_body(*does_not)


def test_a_route_without_a_rule_is_named():
    with pytest.raises(ApiError, match="PUT /guilds/1/bans/2"):
        check_body("PUT", "/guilds/1/bans/2", {})


async def test_a_stage_ends_in_an_error_where_a_body_was_refused(tmp_path):
    settings = make_settings(tmp_path / "var", save_sketch(tmp_path / "sketch"))
    with pytest.raises(AssertionError, match="Discord refuses what was sent"):
        async with stage(settings, executor=ScriptedExecutor()) as s:
            view = ui.View(timeout=None)
            view.add_item(ui.Button(label="", custom_id="nothing to read on it"))  # the simulated Discord takes it
            view.stop()
            await s.bot.get_channel(s.channel.id).send("x", view=view)
            assert isinstance(s.channel.last_message, discord.Message)
