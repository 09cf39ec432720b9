"""Whose turn it is, what a member may have at a time, and what they are told of their wait."""

from __future__ import annotations

import asyncio

import pytest

from bot.cards import wait
from bot.orders import Refused
from bot.renders import MOST_UNWRITTEN
from bot.speech import voice
from data import CancelOutcome, InteractionRoute, JobState, TooManyJobs
from tests.bot.house import MEMBER, house


async def test_an_interaction_that_would_expire_first_is_refused_at_once(tmp_path):
    async with house(tmp_path, resume=False) as h:
        await h.ask("fox")
        route = InteractionRoute(1, "token", 5, expires_at=h.now[0] + 20)
        with pytest.raises(Refused, match="15 minutes"):
            await h.ask("fox", user_id=8, route=route)
        assert (await h.service.limits.quota(8)).left == 20


async def test_guilds_share_the_gpu_by_weight_and_all_that_comes_from_outside_is_one_flow(tmp_path):
    async with house(tmp_path, resume=False, guild_weights={"9": 2.0}, max_active_jobs=9) as h:
        for number in range(4):
            await h.ask(f"nine {number}", guild_id=9)
            await h.ask(f"out {number}", user_id=100 + number, guild_id=None)
        order = [ticket.flow for ticket in h.service._queue.order()]
    assert order[:6].count(9) == 4
    assert order[6:] == ["outside"] * 2


async def test_what_a_member_may_have_at_a_time_counts_over_all_guilds(tmp_path):
    async with house(tmp_path, resume=False, max_active_jobs=2) as h:
        await h.ask("fox", guild_id=1)
        await h.ask("fox", guild_id=2)
        for guild_id in (3, None):
            with pytest.raises(TooManyJobs):
                await h.ask("fox", guild_id=guild_id)


async def test_a_guild_pays_for_the_time_that_its_job_took(tmp_path):
    async with house(tmp_path) as h:
        for number in range(2):
            await h.state((await h.ask(f"fox {number}")).id, JobState.DELIVERED)
        slow = await h.ask("slow", guild_id=1)
        await h.state(slow.id, JobState.RUNNING)
        for number in range(2):
            await h.ask(f"again {number}", guild_id=1)
            await h.ask(f"short {number}", guild_id=2, user_id=8)
        await asyncio.sleep(0.3)  # far beyond what all the others take together
        h.executor.gate.set()
        await h.state(5, JobState.DELIVERED)
        await h.state(7, JobState.DELIVERED)
        assert h.executor.renders[3:5] == ["short 0", "short 1"]


async def test_a_member_is_told_a_likely_time_and_one_that_is_rarely_exceeded(tmp_path):
    async with house(tmp_path, resume=False) as h:
        jobs = [await h.ask("fox", user_id=user) for user in (1, 2)]
        first, second = (h.service.place(job.id) for job in jobs)
    assert (first.position, second.position) == (1, 2)
    assert first.wait_s < first.late_s and second.wait_s == 2 * first.wait_s
    assert wait(second, voice("en")) == "about 30 seconds, likely within 40 seconds"


async def test_who_is_served_soon_may_wait_by_an_interaction_however_long_the_queue_of_others(tmp_path):
    async with house(tmp_path, resume=False, max_active_jobs=50) as h:
        for _ in range(20):
            await h.ask("fox")
        route = InteractionRoute(1, "token", 5, expires_at=h.now[0] + 60)
        job = await h.ask("fox", user_id=8, guild_id=None, route=route)
        assert h.service.place(job.id).position == 2


async def test_the_next_clip_is_drawn_while_the_file_of_the_last_one_is_written(tmp_path):
    async with house(tmp_path) as h:
        first, second = await h.ask("long to encode"), await h.ask("fox")
        await h.state(second.id, JobState.DELIVERED)
        assert (await h.store.get(first.id)).state is JobState.RUNNING
        h.executor.gate.set()
        await h.state(first.id, JobState.DELIVERED)


async def test_a_cancel_while_the_file_is_written_leaves_no_file(tmp_path):
    async with house(tmp_path) as h:
        job, after = await h.ask("long to encode"), await h.ask("fox")
        await h.state(after.id, JobState.DELIVERED)
        assert await h.service.cancel(job.id, user_id=MEMBER) is CancelOutcome.REQUESTED
        h.executor.gate.set()
        await h.state(job.id, JobState.CANCELLED)
        assert not list((tmp_path / "local" / "clips").glob(f"{job.id}.*"))
        assert (await h.service.limits.quota(MEMBER)).left == 18, "a cancel after the first step is paid for"


async def test_a_stop_waits_for_the_file_that_is_being_written(tmp_path):
    async with house(tmp_path, stop_timeout_s=30) as h:
        job, after = await h.ask("long to encode"), await h.ask("fox")
        await h.state(after.id, JobState.DELIVERED)
        stop = asyncio.create_task(h.service.stop())
        await asyncio.sleep(0)
        h.executor.gate.set()
        await stop
        assert (await h.store.get(job.id)).state in (JobState.RENDERED, JobState.DELIVERED)


async def test_a_stop_puts_a_clip_back_whose_file_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.renders.EVICTION_S", 0.1)
    async with house(tmp_path) as h:
        job, after = await h.ask("long to encode"), await h.ask("fox")
        await h.state(after.id, JobState.DELIVERED)
        await h.service.stop()
        h.executor.gate.set()
        await asyncio.sleep(0.1)
        back = await h.store.get(job.id)
    assert (back.state, back.attempt) == (JobState.QUEUED, 0)


async def test_clips_whose_files_are_slow_do_not_pile_up(tmp_path):
    async with house(tmp_path) as h:
        jobs = [await h.ask("long to encode") for _ in range(MOST_UNWRITTEN)]
        for job in jobs:
            await h.state(job.id, JobState.RUNNING)
        later = await h.ask("fox")
        await asyncio.sleep(0.1)
        assert (await h.store.get(later.id)).state is JobState.QUEUED
        assert (await h.service.mine(MEMBER))[-1][1].position == 1
        h.executor.gate.set()
        for job in (*jobs, later):
            await h.state(job.id, JobState.DELIVERED)
