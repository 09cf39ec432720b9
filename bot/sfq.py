"""Start-time fair queueing: flows share one server in proportion to their weights, whatever each of them asks.

Goyal, Vin & Cheng, "Start-time Fair Queueing: A Scheduling Algorithm for Integrated Services Packet Switching
Networks", SIGCOMM 1996, section 2. With start tag S, finish tag F, cost l, weight r and virtual time v,

    S(p_j) = max(v(A(p_j)), F(p_{j-1}))
    F(p_j) = S(p_j) + l(p_j) / r

the smallest S is served, v is the S in service, and at the end of a busy period v becomes the largest F. The
maximum is why a flow that is idle saves no credit. A flow that is held keeps its tags but is not served; once it is
released the same maximum holds, so it stands where it stood, or first of those whose turn it is.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Key = TypeVar("Key", bound=Hashable)

FORGET_ABOVE = 64
"""So many idle flows are remembered before those whose tags have no effect any more are looked for."""


@dataclass(slots=True)
class _Flow:
    """`start` is the tag of the flow's first waiting job, `finish` that of its last served one."""

    weight: float
    start: float = 0.0
    finish: float = 0.0
    in_service: int = 0
    turn: int | None = None  # None while nothing waits; else the entry of the heap that counts

    def copy(self) -> _Flow:
        return _Flow(self.weight, self.start, self.finish, self.in_service, self.turn)


class StartTimeFairQueue(Generic[Key]):
    """One server's flows. Pure: costs are seconds, and nothing here knows what is served or when."""

    def __init__(self) -> None:
        self.virtual_time = 0.0
        self._flows: dict[Key, _Flow] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._turns = itertools.count()
        self._held: set[Key] = set()
        self._waiting = 0  # flows that are held are not counted
        self._in_service = 0
        self._forget_above = FORGET_ABOVE

    @property
    def idle(self) -> bool:
        """Whether nothing is in service and nothing waits, flows that are held aside."""
        return not self._waiting and not self._in_service

    def arrive(self, key: Key, weight: float) -> None:
        """The flow has something that waits; does nothing where it had before."""
        flow = self._flows.get(key)
        if flow is None:
            flow = self._flows[key] = _Flow(weight, finish=self.virtual_time)
        flow.weight = weight
        if flow.turn is None:
            self._waiting += key not in self._held
            self._line_up(key, flow, max(self.virtual_time, flow.finish))

    def leave(self, key: Key) -> None:
        """What waited in the flow was withdrawn: it costs nothing."""
        flow = self._flows[key]
        if flow.turn is not None:
            flow.turn = None
            self._waiting -= key not in self._held
            self._end_busy_period()

    def is_held(self, key: Key) -> bool:
        """Whether nothing of the flow is served until `release`."""
        return key in self._held

    def hold(self, key: Key) -> None:
        """Serve nothing of the flow until `release`; what waits or comes keeps its place."""
        if key in self._held:
            return
        self._held.add(key)
        if (flow := self._flows.get(key)) is not None and flow.turn is not None:
            self._waiting -= 1
            self._end_busy_period()

    def release(self, key: Key) -> None:
        """Serve the flow again; the time in which it was held is no credit."""
        if key not in self._held:
            return
        self._held.remove(key)
        if (flow := self._flows.get(key)) is not None and flow.turn is not None:
            self._waiting += 1
            flow.start = max(flow.start, self.virtual_time)
            heapq.heappush(self._heap, (flow.start, flow.turn, key))

    def first(self) -> Key | None:
        """The waiting flow with the smallest start tag, of equals the one that has waited longest."""
        while self._heap:
            start, turn, key = self._heap[0]
            flow = self._flows.get(key)
            if flow is not None and (flow.start, flow.turn) == (start, turn) and key not in self._held:
                return key
            heapq.heappop(self._heap)  # served, withdrawn, corrected or held since
        return None

    def serve(self, key: Key, cost_s: float, *, more: bool) -> None:
        """Serve the first waiting job of a flow; `more` says whether others wait behind it."""
        flow = self._flows[key]
        self.virtual_time = max(self.virtual_time, flow.start)
        flow.finish = flow.start + cost_s / flow.weight
        flow.in_service += 1
        self._in_service += 1
        if more:
            self._line_up(key, flow, flow.finish)
        else:
            flow.turn = None
            self._waiting -= 1
            self._forget()

    def settle(self, key: Key, *, estimated_s: float, actual_s: float) -> None:
        """A job in service is over; the flow pays what it took instead of what it was estimated to take."""
        flow = self._flows[key]
        flow.in_service -= 1
        self._in_service -= 1
        correction = (actual_s - estimated_s) / flow.weight
        flow.finish += correction
        if flow.turn is not None:
            # Only what follows the served job pays; a flow that was idle in between starts where time stands.
            self._line_up(key, flow, max(flow.start + correction, self.virtual_time))
        self._end_busy_period()

    def lined_up(self) -> list[tuple[float, int, Key, float]]:
        """The waiting flows as `forward` takes them: (start tag, turn, key, weight); those that are held aside."""
        flows = ((key, flow) for key, flow in self._flows.items() if key not in self._held)
        return [(flow.start, flow.turn, key, flow.weight) for key, flow in flows if flow.turn is not None]

    def copy(self) -> StartTimeFairQueue[Key]:
        """The same state, to be served forward without touching this one."""
        twin: StartTimeFairQueue[Key] = StartTimeFairQueue()
        twin.virtual_time = self.virtual_time
        twin._flows = {key: flow.copy() for key, flow in self._flows.items()}
        twin._heap = list(self._heap)
        twin._held = set(self._held)
        twin._turns = itertools.count(next(self._turns))
        twin._waiting, twin._in_service = self._waiting, self._in_service
        return twin

    def _line_up(self, key: Key, flow: _Flow, start: float) -> None:
        flow.start, flow.turn = start, next(self._turns)
        if key not in self._held:
            heapq.heappush(self._heap, (start, flow.turn, key))

    def _end_busy_period(self) -> None:
        if self.idle:
            self.virtual_time = max([self.virtual_time, *(flow.finish for flow in self._flows.values())])
            self._flows = {key: flow for key, flow in self._flows.items() if flow.turn is not None}
            self._heap.clear()

    def _forget(self) -> None:
        """Drop idle flows whose finish tag lies behind the virtual time: they would get what a new flow gets."""
        if len(self._flows) - self._waiting > self._forget_above:
            self._flows = {
                key: flow
                for key, flow in self._flows.items()
                if flow.turn is not None or flow.in_service or flow.finish > self.virtual_time
            }
            self._forget_above = FORGET_ABOVE + 2 * (len(self._flows) - self._waiting)


class Costly(Protocol):
    """What can be served: its estimated cost is in seconds."""

    @property
    def cost_s(self) -> float: ...


Job = TypeVar("Job", bound=Costly)


def forward(lined_up: Iterable[tuple[float, int, Key, float]], jobs: Mapping[Key, Iterator[Job]]) -> Iterator[Job]:
    """What a `StartTimeFairQueue` would serve from here on if nobody came and every estimate held.

    `jobs` are those that wait in each flow, at least one. A job is served when it is asked for.
    """
    heap = list(lined_up)
    heapq.heapify(heap)
    return _serve(heap, jobs)


def _serve(heap: list[tuple[float, int, Key, float]], jobs: Mapping[Key, Iterator[Job]]) -> Iterator[Job]:
    turns = itertools.count(max((turn for _, turn, _, _ in heap), default=0) + 1)
    heads = {key: next(jobs[key]) for _, _, key, _ in heap}
    while heap:
        start, _, key, weight = heap[0]
        job = heads[key]
        following = next(jobs[key], None)
        if following is None:
            heapq.heappop(heap)
        else:
            heads[key] = following
            heapq.heapreplace(heap, (start + job.cost_s / weight, next(turns), key, weight))
        yield job
