"""One simulated GPU that serves a queue: jobs come at set times and take the time that they take."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.queue import Ticket


@dataclass(frozen=True, slots=True)
class Arrival:
    """A job that comes at `at` (s), is estimated to take `estimated_s` and takes `actual_s`."""

    at: float
    flow: Hashable
    member: Hashable
    actual_s: float
    estimated_s: float


@dataclass(frozen=True, slots=True)
class Served:
    """What became of an arrival: when it began and ended, in seconds."""

    job: Arrival
    began: float
    ended: float

    @property
    def wait_s(self) -> float:
        return self.began - self.job.at


class Discipline(Protocol):
    """What decides who is served next."""

    def put(self, ticket: Ticket) -> None: ...
    def next(self) -> Ticket | None: ...
    def settle(self, job_id: int, actual_s: float) -> None: ...


def serve(
    queue: Discipline, arrivals: Iterable[Arrival], *, on_arrival: Callable[[int, float, float], None] | None = None
) -> list[Served]:
    """Serve every job, one at a time, never idle while one waits; in the order of service.

    `on_arrival` gets the job's id (its number in the order of arrival), the time, and when the GPU is free.
    """
    coming = sorted(enumerate(arrivals), key=lambda numbered: (numbered[1].at, numbered[0]))
    jobs = dict(coming)
    served: list[Served] = []
    free_at = 0.0
    in_service: int | None = None

    def let_in(until: float) -> None:
        while coming and coming[0][1].at <= until:
            job_id, job = coming.pop(0)
            queue.put(Ticket(job_id, job.flow, job.member, job.estimated_s))
            if on_arrival is not None:
                on_arrival(job_id, job.at, max(free_at, job.at))

    while True:
        let_in(free_at)
        if in_service is not None:
            queue.settle(in_service, jobs[in_service].actual_s)
            in_service = None
        ticket = queue.next()
        if ticket is None:
            if not coming:
                return served
            free_at = max(free_at, coming[0][1].at)
            continue
        job, in_service = jobs[ticket.job_id], ticket.job_id
        began, free_at = free_at, free_at + job.actual_s
        served.append(Served(job, began, free_at))
