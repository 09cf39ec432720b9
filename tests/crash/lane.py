"""One Discord, one data folder and one bot after the other, each of which may be told when to die."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.clips import strip_file
from tests.data.helpers import audit
from tests.discord.peer_client import PeerClient, running_peer
from tests.discord.process import ROOT

from .launcher import DIE_AT, FROM_START, LOG

PATIENCE_S = 180.0
PROMPT = "a red fox in the snow"
OVER = ("delivered", "undeliverable", "cancelled", "failed")


@dataclass(frozen=True, slots=True)
class Asked:
    """A member's command, and whether it was asked to be cancelled."""

    interaction_id: int
    is_cancelled: bool = False


@dataclass
class Lane:
    """`settings` are the bot's, in its environment's words."""

    peer: PeerClient
    forks: Process
    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    pid: int | None = None

    @property
    def database(self) -> Path:
        return self.data_dir / "flipbook.sqlite3"

    async def start(self, *, die_at: str | None = None, from_start: bool = False, log: Path | None = None) -> None:
        """Start a bot; where it is not to die before, it is connected when this returns."""
        environment = self.peer.where.environment() | self.settings | {"DATA_DIR": str(self.data_dir)}
        environment |= {"BOT_LOG": str(self.data_dir.parent / "bot.log"), "PYTHONPATH": str(ROOT)}
        environment |= {} if die_at is None else {DIE_AT: die_at}
        environment |= {FROM_START: "1"} if from_start else {}
        environment |= {} if log is None else {LOG: str(log)}
        assert self.forks.stdin is not None and self.pid is None
        self.forks.stdin.write(json.dumps(environment).encode() + b"\n")
        self.pid = (await self._answer())["pid"]
        if die_at is None or not from_start:
            await self.peer.wait_synced("video", PATIENCE_S)

    async def ended(self, timeout_s: float = PATIENCE_S) -> int:
        """Wait for the end of the bot and return its exit status, -9 for SIGKILL."""
        async with asyncio.timeout(timeout_s):
            status = (await self._answer())["status"]
        self.pid = None
        await self.peer.wait_disconnected()
        return status

    async def end(self, number: signal.Signals) -> int:
        """Send the bot a signal and return the exit status with which it ends."""
        self.kill(number)
        return await self.ended()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        assert self.pid is not None
        os.kill(self.pid, number)

    async def ask(self, prompt: str = PROMPT) -> Asked:
        """Use /video as a member."""
        used = await self.peer.slash("video", {"prompt": prompt})
        return Asked(used.id)

    async def ask_and_cancel(self) -> Asked:
        """Use /video, and /cancel once the job runs."""
        asked = await self.ask()
        before = len(self.jobs())
        await self.until(lambda jobs: [state for _, state in jobs[before:]] == ["running"], "the job runs")
        job_id, _ = self.jobs()[-1]
        await self.peer.slash("cancel", {"job": job_id})
        return Asked(asked.interaction_id, is_cancelled=True)

    def jobs(self) -> list[tuple[int, str]]:
        """(id, state) of all jobs, oldest first."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute("SELECT id, state FROM jobs ORDER BY id").fetchall()

    def has_nothing_to_do(self) -> bool:
        """Whether every job is over and told, or none was ever stored."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            states = "SELECT state, told_at IS NOT NULL OR state IN ('delivered', 'undeliverable') FROM jobs"
            return all(state in OVER and is_told for state, is_told in database.execute(states))

    async def until(self, look: Callable[[list[tuple[int, str]]], bool], what: str) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_S
        while not look(self.jobs()):
            assert loop.time() < deadline, f"{what}: not within {PATIENCE_S:g} s; jobs: {self.jobs()}"
            await asyncio.sleep(0.02)

    async def settled(self) -> None:
        """Wait until every job is over and told."""
        await self.until(lambda _: self.has_nothing_to_do(), "all jobs are over")

    async def _answer(self) -> dict[str, int]:
        assert self.forks.stdout is not None
        line = await self.forks.stdout.readline()
        assert line, "the launcher has ended; see its error output"
        return json.loads(line)


@asynccontextmanager
async def lane(folder: Path, **settings: str) -> AsyncGenerator[Lane]:
    """A lane whose bots have no limits but those of `settings`, and mention every member."""
    data_dir = folder / "var"
    data_dir.mkdir(parents=True)
    free = {"DAILY_CLIPS": "10000", "MAX_ACTIVE_JOBS": "1000", "NOTIFY_AFTER_S": "0", "PROGRESS_INTERVAL_S": "0.2"}
    async with running_peer() as peer:
        arguments = ["-m", "tests.crash.launcher", "--serve"]
        environment = os.environ | settings
        forks = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, stdin=PIPE, stdout=PIPE, env=environment
        )
        one = Lane(peer, forks, data_dir, free | settings)
        try:
            yield one
        finally:
            if one.pid is not None:
                os.kill(one.pid, signal.SIGKILL)
            assert forks.stdin is not None
            forks.stdin.close()
            await forks.wait()


async def check(lane: Lane, asked: Sequence[Asked]) -> list[str]:
    """Whatever broke a promise, in words: jobs, messages, files, the books, the database and the log."""
    audit(lane.database)
    broken: list[str] = []
    jobs = dict(lane.jobs())
    with closing(sqlite3.connect(lane.database)) as database:
        owners = dict(database.execute("SELECT key, id FROM jobs"))
        paths = {path for (path,) in database.execute("SELECT clip_path FROM jobs WHERE clip_path IS NOT NULL")}
    messages = await lane.peer.messages()
    for one in asked:
        job_id = owners.get(str(one.interaction_id))
        shown = [message for message in messages if message.interaction_id == one.interaction_id]
        texts = [message.text for message in shown]
        if job_id is None:
            if any("Queued" in text for text in texts):
                broken.append(f"a member was told {texts} and has no job")
            continue
        state = jobs[job_id]
        files = [a.filename for message in messages for a in message.attachments if a.filename == name_of(job_id)]
        own = [a.filename for message in shown for a in message.attachments]
        if state == "delivered":
            if files != [name_of(job_id)] or own != files:
                broken.append(f"job {job_id} is delivered and shows {own} on its message, {files} in all")
        elif state == "failed":
            if files or not any("could not be made" in text for text in texts):
                broken.append(f"job {job_id} is failed and says {texts}")
        elif state == "cancelled" and one.is_cancelled:
            if files or own or not any("Cancelled" in text for text in texts):
                broken.append(f"job {job_id} is cancelled and says {texts}")
        else:
            broken.append(f"job {job_id} ended {state}")
        mentions = [m for m in messages if m.pinged and m.reference_id in {message.id for message in shown}]
        if len(mentions) > 1:
            broken.append(f"job {job_id} was mentioned {len(mentions)} times")
    files = {f"clips/{file.name}" for file in (lane.data_dir / "clips").glob("*")}
    strips = {strip_file(Path(path)).as_posix() for path in paths}
    if files - strips != paths:
        orphans = sorted(files - strips - paths)
        broken.append(f"files that no job claims: {orphans}; clips without a file: {paths - files}")
    told = (lane.data_dir.parent / "bot.log").read_text()
    broken += [f"the log tells {secret!r}" for secret in (PROMPT, lane.peer.where.token) if secret in told]
    return broken


def name_of(job_id: int) -> str:
    return f"flipbook-{job_id}.mp4"
