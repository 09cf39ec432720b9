"""What a stop, a crash and a start do to the jobs of a service."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages import Unreachable
from bot.orders import Refused
from data import JobState, Reason
from generation.errors import CheckpointUnavailable
from tests.bot.house import MEMBER, house


async def test_a_render_without_progress_asks_for_the_end_of_the_process(tmp_path):
    async with house(tmp_path, stall_timeout_s=1) as h:
        await h.ask("hang")
        async with asyncio.timeout(10):
            await h.service.stalled.wait()


async def test_a_file_that_takes_long_and_one_that_waits_for_it_are_no_hanging_renders(tmp_path):
    async with house(tmp_path, stall_timeout_s=1) as h:
        jobs = [await h.ask("many frames"), await h.ask("long to encode")]
        await asyncio.sleep(2.0)
        assert not h.service.stalled.is_set()
        h.executor.gate.set()
        for job in jobs:
            await h.state(job.id, JobState.DELIVERED)


async def test_a_file_that_is_never_written_asks_for_the_end_of_the_process(tmp_path):
    async with house(tmp_path, stall_timeout_s=1) as h:
        await h.ask("long to encode")
        async with asyncio.timeout(10):
            await h.service.stalled.wait()


async def test_a_job_that_ended_three_processes_is_given_up_refunded_and_told(tmp_path, monkeypatch):
    async def never(_) -> bool:
        return False

    for attempt in range(3):
        async with house(tmp_path) as h:
            job = await h.ask("slow") if attempt == 0 else await h.store.get(1)
            await h.state(job.id, JobState.RUNNING)
            monkeypatch.setattr(h.store, "requeue", never)  # as after kill -9
    async with house(tmp_path) as h:
        assert "failed" in await h.told(1, "failed")
        assert (await h.service.limits.quota(MEMBER)).left == 20


async def test_a_clip_rendered_before_a_crash_is_delivered_after_it_without_rendering_again(tmp_path):
    async with house(tmp_path) as h:
        h.messenger.refusals = [Unreachable("down")] * 100
        job = await h.ask("fox")
        await h.state(job.id, JobState.RENDERED)
    async with house(tmp_path) as h:
        await h.state(job.id, JobState.DELIVERED)
        assert h.executor.renders == []
        assert h.messenger.of(job.id) == ["clip clip of fox"]


async def test_a_failure_that_could_not_be_told_is_told_by_the_next_process(tmp_path):
    async with house(tmp_path, resume=False) as h:
        job = await h.ask("fox")
        assert await h.store.fail(job, Reason("the lights went out"))
    async with house(tmp_path) as h:
        assert "the lights went out" in await h.told(job.id, "failed")
    async with house(tmp_path) as h:
        await asyncio.sleep(0.1)
        assert h.messenger.of(job.id) == [], "it is told once"


async def test_queued_jobs_keep_their_turns_over_a_restart_and_show_their_place_again(tmp_path):
    async with house(tmp_path, resume=False) as h:
        for user in (1, 1, 2):
            await h.ask(f"by {user}", user_id=user)
    async with house(tmp_path) as h:
        for job_id in (1, 2, 3):
            await h.state(job_id, JobState.DELIVERED)
        assert h.executor.renders == ["by 1", "by 2", "by 1"]


async def test_what_a_killed_encode_left_behind_is_swept_away_and_clips_are_kept(tmp_path):
    async with house(tmp_path) as h:
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        clips = h.service.settings.store_dir / "clips"
        (clips / ".2.mp4.part").write_bytes(b"half")
    async with house(tmp_path):
        assert [path.name for path in clips.iterdir()] == ["1.mp4"]


async def test_a_clip_whose_job_was_cancelled_after_a_crash_leaves_no_file(tmp_path):
    async with house(tmp_path, resume=False) as h:
        waiting, cancelled = [await h.ask("fox", user_id=user) for user in (1, 2)]
        clips = h.service.settings.store_dir / "clips"
        clips.mkdir(parents=True)
        for job in (waiting, cancelled):  # put in place, and killed before the store was told
            (clips / f"{job.id}.mp4").write_bytes(b"whole")
        await h.store.cancel(cancelled.id, user_id=2)
    async with house(tmp_path, resume=False) as h:
        assert list(clips.iterdir()) == []


async def test_a_stop_within_the_time_lets_the_running_job_finish(tmp_path):
    async with house(tmp_path, stop_timeout_s=10) as h:
        job = await h.ask("slow")
        await h.state(job.id, JobState.RUNNING)
        stopping = asyncio.create_task(h.service.stop())
        await asyncio.sleep(0.05)
        with pytest.raises(Refused, match="restarted"):
            await h.ask("too late")
        h.executor.gate.set()
        await stopping
        assert (await h.store.get(job.id)).state is JobState.DELIVERED


async def test_a_stop_after_the_time_puts_the_running_job_back_uncounted(tmp_path):
    async with house(tmp_path) as h:
        job = await h.ask("slow")
        await h.state(job.id, JobState.RUNNING)
    async with house(tmp_path, resume=False) as h:
        back = await h.store.get(job.id)
        assert (back.state, back.attempt) == (JobState.QUEUED, 0)


async def test_a_stop_counts_nothing_against_a_job_whose_step_does_not_end(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.renders.EVICTION_S", 0.1)
    async with house(tmp_path) as h:
        job = await h.ask("hang")
        await h.state(job.id, JobState.RUNNING)
    async with house(tmp_path, resume=False) as h:
        back = await h.store.get(job.id)
        assert (back.state, back.attempt) == (JobState.QUEUED, 0)


async def test_without_a_checkpoint_the_queue_is_kept(tmp_path):
    async with house(tmp_path, resume=False) as h:
        job = await h.ask("fox")
    async with house(tmp_path, resume=False) as h:
        h.executor.unavailable = CheckpointUnavailable("the disk is gone", code="")
        await h.service.resume()
        with pytest.raises(Refused, match="the disk is gone"):
            await h.ask("more")
        assert (await h.store.get(job.id)).state is JobState.QUEUED
    async with house(tmp_path) as h:
        await h.state(job.id, JobState.DELIVERED)


async def test_a_stop_in_the_moment_of_the_claim_puts_the_job_back(tmp_path, monkeypatch):
    async with house(tmp_path) as h:
        claim, claimed = h.store.claim, asyncio.Event()

        async def slow(job_id: int):
            job = await claim(job_id)
            claimed.set()
            await asyncio.sleep(0.5)  # longer than the stop waits for the running job
            return job

        monkeypatch.setattr(h.store, "claim", slow)
        job = await h.ask("slow")
        await claimed.wait()
        await h.service.stop()
        back = await h.store.get(job.id)
    assert (back.state, back.attempt) == (JobState.QUEUED, 0)
