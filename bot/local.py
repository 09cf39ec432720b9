"""The local Discord: the same bot on a loopback page, with no token and no network.

simcord plays Discord and serves a chat page; the bot runs unchanged against it. The server, its
members and its channel have the same ids at every start, so quotas and history carry over; messages
and interactions are dated with the real time, so each start's are fresh.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from discord.ext import commands

from .local_language import speaking
from .speech import voice

if TYPE_CHECKING:
    import simcord

    from .local_page import LivePage

log = logging.getLogger(__name__)

GUILD_NAME = "Flipbook"
CHANNEL_NAME = "studio"
MEMBER_NAMES = ("you", "friend")  # the first one owns the server
SETTLE_TIMEOUT_S = 15.0  # how long the page waits for the bot's answer to one action
REFRESH_INTERVAL_S = 0.5  # the page in the browser polls at the same pace


def _say(text: str) -> None:
    print(text, flush=True)  # whoever reads the link through a pipe waits for it


class LocalPageError(Exception):
    """The local page cannot be served; the message says why and what to do."""


async def serve_local(
    bot: commands.AutoShardedBot,
    *,
    port: int,
    stop: asyncio.Event,
    language: str,
    announce: Callable[[str], None] = _say,
    on_ready: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve `bot` on a simulated Discord until `stop` is set or the page is ended.

    Tasks that outlive one interaction must exist before this call: those that the bot creates inside it
    belong to the interaction, and the page waits for them. `on_ready` is awaited once the bot is in its
    server, before the link is announced. `language` is that of the server and its members.
    """
    try:
        import simcord

        from .local_page import LivePage
    except ImportError as error:
        raise LocalPageError(
            'The local page needs the "local" extra. Install it with: pip install -e ".[local]"'
        ) from error

    world = simcord.run(
        bot,
        shard_count=bot.shard_count or 1,
        check_errors=False,
        settle_timeout=SETTLE_TIMEOUT_S,
    )
    async with contextlib.AsyncExitStack() as stack:
        tell_member = bot.tree.on_error
        try:
            env = await world.__aenter__()
        except TimeoutError as error:
            raise LocalPageError(f"The bot did not come up on the local Discord: {error}") from error
        stack.push_async_exit(_leave(world))
        # simcord counts an error that the bot explained to the member as a failed action; it is an answer.
        bot.tree.on_error = tell_member
        stack.enter_context(speaking(language))
        channel, viewers = await _furnish(env, bot, topic=voice(language)("local-topic"))
        if on_ready is not None:
            await on_ready()
        page = LivePage(env)
        preview = env.preview(channel, viewers=viewers, layout="channel", port=port)
        try:
            await stack.enter_async_context(preview)
        except simcord.SetupError as error:
            raise _cannot_open(error, port) from error
        page.attach(preview)
        announce(_greeting(preview.url))
        await _until_ended(page, preview.wait_closed(), stop)


async def _furnish(
    env: simcord.Env, bot: commands.AutoShardedBot, *, topic: str
) -> tuple[simcord.ChannelHandle, list[simcord.MemberActor]]:
    """Make the server, its members and its channel, and register the bot's commands there."""
    import simcord

    env.backend.edit_bot_profile(GUILD_NAME)
    users = [env.create_user(name) for name in MEMBER_NAMES]
    guild = env.create_guild(GUILD_NAME, owner=users[0])
    viewers = [simcord.MemberActor(env, guild, users[0]), *(guild.add_member(user) for user in users[1:])]
    channel = guild.create_text_channel(CHANNEL_NAME, topic=topic)
    # From here on ids carry the real time; what is made above keeps its id from start to start.
    env.backend.advance_clock(time.time() - env.now().timestamp())
    await env.settle()
    # A bot that remembers which commands it registered does not know this world is empty.
    if not await bot.tree.fetch_commands():
        await bot.tree.sync()
    return channel, viewers


def _leave(world: simcord.run) -> Callable[..., Awaitable[None]]:
    async def leave(*exc_info: object) -> None:
        try:
            await world.__aexit__(*exc_info)
        except TimeoutError as error:
            log.warning("The local Discord closed before the bot had finished: %s", error)

    return leave


def _cannot_open(error: Exception, port: int) -> LocalPageError:
    cause = error.__cause__
    if isinstance(cause, OSError):
        reason = os.strerror(cause.errno) if cause.errno else str(cause)
        return LocalPageError(
            f"The local page cannot use port {port}: {reason}. "
            "Set LOCAL_PORT to another port (0 takes any free one), or close the program that holds this one."
        )
    return LocalPageError(f'The local page cannot be opened: {error} (pip install -e ".[local]")')


def _greeting(url: str) -> str:
    return (
        f"No DISCORD_TOKEN is set, so Flipbook runs on a Discord of its own.\n"
        f"Open {url}\n"
        f"and type: /video prompt: a red apple on a blue background\n"
        f"The link is a key to this page: keep it to yourself. Stop with Ctrl+C."
    )


async def _until_ended(page: LivePage, closed: Awaitable[None], stop: asyncio.Event) -> None:
    refreshing = asyncio.ensure_future(page.keep_current(REFRESH_INTERVAL_S))
    endings = [asyncio.ensure_future(closed), asyncio.ensure_future(stop.wait())]
    try:
        await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (refreshing, *endings):
            task.cancel()
        await asyncio.gather(refreshing, *endings, return_exceptions=True)
