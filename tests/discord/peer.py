"""A small real Discord on 127.0.0.1: `python -m tests.discord.peer` prints one JSON line with its addresses.

It lives in a process of its own, so a bot can be killed and started again while the world it knew goes on.
It ends with SIGTERM, and with `--exit-with-stdin` also when its standard input closes: no test run that dies
leaves it behind.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass

from aiohttp import web

from .peer_control import Control
from .peer_gateway import Gateway
from .peer_rest import PREFIX, Rest
from .peer_rules import ACK_WINDOW_S, TOKEN_LIFETIME_S
from .peer_world import Timing, World

DEFAULT_TOKEN = "loopback.bot.token"
OWNER, MEMBERS, GUILD, CHANNELS = "olivia", ("alice", "bob"), "flipbook-house", ("general", "after-dark")
MAX_BODY = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Options:
    token: str = DEFAULT_TOKEN
    heartbeat_interval_s: float = 41.25
    shards: int = 1
    timing: Timing | None = None


def furnished_world(cdn_url: str, timing: Timing | None = None) -> World:
    """One guild with an owner, two members, a channel and an age-restricted channel."""
    world = World(cdn_url=cdn_url, timing=timing)
    guild = world.add_guild(GUILD, owner=world.add_user(OWNER))
    for name in MEMBERS:
        guild.members[world.add_user(name).id] = []
    for name in CHANNELS:
        world.add_channel(guild, name, nsfw=name == "after-dark")
    return world


def build_app(host: str, port: int, options: Options) -> tuple[web.Application, World]:
    world = furnished_world(f"http://{host}:{port}/cdn", options.timing)
    gateway = Gateway(
        world,
        token=options.token,
        url=f"ws://{host}:{port}/gateway",
        heartbeat_interval_s=options.heartbeat_interval_s,
        shards=options.shards,
    )
    world.dispatch = gateway.dispatch
    rest = Rest(world, gateway, token=options.token)
    control = Control(world, rest, gateway)

    async def cdn(request: web.Request) -> web.Response:
        path = request.path.removeprefix("/cdn")
        attachment = world.attachments.get(int(request.match_info["id"]))
        query = request.query
        if attachment is None or not world.cdn.valid(path, query.get("ex", "0"), query.get("hm", "")):
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=attachment.data, headers={"Content-Type": attachment.content_type})

    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_post("/_control/{verb}", control.handle)
    app.router.add_get("/gateway", gateway.serve)
    app.router.add_get("/gateway/", gateway.serve)
    app.router.add_get(r"/cdn/attachments/{channel:\d+}/{id:\d+}/{name}", cdn)
    app.router.add_route("*", PREFIX + "/{path:.*}", rest.handle)
    return app, world


async def serve(host: str, port: int, options: Options, *, exit_with_stdin: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    listener = socket.create_server((host, port))
    port = listener.getsockname()[1]
    app, world = build_app(host, port, options)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    base = f"http://{host}:{port}"
    where = {
        "api_url": base + PREFIX,
        "gateway_url": f"ws://{host}:{port}/gateway",
        "control_url": base + "/_control",
        "token": options.token,
        "application_id": world.application_id,
        "pid": os.getpid(),
    }
    print(json.dumps(where), flush=True)
    watcher = asyncio.create_task(_stop_with_stdin(stop)) if exit_with_stdin else None
    await stop.wait()
    if watcher is not None:
        watcher.cancel()
    await runner.cleanup()


async def _stop_with_stdin(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        pass
    stop.set()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--heartbeat-interval", type=float, default=41.25, metavar="SECONDS")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--ack-window", type=float, default=ACK_WINDOW_S, metavar="SECONDS")
    parser.add_argument("--token-lifetime", type=float, default=TOKEN_LIFETIME_S, metavar="SECONDS")
    parser.add_argument("--exit-with-stdin", action="store_true")
    given = parser.parse_args()
    timing = Timing(given.ack_window, given.token_lifetime)
    options = Options(given.token, given.heartbeat_interval, given.shards, timing)
    asyncio.run(serve("127.0.0.1", given.port, options, exit_with_stdin=given.exit_with_stdin))


if __name__ == "__main__":
    main()
