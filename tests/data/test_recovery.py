"""What a start-up finds after a crash."""

from __future__ import annotations

from data import CancelOutcome, JobState, Reason, Store

from .helpers import MEMBER, account, delivered, new_job, now, rendered, running, submitted


async def test_interrupted_job_waits_again_with_its_attempt_counted(store: Store):
    interrupted = await running(store)
    waiting = await submitted(store)
    recovery = await store.recover(max_attempts=3)
    assert [(job.id, job.attempt) for job in recovery.queued] == [(interrupted.id, 1), (waiting.id, 0)]
    assert recovery.queued[0].started_at is None
    assert (recovery.failed, recovery.rendered, recovery.untold) == ((), (), ())
    assert await account(store) == (0, 2)


async def test_job_that_crashes_every_time_is_given_up_and_refunded(store: Store):
    job = await running(store)
    for attempt in (1, 2):
        (again,) = (await store.recover(max_attempts=3)).queued
        assert again.attempt == attempt
        assert await store.claim(job.id) is not None
    recovery = await store.recover(max_attempts=3)
    assert recovery.queued == ()
    (given_up,) = recovery.failed
    assert recovery.untold == recovery.failed
    assert (given_up.id, given_up.state, given_up.attempt) == (job.id, JobState.FAILED, 3)
    assert given_up.error is not None and "3" in given_up.error.message
    assert await account(store) == (0, 0)


async def test_job_put_back_gracefully_is_not_given_up(store: Store):
    job = await submitted(store)
    for _ in range(5):
        claimed = await store.claim(job.id)
        assert claimed is not None
        assert await store.requeue(claimed)
        assert (await store.recover(max_attempts=1)).failed == ()


async def test_attempt_from_before_the_crash_can_write_nothing(store: Store):
    before = await running(store)
    await store.recover(max_attempts=3)
    again = await store.claim(before.id)
    assert again is not None
    assert not await store.fail(before, Reason("late news from the first attempt"))
    assert (await now(store, before)).state is JobState.RUNNING


async def test_running_job_that_was_to_be_cancelled_is_cancelled_and_refunded(store: Store):
    job = await running(store)
    assert await store.cancel(job.id, user_id=MEMBER) is CancelOutcome.REQUESTED
    recovery = await store.recover(max_attempts=3)
    assert recovery.queued == recovery.failed == ()
    assert [(each.id, each.state) for each in recovery.untold] == [(job.id, JobState.CANCELLED)]
    assert await account(store) == (0, 0)


async def test_clips_that_were_not_delivered_are_found(store: Store):
    first, second = await rendered(store), await rendered(store)
    await delivered(store)
    assert [job.id for job in (await store.recover(max_attempts=3)).rendered] == [first.id, second.id]


async def test_ends_that_were_not_told_are_found_until_they_are(store: Store):
    failed = await running(store)
    await store.fail(failed, Reason("broken"))
    cancelled = await submitted(store, new_job())
    await store.cancel(cancelled.id, user_id=MEMBER)
    recovery = await store.recover(max_attempts=3)
    assert [job.id for job in recovery.untold] == [failed.id, cancelled.id]
    assert recovery.failed == ()
    await store.mark_told(failed)
    assert [job.id for job in (await store.recover(max_attempts=3)).untold] == [cancelled.id]


async def test_recovery_of_an_empty_store_finds_nothing(store: Store):
    recovery = await store.recover(max_attempts=3)
    assert recovery.queued == recovery.failed == recovery.rendered == recovery.untold == ()
