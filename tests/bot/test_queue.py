"""The fair queue: turns over guilds and members, nobody lost, nobody twice."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.queue import FairQueue, Ticket


def fill(*places: tuple[str, str]) -> FairQueue:
    queue = FairQueue()
    for job_id, (flow, member) in enumerate(places, start=1):
        queue.put(Ticket(job_id, flow, member, 1.0))
    return queue


def drain(queue: FairQueue) -> list[int]:
    served = []
    while (ticket := queue.next()) is not None:
        served.append(ticket.job_id)
    return served


def test_guilds_take_turns_whatever_one_of_them_asks():
    queue = fill(("big", "a"), ("big", "a"), ("big", "b"), ("small", "c"))
    assert drain(queue).index(4) <= 1


def test_members_of_a_guild_take_turns():
    queue = fill(("g", "a"), ("g", "a"), ("g", "a"), ("g", "b"))
    assert drain(queue) == [1, 4, 2, 3]


def test_a_member_is_served_in_the_order_they_asked():
    assert drain(fill(("g", "a"), ("g", "a"), ("g", "a"))) == [1, 2, 3]


def test_putting_a_waiting_job_again_keeps_its_place():
    queue = fill(("g", "a"), ("g", "b"))
    queue.put(Ticket(1, "g", "a", 1.0))
    assert len(queue) == 2 and drain(queue) == [1, 2]


def test_a_removed_job_is_not_served_and_holds_nobody_up():
    queue = fill(("g", "a"), ("h", "b"))
    assert queue.remove(1) and not queue.remove(1) and 1 not in queue
    assert drain(queue) == [2]


places = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz")), max_size=40)


@given(places)
def test_order_foretells_exactly_what_next_serves_and_changes_nothing(where):
    queue = fill(*where)
    foretold = [ticket.job_id for ticket in queue.order()]
    assert [ticket.job_id for ticket in queue.order()] == foretold
    assert drain(queue) == foretold
    assert sorted(foretold) == list(range(1, len(where) + 1))


@given(places, st.data())
def test_removals_in_any_order_lose_no_other_job(where, data):
    queue = fill(*where)
    gone = data.draw(st.sets(st.integers(1, max(1, len(where)))))
    for job_id in gone:
        queue.remove(job_id)
    assert sorted(drain(queue)) == [n for n in range(1, len(where) + 1) if n not in gone]
    assert len(queue) == 0


@given(places)
def test_while_a_flow_waits_no_other_flow_is_served_twice(where):
    queue = fill(*where)
    served = [ticket.flow for ticket in queue.order()]
    for flow in set(served):
        turns = [-1, *(n for n, other in enumerate(served) if other == flow)]
        for before, after in pairwise(turns):
            between = served[before + 1 : after]
            assert len(between) == len(set(between))
