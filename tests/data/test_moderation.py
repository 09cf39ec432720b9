"""What moderators decided outlives the process, and what they cancel is refunded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from data import Artifact, JobState, MemberLimit, Reason, Store, moderation, stats
from data.schema import open_database

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
    running,
    submitted,
)

OTHER = GUILD + 1


async def test_decisions_outlive_the_process(path: Path):
    async with Store.open(path) as store:
        await store.pause(GUILD)
        await store.pause(GUILD)
        await store.pause(OTHER)
        await store.resume(OTHER)
        for user_id in (1, 2, 3):
            await store.block(GUILD, user_id)
        await store.block(OTHER, 1)
        await store.unblock(GUILD, 2)
        await store.put_channels(GUILD, frozenset({5, 6}))
        await store.put_channels(GUILD, frozenset({6, 7}))
        await store.put_channels(OTHER, frozenset({8}))
        await store.put_channels(OTHER, frozenset())
        await store.put_member_limit(MemberLimit(GUILD, 1, daily_clips=3))
        await store.put_member_limit(MemberLimit(GUILD, 1, max_active=0))
        await store.put_member_limit(MemberLimit(GUILD, 2, daily_clips=3))
        await store.put_member_limit(MemberLimit(GUILD, 2))
    async with Store.open(path) as store:
        decisions = await store.decisions()
        assert decisions.paused == {GUILD}
        assert decisions.blocked == {GUILD: {1, 3}, OTHER: {1}}
        assert decisions.channels == {GUILD: {6, 7}}
        assert await store.member_limits() == [MemberLimit(GUILD, 1, max_active=0)]


async def test_clearing_a_server_cancels_and_refunds_all_that_waits_there_and_nothing_else(store: Store):
    waiting = [
        await submitted(store, new_job(user_id=user, route=route)) for user in (1, 2) for route in (CHANNEL, PRIVATE)
    ]
    runs, made = await running(store, new_job(user_id=1)), await rendered(store, new_job(user_id=1))
    elsewhere = [await submitted(store, new_job(user_id=1, guild_id=guild)) for guild in (OTHER, None)]
    cancelled = await store.cancel_waiting(GUILD)
    assert [job.id for job in cancelled] == [job.id for job in waiting]
    for job in waiting:
        assert (await now(store, job)).state is JobState.CANCELLED
    assert [(await now(store, job)).state for job in (runs, made, *elsewhere)] == [
        "running",
        "rendered",
        "queued",
        "queued",
    ]
    assert await account(store, 1) == (1, 3) and await account(store, 2) == (0, 0)
    assert await store.cancel_waiting(GUILD) == []
    untold = (await store.recover(max_attempts=3)).untold
    assert [job.id for job in untold] == [job.id for job in waiting], "each is still to be told"


async def test_a_pause_cancels_only_what_an_interaction_would_answer_too_late(store: Store):
    waits, cannot = await submitted(store), await submitted(store, new_job(route=PRIVATE))
    elsewhere = await submitted(store, new_job(route=PRIVATE, guild_id=OTHER))
    assert [job.id for job in await store.pause(GUILD)] == [cannot.id]
    assert [(await now(store, job)).state for job in (waits, elsewhere)] == ["queued"] * 2
    assert await account(store) == (0, 2)


async def test_a_block_cancels_what_waits_of_this_member_in_this_server(store: Store):
    mine = [await submitted(store) for _ in range(2)]
    others = [
        await submitted(store, new_job(user_id=MEMBER + 1)),
        await submitted(store, new_job(guild_id=OTHER)),
        await submitted(store, new_job(guild_id=None)),
    ]
    assert [job.id for job in await store.block(GUILD, MEMBER)] == [job.id for job in mine]
    assert [(await now(store, job)).state for job in others] == ["queued"] * 3
    assert await account(store) == (0, 2)


async def test_stats_count_what_was_asked_in_the_days_and_how_long_it_took(store: Store, clock: HandClock):
    for age_days in (40, 20, 3, 0):
        clock.now = NOON - age_days * DAY_S
        for number in range(1, 21):
            asked_at = clock.now
            job = await submitted(store)
            clock.now += number
            claimed = await store.claim(job.id)
            assert claimed is not None
            await store.finish_render(claimed, Artifact("c.mp4", 1, render_s=10.0 * number, encode_s=0.5))
            clock.now = asked_at
        await store.fail(await running(store), Reason("out of memory"))
        await store.cancel(await _id(submitted(store)), user_id=MEMBER)
        await delivered(store, new_job(guild_id=OTHER))
        await store.count_refusal(GUILD, "adult")
    await store.fail(await running(store), Reason("out of memory"))
    await store.fail(await running(store), Reason("the moon"))
    await store.count_refusal(GUILD, "server")
    await store.count_refusal(OTHER, "server")
    await submitted(store)

    day, week, month = [await store.stats(GUILD, days=days) for days in (1, 7, 30)]
    assert day.jobs == {**dict.fromkeys(JobState, 0), "queued": 1, "rendered": 20, "failed": 3, "cancelled": 1}
    assert [each.jobs[JobState.RENDERED] for each in (day, week, month)] == [20, 40, 60]
    assert day.wait is not None and (day.wait.p50_s, day.wait.p95_s) == pytest.approx((10.0, 19.0))
    assert day.render is not None and (day.render.p50_s, day.render.p95_s) == pytest.approx((100.5, 190.5))
    assert [(failure.reason.message, failure.times) for failure in day.failures] == [
        ("out of memory", 2),
        ("the moon", 1),
    ]
    assert [(failure.reason.message, failure.times) for failure in month.failures] == [
        ("out of memory", 4),
        ("the moon", 1),
    ]
    assert day.refused == {"adult": 1, "server": 1} and month.refused == {"adult": 3, "server": 1}


async def _id(job):
    return (await job).id


async def test_stats_of_a_server_without_jobs(store: Store):
    found = await store.stats(GUILD, days=30)
    assert set(found.jobs.values()) == {0} and found.wait is found.render is None and found.failures == ()


async def test_percentiles_of_many_clips_are_taken_of_every_so_many_th(store: Store, clock: HandClock, monkeypatch):
    monkeypatch.setattr(stats, "SAMPLE", 20)
    for number in range(1, 101):
        await rendered(store, clip=Artifact("c.mp4", 1, render_s=float(number), encode_s=0.0))
    found = await store.stats(GUILD, days=1)
    assert found.jobs[JobState.RENDERED] == 100
    assert found.render is not None and (found.render.p50_s, found.render.p95_s) == (50.0, 95.0)


QUESTIONS: dict[str, Callable[..., object]] = {
    "stats": lambda connection: stats.stats(connection, GUILD, days=30, now=NOON),
    "clear": lambda connection: moderation.cancel_waiting(connection, GUILD, now=NOON),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_index_answers(path: Path, question: str):
    with closing(open_database(path)) as connection:
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        QUESTIONS[question](connection)
        connection.set_trace_callback(None)
        selects = [sql for sql in asked if sql.startswith(("SELECT", "UPDATE")) and "jobs" in sql]
        assert selects
        for sql in selects:
            steps = [step["detail"] for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
            assert any("INDEX" in step for step in steps), f"{steps}: {sql}"
            assert not any(step.startswith("SCAN") and "INDEX" not in step for step in steps), f"{steps}: {sql}"


async def test_blocks_and_limits_outlive_a_members_erasure(store: Store):
    await store.block(GUILD, MEMBER)
    await store.put_member_limit(MemberLimit(GUILD, MEMBER, daily_clips=1))
    await delivered(store)
    await store.erase_member(MEMBER, max_messages=1)
    assert (await store.decisions()).blocked == {GUILD: {MEMBER}}
    assert await store.member_limits() == [MemberLimit(GUILD, MEMBER, daily_clips=1)]
