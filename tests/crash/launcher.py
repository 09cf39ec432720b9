"""`python -m bot` with its seams watched: it dies by SIGKILL at the very instant that it is told to die at.

An instant lies before or after a statement of the store, an operation on a file, a request to Discord or a step of
a render; it is named by what happens and by how often that has happened. The bot's own code knows nothing of this:
what is watched are SQLite's connection, the functions of `os`, aiohttp's session and the executor.

With `--serve` it imports everything once and forks a process for each line of JSON on its input, so that hundreds
of starts need not import the same modules again. Such a line is the environment of the process; the answers are
lines of JSON with its "pid" and, once it has ended, its "status".
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sqlite3
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import aiohttp

import bot.app
import cogs.help
import cogs.history
import cogs.queue
import cogs.video  # noqa: F401  (the bot loads its cogs by name)
from bot.__main__ import _quieten, main
from bot.delivery import DiscordMessenger
from bot.executor import LocalExecutor, Rendered, RenderTask, Step
from generation import encode
from generation.durable import put_in_place
from generation.errors import GenerationError, RenderCancelled
from generation.request import ResolvedRequest

DIE_AT = "CRASH_DIE_AT"
LOG = "CRASH_LOG"
FROM_START = "CRASH_FROM_START"
"""Count instants from the start of the process, not from the first answer to a member."""
EXECUTOR = "CRASH_EXECUTOR"
REAL = "local"
REPEATS = "CRASH_DELIVERY_REPEATS"
STEP_S = "CRASH_STEP_S"

DRAWING = ("generation.checkpoint", "generation.frame_check", "generation.still", "generation.clip")
HEAVY = (
    "diffusers.models.unets.unet_2d_condition",
    "diffusers.models.autoencoders.autoencoder_tiny",
    "diffusers.schedulers.scheduling_ddim",
    "transformers.models.clip.modeling_clip",
    "transformers.models.clip.tokenization_clip",
)
"""What loading a checkpoint imports, which takes longer than the loading."""

FIRST_OF_A_JOB = "before POST /interactions/*/*/callback"
STEPS = 3
USUAL_STEP_S = 0.01
IMPOSSIBLE = "a blue fox in the snow"
"""The prompt of a job that fails after its last step."""


class Instants:
    """Counts the instants of this process, and ends it at one of them."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._die_at = environment.get(DIE_AT)
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._armed = FROM_START in environment
        self._log = os.open(environment[LOG], os.O_WRONLY | os.O_CREAT | os.O_APPEND) if LOG in environment else None

    def __call__(self, name: str) -> None:
        with self._lock:
            self._armed = self._armed or name == FIRST_OF_A_JOB
            if not self._armed:
                return
            self._counts[name] += 1
            instant = f"{name} #{self._counts[name]}"
            if self._log is not None:
                os.write(self._log, f"{instant}\n".encode())
        if instant == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def watch_store(instants: Instants) -> None:
    """Every statement of the store; what comes after one is before the next, but for a commit."""

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            name = " ".join(sql.split())[:70]
            instants(f"before {name}")
            cursor = super().execute(sql, *parameters)
            if name == "COMMIT":
                instants("after COMMIT")
            return cursor

    sqlite3.connect = partial(sqlite3.connect, factory=Connection)


def watch_files(instants: Instants) -> None:
    def watched(name: str) -> Callable[..., Any]:
        call = getattr(os, name)

        def watching(*arguments: Any, **options: Any) -> Any:
            instants(f"before {name}")
            result = call(*arguments, **options)
            instants(f"after {name}")
            return result

        return watching

    for name in ("fsync", "replace", "unlink"):
        setattr(os, name, watched(name))


def watch_http(instants: Instants) -> None:
    """Each request before it is sent and after it is answered; ids and tokens are left out of its name."""
    request = aiohttp.ClientSession._request

    async def watching(session: aiohttp.ClientSession, method: str, url: Any, **options: Any) -> Any:
        path = re.sub(r"/(\d{5,}|[^/]{20,})", "/*", str(url).partition("/v10")[2].partition("?")[0])
        instants(f"before {method} {path}")
        response = await request(session, method, url, **options)
        instants(f"after {method} {path}")
        return response

    aiohttp.ClientSession._request = watching


def watch_encoder(instants: Instants) -> None:
    """Each frame before it is given to ffmpeg."""
    feed = encode._feed

    def watching(*arguments: Any) -> None:
        instants("before a frame is encoded")
        feed(*arguments)

    encode._feed = watching


class WatchedExecutor(LocalExecutor):
    """Renders with the model; an instant follows each step, while the GPU thread goes on."""

    async def render(self, task: RenderTask) -> Rendered:
        def on_step(step: Step) -> None:
            instants(f"step {step.done}")
            task.on_step(step)

        def on_drawn() -> None:
            instants("drawn")
            task.on_drawn()

        return await super().render(replace(task, on_step=on_step, on_drawn=on_drawn))


class TorchFreeExecutor:
    """Renders without a model: a few steps, then a file that is put in place as a clip is."""

    unavailable: str | None = None

    def __init__(self, _settings: Any, **_options: Any) -> None:
        self._step_s = float(os.environ.get(STEP_S, USUAL_STEP_S))

    async def start(self) -> None:
        pass

    def ready(self, style: str) -> bool:
        return True

    async def prepare(self, style: str) -> None:
        pass

    async def render(self, task: RenderTask) -> Rendered:
        for step in range(1, STEPS + 1):
            await asyncio.sleep(self._step_s)
            if task.cancelled.is_set():
                raise RenderCancelled("stopped")
            instants(f"step {step}")
            task.on_step(Step(step, STEPS))
        if task.request.prompt == IMPOSSIBLE:
            raise GenerationError("nobody can draw this")
        task.on_drawn()
        await asyncio.to_thread(self._write, task.request, task.path)
        return Rendered(task.path, task.path.stat().st_size, 0.02, 0.01)

    def _write(self, request: ResolvedRequest, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial_file = path.with_name(f".{path.name}.part")
        partial_file.write_bytes(f"{request.prompt}, seed {request.seed}".encode() * 50)
        instants("clip written, not in place")
        put_in_place(partial_file, path)

    async def shrink(self, path: Path, *, max_bytes: int) -> None:
        raise NotImplementedError

    async def close(self, *, timeout_s: float) -> bool:
        return True


async def show_clip_in_a_new_message(messenger: DiscordMessenger, job: Any, path: Path) -> None:
    """What the bot does not do: a delivery that happens again when it is tried again."""
    import discord

    channel = messenger._client.get_partial_messageable(job.route.channel_id, guild_id=job.guild_id)
    await channel.send(file=discord.File(path, filename=f"flipbook-{job.id}.mp4"))


def live(environment: dict[str, str]) -> int:
    """Be the bot, in this process."""
    global instants
    instants = Instants(environment)
    watch_store(instants)
    watch_files(instants)
    watch_http(instants)
    watch_encoder(instants)
    bot.app.LocalExecutor = WatchedExecutor if environment.get(EXECUTOR) == REAL else TorchFreeExecutor
    if REPEATS in environment:
        DiscordMessenger.show_clip = show_clip_in_a_new_message
    return main([])


def serve() -> None:
    """Start a bot for each line; what a render imports is imported before, where renders are real."""
    _quieten()
    if os.environ.get(EXECUTOR) == REAL:
        for name in (*HEAVY, *DRAWING):
            import_module(name)
    for line in sys.stdin:
        environment = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 70
            try:
                os.environ.update(environment)
                os.chdir(environment["DATA_DIR"])
                log = os.open(environment["BOT_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(log, 1)
                os.dup2(log, 2)
                status = live(environment)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        print(json.dumps({"pid": child}), flush=True)
        _, ended = os.waitpid(child, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(ended)}), flush=True)


instants: Instants

if __name__ == "__main__":
    serve() if "--serve" in sys.argv else sys.exit(live(dict(os.environ)))
