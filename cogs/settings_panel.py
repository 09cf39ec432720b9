"""How settings are shown: one select for each, with the value that counts and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.cards import PROMPT_SHOWN, plain
from bot.choices import NO_STYLE, USUAL_QUALITY
from bot.preferences import LANGUAGE, Chosen, Owner, Whose
from bot.service import Service
from bot.speech import LANGUAGES, Voice, voice
from bot.variants import motion_of
from generation.catalogue import MOVES
from generation.quality import QUALITIES
from generation.shapes import SHAPES, shape_of

OPTIONS = 25
"""Most options of a select (docs: Components)."""

OPTION_CHARACTERS = 100

OPEN = "null"
"""The value of the option that leaves a setting open; the others' are JSON too."""

PAGE = "page"
"""In place of a value: turns to another page of values."""

Values = list[tuple[Any, str]]
"""What can be chosen, and how it is called."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What one owner has chosen, beside what their server has, as a message to be changed."""

    service: Service
    say: Voice
    owner: Owner
    guild_id: int | None

    def view(self, *, turned: tuple[str, int] | None = None) -> ui.LayoutView:
        """The message.

        Args:
            turned: a setting with more values than one select holds, and the page of them to show.
        """
        view = ui.LayoutView(timeout=None)
        box: ui.Container[ui.LayoutView] = ui.Container()
        box.add_item(ui.TextDisplay(self.say(f"settings-title-{self.owner.whose}")))
        for name, values in _settings(self.service, self.say):
            if len(values) > 1:  # where there is nothing to choose from, nothing is asked
                page = turned[1] if turned is not None and turned[0] == name else None
                box.add_item(ui.ActionRow(self._select(name, values, page)))
        change: ui.Button[ui.LayoutView] = ui.Button(
            label=self.say("settings-change"), custom_id=panel_id("settings-negative", self.owner.whose)
        )
        box.add_item(ui.Section(ui.TextDisplay(self._negative()), accessory=change))
        reset: ui.Button[ui.LayoutView] = ui.Button(
            label=self.say("settings-reset"), custom_id=panel_id("settings-reset", self.owner.whose)
        )
        box.add_item(ui.ActionRow(reset))
        view.add_item(box)
        view.stop()  # uses are answered by the dynamic items
        return view

    def _select(self, name: str, values: Values, page: int | None) -> ui.Select[ui.LayoutView]:
        """A page of the values; where none is asked for, the one with the value that was chosen."""
        own = value_of(self.service.preferences.of(self.owner), name)
        called = self.say(f"settings-name-{name}")
        options = [self._open_option(name, called, values, selected=own is None)]
        pages = paged(values)
        if page is None:
            page = next((number for number, shown in enumerate(pages) if own in [value for value, _ in shown]), 0)
        for value, word in pages[page % len(pages)]:
            label = self.say("settings-value", name=called, value=word)
            description = self.say("settings-from-own") if value == own else None
            options.append(_option(label, json.dumps(value), description, selected=value == own))
        if len(pages) > 1:
            following = (page + 1) % len(pages)
            label = self.say("settings-more", page=following + 1, pages=len(pages))
            options.append(_option(label, json.dumps({PAGE: following}), None, selected=False))
        custom_id = panel_id("setting", self.owner.whose, name)
        return ui.Select(custom_id=custom_id, placeholder=called, options=options)

    def _open_option(self, name: str, called: str, values: Values, *, selected: bool) -> discord.SelectOption:
        """What counts where the owner says nothing."""
        inherited = self._inherited(name)
        if inherited is not None:
            value, source = inherited, "settings-from-server"
        else:
            value, source = self._usual(name), "settings-from-discord" if name == LANGUAGE else "settings-from-usual"
        word = next((word for each, word in values if each == value), self.say("settings-open"))
        label = self.say("settings-value", name=called, value=word)
        return _option(label, OPEN, self.say(source), selected=selected)

    def _usual(self, name: str) -> Any:
        """What counts where nobody has chosen; None for what has no name."""
        defaults = self.service.offer.defaults
        usual = {
            "length": defaults.frames / defaults.fps,
            "motion": motion_of(defaults, defaults),
            "style": NO_STYLE,
            "quality": USUAL_QUALITY,
            "shape": shape_of(defaults.width, defaults.height),
            "loop": defaults.trajectory == "loop",
            "private": False,
            LANGUAGE: self.say.language if self.owner.whose is Whose.ME else None,
        }
        return usual.get(name)

    def _negative(self) -> str:
        """What a clip must not show, and who says so; free text has no select."""
        name, own = "negative", self.service.preferences.of(self.owner).choices.negative
        text, source = own or self._inherited(name), "settings-from-own" if own else "settings-from-server"
        called = self.say("settings-name-negative")
        if text is None:
            return f"**{called}**\n-# {self.say('settings-open')}"
        return f"**{called}**\n{plain(text, PROMPT_SHOWN)}\n-# {self.say(source)}"

    def _inherited(self, name: str) -> Any:
        """What a member has from their server; the server's language is not theirs."""
        if self.owner.whose is Whose.SERVER or self.guild_id is None or name == LANGUAGE:
            return None
        return value_of(self.service.preferences.of(Owner(Whose.SERVER, self.guild_id)), name)


# texts: settings-title-me settings-title-server
# texts: settings-name-length settings-name-motion settings-name-style settings-name-quality settings-name-shape
# texts: settings-name-loop settings-name-private settings-name-language
def _settings(service: Service, say: Voice) -> Iterator[tuple[str, Values]]:
    """Every setting that is chosen from a list, with the list."""
    card = service.offer.card
    yield (
        "length",
        [
            (each.seconds, say("video-length", seconds=each.seconds, frames=each.frames))
            for each in service.offer.lengths
        ],
    )
    yield "motion", [(move, say(f"video-motion-{move}")) for move in MOVES]
    styles = [(name, name) for name in service.offer.styles.names]
    yield "style", [(NO_STYLE, say("video-style-none")), *styles]
    yield "quality", [(quality, say(f"video-quality-{quality}")) for quality in QUALITIES]
    shapes = card.shapes if card is not None else SHAPES
    yield "shape", [(shape, say(f"video-shape-{shape}")) for shape in shapes]
    yes_no: Values = [(True, say("settings-yes")), (False, say("settings-no"))]
    yield "loop", yes_no
    yield "private", yes_no
    yield LANGUAGE, [(tag, voice(tag)("settings-language-name")) for tag in LANGUAGES]


def paged(values: Values) -> list[Values]:
    """The values in parts that fit into a select beside the option that leaves it open and the one that turns."""
    if len(values) < OPTIONS:
        return [values]
    return [values[start : start + OPTIONS - 2] for start in range(0, len(values), OPTIONS - 2)]


def value_of(chosen: Chosen, name: str) -> Any:
    """The value of a setting by its name."""
    return chosen.language if name == LANGUAGE else getattr(chosen.choices, name)


def panel_id(verb: str, whose: Whose, name: str = "") -> str:
    """The id of an item of the panel; at most 100 characters."""
    return f"flipbook:{verb}:{whose}" + (f":{name}" if name else "")


def _option(label: str, value: str, description: str | None, *, selected: bool) -> discord.SelectOption:
    description = description and description[:OPTION_CHARACTERS]
    return discord.SelectOption(label=label[:OPTION_CHARACTERS], value=value, description=description, default=selected)
