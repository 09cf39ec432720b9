"""Why a job came to a bad end: kept with its code and values, and read where an older release kept a sentence."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from data import Reason, Store

from .helpers import now, running

MEMORY = Reason("not enough memory", "out-of-memory", {"gib": 2.5, "frames": 8, "device": "cuda “0”"})


async def test_a_reason_is_read_as_it_was_stored(store: Store):
    job = await running(store)
    assert await store.fail(job, MEMORY)
    assert (await now(store, job)).error == MEMORY


@pytest.mark.parametrize("sentence", ["the disk is full", "{}", "[1]", "12", '{"code": 1}', '{"message": "x"}', '"'])
async def test_what_an_older_release_stored_is_its_message(path, store: Store, sentence):
    job = await running(store)
    assert await store.fail(job, MEMORY)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE jobs SET error = ?", (sentence,))
        database.commit()
    assert (await now(store, job)).error == Reason(sentence)


async def test_a_job_that_ended_every_process_says_how_often(store: Store):
    await running(store)
    given_up = (await store.recover(max_attempts=1)).failed[0]
    assert given_up.error is not None
    assert (given_up.error.code, given_up.error.values) == ("given-up", {"attempts": 1})
