"""What the store answers about jobs, and that an index answers it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from data import Artifact, Measured, Reason, Store, admission, files, queries, transitions
from data.schema import open_database

from .helpers import GUILD, MEMBER, NOON, HandClock, delivered, new_job, rendered, running, submitted


async def test_active_jobs_of_a_member_oldest_first(store: Store):
    expected = [await rendered(store), await running(store), await submitted(store)]
    await delivered(store)
    await submitted(store, new_job(user_id=MEMBER + 1))
    assert [job.id for job in await store.active(MEMBER)] == [job.id for job in expected]


async def test_history_pages_through_every_clip_once_newest_first(store: Store):
    made = [(await delivered(store)).id for _ in range(5)]
    gone = await rendered(store)
    await store.mark_undeliverable(gone, Reason("the channel was deleted"))
    waiting = await rendered(store)
    pages: list[list[int]] = []
    before = None
    for _ in range(4):
        page = await store.history(MEMBER, before=before, limit=3)
        pages.append([job.id for job in page])
        before = page[-1].id if page else before
    expected = [waiting.id, gone.id, *reversed(made)]
    assert pages == [expected[:3], expected[3:6], expected[6:], []]


async def test_history_has_no_jobs_without_a_clip_and_none_of_other_members(store: Store):
    await submitted(store)
    await store.fail(await running(store), Reason("broken"))
    await delivered(store, new_job(user_id=MEMBER + 1))
    assert await store.history(MEMBER) == []


async def test_history_of_one_guild_or_of_direct_messages(store: Store):
    in_guild = await delivered(store, new_job(guild_id=GUILD))
    in_private = await delivered(store, new_job(guild_id=None))
    await delivered(store, new_job(guild_id=GUILD + 1))
    assert [job.id for job in await store.history(MEMBER, guild_id=GUILD)] == [in_guild.id]
    assert [job.id for job in await store.history(MEMBER, guild_id=None)] == [in_private.id]
    assert len(await store.history(MEMBER)) == 3


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("FOX", [3, 1]),
        ("snow fox", [3]),
        ("straße", [2]),
        ("\uff46\uff4f\uff58", [3, 1]),
        ("%", []),
        ("bear", []),
        ("", [4, 3, 2, 1]),
    ],
)
async def test_history_by_words_of_the_prompt(store: Store, words: str, found: list[int]):
    for prompt in ("a red Fox", "a panda in the STRASSE", "a fox in the snow", "a cat"):
        await delivered(store, new_job(request=json.dumps({"prompt": prompt})))
    assert [job.id for job in await store.history(MEMBER, words=words)] == found
    assert [job.id for job in await store.history(MEMBER, words=words, limit=1)] == found[:1]
    assert [job.id for job in await store.history(MEMBER, words=words, before=2)] == [job for job in found if job < 2]


async def test_render_times_of_one_checkpoint_newest_first(store: Store, clock: HandClock):
    for number in range(4):
        clock.now = NOON + number
        clip = Artifact(path=f"{number}.mp4", bytes=1, render_s=10.0 * number, encode_s=1.0, device="cpu")
        await rendered(store, new_job(request=f'{{"frames": {number}}}', fingerprint="sd15"), clip)
    await rendered(store, new_job(fingerprint="starter"))
    await running(store, new_job(fingerprint="sd15"))
    assert await store.render_seconds("sd15", limit=3) == [
        Measured('{"frames": 3}', 31.0, "cpu"),
        Measured('{"frames": 2}', 21.0, "cpu"),
        Measured('{"frames": 1}', 11.0, "cpu"),
    ]


QUESTIONS: dict[str, Callable[..., object]] = {
    "queued": queries.queued,
    "rendered": queries.rendered,
    "untold": queries.untold,
    "active": lambda connection: queries.active(connection, MEMBER),
    "history": lambda connection: queries.history(connection, MEMBER, before=None, limit=5, guild_id=..., words="fox"),
    "render_seconds": lambda connection: queries.render_seconds(connection, "sd15", limit=5),
    "of_deleted": files.of_deleted,
    "expendable": lambda connection: files.expendable(connection, older_than=NOON, max_bytes=1, limit=5),
    "submit": lambda connection: admission.submit(
        connection, new_job(press="again/1"), daily_limit=1, max_active=1, guild_limit_s=None, now=NOON
    ),
    "recover": lambda connection: transitions.recover(connection, max_attempts=1, now=NOON),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_index_answers(path: Path, question: str):
    with closing(open_database(path)) as connection:
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        QUESTIONS[question](connection)
        connection.set_trace_callback(None)
        selects = [sql for sql in asked if sql.startswith("SELECT") and "jobs" in sql]
        assert selects
        for sql in selects:
            for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall():
                assert "INDEX" in step["detail"], f"{step['detail']}: {sql}"
