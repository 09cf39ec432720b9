"""The REST API over real HTTP: every request is recorded, may be held or failed, and is carried out once.

A request's body is read completely before anything else happens. A route that is missing here answers 501 and
names itself; requests with a wrong bot token answer 401.
"""

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from .peer_answers import Answers
from .peer_gateway import Gateway
from .peer_model import Permission, channel_wire, guild_wire, member_wire
from .peer_rules import ApiError, Json, NotImplementedByPeer, Upload, invalid
from .peer_world import World

PREFIX: Final = "/api/v10"
_FILE_FIELD = re.compile(r"^files\[(\d+)\]$")


@dataclass(slots=True)
class Match:
    """Which requests a fault or a hold takes: a method, a path under /api/v10, after `skip`, `left` times."""

    method: str
    path: re.Pattern[str]
    skip: int
    left: int

    def takes(self, method: str, path: str) -> bool:
        if self.left <= 0 or self.method not in ("*", method) or not self.path.search(path):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.left -= 1
        return True


@dataclass(slots=True)
class Fault:
    """An answer that replaces the real one; with `carried_out` the request still takes effect first."""

    match: Match
    status: int
    body: Any
    headers: dict[str, str]
    carried_out: bool


@dataclass(slots=True)
class Hold:
    """A gate: `before` a request is carried out, or `after` it is and before it is answered."""

    id: int
    match: Match
    when: str
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    dropped: bool = False
    held: list[int] = field(default_factory=list)  # the numbers of the requests that arrived at the gate


@dataclass(slots=True)
class Call:
    """One request after its body was read."""

    record: Json
    body: Any
    uploads: list[Upload]
    query: dict[str, str]

    def json(self) -> Json:
        if not isinstance(self.body, dict):
            raise ApiError(400, 50109, "The request body contains invalid JSON.")
        return self.body


Route = tuple[str, re.Pattern[str], Callable[..., Any], bool]


class Rest:
    """The routes of one world. The `bool` of a route says whether it needs the bot token."""

    def __init__(self, world: World, gateway: Gateway, *, token: str) -> None:
        self.world, self.gateway, self.token = world, gateway, token
        self.answers = Answers(world)
        self.requests: list[Json] = []
        self.faults: list[Fault] = []
        self.holds: dict[int, Hold] = {}
        self._next_hold = 1
        self.routes = self._table()

    def add_hold(self, match: Match, when: str) -> Hold:
        hold = Hold(self._next_hold, match, when)
        self._next_hold += 1
        self.holds[hold.id] = hold
        return hold

    # The way of one request -----------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(PREFIX)
        record: Json = {
            "number": len(self.requests) + 1,
            "method": request.method,
            "path": path,
            "query": dict(request.query),
            "at": time.time(),
            "carried_out_at": None,
            "answered_at": None,
            "status": None,
            "code": None,
            "held": None,
            "injected": False,
            "body": None,
            "files": [],
            "error": None,
        }
        self.requests.append(record)
        try:
            body, uploads = await read_body(request)
        except (ConnectionError, web.HTTPException, ValueError) as error:
            record["status"] = record["code"] = 400
            record["error"] = f"unreadable body: {error}"
            self.world.changed()
            return answer_json({"message": record["error"], "code": 50109}, 400)
        record["body"] = body
        record["files"] = [
            {
                "name": upload.filename,
                "size": len(upload.data),
                "sha256": hashlib.sha256(upload.data).hexdigest(),
            }
            for upload in uploads
        ]
        self.world.changed()
        call = Call(record, body, uploads, dict(request.query))
        headers: dict[str, str] = {}
        fault = next((one for one in self.faults if one.match.takes(request.method, path)), None)
        gates = [hold for hold in self.holds.values() if hold.match.takes(request.method, path)]
        if not await self._pass(gates, "before", record):
            return self._drop(request, record)
        status, answer = 0, None
        if fault is None or fault.carried_out:
            status, answer = self._carry_out(call, request.headers.get("Authorization"))
            record["carried_out_at"] = time.time() if status < 400 else None
            self.world.changed()
        if fault is not None:
            record["injected"] = True
            status, answer, headers = fault.status, fault.body, fault.headers
        if not await self._pass(gates, "after", record):
            return self._drop(request, record)
        record["status"], record["answered_at"] = status, time.time()
        record["code"] = answer.get("code") if status >= 400 and isinstance(answer, dict) else None
        self.world.changed()
        if status == 204:
            return web.Response(status=204, headers=headers)
        return answer_json(answer, status, headers)

    async def _pass(self, gates: list[Hold], when: str, record: Json) -> bool:
        for hold in gates:
            if hold.when == when:
                record["held"] = when
                hold.held.append(record["number"])
                self.world.changed()
                await hold.gate.wait()
                if hold.dropped:
                    return False
        return True

    def _drop(self, request: web.Request, record: Json) -> web.StreamResponse:
        record["status"] = 0
        if request.transport is not None:
            request.transport.abort()
        self.world.changed()
        return web.Response(status=444)

    def _carry_out(self, call: Call, authorization: str | None) -> tuple[int, Any]:
        method, path = call.record["method"], call.record["path"]
        try:
            for route_method, pattern, act, bot_only in self.routes:
                found = pattern.fullmatch(path)
                if route_method != method or found is None:
                    continue
                if bot_only and authorization != f"Bot {self.token}":
                    return 401, {"message": "401: Unauthorized", "code": 0}
                groups = {
                    name: int(part) if part.isdigit() and name != "which" else part
                    for name, part in found.groupdict().items()
                }
                answer = act(call, **groups)
                return (204, None) if answer is None else (200, answer)
            raise NotImplementedByPeer(f"the route {method} {path}")
        except ApiError as error:
            return error.status, error.body()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            call.record["error"] = repr(error)
            where = f"{type(error).__name__}: {error}"
            return 501, {
                "message": f"the loopback Discord cannot read this {method} {path}: {where}",
                "code": 0,
            }

    # The routes -----------------------------------------------------------------------------------------

    def _table(self) -> list[Route]:
        world = self.world
        answers = self.answers
        wire = world.message_wire
        app = {"id": str(world.application_id), "name": "flipbook", "flags": 0, "bot_public": True}
        app |= {"description": "", "icon": None, "bot_require_code_grant": False, "verify_key": "0" * 64}
        app |= {"summary": "", "rpc_origins": [], "team": None, "bot": world.bot.wire()}
        app |= {
            "owner": world.bot.wire(),
            "install_params": None,
            "integration_types_config": {"0": {}, "1": {}},
        }

        table: list[Route] = []

        def route(method: str, path: str, act: Callable[..., Any], *, bot_only: bool = True) -> None:
            pattern = re.sub(r"\{(id_\w+|\w+)\}", lambda name: _group(name[1]), path)
            table.append((method, re.compile(pattern), act, bot_only))

        route("GET", "/users/@me", lambda call: world.bot.wire() | {"verified": True, "flags": 0})
        route("GET", "/users/{id_user}", lambda call, id_user: self._user(id_user).wire())
        route("GET", "/users/@me/guilds", lambda call: self._own_guilds())
        route("POST", "/users/@me/channels", self._open_dm)
        for path in ("/applications/@me", "/oauth2/applications/@me"):
            route("GET", path, lambda call: app)
        route("GET", "/gateway/bot", lambda call: self.gateway.gateway_bot())
        route("GET", "/gateway", lambda call: {"url": self.gateway.url})

        commands = "/applications/{id_app}/commands"
        route("PUT", commands, lambda call, id_app: world.sync(self._scope(id_app), call.body))
        route("GET", commands, lambda call, id_app: world.commands.get(self._scope(id_app), []))
        scoped = "/applications/{id_app}/guilds/{id_guild}/commands"
        route("PUT", scoped, lambda call, id_app, id_guild: world.sync(self._scope(id_app, id_guild), call.body))
        route(
            "GET",
            scoped,
            lambda call, id_app, id_guild: world.commands.get(self._scope(id_app, id_guild), []),
        )

        route("GET", "/guilds/{id_guild}", self._guild)
        route(
            "GET",
            "/guilds/{id_guild}/channels",
            lambda call, id_guild: self._guild(call, id_guild)["channels"],
        )
        route("GET", "/guilds/{id_guild}/members/{id_user}", self._member)
        route("GET", "/channels/{id_channel}", self._channel)
        route("POST", "/channels/{id_channel}/typing", self._typing)

        messages = "/channels/{id_channel}/messages"
        one = messages + "/{id_message}"
        route("GET", messages, self._history)
        route("POST", messages, lambda call, id_channel: wire(world.send(id_channel, call.json(), call.uploads)))
        route("GET", one, self._fetch)
        route(
            "PATCH",
            one,
            lambda call, id_channel, id_message: wire(world.edit(id_channel, id_message, call.json(), call.uploads)),
        )
        route("DELETE", one, lambda call, id_channel, id_message: world.delete(id_channel, id_message))

        callback = "/interactions/{id_interaction}/{token}/callback"
        route("POST", callback, self._callback, bot_only=False)
        hook = "/webhooks/{id_app}/{token}"
        its = hook + "/messages/{which}"
        route("POST", hook, self._follow_up, bot_only=False)
        route(
            "GET",
            its,
            lambda call, id_app, token, which: wire(answers.interaction_message(token, which)),
            bot_only=False,
        )
        route(
            "PATCH",
            its,
            lambda call, id_app, token, which: wire(answers.edit_by_token(token, which, call.json(), call.uploads)),
            bot_only=False,
        )
        route(
            "DELETE",
            its,
            lambda call, id_app, token, which: answers.delete_by_token(token, which),
            bot_only=False,
        )
        return table

    def _scope(self, app: int, guild: int | None = None) -> int | None:
        if app != self.world.application_id:
            raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
        if guild is not None and guild not in self.world.guilds:
            raise ApiError(403, 50001, "Missing Access")
        return guild

    def _user(self, user_id: int) -> Any:
        if user_id not in self.world.users:
            raise ApiError(404, 10013, "Unknown User")
        return self.world.users[user_id]

    def _open_dm(self, call: Call) -> Json:
        channel = self.world.open_dm(int(call.json()["recipient_id"]))
        others = {user: self.world.users[user] for user in channel.recipients if user != self.world.bot.id}
        return channel_wire(channel, self.world.users) | {"recipients": [user.wire() for user in others.values()]}

    def _own_guilds(self) -> list[Json]:
        bot = self.world.bot.id
        return [
            {"id": str(guild.id), "name": guild.name, "owner": False, "permissions": str(guild.permissions(bot, None))}
            for guild in self.world.guilds.values()
            if bot in guild.members
        ]

    def _guild(self, call: Call, id_guild: int) -> Json:
        guild = self.world.guilds.get(id_guild)
        if guild is None or self.world.bot.id not in guild.members:
            raise ApiError(404, 10004, "Unknown Guild")
        return guild_wire(guild, self.world.users, self.world.bot.id)

    def _member(self, call: Call, id_guild: int, id_user: int) -> Json:
        self._guild(call, id_guild)
        guild = self.world.guilds[id_guild]
        if id_user not in guild.members:
            raise ApiError(404, 10007, "Unknown Member")
        return member_wire(guild, self.world.users[id_user])

    def _channel(self, call: Call, id_channel: int) -> Json:
        return channel_wire(self.world.bot_channel(id_channel), self.world.users)

    def _typing(self, call: Call, id_channel: int) -> None:
        self.world.bot_channel(id_channel, Permission.SEND_MESSAGES)
        self.world.typing.append({"channel_id": id_channel, "at": self.world.clock()})

    def _history(self, call: Call, id_channel: int) -> list[Json]:
        if "around" in call.query:
            raise NotImplementedByPeer("Get Channel Messages with 'around'")
        limit = int(call.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
        before, after = (int(call.query[key]) if key in call.query else None for key in ("before", "after"))
        found = self.world.history(id_channel, limit, before, after)
        return [self.world.message_wire(message) for message in found]

    def _fetch(self, call: Call, id_channel: int, id_message: int) -> Json:
        self.world.bot_channel(id_channel, Permission.READ_MESSAGE_HISTORY)
        return self.world.message_wire(self.world.bot_message(id_channel, id_message))

    def _callback(self, call: Call, id_interaction: int, token: str) -> Json | None:
        answer = self.answers.respond(id_interaction, token, call.json(), call.uploads)
        wanted = call.query.get("with_response", "").lower() in ("1", "true")
        return answer if wanted else None

    def _follow_up(self, call: Call, id_app: int, token: str) -> Json | None:
        message = self.answers.follow_up(token, call.json(), call.uploads)
        return self.world.message_wire(message)


def answer_json(answer: Any, status: int, headers: dict[str, str] | None = None) -> web.Response:
    """The content type is exactly application/json, as Discord's is: clients compare it without a charset."""
    content_type = {} if headers and "Content-Type" in headers else {"Content-Type": "application/json"}
    body = answer if isinstance(answer, str) else json.dumps(answer)
    return web.Response(body=body.encode(), status=status, headers=content_type | (headers or {}))


def _group(name: str) -> str:
    return rf"(?P<{name}>\d+)" if name.startswith("id_") else rf"(?P<{name}>[^/]+)"


async def read_body(request: web.Request) -> tuple[Any, list[Upload]]:
    """JSON, or multipart with `payload_json` and `files[n]` (Discord API docs, Uploading Files)."""
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        return (json.loads(raw) if raw else None), []
    body: Any = None
    uploads: list[Upload] = []
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not hasattr(part, "name"):
            raise ValueError("nested multipart bodies are not part of Discord's API")
        name = str(part.name)  # type: ignore[union-attr]
        data = bytes(await part.read(decode=True))  # type: ignore[union-attr]
        found = _FILE_FIELD.match(name)
        if name == "payload_json":
            body = json.loads(data)
        elif found is not None:
            filename = str(part.filename or "unknown")  # type: ignore[union-attr]
            uploads.append(Upload(int(found[1]), filename, data, _content_type(filename)))
        else:
            raise ValueError(f"the form field {name!r} is not part of Discord's API")
    return body, uploads


def _content_type(filename: str) -> str:
    """Discord answers with the type of the file's name; clients send application/octet-stream."""
    suffix = filename.rsplit(".", 1)[-1].lower()
    known = {
        "mp4": "video/mp4",
        "webm": "video/webm",
        "gif": "image/gif",
        "png": "image/png",
        "webp": "image/webp",
    }
    known |= {"jpg": "image/jpeg", "jpeg": "image/jpeg", "txt": "text/plain; charset=utf-8"}
    known |= {"json": "application/json; charset=utf-8"}
    return known.get(suffix, "application/octet-stream")
