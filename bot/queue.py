"""The fair queue: who is served next. Pure; knows nothing of Discord, SQLite or time.

Round robin over flows (guilds, or the outside of all guilds), then over the members inside a flow, first
come first served per member. A member who asks for much delays only themselves.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ticket:
    """A job's place in the queue. `cost_s` is its estimated GPU time in seconds."""

    job_id: int
    flow: Hashable
    member: Hashable
    cost_s: float


class FairQueue:
    """Tickets in the order in which they will be served; each job id at most once."""

    def __init__(self) -> None:
        self._flows: OrderedDict[Hashable, OrderedDict[Hashable, deque[Ticket]]] = OrderedDict()
        self._tickets: dict[int, Ticket] = {}

    def __len__(self) -> int:
        return len(self._tickets)

    def __contains__(self, job_id: int) -> bool:
        return job_id in self._tickets

    def put(self, ticket: Ticket) -> None:
        """Let a job wait; a job that already waits keeps its place."""
        if ticket.job_id in self._tickets:
            return
        self._tickets[ticket.job_id] = ticket
        members = self._flows.setdefault(ticket.flow, OrderedDict())
        members.setdefault(ticket.member, deque()).append(ticket)

    def remove(self, job_id: int) -> bool:
        """Forget a job; False when it did not wait."""
        ticket = self._tickets.pop(job_id, None)
        if ticket is None:
            return False
        members = self._flows[ticket.flow]
        members[ticket.member].remove(ticket)
        self._forget_if_empty(ticket)
        return True

    def next(self) -> Ticket | None:
        """Take the job that is served now; its member and flow move to the end of their circles."""
        if not self._flows:
            return None
        flow, members = next(iter(self._flows.items()))
        member, waiting = next(iter(members.items()))
        ticket = waiting.popleft()
        del self._tickets[ticket.job_id]
        members.move_to_end(member)
        self._flows.move_to_end(flow)
        self._forget_if_empty(ticket)
        return ticket

    def order(self) -> list[Ticket]:
        """All waiting jobs in the order in which `next` would serve them if nobody came."""
        replay = FairQueue()
        for flow, members in self._flows.items():
            replay._flows[flow] = OrderedDict((member, deque(waiting)) for member, waiting in members.items())
        replay._tickets = dict(self._tickets)
        served: list[Ticket] = []
        while (ticket := replay.next()) is not None:
            served.append(ticket)
        return served

    def _forget_if_empty(self, ticket: Ticket) -> None:
        members = self._flows[ticket.flow]
        if not members[ticket.member]:
            del members[ticket.member]
        if not members:
            del self._flows[ticket.flow]
