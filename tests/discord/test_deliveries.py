"""The way of a clip to its message while Discord refuses, or after the message was deleted: nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot import outbox
from tests.discord.acts import told
from tests.discord.scene import Person, Scene, scene
from tests.discord.stage import button, clips_of, text_of
from tests.discord.test_matrix import STATUSES, troubles

EDIT = ("PATCH", "/channels/*/messages/*")
FOLLOW_UP = ("PATCH", "/webhooks/*/*/messages/*")
SEND = ("POST", "/channels/*/messages")

PASSING = (429, 500)
"""What passes; the rest is final."""


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(outbox, "FIRST_RETRY_S", 0.01)


def refuse(s: Scene, request: tuple[str, str], status: int, *, times: int | None = 1) -> None:
    s.stage.env.inject_error(*request, status=status, code=STATUSES[status], times=times)


async def rendering(s: Scene, **options: Any) -> Any:
    """A clip of alice's that is being rendered; the next edit is that which shows it."""
    answer = await s.alice.slash("video", prompt="slow", **options)
    s.executor.open.set()
    if not options.get("private"):
        await s.stage.until(lambda: "Rendering" in text_of(s.message(answer.response.id)), "the first step")
    else:
        await s.stage.until(lambda: s.executor.renders, "the render")
    return answer


async def state(s: Scene, *states: str, job: int = 1) -> Any:
    """The job, once it is in one of these states."""
    return await s.stage.until(
        lambda: next((each for each in s.jobs() if each["id"] == job and each["state"] in states), None), str(states)
    )


async def goes_on(s: Scene, who: Person) -> None:
    """The next clip comes."""
    answer = await who.slash("video", prompt="a fox")
    await s.finish()
    assert clips_of(s.message(answer.response.id))


async def is_kept(s: Scene, who: Person, job: int = 1) -> None:
    """A clip that could not be posted is in the history, is shown again and was paid once."""
    assert f"**{job}**" in told(await who.slash("history"))
    again = await who.slash("show", id=job)
    assert clips_of(again.response.message), told(again)


@pytest.mark.parametrize("status", PASSING)
async def test_a_clip_waits_for_discord_and_comes_once(tmp_path, caplog, status):
    async with scene(tmp_path) as s:
        answer = await rendering(s)
        refuse(s, EDIT, status, times=3)
        s.executor.gate.set()
        await state(s, "delivered")
        assert clips_of(s.message(answer.response.id)) and len(s.room.history()) == 1
        await goes_on(s, s.bob)
        assert not troubles(caplog)


@pytest.mark.parametrize(("status", "says"), [(403, "cannot be posted here"), (404, "Rendering")])
async def test_a_clip_whose_message_is_closed_is_kept_and_its_message_says_so_where_it_can(
    tmp_path, caplog, status, says
):
    async with scene(tmp_path) as s:
        answer = await rendering(s)
        refuse(s, EDIT, status)
        s.executor.gate.set()
        await state(s, "undeliverable")
        await s.stage.until(lambda: says in text_of(s.message(answer.response.id)), says)
        await is_kept(s, s.alice)
        assert await s.left(s.alice) == 999
        await goes_on(s, s.bob)
        assert not troubles(caplog)


@pytest.mark.parametrize(("times", "final"), [(1, "delivered"), (2, "undeliverable"), (None, "undeliverable")])
async def test_a_clip_that_is_too_large_is_made_smaller_once(tmp_path, caplog, times, final):
    async with scene(tmp_path) as s:
        length = s.stage.bot.service.offer.lengths[-1].seconds
        answer = await rendering(s, length=length)
        refuse(s, EDIT, 413, times=times)
        s.executor.gate.set()
        await state(s, final)
        assert len(s.executor.shrunk_to) == 1
        s.stage.env.backend.faults.clear()
        if times == 1:
            assert clips_of(s.message(answer.response.id))
        elif times == 2:
            await s.stage.until(lambda: "larger than Discord" in text_of(s.message(answer.response.id)), "the reason")
            shorter = await s.bob.press(s.message(answer.response.id), "flipbook:shorter:")
            await s.finish()
            assert clips_of(s.message(shorter.response.id))
            whole, half = (json.loads(job["request"])["frames"] for job in s.jobs())
            assert half == whole // 2
        await is_kept(s, s.alice)
        await goes_on(s, s.bob)
        assert not troubles(caplog)


@pytest.mark.parametrize("moment", ["waiting", "rendering", "rendered"])
async def test_a_message_that_is_deleted_meanwhile_costs_nobody_their_clip(tmp_path, caplog, moment):
    async with scene(tmp_path) as s:
        if moment == "waiting":
            answer = await s.alice.slash("video", prompt="slow")
        else:
            answer = await rendering(s)
        if moment == "rendered":
            refuse(s, EDIT, 500, times=None)
            s.executor.gate.set()
            await state(s, "rendered")
        await s.message(answer.response.id).delete()
        s.stage.env.backend.faults.clear()
        s.executor.open.set()
        s.executor.gate.set()
        await state(s, "undeliverable")
        assert s.room.history() == []
        await is_kept(s, s.alice)
        await goes_on(s, s.bob)
        assert not troubles(caplog)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_an_end_is_told_as_soon_as_discord_takes_it_and_never_for_ever(tmp_path, caplog, status, end):
    async with scene(tmp_path) as s:
        answer = await s.alice.slash("video", prompt="impossible")
        refuse(s, EDIT, status, times=3 if status in PASSING else 1)
        if end == "cancelled":
            await s.alice.slash("cancel")
            await state(s, "cancelled")
        s.executor.open.set()
        await s.stage.until(lambda: s.jobs()[0]["told_at"] is not None, "the end is told or given up")
        assert s.jobs()[0]["state"] == end and await s.left(s.alice) == 1_000
        if status in PASSING:
            assert button(s.message(answer.response.id), "Try again")
        await goes_on(s, s.bob)
        assert not troubles(caplog)


@pytest.mark.parametrize("status", STATUSES)
async def test_a_mention_that_discord_refuses_takes_nothing_back(tmp_path, caplog, status):
    async with scene(tmp_path) as s:
        answer = await s.alice.slash("video", prompt="a fox")
        s.now[0] += 3600.0
        refuse(s, SEND, status, times=None)
        s.executor.open.set()
        await state(s, "delivered")
        await s.stage.until(lambda: ("POST", f"/channels/{s.room.id}/messages") in asked(s), "the mention")
        s.stage.env.backend.faults.clear()
        assert clips_of(s.message(answer.response.id)) and len(s.room.history()) == 1
        await goes_on(s, s.bob)
        assert not troubles(caplog)


async def test_where_the_bot_reads_no_history_its_mention_links_the_clip(tmp_path):
    async with scene(tmp_path) as s:
        answer = await s.alice.slash("video", prompt="a fox")
        s.now[0] += 3600.0
        s.stage.env.inject_error(*SEND, status=400, code=160002, times=1)
        s.executor.open.set()
        await state(s, "delivered")
        mention = await s.stage.until(
            lambda: next((m for m in s.room.history() if not clips_of(m)), None), "the mention"
        )
        assert f"<@{s.alice.id}>" in mention.content and f"/{s.room.id}/{answer.response.id}" in mention.content


def asked(s: Scene) -> list[tuple[str, str]]:
    return [(each.method, each.path) for each in s.stage.env.http_requests]


@pytest.mark.parametrize("status", STATUSES)
async def test_a_private_clip_by_the_interaction_meets_the_same(tmp_path, caplog, status):
    async with scene(tmp_path) as s:
        s.stage.env.inject_error(*SEND, status=403, code=50007)
        answer = await rendering(s, private=True)
        assert answer.response.ephemeral
        await s.stage.until(lambda: "Rendering" in told(answer), "the first step")
        refuse(s, FOLLOW_UP, status, times=2 if status in PASSING else 1)
        s.executor.gate.set()
        await state(s, "undeliverable" if status in (403, 404) else "delivered")
        await is_kept(s, s.alice)
        assert not [m for m in s.room.history(viewer=s.bob.actor) if not m.attachments and text_of(m)]
        await goes_on(s, s.bob)
        assert not troubles(caplog)


@pytest.mark.parametrize("status", STATUSES)
async def test_a_deletion_says_whether_the_message_stays(tmp_path, caplog, status):
    async with scene(tmp_path) as s:
        clip = await s.clip(s.alice)
        question = await s.question(s.alice)
        refuse(s, ("DELETE", "/channels/*/messages/*"), status, times=None)
        answer = await s.alice.press(question, "flipbook:delete-sure:")
        s.stage.env.backend.faults.clear()
        assert ("by hand" in told(answer)) == (status != 404)
        assert s.message(clip.id) is not None and not list((s.stage.bot.settings.store_dir / "clips").iterdir())
        assert not troubles(caplog)


async def test_an_answer_that_did_arrive_after_all_makes_no_clip_and_says_so(tmp_path, caplog):
    async with scene(tmp_path) as s:
        s.stage.env.inject_error("POST", "/interactions/*/*/callback", status=400, code=40060, times=2)
        answer = await s.alice.slash("video", prompt="a fox")
        [told_her] = answer.followups
        assert told_her.ephemeral and "did not take my answer" in told_her.content
        assert s.jobs() == [] and await s.left(s.alice) == 1_000
        await goes_on(s, s.alice)
        assert not troubles(caplog)


async def test_a_defect_of_ours_is_in_the_log_with_all_that_is_known(tmp_path, caplog):
    async with scene(tmp_path) as s:
        s.stage.env.inject_error("POST", "/interactions/*/*/callback", status=400, code=50035)
        answer = await s.alice.slash("quota")
        assert "operator's log" in told(answer)
        assert troubles(caplog) and s.stage.env.errors
