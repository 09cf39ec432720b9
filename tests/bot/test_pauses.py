"""Pausing a guild in the fair queue: its jobs keep their places, others go on, and the pause is no credit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.estimate import Estimator
from bot.forecast import Forecaster
from bot.queue import FairQueue, Ticket
from bot.standing import Standing
from tests.bot.test_queue import drain, fill, places

GUILDS = "ABC"
WEIGHTS = {"A": 1.0, "B": 2.0, "C": 0.5}


def flows(queue: FairQueue) -> list[str]:
    return [str(ticket.flow) for ticket in queue.order()]


@given(places, st.integers(0, 10), st.sampled_from(GUILDS))
def test_a_pause_that_ends_at_once_changes_nothing(where, served_before, guild):
    queue, untouched = fill(*where), fill(*where)
    for _ in range(served_before):
        assert queue.next() == untouched.next()
    queue.pause(guild)
    queue.resume(guild)
    assert queue.order() == untouched.order()


@given(places, st.integers(0, 10), st.sampled_from(GUILDS))
def test_the_others_go_on_in_their_order_as_though_nobody_waited_there(where, served_before, guild):
    queue = fill(*where)
    for _ in range(served_before):
        if (ticket := queue.next()) is not None:
            queue.settle(ticket.job_id, ticket.cost_s)
    expected = [ticket for ticket in queue.order() if ticket.flow != guild]
    kept = queue.waiting_of(guild)
    queue.pause(guild)
    assert queue.order() == expected
    assert drain(queue) == [ticket.job_id for ticket in expected]
    assert queue.next() is None and queue.waiting_of(guild) == kept and len(queue) == len(kept)


def test_a_resumed_guild_stands_before_what_was_asked_meanwhile_and_takes_turns_with_it():
    queue = fill(*[("paused", "a")] * 6, *[("busy", "b")] * 20)
    queue.pause("paused")
    for _ in range(10):
        queue.settle(queue.next().job_id, 1.0)
    queue.resume("paused")
    order = flows(queue)
    assert order[0] == "paused", "it was its turn long ago"
    assert order[:10].count("paused") == 5, "ten turns without it give it no right to ten turns in a row"


def test_what_comes_during_a_pause_waits_too_and_each_member_keeps_the_order_they_asked_in():
    queue = fill(("g", "a"), ("g", "b"), ("g", "a"))
    queue.pause("g")
    queue.put(Ticket(4, "g", "c", 1.0))
    queue.put(Ticket(5, "h", "d", 1.0))
    assert drain(queue) == [5]
    queue.resume("g")
    assert drain(queue) == [1, 2, 4, 3]


def test_a_guild_that_is_paused_before_it_asks_waits_from_its_first_job_on():
    queue = FairQueue()
    queue.pause("g")
    queue.put(Ticket(1, "g", "a", 1.0))
    assert queue.next() is None
    queue.resume("g")
    assert drain(queue) == [1]


def test_a_job_that_runs_when_its_guild_is_paused_is_paid_and_the_guild_waits():
    queue = fill(("g", "a"), ("g", "a"), ("h", "b"), ("h", "b"))
    assert queue.next().job_id == 1
    queue.pause("g")
    queue.settle(1, 100.0)
    assert drain(queue) == [3, 4]
    queue.resume("g")
    assert drain(queue) == [2]


def test_jobs_of_a_paused_guild_can_be_cancelled_and_hold_nobody_up():
    queue = fill(("g", "a"), ("g", "b"), ("h", "c"))
    queue.pause("g")
    assert queue.remove(1) and queue.remove(2)
    queue.resume("g")
    assert drain(queue) == [3] and queue.next() is None


def test_a_guild_that_was_paused_while_all_rested_starts_even():
    queue = fill(("g", "a"), ("h", "b"), ("h", "b"), cost_s=100.0)
    queue.pause("g")
    drain(queue)
    queue.resume("g")
    queue.put(Ticket(9, "new", "c", 1.0))
    assert drain(queue) == [1, 9]


def test_a_paused_guild_that_waits_keeps_nobody_else_from_starting_even_after_a_rest():
    queue = FairQueue()
    queue.pause("g")
    queue.put(Ticket(1, "g", "a", 1.0))
    queue.put(Ticket(2, "heavy", "b", 100.0))
    assert drain(queue) == [2]
    queue.put(Ticket(10, "heavy", "b", 1.0))
    queue.put(Ticket(11, "new", "c", 1.0))
    assert drain(queue) == [10, 11]


def test_no_forecast_is_made_for_what_is_paused_and_that_of_others_counts_nobody_there():
    queue = fill(("g", "a"), ("h", "b"), cost_s=10.0)
    forecaster = Forecaster(queue, Estimator(), busy_s=lambda: 0.0, tick=lambda: 0.0)
    assert [forecaster.of(job_id).position for job_id in (1, 2)] == [1, 2]
    queue.pause("g")
    assert forecaster.of(1) is None and forecaster.of(2).position == 1
    queue.resume("g")
    assert [forecaster.of(job_id).position for job_id in (1, 2)] == [1, 2]


class Pauses(RuleBasedStateMachine):
    """Whatever is asked, cancelled, paused and served in whatever order: nobody is lost, and nobody paused served."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = FairQueue(WEIGHTS.__getitem__)
        self.paused: set[str] = set()
        self.waiting: dict[int, str] = {}
        self.running: list[Ticket] = []
        self.newest = 0

    @rule(guild=st.sampled_from(GUILDS), member=st.sampled_from("xy"), cost_s=st.sampled_from([1.0, 3.0, 40.0]))
    def ask(self, guild: str, member: str, cost_s: float) -> None:
        self.newest += 1
        self.queue.put(Ticket(self.newest, guild, member, cost_s))
        self.waiting[self.newest] = guild

    @rule(pick=st.integers(0, 50))
    def cancel(self, pick: int) -> None:
        assert self.queue.remove(pick) == (self.waiting.pop(pick, None) is not None)

    @rule(guild=st.sampled_from(GUILDS))
    def pause(self, guild: str) -> None:
        self.queue.pause(guild)
        self.paused.add(guild)

    @rule(guild=st.sampled_from(GUILDS))
    def resume(self, guild: str) -> None:
        self.queue.resume(guild)
        self.paused.discard(guild)

    @rule()
    def take(self) -> None:
        foretold = self.queue.order()
        ticket = self.queue.next()
        assert ticket == (foretold[0] if foretold else None)
        if ticket is not None:
            assert ticket.flow not in self.paused
            del self.waiting[ticket.job_id]
            self.running.append(ticket)

    @rule(actual_s=st.sampled_from([0.0, 0.5, 3.0, 100.0]))
    def end(self, actual_s: float) -> None:
        if self.running:
            self.queue.settle(self.running.pop(0).job_id, actual_s)

    @rule()
    def put_back(self) -> None:
        """The checkpoint of a job that was taken is not loaded yet."""
        if self.running:
            ticket = self.running.pop()
            self.queue.settle(ticket.job_id, 0.0)
            self.queue.put(ticket)
            self.waiting[ticket.job_id] = str(ticket.flow)

    @invariant()
    def everybody_else_is_served(self) -> None:
        foretold = [ticket.job_id for ticket in self.queue.order()]
        assert sorted(foretold) == sorted(one for one, guild in self.waiting.items() if guild not in self.paused)
        for position, job_id in enumerate(foretold, start=1):
            standing = self.queue.standing(job_id)
            ahead = [self.queue._tickets[before].cost_s for before in foretold[: position - 1]]
            assert standing == Standing(position, sum(ahead), sum(cost * cost for cost in ahead))
        assert all(self.queue.standing(one) is None for one, guild in self.waiting.items() if guild in self.paused)
        twin = self.queue.copy()
        served: list[int] = []
        while (ticket := twin.next()) is not None:
            served.append(ticket.job_id)
        assert served == foretold

    def teardown(self) -> None:
        for guild in GUILDS:
            self.queue.resume(guild)
        served: list[int] = []
        while (ticket := self.queue.next()) is not None:
            served.append(ticket.job_id)
        assert sorted(served) == sorted(self.waiting)


TestPauses = Pauses.TestCase
TestPauses.settings = settings(max_examples=60, stateful_step_count=40)
