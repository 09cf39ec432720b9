"""kill -9 at every instant of a job's life: what was told "Queued" becomes one clip, whenever the process dies."""

from __future__ import annotations

import signal

import pytest

from .lane import Asked, Lane, check, lane
from .launcher import FIRST_OF_A_JOB, IMPOSSIBLE, STEPS
from .sweep import instants_of_a_job, instants_of_a_start, sweep_jobs, sweep_starts

pytestmark = pytest.mark.timeout(900)

AMID_RENDER = "step 2 #1"

REAL = {"CRASH_EXECUTOR": "local", "CHECKPOINT": "starter", "PROGRESS_INTERVAL_S": "60", "OMP_NUM_THREADS": "1"}
"""The embedded model renders, one core for each lane; one edit of progress only, so that edits can be counted."""

UNHURRIED = {"CRASH_STEP_S": "0.5", "PROGRESS_INTERVAL_S": "60"}
"""Steps so long that a cancel meets one; one edit of progress only."""

REAL_INSTANTS = (
    "step 1 #1",
    "step 7 #1",
    "drawn #1",
    "before a frame is encoded #1",
    "before a frame is encoded #8",
    "before fsync #1",  # the file is whole
    "after replace #1",  # and in its place
    "before COMMIT #3",
    "after COMMIT #3",  # the clip is the store's
    "after PATCH /channels/*/messages/* #3",  # and the member's, which the store does not know
)


async def test_a_kill_at_any_instant_of_a_jobs_life_ends_in_exactly_one_clip(tmp_path):
    instants = await instants_of_a_job(tmp_path)
    report = await sweep_jobs(tmp_path, instants)
    print(f"{report.instants} instants, missed: {report.missed}")
    assert report.broken == []
    assert report.instants >= 45 and len(report.missed) <= report.instants // 10


async def test_a_kill_at_any_instant_of_a_job_that_fails_ends_in_exactly_one_failure_message(tmp_path):
    async def ask(one: Lane) -> Asked:
        return await one.ask(IMPOSSIBLE)

    instants = await instants_of_a_job(tmp_path, ask=ask, ends="failed")
    ending = instants[instants.index(f"step {STEPS} #1") :]
    report = await sweep_jobs(tmp_path, ending, ask=ask)
    print(f"{report.instants} instants, missed: {report.missed}")
    assert report.broken == []
    assert report.instants >= 10 and len(report.missed) <= 1


async def test_a_kill_at_any_instant_of_a_cancel_ends_in_one_clip_or_one_word_of_the_cancel(tmp_path):
    instants = await instants_of_a_job(tmp_path, ask=Lane.ask_and_cancel, ends="cancelled", **UNHURRIED)
    cancel = instants[instants.index(f"{FIRST_OF_A_JOB} #2") :]
    report = await sweep_jobs(tmp_path, cancel, ask=Lane.ask_and_cancel, **UNHURRIED)
    print(f"{report.instants} instants, missed: {report.missed}")
    assert report.broken == []
    assert report.instants >= 10 and len(report.missed) <= report.instants // 5


async def test_a_kill_amid_a_real_render_ends_in_exactly_one_clip(tmp_path):
    report = await sweep_jobs(tmp_path, REAL_INSTANTS, **REAL)
    assert (report.instants, report.missed, report.broken) == (10, [], [])


async def test_a_second_kill_at_any_instant_of_the_next_start_changes_nothing(tmp_path):
    instants = await instants_of_a_start(tmp_path, AMID_RENDER)
    report = await sweep_starts(tmp_path, instants, AMID_RENDER)
    print(f"{report.instants} instants, missed: {report.missed}")
    assert report.broken == []
    assert report.instants >= 15 and len(report.missed) <= report.instants // 10


async def test_without_idempotent_delivery_the_sweep_finds_doubled_clips(tmp_path):
    repeats = {"CRASH_DELIVERY_REPEATS": "1"}
    instants = await instants_of_a_job(tmp_path, **repeats)
    rendered = instants.index("after COMMIT #3")
    report = await sweep_jobs(tmp_path, instants[rendered:], **repeats)
    assert any("2 in all" in broken or "flipbook" in broken for broken in report.broken)


async def test_a_job_that_kills_three_processes_is_failed_refunded_and_told(tmp_path):
    async with lane(tmp_path) as one:
        for attempt in range(3):
            await one.start(die_at=AMID_RENDER, from_start=attempt > 0)
            if attempt == 0:
                poison = await one.ask()
            assert await one.ended() == -signal.SIGKILL
        await one.start()
        harmless = await one.ask()
        await one.until(lambda jobs: [state for _, state in jobs] == ["failed", "delivered"], "the queue goes on")
        await one.peer.wait_for_message(
            lambda m: m.interaction_id == poison.interaction_id and "could not be made" in m.text, 30
        )
        assert await one.end(signal.SIGTERM) == 0
        assert await check(one, [poison, harmless]) == []


@pytest.mark.parametrize(("timeout_s", "state"), [("0", "queued"), ("30", "delivered")])
async def test_a_stop_ends_cleanly_and_the_running_job_is_finished_or_kept(tmp_path, timeout_s, state):
    async with lane(tmp_path, STOP_TIMEOUT_S=timeout_s, CRASH_STEP_S="0.7") as one:
        await one.start()
        asked = await one.ask()
        await one.until(lambda jobs: jobs == [(1, "running")], "the job runs")
        assert await one.end(signal.SIGTERM) == 0
        assert one.jobs() == [(1, state)]
        await one.start()
        await one.settled()
        assert await one.end(signal.SIGTERM) == 0
        assert await check(one, [asked]) == []
