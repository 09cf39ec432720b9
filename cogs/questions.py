"""A question that one press answers for good, and the note that takes its place; both are seen by one member alone."""

from __future__ import annotations

import discord
from discord import ui


def note(text: str, *buttons: ui.Button[ui.LayoutView]) -> ui.LayoutView:
    """A text and what can be done about it; presses are answered by dynamic buttons."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    view.stop()
    return view


def grave_button(label: str, custom_id: str) -> ui.Button[ui.LayoutView]:
    """A button whose work cannot be undone."""
    return ui.Button(label=label, style=discord.ButtonStyle.danger, custom_id=custom_id)
