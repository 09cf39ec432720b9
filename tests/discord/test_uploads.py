"""Pictures that members send, from servers that keep no promise: nothing is taken beyond the bounds."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.orders import Refused
from cogs import uploads
from cogs.uploads import download, fetch

MOST = 200_000


@dataclass
class Host:
    """A loopback server that sends files in its own way, and counts what it could send."""

    server: TestServer | None = None
    sent: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str) -> str:
        assert self.server is not None
        return str(self.server.make_url(path))

    async def file(self, _: web.Request) -> web.Response:
        return web.Response(body=b"x" * 1000)

    async def endless(self, request: web.Request) -> web.StreamResponse:
        """Without a length, 64 KiB after 64 KiB, for as long as anybody listens."""
        return await self._stream(request, b"x" * 65_536, 0.0)

    async def slow(self, request: web.Request) -> web.StreamResponse:
        return await self._stream(request, b"x", 0.02)

    async def _stream(self, request: web.Request, piece: bytes, pause_s: float) -> web.StreamResponse:
        answer = web.StreamResponse()
        try:
            await answer.prepare(request)
            while True:
                await answer.write(piece)
                self.sent += len(piece)
                await asyncio.sleep(pause_s)
        except (ConnectionError, asyncio.CancelledError):
            self.closed.set()
            raise

    async def packed(self, _: web.Request) -> web.Response:
        """Says that it is packed, whatever was asked for."""
        return web.Response(body=b"not packed at all", headers={"Content-Encoding": "gzip"})

    async def elsewhere(self, _: web.Request) -> web.Response:
        raise web.HTTPFound("/file")

    async def torn(self, request: web.Request) -> web.StreamResponse:
        """Declares more than it sends."""
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b"x" * 10)
        assert request.transport is not None
        request.transport.close()
        return answer


@asynccontextmanager
async def host():
    made, app = Host(), web.Application()
    for name in ("file", "endless", "slow", "packed", "elsewhere", "torn"):
        app.router.add_get(f"/{name}", getattr(made, name))
    made.server = TestServer(app)
    async with made.server:
        yield made


def attachment(url: str, size: int = 1000):
    return SimpleNamespace(url=url, size=size, content_type="image/png")


async def test_a_file_is_taken_as_it_is():
    async with host() as h:
        assert await download(attachment(h.url("/file")), simulated=False) == b"x" * 1000
        assert await fetch(h.url("/packed"), most=MOST) == b"not packed at all"


async def test_a_file_may_have_exactly_as_many_bytes_as_are_allowed():
    async with host() as h:
        assert await fetch(h.url("/file"), most=1000) == b"x" * 1000
        assert await fetch(h.url("/file"), most=999) is None


async def test_a_body_beyond_what_was_declared_is_left_at_the_limit(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PICTURE_BYTES", MOST)
    async with host() as h:
        with pytest.raises(Refused, match="too large"):
            await download(attachment(h.url("/endless"), size=10), simulated=False)
        await asyncio.wait_for(h.closed.wait(), 10)
        assert h.sent < 40 * MOST, "what the sockets hold between us at most"


async def test_a_slow_body_is_given_up_in_time(monkeypatch):
    monkeypatch.setattr(uploads, "DOWNLOAD_S", 0.3)
    async with host() as h:
        with pytest.raises(Refused, match="try again"):
            await download(attachment(h.url("/slow")), simulated=False)
        await asyncio.wait_for(h.closed.wait(), 10)
        assert h.sent < 100


@pytest.mark.parametrize("path", ["/elsewhere", "/torn", "/nowhere"])
async def test_a_link_that_leads_to_no_file_is_told(path):
    async with host() as h:
        with pytest.raises(Refused, match="try again"):
            await download(attachment(h.url(path)), simulated=False)
