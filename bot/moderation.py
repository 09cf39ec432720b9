"""What is decided in a server, and what that does to the jobs that wait there; every order asks here first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Container, Set
from functools import partial

from data import ChannelRoute, Job, Stats, Store

from .backoff import insist
from .forecast import Forecaster
from .orders import Refused
from .outbox import Outbox
from .queue import FairQueue

log = logging.getLogger(__name__)

NAMED = 10
"""Channels that a refusal names, at most."""


class Moderation:
    """Each server's pause, blocked members and channels, held in memory: each order asks.

    Args:
        wake: tells the worker that there may be something to render.
    """

    def __init__(
        self, store: Store, queue: FairQueue, forecaster: Forecaster, outbox: Outbox, *, wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._queue = queue
        self._forecaster = forecaster
        self._outbox = outbox
        self._wake = wake
        self._paused: set[int] = set()
        self._blocked: dict[int, frozenset[int]] = {}
        self._channels: dict[int, frozenset[int]] = {}
        self._deciding = asyncio.Lock()  # what is held in memory and what is stored change in the same order

    async def load(self) -> None:
        """Read what an earlier process stored; a server that was paused still is."""
        decisions = await self._store.decisions()
        self._paused = set(decisions.paused)
        self._blocked, self._channels = dict(decisions.blocked), dict(decisions.channels)
        for guild_id in self._paused:
            self._queue.pause(guild_id)

    def check(self, user_id: int, guild_id: int | None, rooms: Set[int]) -> None:
        """Let an order pass, or refuse it; nothing holds outside servers.

        Args:
            rooms: the channel that is asked in and those that it lies in; see `Wish`.

        Raises:
            Refused: the member is blocked here, no answer is wanted in this channel, or the server is paused.
        """
        if guild_id is None:
            return
        if user_id in self._blocked.get(guild_id, ()):
            raise Refused("admin-refused-blocked")
        allowed = self._channels.get(guild_id)
        if allowed and allowed.isdisjoint(rooms):
            channels = self.channels(guild_id)
            names = " ".join(f"<#{channel_id}>" for channel_id in channels[:NAMED])
            raise Refused("admin-refused-channel", channels=names + (" …" if len(channels) > NAMED else ""))
        if self.is_paused(guild_id):
            raise Refused("admin-refused-paused")

    def is_paused(self, guild_id: int) -> bool:
        """Whether the server's jobs wait."""
        return guild_id in self._paused

    async def pause(self, guild_id: int) -> None:
        """Render nothing more of a server: what waits keeps its place, what runs is finished.

        Only what cannot wait, as Discord lets it be answered for some minutes alone, is cancelled and refunded.
        """
        async with self._deciding:
            was_paused = self.is_paused(guild_id)
            self._hold(guild_id)  # before it is stored: nothing is begun meanwhile
            try:
                cancelled = await self._store.pause(guild_id)
            except Exception:
                if not was_paused:
                    self._release(guild_id)
                raise
            self._withdraw(cancelled)
        for ticket in self._queue.waiting_of(guild_id):
            self._forecaster.forget(ticket.job_id)  # a promised time that a pause breaks says nothing of forecasts
        self._show_places(guild_id)

    async def resume(self, guild_id: int) -> None:
        """Go on with a server's jobs."""
        async with self._deciding:
            await self._store.resume(guild_id)
            self._release(guild_id)
        self._show_places(guild_id)

    def _hold(self, guild_id: int) -> None:
        self._paused.add(guild_id)
        self._queue.pause(guild_id)

    def _release(self, guild_id: int) -> None:
        self._paused.discard(guild_id)
        self._queue.resume(guild_id)
        self._wake()

    def waiting(self, guild_id: int) -> int:
        """How many jobs of a server wait."""
        return len(self._queue.waiting_of(guild_id))

    async def clear(self, guild_id: int) -> int:
        """Cancel and refund all that waits of a server; how many jobs that were."""
        return self._withdraw(await self._store.cancel_waiting(guild_id))

    async def block(self, guild_id: int, user_id: int) -> int:
        """Take no orders of a member in a server, and cancel and refund what waits of theirs; how many jobs."""
        async with self._deciding:
            before = self._blocked.get(guild_id, frozenset())
            # Before it is stored: an order that comes meanwhile is refused, and one that came before is cancelled.
            self._blocked[guild_id] = before | {user_id}
            try:
                cancelled = await self._store.block(guild_id, user_id)
            except Exception:
                self._blocked[guild_id] = before
                raise
            return self._withdraw(cancelled)

    async def unblock(self, guild_id: int, user_id: int) -> bool:
        """Take a member's orders again; False where they were not blocked."""
        async with self._deciding:
            await self._store.unblock(guild_id, user_id)
            was_blocked = user_id in self.blocked(guild_id)
            self._blocked[guild_id] = self._blocked.get(guild_id, frozenset()) - {user_id}
            return was_blocked

    def blocked(self, guild_id: int) -> list[int]:
        """The members who are blocked in a server."""
        return sorted(self._blocked.get(guild_id, ()))

    def channels(self, guild_id: int) -> list[int]:
        """The channels and categories in which a server wants answers; none means all."""
        return sorted(self._channels.get(guild_id, ()))

    async def allow_channel(self, guild_id: int, channel_id: int) -> None:
        """Answer in this channel or category, and no longer in all."""
        async with self._deciding:
            await self._put_channels(guild_id, {*self.channels(guild_id), channel_id})

    async def withdraw_channel(self, guild_id: int, channel_id: int) -> bool:
        """Take a channel or category from the list; False where it was not on it."""
        async with self._deciding:
            channels = self.channels(guild_id)
            await self._put_channels(guild_id, {*channels} - {channel_id})
            return channel_id in channels

    async def leave_guild(self, guild_id: int) -> None:
        """The bot was removed from a server: cancel and refund what waits there."""
        for job in await insist(partial(self._store.leave_guild, guild_id), f"the leave of server {guild_id}"):
            self._queue.remove(job.id)
            self._forecaster.forget(job.id)
            log.info("job %s is cancelled: the bot was removed from its server", job.id)

    async def stay_in(self, guild_ids: Container[int]) -> None:
        """Leave every server that has waiting jobs and is not among these: one left while the bot was away."""
        jobs = await self._store.queued()
        waiting = {job.message_guild_id for job in jobs if isinstance(job.route, ChannelRoute)}
        for guild_id in waiting:
            if guild_id is not None and guild_id not in guild_ids:
                await self.leave_guild(guild_id)

    async def stats(self, guild_id: int, *, days: int) -> Stats:
        """How a server's jobs of the last days went."""
        return await self._store.stats(guild_id, days=days)

    async def _put_channels(self, guild_id: int, channel_ids: set[int]) -> None:
        await self._store.put_channels(guild_id, frozenset(channel_ids))
        self._channels[guild_id] = frozenset(channel_ids)

    def _withdraw(self, cancelled: list[Job]) -> int:
        for job in cancelled:
            self._queue.remove(job.id)
            self._forecaster.forget(job.id)
            self._outbox.tell(job.id)
        return len(cancelled)

    def _show_places(self, guild_id: int) -> None:
        for ticket in self._queue.waiting_of(guild_id):
            self._outbox.refresh(ticket.job_id)
