"""`python -m bot`: Flipbook on Discord with DISCORD_TOKEN set, else on a local page."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn

import discord

from data import DataError

from .app import Flipbook, open_bot, resume_local
from .backup import BackupError, make_backup
from .doctor import report as examine_and_report
from .local import LocalPageError, serve_local
from .local_language import system_language
from .settings import Settings, SettingsError, read_settings
from .speech import nearest

log = logging.getLogger("bot")

STALLED = 70
"""Exit status after a render that hung: start again (EX_SOFTWARE of sysexits.h)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM, examine, or back up.

    Returns the exit status: 0, 1 for an error that was explained or something to mend, 2 for settings.
    """
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("--version", action="version", version=_version())
    verbs = parser.add_subparsers(dest="verb", metavar="{doctor,backup}", help="without one, the bot is run")
    verbs.add_parser("doctor", help="say what is wrong with this installation and how to mend it")
    backup = verbs.add_parser("backup", help="copy the database and the clips; the bot may run meanwhile")
    backup.add_argument("folder", type=Path, help="where the copy goes, best on another disk")
    chosen = parser.parse_args(arguments)
    try:
        settings = read_settings()
    except SettingsError as error:
        print(f"These settings (environment or .env) cannot work:\n{error}", file=sys.stderr)
        return 2
    _quieten()
    if chosen.verb == "doctor":
        return 0 if examine_and_report(settings) else 1
    if chosen.verb == "backup":
        return _back_up(settings, chosen.folder)
    return _run_to_the_end(settings)


def _quieten() -> None:
    """Settle what libraries read from the environment before they are imported."""
    # Torch's threads on a CPU wait for each other by spinning, and starve one another where others compute too.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")  # large tensors in large pages: fewer page faults
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")  # bars are for terminals, not for a log
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    # Flipbook does not speak, so what voice needs is no news to its operator.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def _back_up(settings: Settings, folder: Path) -> int:
    try:
        made = make_backup(settings, folder)
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{made.folder} holds the database and {made.clips} clips, {made.copied} of them copied now.")
    return 0


def _run_to_the_end(settings: Settings) -> int:
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if settings.is_local:
        logging.getLogger("discord").setLevel(logging.ERROR)  # there is no Discord to be warned about
    try:
        return asyncio.run(_run(settings))
    except (DataError, LocalPageError) as error:
        print(error, file=sys.stderr)
    except discord.LoginFailure:
        print("Discord refuses DISCORD_TOKEN: copy it again from the Developer Portal, page Bot.", file=sys.stderr)
    except discord.PrivilegedIntentsRequired:
        print("Discord refuses the intents; Flipbook needs none that are privileged.", file=sys.stderr)
    except (OSError, discord.HTTPException, discord.GatewayNotFound) as error:
        print(f"Discord cannot be reached: {error}", file=sys.stderr)
    return 1


def _version() -> str:
    try:
        return version("flipbook")
    except PackageNotFoundError:
        return "flipbook, not installed"


async def _run(settings: Settings) -> int:
    stop = asyncio.Event()
    _stop_on_signals(stop)
    async with open_bot(settings) as bot:
        serving = asyncio.ensure_future(_serve(settings, bot, stop))
        stalled = asyncio.ensure_future(bot.service.stalled.wait())
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({serving, stalled, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stalled.done():
            _end_now(STALLED)
        stopping.cancel()
        stalled.cancel()
        log.info("stopping")
        await bot.service.stop()
        if not bot.is_closed() and not settings.is_local:
            await bot.close()
        await serving
    if not bot.threads_rest:
        log.warning("a thread works on; the process is ended without it")
        _end_now(0)
    return 0


def _end_now(status: int) -> NoReturn:
    """End although a thread hangs, which the interpreter would wait for; the kernel releases lock and database."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(status)


def _serve(settings: Settings, bot: Flipbook, stop: asyncio.Event) -> Awaitable[None]:
    if settings.discord_token is not None:
        return bot.start(settings.discord_token.get_secret_value())

    bot.resumes = None  # the page's world is new: jobs go on once it has given them new messages

    async def resume() -> None:
        await resume_local(bot, _first_text_channel(bot))

    language = nearest(settings.local_language) if settings.local_language else system_language()
    return serve_local(bot, port=settings.local_port, stop=stop, language=language, on_ready=resume)


def _first_text_channel(bot: Flipbook) -> int:
    return bot.guilds[0].text_channels[0].id


def _on_signal(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> Callable[[int, object], None]:
    def handler(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(stop.set)

    return handler


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(name, _on_signal(loop, stop))


if __name__ == "__main__":
    sys.exit(main())
