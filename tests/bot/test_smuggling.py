"""Nothing gets in by a prompt, and nothing of it gets out by the log."""

from __future__ import annotations

import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clips import clip_file
from bot.plain import plain
from data import InteractionRoute, JobState
from tests.bot.house import house

NASTY = (
    "@everyone",
    "@here",
    "<@7>",
    "<@!7>",
    "<@&7>",
    "**",
    "__",
    "~~",
    "||",
    "`",
    "```",
    "[a](http://x)",
    "# ",
    "> ",
)
MENTION = re.compile(r"@(everyone|here|[!&]?\d{15,20})")
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_`~|\[<]|^[#>-]", re.MULTILINE)


@given(st.lists(st.sampled_from(NASTY) | st.text(max_size=6), max_size=12).map("".join))
def test_no_prompt_mentions_anybody_or_formats_anything(text):
    shown = plain(text, 300)
    assert not MENTION.search(shown)
    assert not UNESCAPED.search(shown), shown


def test_a_link_in_a_prompt_is_no_link():
    assert plain("[free](http://evil.example)", 300).startswith("\\[free]")


@pytest.mark.parametrize("job_id", [1, 2**63 - 1])
def test_a_file_is_named_by_its_job_alone(tmp_path, job_id):
    path = clip_file(tmp_path, job_id, "mp4")
    assert path.parent.parent == tmp_path and path.name == f"{job_id}.mp4"


async def test_the_log_at_info_holds_neither_prompts_nor_tokens(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    secret, token = "unmistakable zanzibar", "aW50ZXJhY3Rpb24tdG9rZW4"
    async with house(tmp_path) as h:
        route = InteractionRoute(1, token, 5, h.now[0] + 900)
        jobs = [await h.ask(secret, route=route), await h.ask(secret), await h.ask("broken"), await h.ask("impossible")]
        await h.state(jobs[1].id, JobState.DELIVERED)
        await h.state(jobs[3].id, JobState.FAILED)
        waiting = await h.ask("slow")
        await h.service.cancel(waiting.id, user_id=waiting.user_id)
    assert f"job {jobs[0].id} is queued" in caplog.text and f"job {jobs[1].id} is delivered" in caplog.text
    assert "zanzibar" not in caplog.text and token not in caplog.text
