"""Each transition of a job, its fence, and what it does to the hold."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable

import pytest

from data import CancelOutcome, Job, JobState, NothingToRoute, Reason, Store

from .helpers import (
    CHANNEL,
    CLIP,
    DAY_S,
    MEMBER,
    NOON,
    PRIVATE,
    HandClock,
    account,
    delivered,
    new_job,
    now,
    rendered,
    running,
    submitted,
)


async def cancelled(store: Store) -> Job:
    job = await running(store)
    assert await store.finish_cancel(job, refund=True)
    return job


async def failed(store: Store) -> Job:
    job = await running(store)
    assert await store.fail(job, Reason("out of memory"))
    return job


async def undeliverable(store: Store) -> Job:
    job = await rendered(store)
    assert await store.mark_undeliverable(job, Reason("the message was deleted"))
    return job


REACH: dict[JobState, Callable[[Store], Awaitable[Job]]] = {
    JobState.QUEUED: submitted,
    JobState.RUNNING: running,
    JobState.RENDERED: rendered,
    JobState.DELIVERED: delivered,
    JobState.UNDELIVERABLE: undeliverable,
    JobState.CANCELLED: cancelled,
    JobState.FAILED: failed,
}

VERBS: dict[str, tuple[Callable[[Store, Job], Awaitable[object]], set[JobState]]] = {
    "claim": (lambda store, job: store.claim(job.id), {JobState.QUEUED}),
    "requeue": (lambda store, job: store.requeue(job), {JobState.RUNNING}),
    "finish_render": (lambda store, job: store.finish_render(job, CLIP), {JobState.RUNNING}),
    "finish_cancel": (lambda store, job: store.finish_cancel(job, refund=True), {JobState.RUNNING}),
    "fail": (lambda store, job: store.fail(job, Reason("broken")), {JobState.QUEUED, JobState.RUNNING}),
    "mark_delivered": (lambda store, job: store.mark_delivered(job), {JobState.RENDERED}),
    "mark_undeliverable": (lambda store, job: store.mark_undeliverable(job, Reason("gone")), {JobState.RENDERED}),
    "mark_told": (lambda store, job: store.mark_told(job), {JobState.CANCELLED, JobState.FAILED}),
}


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("verb", VERBS)
async def test_verb_moves_a_job_only_from_its_own_states(store: Store, verb: str, state: JobState):
    call, allowed = VERBS[verb]
    job = await REACH[state](store)
    before = await now(store, job)
    assert before.state is state
    assert bool(await call(store, job)) is (state in allowed)
    assert (await now(store, job) == before) is (state not in allowed)


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - {"claim"}))
async def test_verb_with_an_outdated_attempt_writes_nothing(store: Store, verb: str):
    call, allowed = VERBS[verb]
    for state in sorted(allowed):
        job = await REACH[state](store)
        before = await now(store, job)
        assert not await call(store, dataclasses.replace(job, attempt=job.attempt + 1))
        assert await now(store, job) == before


async def test_claim_starts_the_clock_of_the_job(store: Store, clock: HandClock):
    job = await submitted(store)
    clock.now += 5
    claimed = await store.claim(job.id)
    assert claimed is not None
    assert (claimed.state, claimed.started_at) == (JobState.RUNNING, NOON + 5)
    assert await account(store) == (0, 1)


async def test_one_job_claimed_by_many_tasks_runs_once(store: Store):
    job = await submitted(store)
    claims = await asyncio.gather(*(store.claim(job.id) for _ in range(10)))
    assert sum(claim is not None for claim in claims) == 1


async def test_rendered_job_has_its_clip_and_has_spent_its_hold(store: Store, clock: HandClock):
    job = await running(store)
    clock.now += 30
    assert await store.finish_render(job, CLIP)
    stored = await now(store, job)
    assert (stored.clip_path, stored.clip_bytes) == (CLIP.path, CLIP.bytes)
    assert (stored.render_s, stored.encode_s) == (CLIP.render_s, CLIP.encode_s)
    assert (stored.rendered_at, stored.settled_at) == (NOON + 30, None)
    assert await account(store) == (1, 0)


async def test_delivered_job_is_settled(store: Store):
    assert (await now(store, await delivered(store))).settled_at == NOON


async def test_undeliverable_job_says_why_and_stays_spent(store: Store):
    job = await now(store, await undeliverable(store))
    assert (job.error, job.settled_at) == (Reason("the message was deleted"), NOON)
    assert await account(store) == (1, 0)


async def test_failed_job_says_why_and_is_refunded(store: Store):
    job = await now(store, await failed(store))
    assert (job.error, job.settled_at) == (Reason("out of memory"), NOON)
    assert await account(store) == (0, 0)


@pytest.mark.parametrize(("refund", "books"), [(True, (0, 0)), (False, (1, 0))])
async def test_cancel_while_running_refunds_or_spends(store: Store, refund: bool, books: tuple[int, int]):
    job = await running(store)
    assert await store.finish_cancel(job, refund=refund)
    assert await account(store) == books


async def test_refund_goes_to_the_day_that_it_came_from(store: Store, clock: HandClock):
    yesterday = await running(store)
    clock.now += DAY_S
    await submitted(store)
    assert await store.fail(yesterday, Reason("broken"))
    assert await account(store) == (0, 1)
    clock.now -= DAY_S
    assert await account(store) == (0, 0)


async def test_clip_rendered_after_midnight_is_spent_on_the_day_of_its_submission(store: Store, clock: HandClock):
    yesterday = await running(store)
    clock.now += DAY_S
    assert await store.finish_render(yesterday, CLIP)
    assert await account(store) == (0, 0)
    clock.now -= DAY_S
    assert await account(store) == (1, 0)


async def test_requeued_job_keeps_its_place_and_its_attempts(store: Store):
    first = await running(store)
    second = await submitted(store)
    assert await store.requeue(first)
    assert [job.id for job in await store.queued()] == [first.id, second.id]
    stored = await now(store, first)
    assert (stored.attempt, stored.started_at) == (0, None)
    assert await account(store) == (0, 2)


async def test_requeue_of_a_job_that_was_to_be_cancelled_cancels_and_refunds_it(store: Store):
    job = await running(store)
    assert await store.cancel(job.id, user_id=MEMBER) is CancelOutcome.REQUESTED
    assert not await store.requeue(job)
    assert (await now(store, job)).state is JobState.CANCELLED
    assert await account(store) == (0, 0)


async def test_cancel_of_a_waiting_job_is_final_and_refunded(store: Store):
    job = await submitted(store)
    assert await store.cancel(job.id, user_id=MEMBER) is CancelOutcome.CANCELLED
    assert await store.claim(job.id) is None
    assert await account(store) == (0, 0)


async def test_cancel_of_a_running_job_forbids_its_clip(store: Store):
    job = await running(store)
    assert await store.cancel(job.id, user_id=MEMBER) is CancelOutcome.REQUESTED
    assert await store.cancel(job.id, user_id=MEMBER) is CancelOutcome.REQUESTED
    assert (await now(store, job)).cancel_requested
    assert not await store.finish_render(job, CLIP)
    assert await store.finish_cancel(job, refund=False)
    assert await account(store) == (1, 0)


@pytest.mark.parametrize(
    "state", [JobState.RENDERED, JobState.DELIVERED, JobState.UNDELIVERABLE, JobState.CANCELLED, JobState.FAILED]
)
async def test_cancel_after_the_end_is_too_late(store: Store, state: JobState):
    job = await REACH[state](store)
    before = await now(store, job)
    assert await store.cancel(job.id, user_id=MEMBER) is CancelOutcome.TOO_LATE
    assert await now(store, job) == before


async def test_member_cannot_cancel_what_is_not_theirs(store: Store):
    job = await submitted(store)
    assert await store.cancel(job.id, user_id=MEMBER + 1) is CancelOutcome.NOT_FOUND
    assert await store.cancel(job.id + 1, user_id=MEMBER) is CancelOutcome.NOT_FOUND
    assert (await now(store, job)).state is JobState.QUEUED


@pytest.mark.parametrize("cancel_first", [True, False])
async def test_cancel_racing_the_last_frame_settles_the_hold_once(store: Store, cancel_first: bool):
    for _ in range(20):
        job = await running(store)
        cancel = store.cancel(job.id, user_id=MEMBER)
        finish = store.finish_render(job, CLIP)
        if cancel_first:
            outcome, made = await asyncio.gather(cancel, finish)
        else:
            made, outcome = await asyncio.gather(finish, cancel)
        assert made is (outcome is CancelOutcome.TOO_LATE)
        assert await store.finish_cancel(job, refund=True) is not made
    # The fixture's audit compares every hold with its job.
    assert (await account(store))[1] == 0


async def test_member_is_notified_once(store: Store):
    job = await delivered(store)
    answers = await asyncio.gather(*(store.mark_notified(job) for _ in range(5)))
    assert sorted(answers) == [False, False, False, False, True]
    assert (await now(store, job)).notified_at == NOON


async def test_failure_is_told_once(store: Store):
    job = await failed(store)
    assert await store.mark_told(job)
    assert not await store.mark_told(job)
    assert (await now(store, job)).told_at == NOON


@pytest.mark.parametrize("end", ["delivered", "undeliverable", "told"])
async def test_token_is_erased_from_the_file_once_nothing_is_left_to_say(
    store: Store, path_bytes: Callable[[], bytes], end: str
):
    job = await running(store, new_job(route=PRIVATE))
    await submitted(store)  # its row leaves the erased one no room to be overwritten by chance
    if end == "told":
        assert await store.fail(job, Reason("broken"))
        assert (await now(store, job)).route == PRIVATE
        assert await store.mark_told(job)
    else:
        assert await store.finish_render(job, CLIP)
        assert (await now(store, job)).route == PRIVATE
        assert await (
            store.mark_delivered(job) if end == "delivered" else store.mark_undeliverable(job, Reason("gone"))
        )
    assert (await now(store, job)).route is None
    assert PRIVATE.token.encode() not in path_bytes()


async def test_channel_route_outlives_the_delivery(store: Store):
    assert (await now(store, await delivered(store))).route == CHANNEL


@pytest.mark.parametrize("state", JobState)
async def test_job_moves_to_another_message_while_something_is_left_to_say(store: Store, state: JobState):
    job = await REACH[state](store)
    if state in (JobState.DELIVERED, JobState.UNDELIVERABLE):
        with pytest.raises(NothingToRoute):
            await store.reroute(job.id, CHANNEL)
        return
    assert (await store.reroute(job.id, PRIVATE)).route == PRIVATE
    if await store.mark_told(job):
        with pytest.raises(NothingToRoute):
            await store.reroute(job.id, CHANNEL)


async def test_no_job_no_answer(store: Store):
    assert await store.get(1) is None
    assert await store.claim(1) is None
    with pytest.raises(NothingToRoute):
        await store.reroute(1, CHANNEL)
