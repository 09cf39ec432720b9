"""Kill a bot at every instant of a job's life, one bot after the other, and look at what its members got."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .lane import Asked, Lane, check, lane

LANES = 2
"""Bots that live side by side, each with a Discord of its own: one for each core of a small machine."""

Ask = Callable[[Lane], Awaitable[Asked]]
"""What a member does of whose job the bot dies."""

GRACE_S = 3.0
"""A bot that has done its job and is still alive after this has passed its instant by."""


@dataclass
class Report:
    """What a sweep saw: `missed` instants were not reached, `broken` says which promises were not kept."""

    instants: int = 0
    missed: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __add__(self, other: Report) -> Report:
        return Report(self.instants + other.instants, self.missed + other.missed, self.broken + other.broken)


async def instants_of_a_job(
    folder: Path, *, ask: Ask = Lane.ask, ends: str = "delivered", **settings: str
) -> list[str]:
    """Every instant from the first answer to the last, in order, of a job that no kill disturbs."""
    log = folder / "instants.log"
    async with lane(folder / "undisturbed", **settings) as one:
        await one.start(log=log)
        await ask(one)
        await one.until(lambda jobs: [state for _, state in jobs] == [ends], f"the job is {ends}")
        await asyncio.sleep(GRACE_S)
        assert await one.end(signal.SIGTERM) == 0
    return log.read_text().splitlines()


async def instants_of_a_start(folder: Path, interrupted_at: str, **settings: str) -> list[str]:
    """Every instant from the start of a bot that finds an interrupted job until it renders it."""
    log = folder / "instants.log"
    async with lane(folder / "undisturbed", **settings) as one:
        await one.start(die_at=interrupted_at)
        await one.ask()
        assert await one.ended() == -signal.SIGKILL
        await one.start(from_start=True, log=log)
        await one.settled()
        assert await one.end(signal.SIGTERM) == 0
    instants = log.read_text().splitlines()
    return instants[: instants.index("step 1 #1")]


async def sweep_jobs(folder: Path, instants: Sequence[str], *, ask: Ask = Lane.ask, **settings: str) -> Report:
    """One job for each instant, at which its bot is killed; the next bot must finish it, and is killed by its own."""

    async def kill(victims: Victims, instant: str) -> bool:
        return await victims.ask_and_die(instant, ask)

    return await _in_lanes(folder, instants, kill, settings)


async def sweep_starts(folder: Path, instants: Sequence[str], interrupted_at: str, **settings: str) -> Report:
    """One job for each instant, interrupted at `interrupted_at` by a first kill and at the start by a second."""

    async def kill(victims: Victims, instant: str) -> bool:
        await victims.ask_and_die(interrupted_at)
        await victims.lane.start(die_at=instant, from_start=True)
        return await victims.die()

    return await _in_lanes(folder, instants, kill, settings)


class Victims:
    """The bots of one lane: each first finishes what its predecessor left behind."""

    def __init__(self, one: Lane) -> None:
        self.lane = one
        self.report = Report()
        self._asked: list[Asked] = []
        self._killed = "nothing"

    async def ask_and_die(self, instant: str, ask: Ask = Lane.ask) -> bool:
        """Start a bot, give it a job and let it die at this instant; False where it passed the instant by."""
        await self.lane.start(die_at=instant)
        await self.inspect(self._asked[-1:])
        self._killed = instant
        self._asked.append(await ask(self.lane))
        return await self.die()

    async def die(self) -> bool:
        """Whether the bot dies at its instant; one that has passed it by is killed."""
        ending = asyncio.ensure_future(self.lane.ended())
        done: set[asyncio.Future[int]] = set()
        while not done:
            done, _ = await asyncio.wait({ending}, timeout=GRACE_S)
            if not done and self.lane.has_nothing_to_do():
                self.lane.kill()
                await ending
                return False
        assert ending.result() == -signal.SIGKILL, f"the bot ended with {ending.result()}"
        return True

    async def inspect(self, asked: Sequence[Asked] | None = None) -> None:
        """Wait until the jobs are over and look at what their members got, by default at all of them."""
        await self.lane.settled()
        broken = await check(self.lane, self._asked if asked is None else asked)
        self.report.broken += [f"after a kill {self._killed}: {what}" for what in broken]


async def _in_lanes(
    folder: Path,
    instants: Sequence[str],
    kill: Callable[[Victims, str], Awaitable[bool]],
    settings: dict[str, str],
) -> Report:
    async def one_lane(number: int) -> Report:
        async with lane(folder / f"lane {number}", **settings) as one:
            victims = Victims(one)
            for instant in instants[number::LANES]:
                victims.report.instants += 1
                if not await kill(victims, instant):
                    victims.report.missed.append(instant)
            await one.start()
            await victims.inspect()
            assert await one.end(signal.SIGTERM) == 0
            return victims.report

    reports = await asyncio.gather(*(one_lane(number) for number in range(LANES)))
    return sum(reports[1:], reports[0])
