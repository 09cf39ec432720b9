"""A line of text inside a GIF or WebP file, which ffmpeg writes without metadata."""

from __future__ import annotations

import struct
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from .errors import EncodeError

_DESCRIPTION = 0x010E  # ImageDescription of EXIF 2.3, table 4
_EXIF_FLAG = 0x08  # of VP8X (RFC 9649, section 2.7)
_GIF_BLOCK = 255


def is_animation(path: Path) -> bool:
    """Whether a file begins as a GIF or a WebP does."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        return False
    return head.startswith((b"GIF87a", b"GIF89a")) or (head[:4] == b"RIFF" and head[8:] == b"WEBP")


def write_comment(path: Path, text: str) -> None:
    """Put ASCII text into a GIF (its comment extension) or a WebP (the description in its EXIF chunk).

    Raises:
        EncodeError: the file is neither, or cannot be written.
    """
    try:
        content = path.read_bytes()
        if content.startswith(b"GIF"):
            path.write_bytes(_commented_gif(content, text.encode("ascii")))
        else:
            with Image.open(path) as image:
                size = image.size
            path.write_bytes(_described_webp(content, size, text))
    except (OSError, struct.error, UnidentifiedImageError) as error:
        raise EncodeError(f"the recipe cannot be put into {path}: {error}") from error


def read_comment(path: Path) -> str | None:
    """What `write_comment` wrote, None where there is nothing.

    Raises:
        EncodeError: the file is damaged.
    """
    try:
        with Image.open(path) as image:
            found = image.info.get("comment") if image.format == "GIF" else image.getexif().get(_DESCRIPTION)
    except (OSError, ValueError, SyntaxError) as error:
        raise EncodeError(f"{path} cannot be read as an animation: {error}") from error
    return found.decode("ascii", errors="replace") if isinstance(found, bytes) else found


def _commented_gif(content: bytes, text: bytes) -> bytes:
    """The comment stands before the first picture (GIF89a, section 24)."""
    packed = content[10]
    start = 13 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
    pieces = [text[i : i + _GIF_BLOCK] for i in range(0, len(text), _GIF_BLOCK)]
    blocks = b"".join(bytes([len(piece)]) + piece for piece in pieces)
    return content[:start] + b"\x21\xfe" + blocks + b"\0" + content[start:]


def _described_webp(content: bytes, size: tuple[int, int], text: str) -> bytes:
    """The EXIF chunk stands last, announced by a flag of the header VP8X, which a single picture may lack."""
    exif = Image.Exif()
    exif[_DESCRIPTION] = text
    chunks = content[12:]
    if not chunks.startswith(b"VP8X"):
        width, height = (struct.pack("<I", side - 1)[:3] for side in size)
        chunks = _chunk(b"VP8X", bytes(4) + width + height) + chunks
    flags = bytes([chunks[8] | _EXIF_FLAG])
    body = b"WEBP" + chunks[:8] + flags + chunks[9:] + _chunk(b"EXIF", exif.tobytes())
    return _chunk(b"RIFF", body)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
