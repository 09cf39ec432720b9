"""Shows members how far their clips are: the newest step, with a picture where one may be shown."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from .executor import Step
from .messages import TooLarge, Undeliverable, Unreachable
from .parts import Parts
from .running import Running

log = logging.getLogger(__name__)

LOOK_AHEAD_S = 1.0
"""How long before an edit is due its picture is asked for, at most: a step may take as long."""


class ProgressReporter:
    """Edits the messages of running jobs, each at most once per pace of the settings."""

    def __init__(self, parts: Parts) -> None:
        self._messenger = parts.messenger
        self._clock = parts.clock
        self._pace_s = parts.settings.pace_s
        self._following: set[asyncio.Task[None]] = set()

    def follow(self, running: Running) -> None:
        """Show a job's progress in the background until it is over."""
        task = asyncio.create_task(self._follow(running))
        task.add_done_callback(self._following.discard)
        self._following.add(task)

    async def _follow(self, running: Running) -> None:
        lead_s = min(LOOK_AHEAD_S, self._pace_s / 2)
        running.look.set()
        while not running.over.is_set():
            await running.news.wait()
            running.news.clear()
            if running.over.is_set() or running.step is None:
                return
            try:
                await self._show(running, running.step)
            except (Undeliverable, Unreachable) as error:
                log.info("job %s: progress not shown: %s", running.job.id, error)
            except Exception:
                log.exception("job %s: progress not shown", running.job.id)
                return
            await _pause(running.over, self._pace_s - lead_s)
            if running.pictures:
                running.look.set()
            await _pause(running.over, lead_s)

    async def _show(self, running: Running, step: Step) -> None:
        """Show a step with the newest picture, or without where pictures are refused."""
        left = running.left_s(self._clock.tick()) if step.done > 1 else None
        shown = replace(step, picture=running.picture if running.pictures else None)
        try:
            await self._messenger.show_progress(running.job, shown, left)
        except (TooLarge, Undeliverable):
            if shown.picture is None:
                raise
            running.pictures = False
            await self._messenger.show_progress(running.job, replace(step, picture=None), left)


async def _pause(over: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)
