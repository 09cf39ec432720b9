"""The fair queue: who is served next. Pure; knows nothing of Discord, SQLite or time.

Start-time fair queueing (`bot.sfq`) twice: guilds share the GPU by their weights, and inside a guild its members
share alike; each member's own jobs are served first come, first served. What counts is GPU seconds: a job is
charged its estimate when it starts and its actual time when it is over. A member who asks for much delays only
themselves, and a guild that asks for much only its own members.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from .sfq import StartTimeFairQueue, forward
from .standing import Line, Standing


@dataclass(frozen=True, slots=True)
class Ticket:
    """A job's place in the queue. `cost_s` is its estimated GPU time in seconds, `style` what is loaded before it."""

    job_id: int
    flow: Hashable
    member: Hashable
    cost_s: float
    style: str = ""


@dataclass(slots=True)
class _Guild:
    """What waits in one flow of the upper level, the oldest job of each member first."""

    members: StartTimeFairQueue[Hashable] = field(default_factory=StartTimeFairQueue[Hashable])
    waiting: dict[Hashable, list[Ticket]] = field(default_factory=dict[Hashable, list[Ticket]])

    def foretell(self) -> Iterator[Ticket]:
        return forward(self.members.lined_up(), {member: iter([*own]) for member, own in self.waiting.items()})

    def copy(self) -> _Guild:
        return _Guild(self.members.copy(), {member: list(tickets) for member, tickets in self.waiting.items()})


class FairQueue:
    """Tickets in the order in which they will be served; each job id at most once.

    `changes` counts what came, went, was taken, paused and resumed.

    Args:
        weight: a flow's share of the GPU relative to the others'; above 0.
    """

    def __init__(self, weight: Callable[[Hashable], float] = lambda _flow: 1.0) -> None:
        self._weight = weight
        self._flows: StartTimeFairQueue[Hashable] = StartTimeFairQueue()
        self._guilds: dict[Hashable, _Guild] = {}
        self._tickets: dict[int, Ticket] = {}
        self._in_service: dict[int, Ticket] = {}
        self._lines: dict[Hashable, Line] = {}
        self.changes = 0

    def __len__(self) -> int:
        return len(self._tickets)

    def __contains__(self, job_id: int) -> bool:
        return job_id in self._tickets

    def put(self, ticket: Ticket) -> None:
        """Let a job wait; a job that already waits keeps its place, one that comes back stands before newer ones."""
        if ticket.job_id in self._tickets:
            return
        self._changed(ticket.flow)
        self._tickets[ticket.job_id] = ticket
        guild = self._guilds.setdefault(ticket.flow, _Guild())
        insort(guild.waiting.setdefault(ticket.member, []), ticket, key=lambda waiting: waiting.job_id)
        guild.members.arrive(ticket.member, 1.0)
        self._flows.arrive(ticket.flow, self._weight(ticket.flow))

    def remove(self, job_id: int) -> bool:
        """Forget a waiting job, which costs nobody anything; False when it did not wait."""
        ticket = self._tickets.pop(job_id, None)
        if ticket is None:
            return False
        self._changed(ticket.flow)
        guild = self._guilds[ticket.flow]
        guild.waiting[ticket.member].remove(ticket)
        if not guild.waiting[ticket.member]:
            del guild.waiting[ticket.member]
            guild.members.leave(ticket.member)
        if not guild.waiting:
            self._flows.leave(ticket.flow)
        self._forget_if_idle(ticket.flow)
        return True

    def next(self) -> Ticket | None:
        """Take the job that is served now, at its estimated cost; `settle` must follow when it is over."""
        flow = self._flows.first()
        if flow is None:
            return None
        self._changed(flow)
        guild = self._guilds[flow]
        member = guild.members.first()
        waiting = guild.waiting[member]
        ticket = waiting.pop(0)
        if not waiting:
            del guild.waiting[member]
        guild.members.serve(member, ticket.cost_s, more=bool(waiting))
        self._flows.serve(flow, ticket.cost_s, more=bool(guild.waiting))
        del self._tickets[ticket.job_id]
        self._in_service[ticket.job_id] = ticket
        return ticket

    def settle(self, job_id: int, actual_s: float) -> None:
        """A job that `next` gave is over: its guild and member pay the seconds that it took, 0 where it never ran."""
        ticket = self._in_service.pop(job_id)
        self._lines.pop(ticket.flow, None)
        costs = {"estimated_s": ticket.cost_s, "actual_s": actual_s}
        self._guilds[ticket.flow].members.settle(ticket.member, **costs)
        self._flows.settle(ticket.flow, **costs)
        self._forget_if_idle(ticket.flow)

    def pause(self, flow: Hashable) -> None:
        """Serve nothing of a guild until `resume`; its jobs keep their places, also those that come meanwhile."""
        self.changes += 1
        self._flows.hold(flow)

    def resume(self, flow: Hashable) -> None:
        """Serve a guild again; it stands where it stood, and its pause is no credit."""
        self.changes += 1
        self._flows.release(flow)

    def is_served(self, job_id: int) -> bool:
        """Whether a job waits and its guild is not paused."""
        ticket = self._tickets.get(job_id)
        return ticket is not None and not self._flows.is_held(ticket.flow)

    def standing(self, job_id: int) -> Standing | None:
        """Where a job stands in `order`; None where it does not wait or its guild is paused."""
        if not self.is_served(job_id):
            return None
        lines: dict[Hashable, Line] = {}
        for entry in self._flows.lined_up():
            flow = entry[2]
            line = self._lines.get(flow)
            if line is None or line.entry != entry:
                line = self._lines[flow] = Line(entry, self._guilds[flow].foretell())
            lines[flow] = line
        mine = lines.pop(self._tickets[job_id].flow)
        return mine.standing(job_id, lines.values())

    def ticket(self, job_id: int) -> Ticket:
        """The ticket of a waiting job."""
        return self._tickets[job_id]

    def waiting_of(self, flow: Hashable) -> list[Ticket]:
        """What waits of one guild, paused or not, the oldest first."""
        return sorted((ticket for ticket in self._tickets.values() if ticket.flow == flow), key=lambda one: one.job_id)

    def heads(self, count: int) -> list[Ticket]:
        """The next few waiting jobs of each guild that is not paused, each guild's in their order."""
        waiting = (guild for flow, guild in self._guilds.items() if guild.waiting and not self._flows.is_held(flow))
        return [ticket for guild in waiting for ticket in islice(guild.foretell(), count)]

    def copy(self) -> FairQueue:
        """The same state, to be served forward without touching this one."""
        twin = FairQueue(self._weight)
        twin._flows = self._flows.copy()
        twin._guilds = {flow: guild.copy() for flow, guild in self._guilds.items()}
        twin._tickets = dict(self._tickets)
        twin._in_service = dict(self._in_service)
        twin._lines = dict(self._lines)
        return twin

    def order(self) -> list[Ticket]:
        """All waiting jobs in the order in which `next` would serve them if nobody came and every estimate held.

        Those of paused guilds are left out.
        """
        return list(self.foretell())

    def foretell(self) -> Iterator[Ticket]:
        """The same, ticket by ticket; what comes or goes after this call changes nothing of it."""
        guilds = {flow: guild.foretell() for flow, guild in self._guilds.items() if guild.waiting}
        return forward(self._flows.lined_up(), guilds)

    def _changed(self, flow: Hashable) -> None:
        self.changes += 1
        self._lines.pop(flow, None)

    def _forget_if_idle(self, flow: Hashable) -> None:
        """A guild's busy period is over: its members' tags have no effect any more."""
        if self._guilds[flow].members.idle:
            del self._guilds[flow]
