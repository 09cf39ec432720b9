"""The eraser removes what erased members and deleted clips leave: files at once, messages at a gentle pace.

It carries on erasures that were cut short. The store lists what is left, and forgets each piece only after it is gone:
what a killed process leaves undone the next one does.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from data import ChannelRoute

from .backoff import backoff_s
from .clips import remove_files_of
from .messages import Undeliverable, Unreachable
from .parts import Parts
from .pictures import Pictures

log = logging.getLogger(__name__)

PACE_S = 1.0
"""Between two deletions of messages: progress and clips of others need Discord's patience more."""

BATCH = 1000
"""Remnants that are looked at in one go."""

BUSY_S = 0.5
"""How soon a job is looked at again whose last step or upload is not over yet."""

FIRST_RETRY_S = 2.0
LONGEST_PAUSE_S = 300.0
"""Waits while Discord does not answer: doubled from the first up to the longest."""

TRIES = 12
"""After so many a message is left where it is: about half an hour."""


class Eraser:
    """Works in the background until nothing is left.

    Args:
        is_busy: whether a job is still being rendered or told of, and may write a file yet.
    """

    def __init__(self, parts: Parts, pictures: Pictures, *, is_busy: Callable[[int], bool]) -> None:
        self._store = parts.store
        self._folder = parts.settings.store_dir
        self._messenger = parts.messenger
        self._clock = parts.clock
        self._pictures = pictures
        self._is_busy = is_busy
        self._tries: Counter[int] = Counter()
        self._opened = asyncio.Event()
        self._wakeup = asyncio.Event()

    def open(self) -> None:
        """Discord can be reached: begin."""
        self._opened.set()

    def wake(self) -> None:
        """There is something to remove."""
        self._wakeup.set()

    async def run(self) -> None:
        """Remove whatever there is to remove, until cancelled."""
        await self._opened.wait()
        troubles = 0
        while True:
            self._wakeup.clear()
            try:
                pause_s = await self._work()
                troubles = 0
            except Exception as error:  # trouble is put off, whatever it is; nothing is forgotten by it
                if not isinstance(error, Unreachable):
                    log.exception("what is erased cannot be removed")
                pause_s = backoff_s(troubles, first_s=FIRST_RETRY_S, longest_s=LONGEST_PAUSE_S)
                troubles += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wakeup.wait(), pause_s)

    async def _work(self) -> float | None:
        """Remove what can be removed; seconds until there is more, None for nothing that is known of."""
        await self._store.finish_erasures()
        due_at = await self._store.forget_past_days()
        waits = await self._remove_files()
        await self._remove_messages()
        await self._remove_copies()
        if waits:
            return BUSY_S
        return None if due_at is None else min(max(due_at - self._clock.now(), 1.0), LONGEST_PAUSE_S)

    async def _remove_files(self) -> bool:
        """Whether some had to be left for later."""
        while remnants := await self._store.remnants_with_files(limit=BATCH):
            at_rest = {remnant.job_id for remnant in remnants if not self._is_busy(remnant.job_id)}
            await asyncio.to_thread(remove_files_of, self._folder, at_rest)
            await self._pictures.sweep()
            await self._store.mark_files_removed(sorted(at_rest))
            if len(at_rest) < len(remnants):
                return True
        return False

    async def _remove_messages(self) -> None:
        while remnants := await self._store.remnants_with_message(limit=BATCH):
            for remnant in remnants:
                assert remnant.channel_id is not None and remnant.message_id is not None
                await self._remove(remnant.job_id, ChannelRoute(remnant.channel_id, remnant.message_id))
                await self._store.mark_message_removed(remnant.job_id)
                await asyncio.sleep(PACE_S)

    async def _remove_copies(self) -> None:
        while copies := await self._store.doomed_copies(limit=BATCH):
            for copy in copies:
                await self._remove(copy.job_id, ChannelRoute(copy.channel_id, copy.message_id))
                await self._store.mark_copy_removed(copy.message_id)
                await asyncio.sleep(PACE_S)

    async def _remove(self, job_id: int, route: ChannelRoute) -> None:
        """Return once the message is gone, or will never be by us.

        Raises:
            Unreachable: Discord does not answer; a message that it never answers for is given up in the end.
        """
        try:
            await self._messenger.remove(route)
        except Undeliverable as error:
            log.info("job %s is erased, its message is not: %s", job_id, error)
        except Unreachable:
            self._tries[route.message_id] += 1
            if self._tries[route.message_id] < TRIES:
                raise
            log.warning("job %s is erased, its message is not: Discord does not answer", job_id)
        self._tries.pop(route.message_id, None)
