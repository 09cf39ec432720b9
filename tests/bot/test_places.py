"""Places in messages: only the next few of a server, only when they change, never all at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from bot import places
from bot.messages import Unreachable
from data import JobState
from tests.bot.house import RecordingMessenger, house


@dataclass
class Board(RecordingMessenger):
    """Writes down what place each message says."""

    places: list[tuple[int, int]] = field(default_factory=list)
    trouble: Exception | None = None

    async def show_queued(self, job, place) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.places.append((job.id, place.position))


async def until(look) -> None:
    async with asyncio.timeout(10):
        while not look():
            await asyncio.sleep(0.005)


async def waiting(h, count: int) -> list[int]:
    """A job that renders until it is told to end, and so many that wait for it."""
    first = await h.ask("slow")
    await h.state(first.id, JobState.RUNNING)
    return [(await h.ask("slow")).id for _ in range(count)]


@pytest.fixture
def looked(monkeypatch):
    """Lets a test wait for the looks at the queue."""
    seen: list[int] = [0]
    keep_up = places.Places._keep_up

    async def noted(self):
        changes = self._queue.changes
        done = await keep_up(self)
        seen[0] = changes
        return done

    monkeypatch.setattr(places.Places, "_keep_up", noted)
    return seen


async def look_twice(h, looked) -> None:
    for _ in range(2):
        h.service._queue.changes += 1
        seen = h.service._queue.changes
        await until(lambda seen=seen: looked[0] >= seen)


async def test_the_next_three_are_told_that_they_moved_and_nobody_else(tmp_path, looked):
    board = Board()
    async with house(tmp_path, messenger=board, max_active_jobs=20) as h:
        jobs = await waiting(h, 6)
        await look_twice(h, looked)
        told = [place for place in board.places if place[0] != 1]
        assert told == [(job, position) for position, job in enumerate(jobs, start=1)], "once each, as promised"
        board.places.clear()
        await h.service.cancel(jobs[0], user_id=7)
        await until(lambda: len(board.places) >= 3)
        await look_twice(h, looked)
        assert board.places == [(jobs[1], 1), (jobs[2], 2), (jobs[3], 3)]


async def test_nothing_is_said_while_nothing_moves(tmp_path, looked):
    board = Board()
    async with house(tmp_path, messenger=board, max_active_jobs=20) as h:
        await waiting(h, 2)
        board.places.clear()
        await look_twice(h, looked)
        await look_twice(h, looked)
        assert board.places == []


async def test_many_servers_are_told_a_few_at_a_time_the_nearest_first(tmp_path, looked, monkeypatch):
    monkeypatch.setattr(places, "AT_ONCE", 2)
    board = Board()
    async with house(tmp_path, messenger=board, max_active_jobs=20) as h:
        first = await h.ask("slow")
        await h.state(first.id, JobState.RUNNING)
        jobs = [(await h.ask("slow", guild_id=guild)).id for guild in range(10, 17)]
        await look_twice(h, looked)
        board.places.clear()
        await h.service.cancel(jobs[0], user_id=7)
        await until(lambda: len(board.places) == 6)
        assert sorted(board.places) == [(job, position) for position, job in enumerate(jobs[1:], start=1)]
        assert sorted(position for _, position in board.places[:2]) == [1, 2]


async def test_a_message_that_cannot_be_reached_holds_up_nobody(tmp_path, looked):
    board = Board()
    async with house(tmp_path, messenger=board, max_active_jobs=20) as h:
        jobs = await waiting(h, 3)
        board.trouble = Unreachable("down")
        await h.service.cancel(jobs[0], user_id=7)
        await look_twice(h, looked)
        board.trouble = None
        board.places.clear()
        await h.service.cancel(jobs[1], user_id=7)
        await until(lambda: (jobs[2], 1) in board.places)


async def test_a_paused_server_is_not_told_of_places(tmp_path, looked):
    board = Board()
    async with house(tmp_path, messenger=board, max_active_jobs=20) as h:
        jobs = await waiting(h, 2)
        await h.service.moderation.pause(1)
        await look_twice(h, looked)
        board.places.clear()
        await h.service.cancel(jobs[0], user_id=7)
        await look_twice(h, looked)
        assert board.places == []
