"""What `submit` accepts, what it refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from data import (
    PRESS_WINDOW_S,
    ChannelRoute,
    DuplicateJob,
    JobState,
    QuotaExceeded,
    Store,
    TooManyJobs,
)

from .helpers import (
    CHANNEL,
    DAY_S,
    GUILD,
    MEMBER,
    NOON,
    PRIVATE,
    HandClock,
    account,
    delivered,
    new_job,
    now,
    rendered,
    submitted,
)


async def test_submitted_job_is_stored_as_given(store: Store):
    new = new_job("interaction/a", route=CHANNEL)
    job = await store.submit(new, daily_limit=1, max_active=1)

    assert job == await now(store, job)
    assert (job.key, job.user_id, job.guild_id) == ("interaction/a", MEMBER, GUILD)
    assert (job.request, job.fingerprint, job.cost_s) == (new.request, new.fingerprint, new.cost_s)
    assert (job.state, job.attempt, job.cancel_requested) == (JobState.QUEUED, 0, False)
    assert (job.route, job.created_at) == (CHANNEL, NOON)
    assert await account(store) == (0, 1)


async def test_both_kinds_of_route_come_back_whole(store: Store):
    assert (await submitted(store, new_job(route=CHANNEL))).route == CHANNEL
    assert (await submitted(store, new_job(route=PRIVATE))).route == PRIVATE


async def test_token_is_not_shown_in_a_log(store: Store):
    job = await submitted(store, new_job(route=PRIVATE))
    assert PRIVATE.token not in repr(job)


async def test_same_interaction_twice_is_one_job_whatever_its_state(store: Store):
    job = await delivered(store, new_job("interaction/a"))
    with pytest.raises(DuplicateJob) as refusal:
        await submitted(store, new_job("interaction/a"))
    assert refusal.value.job == await now(store, job)
    assert await account(store) == (1, 0)


async def test_same_interaction_submitted_by_many_tasks_is_one_job(store: Store):
    outcomes = await asyncio.gather(
        *(submitted(store, new_job("interaction/a")) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(outcome, DuplicateJob) for outcome in outcomes) == 19
    assert len(await store.queued()) == 1


async def test_double_click_is_one_job(store: Store, clock: HandClock):
    first = await submitted(store, new_job(press="again/12"))
    clock.now += PRESS_WINDOW_S - 0.1
    with pytest.raises(DuplicateJob) as refusal:
        await submitted(store, new_job(press="again/12"))
    assert refusal.value.job == first


async def test_double_click_is_one_job_when_the_clock_was_set_back_between(store: Store, clock: HandClock):
    await submitted(store, new_job(press="again/12"))
    clock.now -= PRESS_WINDOW_S - 0.1
    with pytest.raises(DuplicateJob):
        await submitted(store, new_job(press="again/12"))


async def test_presses_far_apart_are_two_jobs(store: Store, clock: HandClock):
    await submitted(store, new_job(press="again/12"))
    clock.now += PRESS_WINDOW_S
    await submitted(store, new_job(press="again/12"))
    assert len(await store.queued()) == 2


async def test_presses_of_two_members_or_two_buttons_are_two_jobs(store: Store):
    await submitted(store, new_job(press="again/12", user_id=1))
    await submitted(store, new_job(press="again/12", user_id=2))
    await submitted(store, new_job(press="again/13", user_id=1))
    assert len(await store.queued()) == 3


async def test_commands_in_quick_succession_are_not_presses(store: Store):
    await submitted(store, new_job(press=None))
    await submitted(store, new_job(press=None))
    assert len(await store.queued()) == 2


async def test_more_unfinished_jobs_than_allowed_are_refused(store: Store):
    await submitted(store)
    await rendered(store)
    with pytest.raises(TooManyJobs) as refusal:
        await store.submit(new_job(), daily_limit=100, max_active=2)
    assert (refusal.value.active, refusal.value.limit) == (2, 2)
    assert await account(store) == (1, 1)


async def test_finished_jobs_and_other_members_do_not_count_as_unfinished(store: Store):
    await delivered(store)
    await submitted(store, new_job(user_id=MEMBER + 1))
    await store.submit(new_job(), daily_limit=100, max_active=1)


async def test_daily_quota_counts_made_and_waiting_clips(store: Store):
    await delivered(store)
    await submitted(store)
    with pytest.raises(QuotaExceeded) as refusal:
        await store.submit(new_job(), daily_limit=2, max_active=100)
    quota = refusal.value.quota
    assert (quota.used, quota.reserved, quota.limit, quota.left) == (1, 1, 2, 0)
    assert quota.resets_at == NOON + DAY_S / 2
    assert len(await store.queued()) == 1


async def test_quota_is_full_again_after_utc_midnight(store: Store, clock: HandClock):
    await store.submit(new_job(), daily_limit=1, max_active=100)
    clock.now = NOON + DAY_S / 2 - 0.001
    with pytest.raises(QuotaExceeded):
        await store.submit(new_job(), daily_limit=1, max_active=100)
    clock.now = NOON + DAY_S / 2
    await store.submit(new_job(), daily_limit=1, max_active=100)


async def test_quotas_of_two_members_are_separate(store: Store):
    await store.submit(new_job(user_id=1), daily_limit=1, max_active=1)
    await store.submit(new_job(user_id=2), daily_limit=1, max_active=1)


async def test_limit_lowered_below_what_is_taken_leaves_nothing_rather_than_less(store: Store):
    await submitted(store)
    await submitted(store)
    assert (await store.quota(MEMBER, limit=1)).left == 0


async def test_200_submissions_at_once_with_a_limit_of_20_give_exactly_20(store: Store):
    outcomes = await asyncio.gather(
        *(store.submit(new_job(), daily_limit=20, max_active=1_000) for _ in range(200)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, QuotaExceeded) for outcome in outcomes) == 180
    assert len(await store.queued()) == 20
    assert await account(store) == (0, 20)


async def test_job_whose_insert_fails_takes_no_quota(store: Store):
    with pytest.raises(sqlite3.IntegrityError):
        await submitted(store, new_job(request="not JSON"))
    assert await account(store) == (0, 0)


async def test_unfinished_job_moves_to_another_message(store: Store):
    elsewhere = ChannelRoute(channel_id=21, message_id=22)
    job = await submitted(store, new_job(route=PRIVATE))
    assert (await store.reroute(job.id, elsewhere)).route == elsewhere
    assert (await store.reroute(job.id, PRIVATE)).route == PRIVATE
