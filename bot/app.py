"""Wiring: settings become a running bot. The only place that knows every part."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from contextvars import copy_context
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.replies import is_discords, report
from data import ChannelRoute, DataDirLock, Job, Route, Store
from generation.catalogue import CheckpointCard, describe
from generation.errors import CheckpointUnavailable

from .clock import Clock
from .delivery import DiscordMessenger
from .discord_address import redirect
from .executor import Executor, LocalExecutor
from .parts import Parts
from .service import Service
from .settings import DATABASE, Settings
from .speech import Translator, nearest, voice
from .styles import Styles

log = logging.getLogger(__name__)

COGS = (
    "cogs.video",
    "cogs.animate",
    "cogs.queue",
    "cogs.history",
    "cogs.show",
    "cogs.clip_variants",
    "cogs.clip_edit",
    "cogs.clip_recipe",
    "cogs.clip_delete",
    "cogs.quota",
    "cogs.settings",
    "cogs.privacy",
    "cogs.help",
    "cogs.admin",
)
SYNCED = "commands.sha256"

FEW = 3
"""Subcommands that are named one by one, at most."""

THREADS_REST_S = 5.0
"""How long threads may take to rest once all jobs are settled or put back; the end of the process ends the others."""


class Flipbook(commands.AutoShardedBot):
    """The bot: Discord's side of the service. Made by `open_bot`.

    `resumes` may be replaced before the bot connects; it is called once Discord can be reached and lets
    the jobs of an earlier process go on.
    """

    service: Service
    messenger: DiscordMessenger
    threads_rest = True
    """False after `open_bot` has ended while a thread works on: only the end of the process ends it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            activity=discord.CustomActivity(name=voice(settings.status_language)("presence")),
            enable_debug_events=False,
        )
        self.settings = settings
        self.clock = clock
        self.resumes: Callable[[], Awaitable[None]] | None = self._resume
        # A simulated Discord repeats its ids at every start, and a repeated key is one job.
        self._key_prefix = f"{secrets.token_hex(8)}:" if settings.is_local else ""
        self.declared: list[dict[str, Any]] = []
        """The commands as Discord is told of them, in all languages."""
        self._links: dict[str, str] = {}
        self.tree.error(self._on_command_error)
        logging.getLogger(app_commands.tree.__name__).addFilter(_is_worth_a_line)

    def key(self, name: int | str) -> str:
        """The idempotency key of an interaction or a press."""
        return f"{self._key_prefix}{name}"

    def described(self, permissions: discord.Permissions, language: str) -> list[tuple[str, str]]:
        """The slash commands that are for whoever has these permissions, as a message shows them, described."""
        return [
            (self._links.get(command["name"], f"/{command['name']}"), _in_language(command, "description", language))
            for command in self.declared
            if command["type"] == discord.AppCommandType.chat_input.value
            and permissions >= discord.Permissions(int(command.get("default_member_permissions") or 0))
        ]

    def menus(self, language: str) -> list[str]:
        """Names, in a language, of the entries in the menus of messages."""
        kind = discord.AppCommandType.message.value
        return [_in_language(command, "name", language) for command in self.declared if command["type"] == kind]

    async def setup_hook(self) -> None:
        """Logged in, not yet connected: REST calls work."""
        assert self.application_id is not None
        self.messenger.context = copy_context()
        await self.service.bind(self.application_id)
        for cog in COGS:
            await self.load_extension(cog)
        await self.tree.set_translator(Translator())
        await self._sync_if_changed()
        if self.resumes is not None:
            await self.resumes()

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Removed, or the server is gone; an outage is no removal."""
        await self.service.moderation.leave_guild(guild.id)

    async def on_ready(self) -> None:
        """All shards know their servers, those in an outage too."""
        if not self.settings.is_local:  # a simulated Discord has its server only later
            await self.service.moderation.stay_in({guild.id for guild in self.guilds})

    async def _resume(self) -> None:
        await self.service.resume()

    async def _sync_if_changed(self) -> None:
        """Tell Discord of the commands, unless it has been told exactly these (a sync is rate-limited)."""
        translator = self.tree.translator
        assert translator is not None
        commands = self.tree.get_commands()
        ours = self.declared = [await command.get_translated_payload(self.tree, translator) for command in commands]
        text = json.dumps([self.application_id, ours], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        stamp = self.settings.store_dir / SYNCED
        if stamp.is_file() and stamp.read_text() == digest:
            registered = await self.tree.fetch_commands()
            if {command.name for command in registered} == {command["name"] for command in ours}:
                self._links = _links(registered)
                return
        synced = await self.tree.sync()
        self._links = _links(synced)
        stamp.write_text(digest)
        log.info("%d commands synced", len(synced))

    async def _on_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        await report(interaction, error)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """All but suggestions that Discord does not take, as when somebody has typed on meanwhile."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, Exception) and is_discords(error))


@asynccontextmanager
async def open_bot(
    settings: Settings, *, clock: Clock | None = None, executor: Executor | None = None
) -> AsyncGenerator[Flipbook]:
    """The wired bot, ready for `bot.start(token)` or `simcord.run(bot, shard_count=1)`.

    On exit the service is stopped as the settings say, then everything is closed.

    Args:
        clock: replaces the system's time.
        executor: replaces the GPU thread of this process.

    Raises:
        DataError: the data folder is in use, too new or unusable.
    """
    clock = clock or Clock()
    redirect(settings)
    with DataDirLock(settings.store_dir):
        async with Store.open(settings.store_dir / DATABASE, clock=clock.now) as store:
            card, refusal = _card(settings)
            executor = executor or LocalExecutor(settings, clock=clock)
            bot = Flipbook(settings, clock)
            bot.messenger = DiscordMessenger(bot, clock, card)
            parts = Parts(settings, store, executor, bot.messenger, clock)
            bot.service = Service(parts, card, refusal=refusal, styles=Styles.read(settings))
            try:
                async with bot:  # closes it, also where it was never started
                    try:
                        await bot.service.start()
                        yield bot
                    finally:
                        await bot.service.stop()
            finally:
                bot.threads_rest = await executor.close(timeout_s=THREADS_REST_S)


async def resume_local(bot: Flipbook, channel_id: int) -> None:
    """Let jobs of an earlier process go on in a simulated Discord whose messages are all new."""
    channel = bot.get_partial_messageable(channel_id)

    async def new_message(job: Job) -> Route:
        message = await channel.send("…")
        return ChannelRoute(channel_id, message.id)

    await bot.service.resume(new_message)


def _links(commands: Iterable[app_commands.AppCommand]) -> dict[str, str]:
    """What a reader presses to type a slash command, by its name; one with many subcommands is only named."""
    links: dict[str, str] = {}
    for command in commands:
        below = [option for option in command.options if isinstance(option, app_commands.AppCommandGroup)]
        if command.type is discord.AppCommandType.chat_input and len(below) <= FEW:
            links[command.name] = " ".join(each.mention for each in (below or (command,)))
    return links


def _in_language(command: dict[str, Any], field: str, language: str) -> str:
    translated: dict[str, str] = command.get(f"{field}_localizations") or {}
    return next((text for locale, text in translated.items() if nearest(locale) == language), command[field])


def _card(settings: Settings) -> tuple[CheckpointCard | None, CheckpointUnavailable | None]:
    """What is known of the checkpoint before it loads, or why it cannot be used."""
    try:
        return describe(settings.checkpoint, settings.plain), None
    except CheckpointUnavailable as error:
        log.error("%s", error)
        return None, error
