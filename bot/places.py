"""Keeps the places of those who are next up to date in their messages; /queue tells all others.

A render that ends moves everybody: only the next few of each server are shown it, those who come first at first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from .messages import Place
from .queue import FairQueue

log = logging.getLogger(__name__)

OF_A_SERVER = 3
"""Waiting jobs of one server whose places are kept up to date."""

AT_ONCE = 10
"""Messages that are edited at one time, at most: there may be many servers, and Discord counts."""


SLICE = 200
"""Waiting jobs that are counted before others run: a few milliseconds."""


class Places:
    """Looks at the queue from time to time, and at what each message says.

    Args:
        refresh: shows where a job stands in its message.
        pace_s: how often it looks, at most.
    """

    def __init__(
        self,
        queue: FairQueue,
        *,
        refresh: Callable[[int], None],
        pace_s: float,
    ) -> None:
        self._queue = queue
        self._refresh = refresh
        self._pace_s = pace_s
        self._told: dict[int, int] = {}

    def told(self, job_id: int, place: Place) -> None:
        """A job's message says this."""
        self._told[job_id] = place.position

    async def run(self) -> None:
        """Keep up with the queue until cancelled."""
        seen: int | None = None
        while True:
            await asyncio.sleep(self._pace_s)
            if self._queue.changes == seen:
                continue
            changes = self._queue.changes
            try:
                is_done = await self._keep_up()
            except Exception:
                log.exception("the places of waiting jobs cannot be shown")
                is_done = True
            seen = changes if is_done else None

    async def _keep_up(self) -> bool:
        """Show some of the places that changed; whether those were all."""
        self._told = {job_id: position for job_id, position in self._told.items() if job_id in self._queue}
        heads = {ticket.job_id for ticket in self._queue.heads(OF_A_SERVER)}
        moved: list[tuple[int, int]] = []
        for position, ticket in enumerate(self._queue.foretell(), start=1):
            if ticket.job_id in heads and self._told.get(ticket.job_id) != position:
                moved.append((position, ticket.job_id))
            if position % SLICE == 0:
                await asyncio.sleep(0)
        for position, job_id in sorted(moved)[:AT_ONCE]:
            self._told[job_id] = position
            self._refresh(job_id)
        return len(moved) <= AT_ONCE
