"""Pictures and clips that the local page was shown stay to be had for some seconds after others have taken their place.

A browser asks for a picture after it has read which one to show. Where the bot has replaced it in between, simcord has
nothing to give, and the page says that the picture is unavailable until it reads of the other one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

KEPT_S = 10.0
"""How long after it was replaced; a browser asks within one."""

SHOWN = ("image/", "video/")


@dataclass(frozen=True, slots=True)
class Glow:
    """What stays of a file, until a moment in seconds; for ever while it is shown."""

    content_type: str
    content: bytes
    filename: str
    until: float = math.inf


class Afterglow:
    """The files of all open pages by page and by simcord's id for them, which is never given twice."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], Glow] = {}

    def shine(self, page_id: str, assets: Mapping[str, Any], blobs: Mapping[str, Any], now: float) -> None:
        """The page is shown these assets from now on, and no others."""
        kept = {
            key: replace(glow, until=now + KEPT_S)
            if key[0] == page_id and key[1] not in assets and glow.until == math.inf
            else glow
            for key, glow in self._files.items()
        }
        for asset_id, record in assets.items():
            blob = blobs.get(record.digest or "")
            if record.available and blob is not None and record.contentType.startswith(SHOWN):
                kept[page_id, asset_id] = Glow(record.contentType, blob.data, record.filename)
        self._files = {key: glow for key, glow in kept.items() if glow.until > now}

    def close(self, page_id: str) -> None:
        """The page is gone."""
        self._files = {key: glow for key, glow in self._files.items() if key[0] != page_id}

    def of(self, page_id: str | None, asset_id: str, now: float) -> Glow | None:
        """A file that the page shows or has shown until a moment ago."""
        glow = self._files.get((page_id or "", asset_id))
        return None if glow is None or glow.until <= now else glow
