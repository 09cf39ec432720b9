"""The messenger to Discord: edits a job's one message, by the bot's token where possible."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from contextvars import Context
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
import discord
from discord import ui

from data import ChannelRoute, InteractionRoute, Job, Route
from generation.catalogue import CheckpointCard
from generation.request import ResolvedRequest

from .cards import PICTURE_NAME, clip_card, end_card, progress_card, queued_card
from .clock import Clock
from .executor import Step
from .messages import Place, TooLarge, Undeliverable, Unreachable
from .remarks import remark
from .speech import voice

log = logging.getLogger(__name__)

FILE_LIMIT_BYTES = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
"""What Discord takes where nothing larger is known (docs: Reference, Uploading files)."""

TOO_LARGE = 40005
NO_HISTORY = 160002
"""A reply without the permission to read message history (docs: JSON Error Codes)."""

MAY_PASS = (401, 408, 429)
"""A wrong token is mended by the operator; the clip waits for that."""


class DiscordMessenger:
    """See `bot.messages.Messenger`.

    `context` is that in which the client has logged in: a simulated Discord takes interactions' tokens only there.
    """

    context: Context | None = None

    def __init__(self, client: discord.Client, clock: Clock, card: CheckpointCard | None) -> None:
        self._client = client
        self._clock = clock
        self._card = card
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def show_queued(self, job: Job, place: Place) -> None:
        """See `Messenger.show_queued`."""
        await self._edit(job, queued_card(job, place, self._remark(job)))

    async def show_progress(self, job: Job, step: Step, left_s: float | None) -> None:
        """See `Messenger.show_progress`."""
        card = progress_card(job, step, left_s, self._remark(job))
        await self._edit(job, card, file=None if step.picture is None else (io.BytesIO(step.picture), PICTURE_NAME))

    async def show_clip(self, job: Job, path: Path) -> None:
        """See `Messenger.show_clip`."""
        limit = self._file_limit(job)
        if (await asyncio.to_thread(path.stat)).st_size > limit:
            raise TooLarge(limit)
        filename = f"flipbook-{job.id}{path.suffix}"
        await self._edit(job, clip_card(job, filename, voice(job.language)), file=(path, filename), limit=limit)

    async def show_end(self, job: Job) -> None:
        """See `Messenger.show_end`."""
        await self._edit(job, end_card(job))

    async def mention(self, job: Job) -> None:
        """See `Messenger.mention`; only a message in a channel can be replied to, or linked where it cannot be read."""
        if not isinstance(job.route, ChannelRoute):
            return
        channel = self._client.get_partial_messageable(job.route.channel_id, guild_id=job.message_guild_id)
        clip = channel.get_partial_message(job.route.message_id)
        text = voice(job.language)("card-mention", member=f"<@{job.user_id}>")
        send = partial(
            channel.send,
            allowed_mentions=discord.AllowedMentions(users=[discord.Object(job.user_id)]),
            nonce=f"flipbook-{job.id}",
        )
        async with _translated():
            try:
                await send(text, reference=clip.to_reference(fail_if_not_exists=False))
            except discord.HTTPException as error:
                if error.code != NO_HISTORY:
                    raise
                await send(f"{text} {clip.jump_url}")

    async def remove(self, route: Route) -> None:
        """See `Messenger.remove`."""
        async with _translated():
            await self._message(route).delete()

    def _remark(self, job: Job) -> str | None:
        """What is told of the words of a prompt that was typed; a button repeats what was told before."""
        request = ResolvedRequest.from_json(job.request)
        if self._card is None or job.press is not None or request.style:  # a style knows other words
            return None
        return remark(self._card, request, voice(job.language))

    def _file_limit(self, job: Job) -> int:
        guild = None if job.message_guild_id is None else self._client.get_guild(job.message_guild_id)
        return max(FILE_LIMIT_BYTES, job.file_limit or 0, 0 if guild is None else guild.filesize_limit)

    async def _edit(
        self,
        job: Job,
        view: ui.LayoutView,
        *,
        file: tuple[Path | io.BytesIO, str] | None = None,
        limit: int = FILE_LIMIT_BYTES,
    ) -> None:
        message = self._message(job.route, job.message_guild_id)
        attachments: list[discord.File] = []
        try:
            if file is not None:
                attachments.append(discord.File(file[0], filename=file[1]))
            # First come, first sent: an older picture of a job never overtakes a newer one.
            async with self._locks.setdefault(job.id, asyncio.Lock()), _translated(None if file is None else limit):
                await message.edit(content=None, view=view, attachments=attachments)
        finally:
            for attachment in attachments:
                attachment.close()

    def _message(self, route: Route | None, guild_id: int | None = None) -> Any:
        """The message at a route: an object with `edit` and `delete`.

        Raises:
            Undeliverable: an interaction's token is erased or expired.
        """
        if isinstance(route, ChannelRoute):
            channel = self._client.get_partial_messageable(route.channel_id, guild_id=guild_id)
            return channel.get_partial_message(route.message_id)
        if isinstance(route, InteractionRoute) and self._clock.now() < route.expires_at:
            webhook = discord.Webhook.partial(route.application_id, route.token, client=self._client)
            return _FollowUp(webhook, route.message_id, self.context)
        raise Undeliverable("Discord's 15 minutes for this answer are over")


class _FollowUp:
    """A message that an interaction's token edits and deletes."""

    def __init__(self, webhook: discord.Webhook, message_id: int, context: Context | None) -> None:
        self._webhook = webhook
        self._message_id = message_id
        self._context = context

    async def edit(self, **fields: Any) -> None:
        await self._there(self._webhook.edit_message(self._message_id, **fields))

    async def delete(self) -> None:
        await self._there(self._webhook.delete_message(self._message_id))

    async def _there(self, call: Coroutine[Any, Any, Any]) -> None:
        await asyncio.create_task(call, context=self._context)


@asynccontextmanager
async def _translated(limit: int | None = None) -> AsyncGenerator[None]:
    """Discord's answers in the messenger's words; discord.py has already retried what it retries.

    Args:
        limit: what a file that is sent may have, in bytes; None where none is.
    """
    try:
        yield
    except discord.HTTPException as error:
        if limit is not None and (error.status == 413 or error.code == TOO_LARGE):
            raise TooLarge(min(limit, FILE_LIMIT_BYTES) - 64 * 1024) from error
        if error.status in MAY_PASS or error.status >= 500:
            raise Unreachable(f"status {error.status}") from error
        gone = error.status == 404
        raise Undeliverable(f"Discord refuses the message ({error.text or error.status})", gone=gone) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unreachable(type(error).__name__) from error
