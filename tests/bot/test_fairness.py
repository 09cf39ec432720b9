"""Fairness in figures: a flood against normal members, and the bounds of the paper for any history whatever.

Goyal, Vin & Cheng (SIGCOMM 1996): Theorem 1 bounds how far two flows that both have work can drift apart; Theorem 2
says what a flow inside a fair queue sees: a server of its own rate that lags by a bounded delta; Theorem 4 bounds
when each job is done on such a server. Both levels of the queue are held to them.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.queue import FairQueue

from .disciplines import Fifo, RoundRobin
from .gpu import Arrival, Served, serve

SEEDS = range(10)
ROUNDING_S = 1e-6

WEIGHTS = {"A": 1.0, "B": 2.0, "C": 0.5}


def flooded_hour(seed: int) -> list[Arrival]:
    """One member asks for 150 clips of 40-120 s at once; five small guilds for 27 of 10-30 s within the hour."""
    chance = random.Random(seed)

    def job(at: float, flow: str, member: str, actual_s: float) -> Arrival:
        return Arrival(at, flow, member, actual_s, actual_s * chance.uniform(0.8, 1.25))

    jobs = [job(0.0, "big", "flooder", chance.uniform(40, 120)) for _ in range(150)]
    for guild, clips in enumerate((6, 6, 5, 5, 5)):
        at = chance.uniform(0, 3600)
        jobs += [job(at, f"small {guild}", f"member {clip % 2}", chance.uniform(10, 30)) for clip in range(clips)]
    return jobs


def waits(make_queue: Callable[[], Fifo | RoundRobin | FairQueue]) -> list[float]:
    """Seconds that the jobs of the small guilds wait, over all seeds, in order of size."""
    served = [one for seed in SEEDS for one in serve(make_queue(), flooded_hour(seed))]
    return sorted(one.wait_s for one in served if one.job.flow != "big")


def percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def test_a_flood_hardly_delays_small_guilds(record_property: Callable[[str, object], None]):
    p95: dict[str, float] = {}
    for name, make_queue in (("fifo", Fifo), ("round robin", RoundRobin), ("fair", FairQueue)):
        ordered = waits(make_queue)
        p95[name] = percentile(ordered, 0.95)
        figures = [round(percentile(ordered, share)) for share in (0.5, 0.95, 1.0)]
        record_property(name, figures)
        print(f"{name}: waits p50/p95/max {figures} s")
    assert p95["fair"] <= 0.5 * p95["round robin"]
    assert p95["fair"] <= 0.1 * p95["fifo"]


jobs = st.builds(
    lambda gap, flow, member, actual_s, error: (gap, flow, member, float(actual_s), actual_s * error),
    gap=st.sampled_from([0, 0, 0, 1, 7, 50]),
    flow=st.sampled_from("ABC"),
    member=st.sampled_from("xyz"),
    actual_s=st.integers(1, 30),
    error=st.sampled_from([0.25, 0.5, 1.0, 1.0, 3.0]),
)
histories = st.lists(jobs, min_size=2, max_size=45)


def happen(history: Sequence[tuple[float, str, str, float, float]]) -> list[Served]:
    at, arrivals = 0.0, []
    for gap, flow, member, actual_s, estimated_s in history:
        at += gap
        arrivals.append(Arrival(at, flow, member, actual_s, estimated_s))
    served = serve(FairQueue(WEIGHTS.__getitem__), arrivals)
    assert len(served) == len(arrivals)
    return served


def by(key: Callable[[Arrival], Hashable], served: Sequence[Served]) -> dict[Hashable, list[Served]]:
    groups: dict[Hashable, list[Served]] = defaultdict(list)
    for one in served:
        groups[key(one.job)].append(one)
    return groups


def longest(served: Sequence[Served]) -> float:
    return max(one.job.actual_s for one in served)


def spans_of_work(served: Sequence[Served]) -> list[tuple[float, float]]:
    """When the flow had a job that waited or was in service."""
    spans: list[tuple[float, float]] = []
    for begin, end in sorted((one.job.at, one.ended) for one in served):
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((begin, end))
    return spans


def widest_gap(one: Sequence[Served], other: Sequence[Served], rate: float, other_rate: float) -> float:
    """The largest difference of normalised service over any interval in which both have work."""
    widest = 0.0
    for begin, end in spans_of_work(one):
        for other_begin, other_end in spans_of_work(other):
            both = max(begin, other_begin), min(end, other_end)
            began = {both[0], *(each.began for each in (*one, *other))}
            ended = {both[1], *(each.ended for each in (*one, *other))}
            for t1 in (t for t in began if both[0] <= t <= both[1]):
                for t2 in (t for t in ended if t1 < t <= both[1]):
                    work, other_work = (
                        sum(each.job.actual_s for each in flow if t1 <= each.began and each.ended <= t2)
                        for flow in (one, other)
                    )
                    widest = max(widest, abs(work / rate - other_work / other_rate))
    return widest


@settings(max_examples=60)
@given(histories)
def test_flows_that_both_have_work_never_drift_further_apart_than_theorem_1_allows(history):
    served = happen(history)
    guilds = by(lambda job: job.flow, served)
    for (name, one), (other_name, other) in combinations(guilds.items(), 2):
        rate, other_rate = WEIGHTS[str(name)], WEIGHTS[str(other_name)]
        bound = longest(one) / rate + longest(other) / other_rate
        assert widest_gap(one, other, rate, other_rate) <= bound + ROUNDING_S
    for guild in guilds.values():
        for one, other in combinations(by(lambda job: job.member, guild).values(), 2):
            assert widest_gap(one, other, 1.0, 1.0) <= longest(one) + longest(other) + ROUNDING_S


def latest_ends(flow: Sequence[Served], rate: float) -> list[tuple[Served, float]]:
    """Each job of a flow, first come first served, with its expected arrival time at the flow's own rate."""
    expected, timed = 0.0, []
    before: Served | None = None
    for one in sorted(flow, key=lambda each: each.began):
        expected = max(one.job.at, expected + (before.job.actual_s / rate if before else 0.0))
        timed.append((one, expected))
        before = one
    return timed


@settings(max_examples=200)
@given(histories)
def test_no_job_ends_later_than_theorem_4_allows_whatever_the_others_ask(history):
    served = happen(history)
    guilds = by(lambda job: job.flow, served)
    total = sum(WEIGHTS[str(name)] for name in guilds)
    for name, guild in guilds.items():
        guild_rate = WEIGHTS[str(name)] / total
        # Theorem 2: to its members the guild is a server of this rate which lags by at most this much work.
        lag = guild_rate * sum(longest(each) for each in guilds.values()) + longest(guild)
        members = by(lambda job: job.member, guild)
        for member in members.values():
            others = sum(longest(each) for each in members.values() if each is not member)
            for one, expected in latest_ends(member, guild_rate / len(members)):
                bound = expected + (others + one.job.actual_s + lag) / guild_rate
                assert one.ended <= bound + ROUNDING_S


@settings(max_examples=100)
@given(histories)
def test_a_guild_of_one_member_is_held_to_the_bound_of_a_single_level(history):
    served = happen([(gap, flow, "x", actual_s, estimated_s) for gap, flow, _, actual_s, estimated_s in history])
    guilds = by(lambda job: job.flow, served)
    total = sum(WEIGHTS[str(name)] for name in guilds)
    for name, guild in guilds.items():
        others = sum(longest(each) for each in guilds.values() if each is not guild)
        for one, expected in latest_ends(guild, WEIGHTS[str(name)] / total):
            assert one.ended <= expected + others + one.job.actual_s + ROUNDING_S


@pytest.mark.parametrize("discipline", [Fifo, RoundRobin])
def test_other_disciplines_break_the_bound_that_fair_queueing_keeps(discipline):
    arrivals = [Arrival(0.0, "A", "x", 30.0, 30.0) for _ in range(20)]
    arrivals += [Arrival(0.0, "B", "y", 1.0, 1.0) for _ in range(20)]

    def late(queue) -> bool:
        guild = [one for one in serve(queue, arrivals) if one.job.flow == "B"]
        return any(one.ended > expected + 30.0 + 1.0 for one, expected in latest_ends(guild, 0.5))

    assert late(discipline()) and not late(FairQueue())
