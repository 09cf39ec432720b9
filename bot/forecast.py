"""When a waiting job's clip will be ready: the queue is looked at ahead, and the forecast learns from its misses.

The median is the sum of the estimates of everything that is served first, and of the load of a style that is not in
memory: that begins when the job's turn comes. Around it lie the errors of those
estimates and the delay by jobs that come later and are served first, which nobody can know and which is learnt
as a share of the wait. `quantile` of these standard deviations above the median is the time that nine jobs of ten
should keep; it follows what was kept (online gradient descent on the quantile loss; compare Gibbs & Candes,
"Adaptive Conformal Inference Under Distribution Shift", 2021).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from .estimate import NEWEST_WEIGHT, Estimator
from .queue import FairQueue, Ticket

COVERAGE = 0.9
"""The share of jobs that should be ready within the later of the two times that a member is told."""

NORMAL_QUANTILE = 1.2816
"""The standard normal distribution's quantile for COVERAGE."""

LEARNING_RATE = 0.15
"""Standard deviations by which a job that is late moves the quantile up; one in time moves it down by a ninth."""

COMMON_ERROR = math.sqrt(NEWEST_WEIGHT / (2 - NEWEST_WEIGHT))
"""Standard deviation of a moving average relative to that of what it averages: an error all estimates share."""

OVERTAKEN_WEIGHT = 0.1
"""Weight of the newest job in what is learnt of later jobs that are served first."""

MOST_OVERTAKEN = 2.0
"""One miss counts at most as a delay of so many times the wait: a wait of a second says little of one of minutes."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Seconds from now; `position` 1 is next, 0 is being rendered."""

    position: int
    median_s: float
    ahead_s: float
    """The part of `median_s` that passes before the job itself is begun."""
    error_s: float
    """Standard deviation of `median_s` where nobody comes who is served first."""


@dataclass(frozen=True, slots=True)
class _Told:
    at: float
    late_s: float
    forecast: Forecast


class Forecaster:
    """Forecasts for the jobs of one queue.

    Args:
        busy_s: how long the running job will still take, in seconds; 0 where none runs.
        is_ready: whether a style, "" for none, is in memory.
        tick: seconds that only run forward.
    """

    def __init__(
        self,
        queue: FairQueue,
        estimator: Estimator,
        *,
        busy_s: Callable[[], float],
        tick: Callable[[], float],
        is_ready: Callable[[str], bool] = lambda _style: True,
    ) -> None:
        self.quantile = NORMAL_QUANTILE
        self._overtaken = 0.0  # variance of the delay by later jobs, relative to the wait
        self._queue = queue
        self._estimator = estimator
        self._busy_s = busy_s
        self._is_ready = is_ready
        self._tick = tick
        self._told: dict[int, _Told] = {}

    def of(self, job_id: int) -> Forecast | None:
        """The forecast of a waiting job; None where it is paused or gone."""
        return self._foreseen(self._queue, job_id)

    def if_put(self, ticket: Ticket) -> Forecast:
        """The forecast of a job that does not wait yet, in a guild that is not paused."""
        queue = self._queue.copy()
        queue.resume(ticket.flow)  # one that is paused in this moment
        queue.put(ticket)
        forecast = self._foreseen(queue, ticket.job_id)
        assert forecast is not None
        return forecast

    def late_s(self, forecast: Forecast) -> float:
        """The time that COVERAGE of all jobs keep, in seconds from when the forecast was made."""
        deviation_s = math.sqrt(forecast.error_s**2 + self._overtaken * forecast.ahead_s**2)
        return forecast.median_s + max(self.quantile, 0.0) * deviation_s

    def running(self) -> Forecast:
        """The forecast of the job in service."""
        left_s = self._busy_s()
        return Forecast(0, left_s, 0.0, self._estimator.spread * left_s)

    def told(self, job_id: int, forecast: Forecast) -> None:
        """A member was told this; `ready` will compare."""
        self._told[job_id] = _Told(self._tick(), self.late_s(forecast), forecast)

    def ready(self, job_id: int) -> None:
        """The clip is ready: learn whether it kept the time that its member was told."""
        told = self._told.pop(job_id, None)
        if told is None:
            return
        took_s, forecast = self._tick() - told.at, told.forecast
        kept = took_s <= told.late_s
        self.quantile += LEARNING_RATE * ((not kept) - (1 - COVERAGE))
        if forecast.ahead_s > 0:
            unexplained = max((took_s - forecast.median_s) ** 2 - forecast.error_s**2, 0.0) / forecast.ahead_s**2
            self._overtaken += OVERTAKEN_WEIGHT * (min(unexplained, MOST_OVERTAKEN**2) - self._overtaken)

    def forget(self, job_id: int) -> None:
        """The job came to another end."""
        self._told.pop(job_id, None)

    def _foreseen(self, queue: FairQueue, job_id: int) -> Forecast | None:
        standing = queue.standing(job_id)
        if standing is None:
            return None
        ticket, spread, busy_s = queue.ticket(job_id), self._estimator.spread, self._busy_s()
        load_s = 0.0 if self._is_ready(ticket.style) else self._estimator.load_s(ticket.style)
        ahead_s = busy_s + standing.ahead_s + load_s
        median_s = ahead_s + ticket.cost_s
        own_errors = busy_s**2 + standing.ahead_squares + load_s**2 + ticket.cost_s**2
        error_s = spread * math.sqrt(own_errors + (COMMON_ERROR * median_s) ** 2)
        return Forecast(standing.position, median_s, ahead_s, error_s)
