"""A job that was claimed, as all see it who render it, show it or stop it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from threading import Event

from data import Job

from .executor import Step


@dataclass
class Running:
    """A job that is being rendered or its file written; times are the clock's ticks, in seconds.

    Attributes:
        estimate_s: how long it should take, from `started`.
        last_sign: when its render last gave a sign of life.
        cancelled: it ends within one step, or before the next frame of its file.
        evicted: it ends because the process does, and goes back to the queue.
        step: the newest report.
        picture: the newest picture.
        pictures: false once pictures are refused.
        look: set while a picture is wanted.
        news: set where `step` or `picture` is newer than what was shown.
        drawn: set once the GPU is free again.
        over: set once the clip is a file or there is none.
    """

    job: Job
    started: float
    estimate_s: float
    last_sign: float
    cancelled: Event = field(default_factory=Event)
    evicted: bool = False
    step: Step | None = None
    picture: bytes | None = None
    pictures: bool = True
    look: Event = field(default_factory=Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def left_s(self, tick: float) -> float:
        """Estimated seconds until the clip is ready; from the measured pace once there is one."""
        elapsed = tick - self.started
        if self.step is None or self.step.done < 2:
            return max(self.estimate_s - elapsed, 1.0)
        return elapsed / self.step.done * (self.step.total - self.step.done)

    def evict(self) -> None:
        """Stop it so that it is rendered again after the next start."""
        self.evicted = True
        self.cancelled.set()
