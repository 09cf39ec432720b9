"""Shows clips and small pictures on the local page byte for byte as they were delivered, at once.

simcord re-encodes every MP4 to a small VP9 file, so that any browser can play anything; that costs
seconds per clip and most of its quality. Every browser people use plays the H.264 that this bot makes. Pictures go
through a process of their own there, and a look at a clip that renders would be gone before it is shown.
"""

from __future__ import annotations

import asyncio
import io
import logging
from typing import Any, cast

import av
from av.error import FFmpegError
from PIL import Image
from simcord.preview._media import (  # the worker is chosen by no public setting
    MediaInfo,
    MediaWorker,
)

log = logging.getLogger(__name__)

STILLS = (b"\xff\xd8\xff", b"RIFF")
"""How JPEG and WebP files begin."""

SMALL_BYTES = 1 << 20
SMALL_PIXELS = 1 << 20


class ClipWorker(MediaWorker):
    """Passes H.264 MP4s and small still pictures through untouched and leaves everything else to simcord."""

    async def validate(self, key: str, blob: bytes, *, media_time: float | None = None) -> MediaInfo:
        if blob[4:8] == b"ftyp":
            try:
                clip = await asyncio.to_thread(_describe, blob)
            except (FFmpegError, ValueError, StopIteration) as error:
                log.debug("A file that calls itself MP4 goes through simcord's own path: %s", error)
            else:
                return clip
        elif blob.startswith(STILLS) and len(blob) <= SMALL_BYTES:
            try:
                return await asyncio.to_thread(_describe_still, blob)
            except (OSError, ValueError) as error:
                log.debug("A picture goes through simcord's own path: %s", error)
        return await super().validate(key, blob, media_time=media_time)


def _describe_still(blob: bytes) -> MediaInfo:
    """What the page wants to know of a small picture that does not move."""
    with Image.open(io.BytesIO(blob), formats=("JPEG", "WEBP")) as picture:
        if getattr(picture, "n_frames", 1) != 1 or picture.width * picture.height > SMALL_PIXELS:
            raise ValueError("not a small still picture")
        picture.load()
        poster = io.BytesIO()
        picture.save(poster, format="PNG")
        return MediaInfo(
            format=picture.format or "",
            width=picture.width,
            height=picture.height,
            frames=1,
            decoded_bytes=picture.width * picture.height * 4,
            normalized=blob,
            content_type=f"image/{(picture.format or '').lower()}",
            capture=poster.getvalue(),
            poster=poster.getvalue(),
        )


def _describe(blob: bytes) -> MediaInfo:
    """What the page wants to know of a clip, and its first frame as the poster."""
    with av.open(io.BytesIO(blob), mode="r") as container:
        if len(container.streams) != 1 or not container.streams.video:
            raise ValueError("not a single video track")
        stream = container.streams.video[0]
        if stream.codec_context.name != "h264" or not container.duration:
            raise ValueError(f"{stream.codec_context.name} is not H.264 with a known length")
        first = next(container.decode(stream))
        poster = io.BytesIO()
        cast(Any, first).to_image().save(poster, format="PNG")  # PyAV leaves the picture untyped
        return MediaInfo(
            format="mp4",
            width=first.width,
            height=first.height,
            frames=max(1, stream.frames),
            decoded_bytes=first.width * first.height * 4,
            normalized=blob,
            content_type="video/mp4",
            kind="video",
            duration=container.duration / av.time_base,
            capture=poster.getvalue(),
            poster=poster.getvalue(),
            source_codecs={"video": "h264"},
            display_codecs={"video": "h264"},
            transformation="preserved",
            memory_limited=True,  # one frame is decoded, whatever the clip's length
        )
