"""A cancelled task, a busy file and a broken promise leave no transaction half done."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from data import DatabaseUnusable, Store

from .helpers import CLIP, account, another_writer, new_job, now, running, submitted


async def test_cancelling_a_submission_under_way_does_not_cut_its_transaction(store: Store, path: Path):
    async with another_writer(path):
        task = asyncio.create_task(store.submit(new_job("interaction/a"), daily_limit=9, max_active=9))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    (job,) = await store.queued()
    assert job.key == "interaction/a"
    assert await account(store) == (0, 1)
    # The file is free for another writer only where no transaction was left open.
    async with another_writer(path):
        pass
    await submitted(store)


async def test_cancelling_tasks_at_any_moment_keeps_the_books(store: Store):
    for turns in range(12):
        tasks = [asyncio.create_task(submitted(store)) for _ in range(5)]
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    waiting = await store.queued()
    assert await account(store) == (0, len(waiting))


async def test_refusal_by_sqlite_rolls_back_and_is_told_in_our_words(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("data.schema.BUSY_TIMEOUT_MS", 50)
    async with Store.open(path) as store:
        job = await running(store)
        async with another_writer(path):
            with pytest.raises(DatabaseUnusable, match="locked"):
                await store.finish_render(job, CLIP)
        assert await store.finish_render(job, CLIP)


async def test_error_in_the_middle_of_a_transaction_undoes_its_first_half(store: Store, path: Path):
    job = await running(store)
    with closing(sqlite3.connect(path)) as other, other:
        hold = other.execute("SELECT * FROM holds").fetchone()
        other.execute("DELETE FROM holds")
    with pytest.raises(RuntimeError, match="hold"):
        await store.finish_render(job, CLIP)
    assert await now(store, job) == job
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(f"INSERT INTO holds VALUES ({', '.join('?' * len(hold))})", hold)
    assert await store.finish_render(job, CLIP)
