"""How a job's one message looks at each moment of its life (Components V2)."""

from __future__ import annotations

import discord
from discord import ui

from data import Job, JobState
from generation.errors import InvalidRequest
from generation.request import ResolvedRequest, VideoRequest

from .buttons import CLIP_ROWS, Verb, button, button_row
from .executor import Step
from .messages import Place
from .plain import cut, plain
from .reasons import TOO_LARGE, explain_reason
from .speech import Voice, voice

WORTH_TELLING = 1.25
"""A later time is told beside the likely one where it is so many times as long."""

BAR_CELLS = 20
PICTURE_NAME = "so-far.jpg"
"""The attachment that shows how far a render is."""

PROMPT_SHOWN = 300
PROMPT_LISTED = 100
"""Characters of a prompt on its own card, and in a list of clips, where several must fit one message."""
REASON_SHOWN = 800

ALT_CHARACTERS = 256
"""Of a picture's description, as discord.py has it; Discord's own documentation says 1,024."""

BLUE = discord.Colour(0x5865F2)
GREEN = discord.Colour(0x248046)
RED = discord.Colour(0xDA373C)
GREY = discord.Colour(0x80848E)


def queued_card(job: Job, place: Place, remark: str | None = None) -> ui.LayoutView:
    """The promise, where the job stands, and what the prompt asks in vain."""
    say = voice(job.language)
    text = f"⏳ {say('card-queued', position=max(place.position, 1), wait=wait(place, say))}"
    if place.paused:
        text = f"⏸️ {say('admin-waits-paused')}"
    elif place.loading:
        text = f"⏳ {say('card-loading')}"
    return _layout(BLUE, _asked(job), text, *_small(remark), rows=[button_row((Verb.CANCEL,), job.id, say)])


def progress_card(job: Job, step: Step, left_s: float | None, remark: str | None = None) -> ui.LayoutView:
    """A bar that moves, and what the prompt asks in vain."""
    say = voice(job.language)
    share = step.done / max(step.total, 1)
    bar = "▰" * round(share * BAR_CELLS) + "▱" * (BAR_CELLS - round(share * BAR_CELLS))
    left = "" if left_s is None else f" · {say('card-left', duration=duration(left_s, say))}"
    text = f"🎨 {say('card-rendering', step=step.done, steps=step.total)}{left}\n{bar} {round(share * 100)} %"
    picture = [] if step.picture is None else [_gallery(job, PICTURE_NAME)]
    cancel = button_row((Verb.CANCEL,), job.id, say)
    return _layout(BLUE, _asked(job), text, *picture, *_small(remark), rows=[cancel])


def clip_card(job: Job, filename: str, say: Voice) -> ui.LayoutView:
    """The clip with its prompt as alt text, who asked, how it was made, and what can be made of it."""
    request = ResolvedRequest.from_json(job.request)
    gallery = _gallery(job, filename)
    recipe = say("card-recipe", seed=str(request.seed), frames=request.frames, steps=request.steps)
    facts = f"-# <@{job.user_id}> · {recipe}"
    rows = [button_row(verbs, job.id, say) for verbs in CLIP_ROWS]
    return _layout(GREEN, _asked(job), gallery, facts, rows=rows)


def end_card(job: Job) -> ui.LayoutView:
    """Why there is no clip."""
    say = voice(job.language)
    if job.state is JobState.UNDELIVERABLE:
        text = f"📦 {say('card-undeliverable', reason=_reason(job, say))}"
        too_large = job.error is not None and job.error.code in TOO_LARGE
        return _layout(RED, _asked(job), text, rows=[button_row((Verb.SHORTER,), job.id, say)] if too_large else [])
    again: ui.ActionRow[ui.LayoutView] = ui.ActionRow(button(Verb.AGAIN, job.id, say, label=say("card-try-again")))
    if job.state is JobState.CANCELLED:
        return _layout(GREY, _asked(job), f"🚫 {say('card-cancelled')}", rows=[again])
    return _layout(RED, _asked(job), f"⚠️ {say('card-failed', reason=_reason(job, say))}", rows=[again])


def alt_text(job: Job) -> str:
    """What the pictures of a job show, for those who cannot see them: its prompt."""
    return cut(ResolvedRequest.from_json(job.request).prompt, ALT_CHARACTERS)


def quote(request: VideoRequest, *, length: int = PROMPT_SHOWN) -> str:
    """A prompt as it may be shown: no mention, no markdown of its own, not too long."""
    return plain(request.prompt, length)


def duration(seconds: float, say: Voice) -> str:
    """About how long, in words: "a few seconds", "about 20 seconds", "about 3 minutes"."""
    rounded = _rounded(seconds, say)
    return say("duration-moments") if rounded is None else say("duration-about", duration=rounded)


def wait(place: Place, say: Voice) -> str:
    """When a clip is ready: "about 2 minutes, likely within 5 minutes"; one time where the two are much the same."""
    soon, late = duration(place.wait_s, say), _rounded(place.late_s, say)
    if late is None or duration(place.late_s, say) == soon or place.late_s < WORTH_TELLING * place.wait_s:
        return soon
    return say("duration-likely", soon=soon, late=late)


def _rounded(seconds: float, say: Voice) -> str | None:
    """A time in the unit that fits it; None where it is too short to be counted."""
    if seconds < 7.5:
        return None
    if seconds < 90:
        return say("duration-seconds", count=round(seconds / 5) * 5)
    if seconds < 5400:
        return say("duration-minutes", count=round(seconds / 60))
    return say("duration-hours", count=round(seconds / 3600, 1))


def _asked(job: Job) -> str:
    try:
        return f"> {quote(ResolvedRequest.from_json(job.request))}"
    except InvalidRequest:  # of another release, or damaged: its end is told all the same
        return "> …"


def _reason(job: Job, say: Voice) -> str:
    return "" if job.error is None else cut(explain_reason(job.error, say), REASON_SHOWN)


def _small(remark: str | None) -> list[str]:
    return [] if remark is None else [f"-# {remark}"]


def _gallery(job: Job, filename: str) -> ui.MediaGallery[ui.LayoutView]:
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{filename}", description=alt_text(job)))


def _layout(
    colour: discord.Colour,
    *parts: str | ui.MediaGallery[ui.LayoutView],
    rows: list[ui.ActionRow[ui.LayoutView]],
) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=colour)
    for part in parts:
        box.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    for row in rows:
        box.add_item(row)
    view.add_item(box)
    view.stop()  # presses are answered by the dynamic buttons; the library need not keep every card alive
    return view
