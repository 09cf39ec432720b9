"""Small pictures of a clip: one of a render that is still under way, and a strip of frames to know a clip by."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

STILL_SIDE_PX = 256
STRIP_HEIGHT_PX = 96
STRIP_FRAMES = 4
QUALITY = 80


def still(frame: NDArray[np.float32]) -> bytes:
    """A frame, (h, w, 3) in [0, 1], as a JPEG of at most STILL_SIDE_PX a side."""
    image = _image(frame)
    image.thumbnail((STILL_SIDE_PX, STILL_SIDE_PX))
    return _encoded(image, "JPEG")


def strip(frames: Sequence[NDArray[np.float32]]) -> bytes:
    """At most STRIP_FRAMES frames, (h, w, 3) in [0, 1], evenly spaced from the first to the last, in a row (WebP)."""
    shown = min(len(frames), STRIP_FRAMES)
    places = [round(index * (len(frames) - 1) / max(shown - 1, 1)) for index in range(shown)]
    images = [_image(frames[place]) for place in places]
    width = max(1, round(images[0].width * STRIP_HEIGHT_PX / images[0].height))
    row = Image.new("RGB", (width * shown, STRIP_HEIGHT_PX))
    for index, image in enumerate(images):
        row.paste(image.resize((width, STRIP_HEIGHT_PX)), (width * index, 0))
    return _encoded(row, "WEBP")


def _image(frame: NDArray[np.float32]) -> Image.Image:
    return Image.fromarray((np.clip(frame, 0, 1) * 255 + 0.5).astype(np.uint8))


def _encoded(image: Image.Image, format: str) -> bytes:
    file = io.BytesIO()
    image.save(file, format=format, quality=QUALITY)
    return file.getvalue()
