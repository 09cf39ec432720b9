"""What a job's message holds besides its words: what pictures show, and what can be done where there is no clip."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.cards import ALT_CHARACTERS, end_card, progress_card
from bot.executor import Step
from bot.messages import TooLarge, Undeliverable
from bot.reasons import reason_of
from data import JobState
from generation.errors import EncodeError
from tests.bot.house import house


async def made(tmp_path, prompt):
    async with house(tmp_path) as h:
        job = await h.ask(prompt)
        return await h.state(job.id, JobState.DELIVERED)


async def test_a_first_look_says_what_it_shows_to_those_who_cannot_see_it(tmp_path):
    job = await made(tmp_path, "a fox " * 100)
    [gallery] = [
        part
        for part in progress_card(job, Step(1, 2, b"jpeg"), None).to_components()[0]["components"]
        if "items" in part
    ]
    [item] = gallery["items"]
    assert item["description"].startswith("a fox a fox") and len(item["description"]) <= ALT_CHARACTERS


@pytest.mark.parametrize(
    ("error", "is_offered"),
    [
        (TooLarge(1000), True),
        (EncodeError("the clip does not fit", code="clip-does-not-fit"), True),
        (Undeliverable("closed"), False),
    ],
)
async def test_a_shorter_clip_is_offered_where_one_would_fit(tmp_path, error, is_offered):
    job = await made(tmp_path, "a fox")
    kept = replace(job, state=JobState.UNDELIVERABLE, error=reason_of(error))
    assert (f"flipbook:shorter:{job.id}" in json.dumps(end_card(kept).to_components())) is is_offered
