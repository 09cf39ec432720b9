"""Where one job stands among all that wait, without serving the queue forward job by job.

What a guild's jobs will be served at is known in advance: each start tag of the upper level is the one before plus
the cost in between. So the jobs that come before a given one are found in each guild by bisection, and what they cost
by sums kept beside them. Of equal tags the flow that has been in line longest is served first (`bot.sfq`): the one
whose job before was served first, and so on back to the jobs that wait in front.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol


class Costly(Protocol):
    """A waiting job and its estimated cost in seconds."""

    @property
    def job_id(self) -> int: ...

    @property
    def cost_s(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """`position` 1 is next; what comes before costs `ahead_s` seconds, its squares `ahead_squares` (s^2) in all."""

    position: int
    ahead_s: float
    ahead_squares: float


class Line:
    """One guild's jobs in the order in which they will be served; `entry` is where it stands at the upper level."""

    def __init__(self, entry: tuple[float, int, Hashable, float], jobs: Iterable[Costly]) -> None:
        start, self._turn, _, weight = self.entry = entry
        jobs = list(jobs)
        costs = [job.cost_s for job in jobs]
        self._index = {job.job_id: index for index, job in enumerate(jobs)}
        self._tags = list(accumulate((cost / weight for cost in costs[:-1]), initial=start))
        self._seconds = list(accumulate(costs, initial=0.0))
        self._squares = list(accumulate((cost * cost for cost in costs), initial=0.0))

    def standing(self, job_id: int, others: Iterable[Line]) -> Standing:
        """Where a job of this guild stands among its own and those of all others that are served."""
        index = self._index[job_id]
        tag, position = self._tags[index], index + 1
        ahead_s, ahead_squares = self._seconds[index], self._squares[index]
        for other in others:
            before = bisect_left(other._tags, tag)
            while before < len(other._tags) and other._tags[before] == tag and other._is_before(before, self, index):
                before += 1
            position += before
            ahead_s += other._seconds[before]
            ahead_squares += other._squares[before]
        return Standing(position, ahead_s, ahead_squares)

    def _is_before(self, mine: int, other: Line, theirs: int) -> bool:
        """Which of two jobs with the same tag is served first."""
        while mine and theirs:
            mine, theirs = mine - 1, theirs - 1
            if self._tags[mine] != other._tags[theirs]:
                return self._tags[mine] < other._tags[theirs]
        return self._turn < other._turn if mine == theirs else mine < theirs
