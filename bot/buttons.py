"""How buttons about jobs look, and the ids by which they are known for ever; what each does is in `cogs`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from .speech import Voice


class Verb(StrEnum):
    """What a button does to a job. Messages of years ago name these: a verb that is given up is not given again."""

    CANCEL = "cancel"
    CANCEL_HERE = "cancel-here"
    LOOK_AGAIN = "look-again"
    AGAIN = "again"
    REROLL = "reroll"
    EDIT = "edit"
    EXTEND = "extend"
    SHORTER = "shorter"
    SMOOTHER = "smoother"
    LARGER = "larger"
    RECIPE = "recipe"
    SHOW = "show"
    DELETE = "delete"


CLIP_ROWS = (
    (Verb.REROLL, Verb.EDIT, Verb.EXTEND, Verb.SMOOTHER, Verb.LARGER),
    (Verb.RECIPE, Verb.DELETE),
)
"""The buttons below a clip."""

EMOJI = {
    Verb.LOOK_AGAIN: "🔄",
    Verb.AGAIN: "🔁",
    Verb.REROLL: "🎲",
    Verb.EDIT: "✏️",
    Verb.EXTEND: "⏩",
    Verb.SHORTER: "✂️",
    Verb.SMOOTHER: "🌊",
    Verb.LARGER: "🔍",
    Verb.RECIPE: "📋",
    Verb.SHOW: "🎬",
    Verb.DELETE: "🗑️",
}

# texts: clip-button-cancel clip-button-cancel-here clip-button-look-again clip-button-again clip-button-reroll
# texts: clip-button-edit clip-button-extend clip-button-smoother clip-button-larger clip-button-recipe
# texts: clip-button-shorter clip-button-show clip-button-delete

_JOB_BUTTON = re.compile(r"flipbook:([a-z-]+):(\d{1,19})")


def custom_id(verb: str, job_id: int) -> str:
    """The id of a button that does `verb` to a job; at most 100 characters."""
    return f"flipbook:{verb}:{job_id}"


def button(verb: Verb, job_id: int, say: Voice, *, label: str | None = None) -> ui.Button[ui.LayoutView]:
    """The button that does something to a job; `label` replaces its usual one."""
    return ui.Button(
        label=label or say(f"clip-button-{verb}"),
        emoji=EMOJI.get(verb),
        style=discord.ButtonStyle.secondary,
        custom_id=custom_id(verb, job_id),
    )


def button_row(verbs: Iterable[Verb], job_id: int, say: Voice) -> ui.ActionRow[ui.LayoutView]:
    """At most five buttons about one job."""
    return ui.ActionRow(*(button(verb, job_id, say) for verb in verbs))


def job_ids_of(message: discord.Message) -> set[int]:
    """The jobs that the buttons of a message of ours are about."""
    found = (_JOB_BUTTON.fullmatch(each.custom_id or "") for each in _buttons(message.components))
    return {int(match[2]) for match in found if match is not None and match[1] in set(Verb)}


def _buttons(components: Iterable[Any]) -> Iterable[discord.Button]:
    for component in components:
        if isinstance(component, discord.Button):
            yield component
        yield from _buttons(getattr(component, "children", ()))
