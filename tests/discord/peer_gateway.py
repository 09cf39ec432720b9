"""The gateway over a real WebSocket: a session outlives its connection and is then resumed or replaced.

Discord API docs, Gateway. `compress=zlib-stream` is honoured; a client that asks for zstd-stream is sent text
frames, which discord.py accepts.
"""

import asyncio
import json
import secrets
import time
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from aiohttp import WSMsgType, web

from .peer_model import guild_wire
from .peer_rules import Json
from .peer_world import INTENT_GUILDS, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 3, 6, 7, 9, 10, 11
PRIVILEGED_INTENTS: Final = (1 << 1) | (1 << 8) | (1 << 15)


@dataclass(slots=True)
class Session:
    """One identified shard: its sequence and everything dispatched to it, for RESUME."""

    id: str
    shard: tuple[int, int]
    intents: int
    sent: list[Json] = field(default_factory=list)
    connection: "Connection | None" = None
    resumable: bool = True

    def takes(self, guild_id: int | None, intent: int) -> bool:
        shard, count = self.shard
        home = (guild_id >> 22) % count if guild_id is not None else 0
        return home == shard and (not intent or bool(self.intents & intent))


@dataclass(slots=True)
class Connection:
    """One WebSocket: what it did and when, kept after it is gone."""

    number: int
    opened_at: float
    queue: "asyncio.Queue[Json | tuple[int, str] | None]" = field(default_factory=asyncio.Queue)
    heartbeats: list[float] = field(default_factory=list)
    identified_at: float | None = None
    resumed_at: float | None = None
    closed_at: float | None = None
    close_code: int | None = None
    session_id: str | None = None

    def report(self, now: float) -> Json:
        until = self.closed_at or now
        times = self.heartbeats
        gaps = [later - earlier for earlier, later in pairwise(times)]
        return {
            "number": self.number,
            "opened_at": self.opened_at,
            "identified_at": self.identified_at,
            "resumed_at": self.resumed_at,
            "closed_at": self.closed_at,
            "close_code": self.close_code,
            "session_id": self.session_id,
            "heartbeats": times,
            "gaps_s": gaps,
            "since_last_s": until - times[-1] if times else until - self.opened_at,
        }


class Gateway:
    """Every connection and session of the bot; `dispatch` is the world's way to speak to it."""

    def __init__(self, world: World, *, token: str, url: str, heartbeat_interval_s: float, shards: int) -> None:
        self.world, self.token, self.url = world, token, url
        self.heartbeat_interval_s, self.shards = heartbeat_interval_s, shards
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []

    def gateway_bot(self) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 16}
        return {"url": self.url, "shards": self.shards, "session_start_limit": limit}

    def dispatch(self, event: str, data: Json, guild_id: int | None, intent: int) -> bool:
        """Sends an event to every session of its shard that wants it; True if a live connection got it."""
        live = False
        for session in self.sessions.values():
            if session.resumable and session.takes(guild_id, intent):
                self._send(session, event, data)
                live = live or session.connection is not None
        return live

    def _send(self, session: Session, event: str, data: Json) -> None:
        payload = {"op": DISPATCH, "t": event, "s": len(session.sent) + 1, "d": data}
        session.sent.append(payload)
        if session.connection is not None:
            session.connection.queue.put_nowait(payload)

    def connected(self) -> bool:
        return any(session.connection is not None for session in self.sessions.values())

    def report(self) -> Json:
        now = time.time()
        return {
            "interval_s": self.heartbeat_interval_s,
            "connections": [connection.report(now) for connection in self.connections],
        }

    # Controls -------------------------------------------------------------------------------------------

    def close_all(self, code: int, *, resumable: bool) -> int:
        """Closes every open connection from Discord's side; returns how many there were."""
        return self._each(lambda connection: connection.queue.put_nowait((code, "closed by the test")), resumable)

    def ask_reconnect(self) -> int:
        """Opcode 7: the bot is to reconnect and resume."""
        return self._each(lambda connection: connection.queue.put_nowait({"op": RECONNECT, "d": None}), True)

    def _each(self, act: Any, resumable: bool) -> int:
        live = [session for session in self.sessions.values() if session.connection is not None]
        for session in live:
            session.resumable = resumable
            act(session.connection)
        return len(live)

    # One connection -------------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False, max_msg_size=1 << 20, autoping=True)
        await socket.prepare(request)
        connection = Connection(len(self.connections) + 1, time.time())
        self.connections.append(connection)
        packer = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        writer = asyncio.create_task(_write(socket, connection, packer))
        connection.queue.put_nowait({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat_interval_s * 1000)}})
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    break
                self._receive(connection, json.loads(frame.data))
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            ours = connection.close_code  # set where the peer closed first
            connection.closed_at, connection.close_code = time.time(), ours or socket.close_code
            for session in self.sessions.values():
                if session.connection is connection:
                    session.connection = None
                    if ours is None and socket.close_code in (1000, 1001):
                        session.resumable = False  # Discord API docs, Gateway, Disconnecting
            self.world.changed()
        return socket

    def _receive(self, connection: Connection, payload: Json) -> None:
        data = payload.get("d")
        match payload.get("op"):
            case 1:
                connection.heartbeats.append(time.time())
                connection.queue.put_nowait({"op": ACK, "d": None})
            case 2:
                self._identify(connection, data or {})
            case 6:
                self._resume(connection, data or {})
            case 3:
                pass  # a presence changes nothing that a member of this world could see
            case code:
                connection.queue.put_nowait((4001, f"opcode {code} is not implemented by the loopback Discord"))
        self.world.changed()

    def _identify(self, connection: Connection, data: Json) -> None:
        world = self.world
        if data.get("token") != self.token:
            connection.queue.put_nowait((4004, "Authentication failed."))
            return
        if connection.session_id is not None:
            connection.queue.put_nowait((4005, "Already authenticated."))
            return
        intents = int(data.get("intents") or 0)
        if intents & PRIVILEGED_INTENTS:
            connection.queue.put_nowait((4014, "Disallowed intent(s)."))
            return
        shard_id, count = data.get("shard") or (0, 1)
        session = Session(secrets.token_hex(16), (shard_id, count), intents, connection=connection)
        self.sessions[session.id] = session
        connection.session_id, connection.identified_at = session.id, time.time()
        present = [guild for guild in world.guilds.values() if world.bot.id in guild.members]
        home = [guild for guild in present if session.takes(guild.id, 0)]
        ready: Json = {
            "v": 10,
            "user": world.bot.wire() | {"verified": True, "mfa_enabled": False, "email": None, "flags": 0},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in home],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [shard_id, count],
            "application": {"id": str(world.application_id), "flags": 0},
            "private_channels": [],
        }
        self._send(session, "READY", ready)
        if intents & INTENT_GUILDS:
            for guild in home:
                self._send(session, "GUILD_CREATE", guild_wire(guild, world.users, world.bot.id))

    def _resume(self, connection: Connection, data: Json) -> None:
        """Replays what the session missed, or INVALID_SESSION (false): the bot then identifies anew."""
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self.token:
            connection.queue.put_nowait((4004, "Authentication failed."))
            return
        seen = int(data.get("seq") or 0)
        if session is None or not session.resumable or seen > len(session.sent):
            connection.queue.put_nowait({"op": INVALID, "d": False})
            return
        session.connection = connection
        connection.session_id, connection.resumed_at = session.id, time.time()
        for payload in session.sent[seen:]:
            connection.queue.put_nowait(payload)
        self._send(session, "RESUMED", {})


async def _write(socket: web.WebSocketResponse, connection: Connection, packer: Any) -> None:
    """The only writer of a socket, so that events leave in the order in which they happened."""
    while True:
        item = await connection.queue.get()
        if item is None:
            return
        try:
            if isinstance(item, tuple):
                connection.close_code = item[0]
                await socket.close(code=item[0], message=item[1].encode())
                return
            text = json.dumps(item)
            if packer is None:
                await socket.send_str(text)
            else:
                packed = packer.compress(text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
                await socket.send_bytes(packed)
        except (ConnectionError, RuntimeError):
            return
