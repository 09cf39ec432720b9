"""How a job's one message looks at each moment of its life (Components V2), and the ids of its buttons."""

from __future__ import annotations

import re

import discord
from discord import ui

from data import Job, JobState
from generation.request import ResolvedRequest, VideoRequest

from .executor import Step
from .messages import Place

CANCEL = "cancel"
REROLL = "reroll"
AGAIN = "again"

WORTH_TELLING = 1.25
"""A later time is told beside the likely one where it is so many times as long."""

BAR_CELLS = 20
PICTURE_NAME = "so-far.jpg"
"""The attachment that shows how far a render is."""

PROMPT_SHOWN = 300
PROMPT_LISTED = 100
"""Characters of a prompt on its own card, and in a list of clips, where several must fit one message."""
REASON_SHOWN = 800

_MARKDOWN = re.compile(r"[\\*_~`|\[<]|^(?=[#>-])", re.MULTILINE)
"""What formats a text; discord.py's own escaping leaves all links but the first one of a text as they are."""

BLUE = discord.Colour(0x5865F2)
GREEN = discord.Colour(0x248046)
RED = discord.Colour(0xDA373C)
GREY = discord.Colour(0x80848E)


def custom_id(verb: str, job_id: int) -> str:
    """The id of a button that does `verb` to a job; at most 100 characters."""
    return f"flipbook:{verb}:{job_id}"


def queued_card(job: Job, place: Place, remark: str | None = None) -> ui.LayoutView:
    """The promise, where the job stands, and what the prompt asks in vain."""
    ahead = "you are next" if place.position <= 1 else f"position {place.position}"
    text = f"⏳ **Queued** · {ahead} · ready in {wait(place)}"
    return _layout(BLUE, _asked(job), text, *_small(remark), buttons=[_button(CANCEL, job, "Cancel")])


def progress_card(job: Job, step: Step, left_s: float | None, remark: str | None = None) -> ui.LayoutView:
    """A bar that moves, and what the prompt asks in vain."""
    share = step.done / max(step.total, 1)
    bar = "▰" * round(share * BAR_CELLS) + "▱" * (BAR_CELLS - round(share * BAR_CELLS))
    left = "" if left_s is None else f" · {duration(left_s)} left"
    text = f"🎨 **Rendering** · step {step.done} of {step.total}{left}\n{bar} {round(share * 100)} %"
    picture = [] if step.picture is None else [_gallery(PICTURE_NAME)]
    return _layout(BLUE, _asked(job), text, *picture, *_small(remark), buttons=[_button(CANCEL, job, "Cancel")])


def clip_card(job: Job, filename: str) -> ui.LayoutView:
    """The clip with its prompt as alt text, who asked and how it was made."""
    request = ResolvedRequest.from_json(job.request)
    gallery = _gallery(filename, description=_cut(request.prompt, 256))
    facts = f"-# <@{job.user_id}> · seed {request.seed} · {request.frames} frames · {request.steps} steps"
    buttons = [_button(REROLL, job, "Re-roll"), _button(AGAIN, job, "Again")]
    return _layout(GREEN, _asked(job), gallery, facts, buttons=buttons)


def end_card(job: Job) -> ui.LayoutView:
    """Why there is no clip."""
    if job.state is JobState.CANCELLED:
        return _layout(GREY, _asked(job), "🚫 **Cancelled.**", buttons=[_button(AGAIN, job, "Try again")])
    if job.state is JobState.UNDELIVERABLE:
        text = f"📦 **The clip is made but cannot be posted here:** {_reason(job)}"
        return _layout(RED, _asked(job), text, buttons=[])
    text = f"⚠️ **This clip could not be made:** {_reason(job)}\nIt costs nothing of your quota."
    return _layout(RED, _asked(job), text, buttons=[_button(AGAIN, job, "Try again")])


def quote(request: VideoRequest, *, length: int = PROMPT_SHOWN) -> str:
    """A prompt as it may be shown: no mention, no markdown of its own, not too long."""
    return plain(request.prompt, length)


def plain(text: str, length: int) -> str:
    """Text of somebody's as it may be shown: no mention, no markdown of its own, at most so many characters of it."""
    return discord.utils.escape_mentions(_MARKDOWN.sub(r"\\\g<0>", _cut(text, length)))


def duration(seconds: float) -> str:
    """About how long, in words: "a few seconds", "about 20 s", "about 3 min"."""
    if seconds < 7.5:
        return "a few seconds"
    if seconds < 90:
        return f"about {round(seconds / 5) * 5} s"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min"
    return f"about {round(seconds / 3600, 1)} h"


def wait(place: Place) -> str:
    """When a clip is ready, in words: "about 2 min, likely within 5 min"; one time where the two are much the same."""
    soon, late = duration(place.wait_s), duration(place.late_s)
    if soon == late or place.late_s < WORTH_TELLING * place.wait_s:
        return soon
    return f"{soon}, likely within {late.removeprefix('about ')}"


def _asked(job: Job) -> str:
    return f"> {quote(ResolvedRequest.from_json(job.request))}"


def _reason(job: Job) -> str:
    return plain(job.error or "for an unknown reason", REASON_SHOWN)


def _small(remark: str | None) -> list[str]:
    return [] if remark is None else [f"-# {remark}"]


def _cut(text: str, length: int) -> str:
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= length else text[: length - 1] + "…"


def _gallery(filename: str, *, description: str | None = None) -> ui.MediaGallery[ui.LayoutView]:
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{filename}", description=description))


def _button(verb: str, job: Job, label: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label, style=discord.ButtonStyle.secondary, custom_id=custom_id(verb, job.id))


def _layout(
    colour: discord.Colour,
    *parts: str | ui.MediaGallery[ui.LayoutView],
    buttons: list[ui.Button[ui.LayoutView]],
) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=colour)
    for part in parts:
        box.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    if buttons:
        box.add_item(ui.ActionRow(*buttons))
    view.add_item(box)
    view.stop()  # presses are answered by the dynamic buttons; the library need not keep every card alive
    return view
