"""The backstop: rules that the file itself keeps, should a verb ever forget one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from data import Store

from .helpers import PRIVATE, delivered, new_job, rendered, running, submitted

FORBIDDEN = {
    "an unknown state": "UPDATE jobs SET state = 'lost' WHERE id = 1",
    "a negative reservation": "UPDATE quotas SET reserved = -1",
    "a negative use": "UPDATE quotas SET used = -1",
    "a hold that settles twice": "UPDATE holds SET settlement = 'refunded' WHERE job_id = 4",
    "a hold that opens again": "UPDATE holds SET settlement = NULL, settled_at = NULL WHERE job_id = 4",
    "a second hold": "INSERT INTO holds (job_id, user_id, period) SELECT 1, user_id, period FROM quotas",
    "a hold without a job": "INSERT INTO holds (job_id, user_id, period) SELECT 99, user_id, period FROM quotas",
    "a hold without a day": "INSERT INTO holds (job_id, user_id, period) VALUES (5, 7, '1999-01-01')",
    "a job that loses its hold's anchor": "DELETE FROM jobs WHERE id = 1",
    "the same interaction twice": "UPDATE jobs SET key = (SELECT key FROM jobs WHERE id = 2) WHERE id = 1",
    "a clip on a job that was not rendered": "UPDATE jobs SET clip_path = 'a.mp4' WHERE id = 1",
    "a rendered job without its clip": "UPDATE jobs SET clip_path = NULL WHERE id = 3",
    "a clip in spite of a cancel": "UPDATE jobs SET cancel_requested = 1 WHERE id = 3",
    "an end without its instant": "UPDATE jobs SET settled_at = NULL WHERE id = 4",
    "an instant without an end": "UPDATE jobs SET settled_at = 1.0 WHERE id = 2",
    "a failure without a reason": "UPDATE jobs SET state = 'failed', settled_at = 1.0 WHERE id = 2",
    "a job on its way without a token": "UPDATE jobs SET token = NULL WHERE id = 5",
    "a message with two routes": "UPDATE jobs SET channel_id = 1 WHERE id = 5",
    "a clip deleted before it was posted": "UPDATE jobs SET deleted_at = 1.0 WHERE id = 3",
    "a request that is not JSON": "UPDATE jobs SET request = '{' WHERE id = 1",
    "a text for a number": "UPDATE jobs SET user_id = 'nobody' WHERE id = 1",
    "a second application": "INSERT INTO binding VALUES (2, 2)",
}


@pytest.mark.parametrize("rule", FORBIDDEN)
async def test_file_refuses(path: Path, rule: str):
    async with Store.open(path) as store:
        await store.bind_application(1)
        await submitted(store)
        await running(store)
        await rendered(store)
        await delivered(store)
        await submitted(store, new_job(route=PRIVATE))
    with closing(sqlite3.connect(path)) as books:
        books.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            books.execute(FORBIDDEN[rule])
