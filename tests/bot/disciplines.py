"""The disciplines that fair queueing is compared with."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable

from bot.queue import Ticket


class Fifo:
    """First come, first served."""

    def __init__(self) -> None:
        self._tickets: deque[Ticket] = deque()

    def put(self, ticket: Ticket) -> None:
        self._tickets.append(ticket)

    def next(self) -> Ticket | None:
        return self._tickets.popleft() if self._tickets else None

    def settle(self, job_id: int, actual_s: float) -> None:
        pass


class RoundRobin:
    """Guilds take turns, and the members inside a guild; a turn is one job, however long."""

    def __init__(self) -> None:
        self._flows: OrderedDict[Hashable, OrderedDict[Hashable, deque[Ticket]]] = OrderedDict()

    def put(self, ticket: Ticket) -> None:
        members = self._flows.setdefault(ticket.flow, OrderedDict())
        members.setdefault(ticket.member, deque()).append(ticket)

    def next(self) -> Ticket | None:
        if not self._flows:
            return None
        flow, members = self._flows.popitem(last=False)
        member, waiting = members.popitem(last=False)
        ticket = waiting.popleft()
        if waiting:
            members[member] = waiting
        if members:
            self._flows[flow] = members
        return ticket

    def settle(self, job_id: int, actual_s: float) -> None:
        pass
