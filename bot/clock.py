"""The one source of time, so that tests can move it and no frozen clock can stop the queue."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` is seconds UTC since the epoch; `tick` is seconds that only ever run forward."""

    now: Callable[[], float] = time.time
    tick: Callable[[], float] = time.perf_counter
