"""The fair queue: turns over guilds and members by GPU time, nobody lost, nobody twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.queue import FairQueue, Ticket


def fill(*places: tuple[str, str], cost_s: float = 1.0) -> FairQueue:
    queue = FairQueue()
    for job_id, (flow, member) in enumerate(places, start=1):
        queue.put(Ticket(job_id, flow, member, cost_s))
    return queue


def drain(queue: FairQueue) -> list[int]:
    served = []
    while (ticket := queue.next()) is not None:
        served.append(ticket.job_id)
        queue.settle(ticket.job_id, ticket.cost_s)
    return served


def test_guilds_take_turns_whatever_one_of_them_asks():
    queue = fill(("big", "a"), ("big", "a"), ("big", "b"), ("small", "c"))
    assert drain(queue).index(4) <= 1


def test_members_of_a_guild_take_turns():
    queue = fill(("g", "a"), ("g", "a"), ("g", "a"), ("g", "b"))
    assert drain(queue) == [1, 4, 2, 3]


def test_a_member_is_served_in_the_order_they_asked():
    assert drain(fill(("g", "a"), ("g", "a"), ("g", "a"))) == [1, 2, 3]


def test_a_turn_is_counted_in_seconds_not_in_jobs():
    queue = FairQueue()
    for job_id in range(3):
        queue.put(Ticket(job_id, "long", "a", 40.0))
    for job_id in range(3, 9):
        queue.put(Ticket(job_id, "short", "b", 10.0))
    assert drain(queue)[:6] == [0, 3, 4, 5, 6, 1]


def test_a_guild_of_twice_the_weight_gets_twice_the_time():
    queue = FairQueue(lambda flow: 2.0 if flow == "patron" else 1.0)
    for job_id in range(60):
        queue.put(Ticket(job_id, "patron" if job_id % 2 else "other", "m", 10.0))
    first_half = drain(queue)[:30]
    assert sum(job_id % 2 for job_id in first_half) == 20


def test_a_guild_pays_what_its_jobs_took_not_what_they_were_estimated_to_take():
    queue = FairQueue()
    for job_id in range(20):
        queue.put(Ticket(job_id, "slower than told" if job_id % 2 else "as told", "m", 10.0))
    served = []
    while (ticket := queue.next()) is not None:
        served.append(ticket.flow)
        queue.settle(ticket.job_id, 30.0 if ticket.flow == "slower than told" else 10.0)
    assert served[:12].count("slower than told") == 3


def test_an_idle_guild_saves_no_credit():
    queue = fill(*[("busy", "a")] * 10)
    for _ in range(8):
        queue.settle(queue.next().job_id, 1.0)
    for job_id in range(100, 110):
        queue.put(Ticket(job_id, "late", "b", 1.0))
    assert drain(queue)[:4] in ([100, 9, 101, 10], [9, 100, 10, 101])


def test_after_a_rest_everybody_starts_even():
    queue = fill(*[("heavy", "a")] * 3, cost_s=100.0)
    drain(queue)
    queue.put(Ticket(10, "heavy", "a", 1.0))
    queue.put(Ticket(11, "new", "b", 1.0))
    assert drain(queue) == [10, 11]


def test_a_job_that_never_ran_costs_nothing_and_comes_back_before_newer_ones():
    queue = fill(("g", "a"), ("g", "a"), ("h", "b"), cost_s=10.0)
    ticket = queue.next()
    assert ticket.job_id == 1
    queue.settle(1, 0.0)
    queue.put(ticket)
    assert [each.job_id for each in queue.order()] == [3, 1, 2]


def test_putting_a_waiting_job_again_keeps_its_place():
    queue = fill(("g", "a"), ("g", "b"))
    queue.put(Ticket(1, "g", "a", 1.0))
    assert len(queue) == 2 and drain(queue) == [1, 2]


def test_a_removed_job_is_not_served_and_holds_nobody_up():
    queue = fill(("g", "a"), ("h", "b"))
    assert queue.remove(1) and not queue.remove(1) and 1 not in queue
    assert drain(queue) == [2]


def test_guilds_that_come_once_are_not_remembered_for_ever():
    queue = fill(*[("busy", "a")] * 3, cost_s=1.0)
    for job_id in range(100, 3000):
        queue.put(Ticket(job_id, f"guild {job_id}", "m", 1.0))
        queue.put(Ticket(job_id + 10_000, "busy", "a", 1.0))
        for _ in range(2):
            ticket = queue.next()
            queue.settle(ticket.job_id, ticket.cost_s)
    assert len(queue._guilds) < 10 and len(queue._flows._flows) < 200 and len(queue._flows._heap) < 200


places = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz")), max_size=40)


@given(places, st.integers(0, 10))
def test_order_foretells_exactly_what_next_serves_and_changes_nothing(where, served_before):
    queue = fill(*where)
    before = [ticket.job_id for _ in range(served_before) if (ticket := queue.next()) is not None]
    foretold = [ticket.job_id for ticket in queue.order()]
    assert [ticket.job_id for ticket in queue.order()] == foretold
    assert drain(queue) == foretold
    assert sorted(before + foretold) == list(range(1, len(where) + 1))


@given(places, st.data())
def test_removals_in_any_order_lose_no_other_job(where, data):
    queue = fill(*where)
    gone = data.draw(st.sets(st.integers(1, max(1, len(where)))))
    for job_id in gone:
        queue.remove(job_id)
    assert sorted(drain(queue)) == [n for n in range(1, len(where) + 1) if n not in gone]
    assert len(queue) == 0
