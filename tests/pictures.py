"""Pictures that a test sends: real files, and some that only look like one."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

GPS = 0x8825
MAKE = 0x010F


def picture(colour: str = "red", size: tuple[int, int] = (40, 30), kind: str = "PNG", **options: Any) -> bytes:
    """The file of a plain picture."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()


def photo() -> bytes:
    """A JPEG that tells which camera took it."""
    exif = Image.Exif()
    exif[MAKE] = "Tell-Tale Camera"
    return picture("blue", kind="JPEG", exif=exif)
