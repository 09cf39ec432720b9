"""The test's hand on the loopback Discord: start it, act as a member, read the world, make it fail.

`running_peer()` owns the process and ends it, and only it. A wait that fails raises PeerTimeout, which says
what was seen instead.
"""

import asyncio
import base64
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp

from .peer_views import (
    PeerAttachment,
    PeerConnection,
    PeerFile,
    PeerInteraction,
    PeerMessage,
    PeerRequest,
    Where,
)

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]


class PeerRefused(Exception):
    """The peer would not do it: a member could not either, or the test asked for something impossible."""


class PeerTimeout(AssertionError):
    """What the test waited for did not happen in time."""


class PeerClient:
    """Users, guilds and channels go by name or id; the defaults are alice, in the channel "general"."""

    def __init__(self, where: Where, session: aiohttp.ClientSession) -> None:
        self.where, self._session = where, session
        self._names: Json = {}

    async def call(self, verb: str, **arguments: Any) -> Any:
        async with self._session.post(f"{self.where.control_url}/{verb}", json=arguments) as response:
            answer = await response.json()
            if response.status != 200:
                raise PeerRefused(answer["error"])
            return answer

    async def _id(self, kind: Literal["users", "guilds", "channels"], given: int | str) -> int:
        if isinstance(given, int):
            return given
        if given not in self._names.get(kind, {}):
            self._names = await self.call("scene")
        if given not in self._names[kind]:
            raise PeerRefused(f"no {kind[:-1]} is called {given}; there are {sorted(self._names[kind])}")
        return self._names[kind][given]

    async def user(self, name: str) -> int:
        return await self._id("users", name)

    async def guild(self, name: str = "flipbook-house") -> int:
        return await self._id("guilds", name)

    async def channel(self, name: str = "general") -> int:
        return await self._id("channels", name)

    async def bot_id(self) -> int:
        return (await self.call("scene"))["bot_id"]

    # Acting as a member ---------------------------------------------------------------------------------

    async def slash(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        user: int | str = "alice",
        channel: int | str = "general",
        locale: str = "en-US",
        offline: bool = False,
    ) -> PeerInteraction:
        """Uses a synced slash command; "group sub" names a subcommand, a PeerFile is uploaded."""
        place = await self._id("channels", channel)
        answer = await self.call(
            "slash",
            name=name,
            options=await self._upload(place, options or {}),
            user=await self._id("users", user),
            channel=place,
            locale=locale,
            offline=offline,
        )
        return PeerInteraction.of(answer)

    async def _upload(self, channel: int, values: Mapping[str, Any]) -> Json:
        answer: Json = {}
        for name, value in values.items():
            many = value if isinstance(value, list) else [value]
            ready = [await self._upload_one(channel, one) if isinstance(one, PeerFile) else one for one in many]
            answer[name] = ready if isinstance(value, list) else ready[0]
        return answer

    async def _upload_one(self, channel: int, file: PeerFile) -> int:
        data = base64.b64encode(file.data).decode()
        kind = file.content_type
        answer = await self.call("upload", channel=channel, filename=file.filename, data=data, content_type=kind)
        return answer["id"]

    async def autocomplete(
        self,
        name: str,
        focused: str,
        text: str,
        options: Mapping[str, Any] | None = None,
        *,
        user: int | str = "alice",
        channel: int | str = "general",
        locale: str = "en-US",
        timeout_s: float = 5.0,
    ) -> list[Json]:
        """Types `text` into the option `focused` and returns the choices that the bot offers."""
        answer = await self.call(
            "autocomplete",
            name=name,
            focused=focused,
            text=text,
            options=dict(options or {}),
            user=await self._id("users", user),
            channel=await self._id("channels", channel),
            locale=locale,
        )
        return (await self.acknowledged(answer["id"], timeout_s)).choices or []

    async def menu(
        self,
        name: str,
        target: int,
        *,
        user: int | str = "alice",
        channel: int | str = "general",
        locale: str = "en-US",
    ) -> PeerInteraction:
        """Uses a context menu entry on a message or a user."""
        user_id, place = await self._id("users", user), await self._id("channels", channel)
        answer = await self.call("menu", name=name, target=target, user=user_id, channel=place, locale=locale)
        return PeerInteraction.of(answer)

    async def press(
        self,
        message: int,
        custom_id: str,
        *,
        user: int | str = "alice",
        values: list[str] | None = None,
        locale: str = "en-US",
        offline: bool = False,
    ) -> PeerInteraction:
        """Presses a button, or chooses `values` in a select menu, of a message that the user sees."""
        answer = await self.call(
            "press",
            message=message,
            custom_id=custom_id,
            user=await self._id("users", user),
            values=values,
            locale=locale,
            offline=offline,
        )
        return PeerInteraction.of(answer)

    async def modal_submit(
        self,
        opened_by: PeerInteraction,
        values: Mapping[str, Any],
        *,
        user: int | str = "alice",
        locale: str = "en-US",
    ) -> PeerInteraction:
        """Fills in the modal that answered `opened_by`: custom_id -> text, or a list of values or files."""
        ready = await self._upload(await self.channel(), values)
        user_id = await self._id("users", user)
        answer = await self.call("modal_submit", interaction=opened_by.id, values=ready, user=user_id, locale=locale)
        return PeerInteraction.of(answer)

    async def say(self, content: str, *, user: int | str = "alice", channel: int | str = "general") -> int:
        user_id, place = await self._id("users", user), await self._id("channels", channel)
        return (await self.call("say", user=user_id, channel=place, content=content))["id"]

    async def delete_message(self, message: int) -> None:
        await self.call("delete_message", message=message)

    # Reading the world ----------------------------------------------------------------------------------

    async def messages(
        self, channel: int | str | None = "general", *, viewer: int | str | None = None, deleted: bool = False
    ) -> list[PeerMessage]:
        """Oldest first; a `viewer` sees only what their own client shows. `channel=None` is everywhere."""
        place = None if channel is None else await self._id("channels", channel)
        eyes = None if viewer is None else await self._id("users", viewer)
        answer = await self.call("messages", channel=place, viewer=eyes, deleted=deleted)
        return [PeerMessage.of(one) for one in answer]

    async def message(self, message: int) -> PeerMessage:
        """One message, deleted or not."""
        found = [one for one in await self.messages(None, deleted=True) if one.id == message]
        if not found:
            raise PeerRefused(f"there never was a message {message}")
        return found[0]

    async def download(self, attachment: PeerAttachment) -> bytes:
        if attachment.url is None:
            raise PeerRefused("an attachment from the edit history has no link")
        async with self._session.get(attachment.url) as response:
            response.raise_for_status()
            return await response.read()

    async def interaction(self, interaction: int) -> PeerInteraction:
        return PeerInteraction.of(await self.call("interaction", id=interaction))

    async def interactions(self) -> list[PeerInteraction]:
        return [PeerInteraction.of(one) for one in await self.call("interactions")]

    async def requests(self, method: str | None = None, path_contains: str = "") -> list[PeerRequest]:
        answer = [PeerRequest.of(one) for one in await self.call("requests")]
        return [one for one in answer if method in (None, one.method) and path_contains in one.path]

    async def commands(self, guild: int | None = None) -> list[Json]:
        return (await self.call("commands", guild=guild))["commands"]

    async def command_syncs(self) -> list[Json]:
        return (await self.call("commands"))["syncs"]

    async def connections(self) -> list[PeerConnection]:
        return [PeerConnection.of(one) for one in (await self.call("heartbeats"))["connections"]]

    # Waiting --------------------------------------------------------------------------------------------

    async def until(self, look: Callable[[], Any], timeout_s: float, what: str) -> Any:
        """Awaits `look()` after every change of the world until it returns something true."""
        deadline = time.perf_counter() + timeout_s
        revision = -1
        while True:
            revision = (await self.call("wait", since=-1, timeout_s=0))["revision"]
            found = await look()
            if found:
                return found
            left = deadline - time.perf_counter()
            if left <= 0:
                requests = [f"{one.method} {one.path} -> {one.status}" for one in await self.requests()]
                texts = [(one.id, one.text, f"flags={one.flags}") for one in await self.messages(None)]
                raise PeerTimeout(f"{what}: not within {timeout_s} s\n{texts}\n" + "\n".join(requests[-15:]))
            await self.call("wait", since=revision, timeout_s=min(left, 1.0))

    async def wait_for_message(
        self,
        predicate: Callable[[PeerMessage], bool],
        timeout: float = 5.0,  # noqa: ASYNC109  (the deadline is part of the failure's text)
        *,
        channel: int | str | None = None,
        viewer: int | str | None = None,
    ) -> PeerMessage:
        """The oldest message for which `predicate` holds, as soon as one exists."""

        async def look() -> PeerMessage | None:
            found = await self.messages(channel, viewer=viewer)
            return next((one for one in found if predicate(one)), None)

        return await self.until(look, timeout, "no message fits")

    async def acknowledged(self, interaction: int, timeout_s: float = 5.0) -> PeerInteraction:
        async def look() -> PeerInteraction | None:
            found = await self.interaction(interaction)
            return found if found.state == "acknowledged" else None

        return await self.until(look, timeout_s, f"interaction {interaction} is not acknowledged")

    async def wait_connected(self, timeout_s: float = 15.0) -> PeerConnection:
        """An open connection that has identified or resumed; commands may still be on their way."""

        async def look() -> PeerConnection | None:
            live = [one for one in await self.connections() if one.session_id and one.closed_at is None]
            return live[-1] if live else None

        return await self.until(look, timeout_s, "the bot is not connected")

    async def wait_synced(self, name: str, timeout_s: float = 15.0) -> None:
        """The bot is connected and has synced a command of this name."""

        async def look() -> bool:
            return any(one["name"] == name for one in await self.commands())

        await self.until(look, timeout_s, f"/{name} is not synced")
        await self.wait_connected(timeout_s)

    async def wait_disconnected(self, timeout_s: float = 5.0) -> None:
        async def look() -> bool:
            return all(one.closed_at is not None for one in await self.connections())

        await self.until(look, timeout_s, "the bot is still connected")

    # Making it fail -------------------------------------------------------------------------------------

    async def inject(
        self,
        method: str,
        path: str,
        status: int,
        *,
        code: int = 0,
        body: Any = None,
        headers: dict[str, str] | None = None,
        count: int = 1,
        skip: int = 0,
        carried_out: bool = False,
    ) -> None:
        """Answers so the next `count` matching requests after `skip`; `path` is a regex under /api/v10."""
        await self.call(
            "inject",
            method=method,
            path=path,
            status=status,
            code=code,
            body=body,
            headers=headers,
            count=count,
            skip=skip,
            carried_out=carried_out,
        )

    async def clear_faults(self) -> int:
        """Forgets the injected answers; returns how many were never given."""
        return (await self.call("clear_faults"))["unused"]

    async def hold(
        self, method: str, path: str, *, when: Literal["before", "after"], count: int = 1, skip: int = 0
    ) -> "PeerHold":
        """Stops matching requests before they are carried out, or after that and before they are answered."""
        answer = await self.call("hold", method=method, path=path, when=when, count=count, skip=skip)
        return PeerHold(self, answer["id"], f"{method} {path}")

    async def close_gateway(self, code: int = 4000, *, resumable: bool = True) -> None:
        await self.call("close_gateway", code=code, resumable=resumable)

    async def ask_reconnect(self) -> None:
        await self.call("ask_reconnect")

    async def expire_token(self, interaction: int) -> None:
        await self.call("expire_token", interaction=interaction)

    async def set_upload_limit(self, limit_bytes: int | None) -> None:
        await self.call("set_upload_limit", limit_bytes=limit_bytes)


@dataclass(frozen=True, slots=True)
class PeerHold:
    """A gate in the peer; requests wait until it is released or dropped, even if their client died."""

    peer: PeerClient
    id: int
    what: str

    async def wait_held(self, timeout_s: float = 5.0, count: int = 1) -> PeerRequest:
        """The `count`-th request that arrived at the gate."""

        async def look() -> PeerRequest | None:
            held = await self.peer.call("held", hold=self.id)
            return PeerRequest.of(held[count - 1]) if len(held) >= count else None

        return await self.peer.until(look, timeout_s, f"{self.what} was not requested")

    async def release(self) -> None:
        """Lets the requests go on: carried out if they were not, then answered."""
        await self.peer.call("release", hold=self.id)

    async def drop(self) -> None:
        """Cuts the requests off: never carried out (held before), or done and never answered (after)."""
        await self.peer.call("release", hold=self.id, drop=True)


@asynccontextmanager
async def running_peer(
    *,
    token: str | None = None,
    heartbeat_interval_s: float | None = None,
    ack_window_s: float | None = None,
    token_lifetime_s: float | None = None,
    port: int = 0,
) -> AsyncIterator[PeerClient]:
    """Starts the peer in its own process and always ends that process, also when the test run is killed."""
    arguments = ["--port", str(port), "--exit-with-stdin"]
    given = {
        "--token": token,
        "--heartbeat-interval": heartbeat_interval_s,
        "--ack-window": ack_window_s,
        "--token-lifetime": token_lifetime_s,
    }
    for option, value in given.items():
        if value is not None:
            arguments += [option, str(value)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.discord.peer",
        *arguments,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            line = await process.stdout.readline()
        if not line:
            raise RuntimeError(f"the peer ended with code {await process.wait()} before it was ready")
        async with aiohttp.ClientSession() as session:
            yield PeerClient(Where(**json.loads(line)), session)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(5):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
