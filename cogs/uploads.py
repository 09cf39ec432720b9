"""Pictures that members send: looked at from outside before they are fetched, and fetched within bounds."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import aiohttp
import discord

from bot.orders import Refused
from generation.request import MAX_PICTURE_BYTES

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
"""What Discord calls the files that can be read; what they are is found out by reading them."""

DOWNLOAD_S = 30.0

PIECE_BYTES = 1 << 16
"""Of a file that are taken at a time."""


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether an attachment says that it is a picture of a kind that can be read."""
    return attachment.content_type is not None and attachment.content_type.split(";")[0].strip().lower() in PICTURES


def check_picture(attachment: discord.Attachment) -> None:
    """Refuse what is certainly no picture, or too large, before it is fetched.

    Raises:
        Refused: what can be taken instead.
    """
    if not is_picture(attachment):
        raise Refused("upload-no-picture")
    if attachment.size > MAX_PICTURE_BYTES:
        raise Refused("upload-too-large", most=MAX_PICTURE_BYTES >> 20)


async def download(attachment: discord.Attachment, *, simulated: bool) -> bytes:
    """The file of a checked attachment; no more of it is taken than may be there, whatever was declared.

    Args:
        simulated: its link leads nowhere, and only discord.py as it is simulated has the file.

    Raises:
        Refused: it is too large, or Discord does not hand it out, or not in time.
    """
    try:
        async with asyncio.timeout(DOWNLOAD_S):
            content = await (attachment.read() if simulated else fetch(attachment.url, most=MAX_PICTURE_BYTES))
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise Refused("upload-unreadable") from error
    if content is None:
        raise Refused("upload-too-large", most=MAX_PICTURE_BYTES >> 20)
    return content


async def fetch(url: str, *, most: int) -> bytes | None:
    """What a link leads to; None where that is more than `most` bytes, of which no more than a piece is taken.

    Discord's links lead to files themselves, as they are: a redirect is not followed, and nothing is unpacked.

    Raises:
        aiohttp.ClientError: no file, or not whole.
    """
    async with (
        aiohttp.ClientSession(auto_decompress=False, raise_for_status=True) as session,
        session.get(url, allow_redirects=False, headers={"Accept-Encoding": "identity"}) as response,
    ):
        if response.status != HTTPStatus.OK:
            raise aiohttp.ClientPayloadError(response.reason)
        content = bytearray()
        async for piece in response.content.iter_chunked(PIECE_BYTES):
            content += piece
            if len(content) > most:
                return None
    return bytes(content)
