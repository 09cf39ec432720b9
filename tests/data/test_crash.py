"""kill -9 at any moment: what was promised is there, and nothing is half there."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import data
from data import DataDirInUse, DataDirLock, DataDirUnusable, JobState, Store

from .helpers import account, audit

PYTHON_PATH = str(Path(data.__file__).parent.parent)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")

# Prints each promise only after the verb that makes it has returned.
LIVES = """
import asyncio, itertools, sys
from pathlib import Path
from data import *

async def main():
    async with Store.open(Path(sys.argv[1])) as store:
        for number in itertools.count():
            new = NewJob(f"interaction/{number}", 7, None, ChannelRoute(1, 2), "{}", "starter", 1.0)
            job = await store.submit(new, daily_limit=10**6, max_active=10**6)
            print("queued", job.id, flush=True)
            if number % 2:
                job = await store.claim(job.id)
                print("running", job.id, flush=True)
                if number % 4 == 1:
                    await store.finish_render(job, Artifact("a.mp4", 1, 1.0, 1.0))
                    print("rendered", job.id, flush=True)

asyncio.run(main())
"""

HOLDS_LOCK = """
import sys, time
from pathlib import Path
from data import DataDirLock
with DataDirLock(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(60)
"""


def start(code: str, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": PYTHON_PATH},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> str:
    """End the process as a power cut would; what it had said after its first line."""
    process.send_signal(signal.SIGKILL)
    assert process.stdout is not None
    with process.stdout:
        rest = process.stdout.read()  # `communicate` would pass over what the first line's reading took in
    assert process.wait(timeout=30) == -signal.SIGKILL
    return rest


@pytest.mark.parametrize("after_s", [0.0, 0.013, 0.05, 0.21])
async def test_no_promise_is_lost_by_a_kill(path: Path, after_s: float):
    process = start(LIVES, path)
    assert process.stdout is not None
    first = process.stdout.readline()
    await asyncio.sleep(after_s)
    promised: dict[int, str] = {}
    for line in (first + kill(process)).splitlines():
        state, job_id = line.split()
        promised[int(job_id)] = state
    assert promised

    order = [JobState.QUEUED, JobState.RUNNING, JobState.RENDERED]
    async with Store.open(path) as store:
        for job_id, state in promised.items():
            job = await store.get(job_id)
            assert job is not None
            assert order.index(job.state) >= order.index(JobState(state))
        # What was under way when the kill came is at most one verb of the one task.
        assert await store.get(max(promised) + 2) is None
        recovery = await store.recover(max_attempts=3)
        assert all(job.state is JobState.QUEUED for job in recovery.queued)
        assert await account(store) == (len(recovery.rendered), len(recovery.queued))
    audit(path)


def test_data_folder_has_one_process_and_is_free_again_after_a_kill(tmp_path: Path):
    folder = tmp_path / "made" / "by the lock"
    process = start(HOLDS_LOCK, folder)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        with pytest.raises(DataDirInUse) as refusal, DataDirLock(folder):
            pass
        assert str(folder) in str(refusal.value)
    finally:
        kill(process)
    with DataDirLock(folder):
        pass


def test_data_folder_is_free_again_after_the_block_even_when_it_failed(tmp_path: Path):
    first = DataDirLock(tmp_path)
    with pytest.raises(KeyError), first:
        raise KeyError
    with DataDirLock(tmp_path), pytest.raises(DataDirInUse), DataDirLock(tmp_path):
        pass
    with DataDirLock(tmp_path):
        pass


def test_data_folder_that_cannot_be_made_is_refused_by_its_name(tmp_path: Path):
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "var"
    with pytest.raises(DataDirUnusable) as refusal, DataDirLock(folder):
        pass
    assert str(folder) in str(refusal.value) and "DATA_DIR" in str(refusal.value)


# A member who is erased again and again while they make clips; each promise is printed after its verb.
FORGETS = """
import asyncio, itertools, sys
from pathlib import Path
from data import *

async def main():
    async with Store.open(Path(sys.argv[1])) as store:
        for number in itertools.count():
            for key in range(3):
                new = NewJob(f"{number}/{key}", 7, 70, ChannelRoute(1, 2), '{"prompt": "secret"}', "starter", 1.0)
                job = await store.claim((await store.submit(new, daily_limit=10**6, max_active=10**6)).id)
                await store.finish_render(job, Artifact("a.mp4", 1, 1.0, 1.0))
                print("made", job.id, flush=True)
            await store.erase_member(7, max_messages=9)
            print("erased", job.id, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("after_s", [0.013, 0.05, 0.21])
async def test_a_kill_amid_an_erasure_leaves_a_member_whole_or_gone_and_the_day_counted(path: Path, after_s: float):
    process = start(FORGETS, path)
    assert process.stdout is not None
    first = process.stdout.readline()
    await asyncio.sleep(after_s)
    told = [line.split() for line in (first + kill(process)).splitlines()]
    made = [int(job_id) for verb, job_id in told if verb == "made"]
    erased = max((int(job_id) for verb, job_id in told if verb == "erased"), default=0)
    async with Store.open(path) as store:
        left = [job.id for job in await store.history(7, limit=10**6)]
        remnants = [remnant.job_id for remnant in await store.remnants_with_files(limit=10**6)]
        assert not set(left) & set(remnants), "a job is there, or what it leaves is"
        assert set(made) <= {*left, *remnants}
        assert all(job_id > erased for job_id in left)
        assert len(left) <= 3 and len(remnants) % 3 == 0, "three by three, never a part of them"
        used, _ = await account(store)
        assert used >= len(made)
    audit(path)


# A long history whose member is erased job by job, by a process that kills itself at one statement of the erasure.
ERASES = """
import asyncio, itertools, os, signal, sys
from pathlib import Path
from data import *
from data import privacy

privacy.SLICE = 1
erase_slice, statements = privacy.erase_slice, itertools.count(1)

def end(statement):
    if next(statements) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

def traced(connection, *given, **named):
    connection.set_trace_callback(end)
    return erase_slice(connection, *given, **named)

privacy.erase_slice = traced

async def main():
    async with Store.open(Path(sys.argv[1])) as store:
        for key in range(60):
            new = NewJob(f"{key}", 7, 70, ChannelRoute(1, 2), '{"prompt": "secret"}', "starter", 1.0)
            job = await store.claim((await store.submit(new, daily_limit=10**6, max_active=10**6)).id)
            await store.finish_render(job, Artifact("a.mp4", 1, 1.0, 1.0))
            await store.mark_delivered(await store.get(job.id))
        await store.erase_member(7, max_messages=9)

asyncio.run(main())
"""


@pytest.mark.parametrize("statement", [1, 5, 12, 200, 400])
async def test_a_kill_amid_the_slices_of_an_erasure_leaves_each_job_whole_or_gone_and_the_rest_follows(
    path: Path, statement: int
):
    process = start(ERASES, path, str(statement))
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, "the erasure has fewer statements"
    audit(path)
    async with Store.open(path) as store:
        left = {job.id for job in await store.history(7, limit=100)}
        remnants = {remnant.job_id for remnant in await store.remnants_with_files(limit=100)}
        assert left | remnants == set(range(1, 61)) and not left & remnants
        assert await account(store, 7) == (60, 0)
        await store.finish_erasures()
        assert await store.history(7) == [] and await account(store, 7) == (60, 0)
        await store.mark_files_removed(range(1, 61))
        assert len(await store.remnants_with_message(limit=100)) == 9
    audit(path)
