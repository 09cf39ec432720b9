"""Pictures that members send: looked at from outside before they are fetched, and fetched within bounds."""

from __future__ import annotations

import asyncio

import aiohttp
import discord

from bot.orders import Refused
from generation.request import MAX_PICTURE_BYTES

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
"""What Discord calls the files that can be read; what they are is found out by reading them."""

DOWNLOAD_S = 30.0


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


async def download(attachment: discord.Attachment) -> bytes:
    """The file of a checked attachment.

    Raises:
        Refused: Discord does not hand it out, or not in time.
    """
    try:
        async with asyncio.timeout(DOWNLOAD_S):
            return await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise Refused("upload-unreadable") from error
