"""A given first picture: told from anything else by its content, bounded before it is decoded, and only its pixels."""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import ExifTags, Image, ImageOps
from torch import Tensor

from .errors import InvalidRequest, NotAPicture, PictureTooLarge
from .request import MAX_PICTURE_BYTES as MAX_BYTES
from .request import MAX_SIDE_PX as MAX_CLIP_SIDE_PX
from .request import ResolvedRequest

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_SIDE_PX = 16_384
MAX_PIXELS = 50_000_000
"""A picture is read up to these bounds; phones take 12 to 50 million pixels."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture of each EXIF orientation upright."""

_BOUNDS: dict[str, Any] = {"mib": MAX_BYTES >> 20, "side": MAX_SIDE_PX, "megapixels": MAX_PIXELS // 1_000_000}
_READ = f"PNG, JPEG, WebP and GIF up to {MAX_BYTES >> 20} MiB, {MAX_SIDE_PX} pixels a side and {MAX_PIXELS} in all"


@dataclass(frozen=True, slots=True)
class FirstPicture:
    """An upright RGB picture without metadata; `digest` is the SHA-256 of its size and pixels."""

    image: Image.Image
    digest: str

    def fitted(self, width: int, height: int) -> Tensor:
        """(1, 3, height, width) in [0, 1]: the largest middle part of that shape, scaled."""
        fitted = ImageOps.fit(self.image, (width, height), Image.Resampling.LANCZOS)
        return torch.tensor(np.asarray(fitted, np.float32) / 255).permute(2, 0, 1)[None]


def open_picture(source: FirstPicture | bytes | Image.Image) -> FirstPicture:
    """Read a picture from a file's content, or take one that Pillow has opened, or one that was read before.

    It is turned upright as its EXIF orientation says, transparency becomes white, of several frames the first counts.

    Raises:
        NotAPicture: it is something else, damaged, or of another format.
        PictureTooLarge: it goes beyond the bounds, and was not decoded.
    """
    if isinstance(source, FirstPicture):
        return source
    if isinstance(source, bytes) and len(source) > MAX_BYTES:
        raise PictureTooLarge(f"first picture: {len(source)} bytes are too many; {_READ} can be read", **_BOUNDS)
    try:
        image = Image.open(io.BytesIO(source), formats=FORMATS) if isinstance(source, bytes) else source
        if max(image.size) > MAX_SIDE_PX or image.width * image.height > MAX_PIXELS:
            size = f"{image.width} x {image.height}"
            raise PictureTooLarge(f"first picture: {size} is too large; {_READ} can be read", **_BOUNDS)
        upright = _rgb(_upright(image))
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(f"first picture: it is too large; {_READ} can be read", **_BOUNDS) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        if isinstance(error, InvalidRequest):
            raise
        raise NotAPicture(f"first picture: it is no picture, or damaged; {_READ} can be read") from error
    digest = hashlib.sha256(f"{upright.width} x {upright.height} RGB\0".encode() + upright.tobytes())
    return FirstPicture(upright, digest.hexdigest())


def archived(picture: FirstPicture) -> tuple[str, bytes]:
    """The digest of a picture that is no larger than any clip, and a PNG that reads as that picture again."""
    image = picture.image.copy()
    image.thumbnail((MAX_CLIP_SIDE_PX, MAX_CLIP_SIDE_PX), Image.Resampling.LANCZOS)
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=1)
    return open_picture(image).digest, png.getvalue()


def with_picture(r: ResolvedRequest, picture: FirstPicture | None) -> ResolvedRequest:
    """The request for a clip that begins with this picture.

    Raises:
        InvalidRequest: it asks for another picture, or for one when there is none.
    """
    digest = None if picture is None else picture.digest
    if r.first_picture not in (None, digest):
        raise InvalidRequest(
            "first_picture: the clip begins with a picture that is not in its recipe; give the same picture again",
            code="picture-missing",
        )
    return r.change(first_picture=digest)


def _upright(image: Image.Image) -> Image.Image:
    """A picture turned as its metadata say; where these are damaged, as it lies."""
    image.load()
    try:
        orientation: Any = image.getexif().get(ExifTags.Base.Orientation)
        turn = _TURNS.get(orientation)
    except Exception:  # Pillow raises what it likes over what somebody has written there
        turn = None
    return image if turn is None else image.transpose(turn)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        over = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return Image.fromarray(np.asarray(image.convert("RGB")))
