"""First pictures that are needed, and private jobs, which outlive their server."""

from __future__ import annotations

import json
from pathlib import Path

from data import JobState, Reason, Store, back_up, pictures_of

from .helpers import DAY_S, GUILD, HandClock, delivered, new_job, now, submitted


def begins_with(digest: str, **fields):
    return new_job(request=json.dumps({"prompt": "x", "first_picture": digest}), **fields)


async def test_a_picture_is_needed_while_its_job_or_its_clips_file_lives(store: Store, clock: HandClock):
    await submitted(store, begins_with("a" * 64))
    await delivered(store, begins_with("b" * 64))
    gone = await delivered(store, begins_with("c" * 64))
    failed = await submitted(store, begins_with("d" * 64))
    await store.fail(failed, Reason("no"))
    await submitted(store, new_job())
    await store.mark_files_deleted([gone.id])
    clock.now += DAY_S
    assert await store.needed_pictures(since=clock.now - 2 * DAY_S) == {c * 64 for c in "abcd"}
    assert await store.needed_pictures(since=clock.now) == {c * 64 for c in "ab"}


async def test_a_copy_of_the_database_names_its_pictures(store: Store, path: Path, tmp_path: Path):
    for digest in ("b", "a", "a"):
        await submitted(store, begins_with(digest * 64))
    await submitted(store, new_job())
    back_up(path, tmp_path / "copy")
    assert pictures_of(tmp_path / "copy") == ["a" * 64, "b" * 64]


async def test_a_private_job_stays_where_its_server_is_left(store: Store):
    public, private = await submitted(store, new_job()), await submitted(store, new_job(private=True))
    assert [job.id for job in await store.leave_guild(GUILD)] == [public.id]
    assert (await now(store, private)).state is JobState.QUEUED
    assert private.message_guild_id is None and public.message_guild_id == GUILD
