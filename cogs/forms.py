"""Forms that any process can answer, also one that has not shown them: what they are about lies in their ids."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, cast

import discord
from discord import ui
from discord.ext import commands

from .replies import report

Answer = Callable[[Any, discord.Interaction[Any], re.Match[str]], Awaitable[None]]
"""A cog's method that hears of an answered form and of its id, taken apart."""


class Form(ui.Modal):
    """A form that nobody remembers; a cog hears of its answer, see `answers`.

    Args:
        custom_id: at most 100 characters.
    """

    def __init__(self, title: str, custom_id: str) -> None:
        super().__init__(title=title, custom_id=custom_id)
        self.stop()

    def ask(self, label: str, field: ui.Item[Any], hint: str | None = None) -> None:
        """Add a field below a label."""
        self.add_item(ui.Label(text=label, description=hint, component=field))


def answers(template: str) -> Callable[[Answer], Callable[[Any, discord.Interaction[Any]], Awaitable[None]]]:
    """Let a method of a cog answer the forms whose id fits the template, whichever process has shown them."""

    def listener(answer: Answer) -> Callable[[Any, discord.Interaction[Any]], Awaitable[None]]:
        @commands.Cog.listener("on_interaction")
        @wraps(answer)
        async def heard(cog: Any, interaction: discord.Interaction[Any]) -> None:
            if interaction.type is not discord.InteractionType.modal_submit:
                return
            submitted = re.fullmatch(template, str(_data_of(interaction).get("custom_id", "")))
            if submitted is None:
                return
            try:
                await answer(cog, interaction, submitted)
            except Exception as error:
                await report(interaction, error)

        return heard

    return listener


def written(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What stands in an answered form: the value or the first choice of each field, by the field's id."""
    fields: dict[str, str] = {}
    for label in _data_of(interaction).get("components", ()):
        field: Any = label.get("component", {})
        chosen: Any = field.get("values") or [""]
        fields[field.get("custom_id", "")] = str(field.get("value") or chosen[0])
    return fields


def _data_of(interaction: discord.Interaction[Any]) -> dict[str, Any]:
    return cast(dict[str, Any], interaction.data or {})
