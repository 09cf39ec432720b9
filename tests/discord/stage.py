"""A stage for command tests: the real bot on the simulated Discord, with one channel and two members."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.app import Flipbook, open_bot
from bot.clock import Clock
from bot.settings import Settings
from tests.discord.bodies import check_bodies

DEADLINE_S = 60.0

UNPRIVILEGED = discord.Intents.default()
"""What Discord grants without being asked: others' messages are read without their words and files."""

SLOW = {"length": 5.0, "quality": "best"}
"""Options of a clip that can be seen and cancelled while it renders, with `slow_checkpoint` and the like."""


def make_settings(data_dir: Path, checkpoint: Path | str, **changes: Any) -> Settings:
    """Settings that see neither the environment's token nor a .env file."""
    fields = {"discord_token": None, "discord_api_url": None, "discord_gateway_url": None, "progress_interval_s": 0.2}
    return Settings(_env_file=None, data_dir=data_dir, checkpoint=str(checkpoint), **{**fields, **changes})


@dataclass
class Stage:
    """What a test can touch."""

    bot: Flipbook
    env: Any
    guild: Any
    channel: Any
    alice: Any
    bob: Any
    lives: AsyncExitStack | None = None
    """Ends the bot that is alive."""

    async def restart(self, *, executor: Any = None) -> None:
        """Stop the bot as SIGTERM does and start another on the same data, in the same Discord.

        Everything of the first is gone: its client, its service, its store, what it remembers of forms and views.
        """
        assert self.lives is not None
        settings, clock = self.bot.settings, self.bot.clock
        await self.env.restart_bot(discord.AutoShardedClient(intents=discord.Intents(guilds=True)))  # while it is off
        await self.lives.aclose()
        self.bot = await self.lives.enter_async_context(open_bot(settings, executor=executor, clock=clock))
        await self.env.restart_bot(self.bot)

    def message(self, result: Any) -> discord.Message:
        """The message that an interaction's answer has become by now."""
        return next(m for m in self.channel.history() if m.id == result.response.id)

    async def until(self, look: Callable[[], Any], what: str) -> Any:
        """Wait, in real time, until `look` gives something true."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + DEADLINE_S
        while loop.time() < deadline:
            if found := look():
                return found
            await asyncio.sleep(0.02)
        raise AssertionError(f"{what} did not happen within {DEADLINE_S:g} s; last: {shown(self.channel)}")

    async def clip(self, result: Any) -> discord.Message:
        """Wait for the clip in the message of an interaction."""

        def look() -> discord.Message | None:
            message = self.message(result)
            return message if clips_of(message) else None

        return await self.until(look, "a clip")

    async def text(self, result: Any, part: str) -> discord.Message:
        """Wait until the message of an interaction says something."""

        def look() -> discord.Message | None:
            message = self.message(result)
            return message if part in text_of(message) else None

        return await self.until(look, f"the text {part!r}")


@asynccontextmanager
async def stage(
    settings: Settings, *, renders: bool = True, executor: Any = None, clock: Clock | None = None
) -> AsyncGenerator[Stage]:
    """Open the bot and a world with the channel "general" and the members alice and bob.

    Without `renders` all jobs wait, until `bot.service.resume`; an `executor` renders instead of the real one, and a
    `clock` replaces the system's time. In the end every body that was sent is checked, see `bodies`.
    """
    async with AsyncExitStack() as lives:
        bot = await lives.enter_async_context(open_bot(settings, executor=executor, clock=clock))
        if not renders:
            bot.resumes = None
        async with simcord.run(bot, shard_count=1, settle_timeout=15.0, approved_intents=UNPRIVILEGED) as env:
            guild = env.create_guild()
            channel = guild.create_text_channel("general")
            alice, bob = (guild.add_member(env.create_user(name)) for name in ("alice", "bob"))
            yield Stage(bot, env, guild, channel, alice, bob, lives)
            check_bodies(env.http_requests)


def text_of(message: Any) -> str:
    """All the text that a message shows: content and text displays."""
    parts = [message.content or ""]
    parts.extend(c.content for c in walk(message.components) if isinstance(c, discord.TextDisplay))
    return "\n".join(parts)


def clips_of(message: Any) -> list[discord.Attachment]:
    """The videos of a message; while it renders it has a picture."""
    return [attachment for attachment in message.attachments if attachment.filename.endswith(".mp4")]


def button(message: Any, label: str) -> str:
    """The custom_id of a message's button."""
    found = {c.label: c.custom_id for c in walk(message.components) if isinstance(c, discord.Button)}
    assert label in found, f"no button {label!r}, only {sorted(map(str, found))}"
    return found[label]


def walk(components: Any) -> Iterator[Any]:
    """All components, depth first."""
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))
        if (accessory := getattr(component, "accessory", None)) is not None:
            yield accessory


def shown(channel: Any) -> str:
    """A channel as text, for failures."""
    return "\n---\n".join(text_of(message) for message in channel.history())
