"""Examples as training batches: pictures of any common kind become upright, opaque, square RGB, or are named as bad."""

import io
import random
import re
import struct
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from .example import BadSource, Example, log, skip, tolerated
from .videos import read_frame

# Named, because Pillow also opens PostScript, by running a program.
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF")
_SIDE: Final = re.compile(r"(?<![a-z])(left|right)(most|wards?|hand(ed)?)?(?![a-z])", re.IGNORECASE)
_FIRST = 50  # examples that are read at the start, so that a bad source is refused before training

# What Pillow's decoders raise for damaged files, beside its own.
_DAMAGE: Final = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error)


def load_picture(example: Example, size: int) -> NDArray[np.uint8]:
    """Return the picture as (size, size, 3): short side resized to `size` with Lanczos, the middle cut out.

    EXIF orientation is honoured, transparency lies over white, grey, palette, CMYK and 16-bit pixels become 8-bit RGB.
    Of an animation the first frame counts.

    Raises:
        BadSource: it is missing, damaged, no picture, of floating-point pixels, or larger than Pillow deems safe.
    """
    source = example.path if example.second is None else io.BytesIO(read_frame(example.path, example.second))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata; the size is an error below
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=_FORMATS) as picture:
                picture.draft(None, (2 * size, 2 * size))  # JPEG: decode no more than the resize needs
                upright = _opaque(ImageOps.exif_transpose(picture))
                return np.asarray(ImageOps.fit(upright, (size, size), Image.Resampling.LANCZOS), np.uint8)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise BadSource(f"{example.path} has more than {Image.MAX_IMAGE_PIXELS} pixels. Shrink or remove it") from error
    except FileNotFoundError as error:
        raise BadSource(f"{example.path} is missing. Read the source again") from error
    except _DAMAGE as error:
        raise BadSource(f"{example.path} cannot be read as a picture ({error}). Repair or remove it") from error


def _opaque(picture: Image.Image) -> Image.Image:
    """Return 8-bit RGB."""
    if picture.has_transparency_data:
        straight = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", straight.size, "white"), straight).convert("RGB")
    if picture.mode == "F":
        raise ValueError("its pixels are floating-point numbers; save it with 8 or 16 bits")
    if picture.mode.startswith("I"):  # 16 bits, which Pillow would cut off at 255 instead of scaling
        grey = np.clip(np.asarray(picture, np.float32) / 257 + 0.5, 0, 255).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    return picture.convert("RGB")


class Pictures:
    """Draws training batches; decoded pictures are kept as bytes, the least recently used are dropped first.

    Up to 50 examples, evenly spread, are read at the start: if at most a tenth of them (one always may) is unreadable,
    those are named in the log and skipped, otherwise the source is refused. Unreadable ones that turn up later are
    skipped too, another is drawn instead, until they are more than a tenth of all.
    """

    def __init__(self, examples: Sequence[Example], size: int, cache_bytes: int = 1 << 30) -> None:
        """Take the examples for pictures of `size` x `size`; at most `cache_bytes` of pixels are kept.

        Raises:
            BadSource: there are no examples, or too many of the first are unreadable.
        """
        if not examples:
            raise BadSource("there are no pictures to train on. Name a source that holds some")
        self._examples = tuple(examples)
        self._size = size
        self._pool = list(range(len(examples)))
        self._load = lru_cache(maxsize=cache_bytes // (3 * size * size))(self._decode)
        self._read_first()

    def captions(self) -> list[str]:
        """Return every caption of every example, for the tokenizer."""
        return [caption for example in self._examples for caption in example.captions]

    def draw(self, count: int, rng: random.Random) -> tuple[NDArray[np.float32], list[str]]:
        """Return pictures (count, 3, size, size) in [0, 1] and a caption for each.

        No example comes twice before all have come once. Half of the pictures are mirrored, but none whose caption
        names a side. All chance is from `rng`: the same state draws the same batch.

        Raises:
            BadSource: more than a tenth of all pictures have turned out to be unreadable.
        """
        pictures = np.empty((count, 3, self._size, self._size), np.float32)
        captions: list[str] = []
        for slot, chosen in enumerate(self._choose(count, rng)):
            index, pixels = self._readable(chosen, rng)
            caption, coin = rng.choice(self._examples[index].captions), rng.random()
            if coin < 0.5 and not _SIDE.search(caption):
                pixels = pixels[:, ::-1]
            pictures[slot] = pixels.transpose(2, 0, 1)
            captions.append(caption)
        return pictures / np.float32(255), captions

    def _choose(self, count: int, rng: random.Random) -> list[int]:
        rounds, rest = divmod(count, len(self._pool))
        chosen = [*self._pool * rounds, *rng.sample(self._pool, rest)]
        rng.shuffle(chosen)
        return chosen

    def _readable(self, index: int, rng: random.Random) -> tuple[int, NDArray[np.uint8]]:
        while True:
            try:
                return index, self._load(index)
            except BadSource as error:
                self._drop(index, error)
                index = rng.choice(self._pool)

    def _drop(self, index: int, error: BadSource) -> None:
        if index not in self._pool:
            return  # it was chosen twice, and has been dropped already
        total, bad = len(self._examples), len(self._examples) - len(self._pool) + 1
        if bad > tolerated(total) or bad == total:
            raise BadSource(
                f"{bad} of {total} pictures cannot be read, more than a tenth; the last: {error}"
            ) from error
        log.warning("left out: %s", error)
        self._pool.remove(index)

    def _read_first(self) -> None:
        total = len(self._examples)
        first = sorted({i * total // _FIRST for i in range(_FIRST)})
        errors: dict[int, BadSource] = {}
        for index in first:
            try:
                self._load(index)
            except BadSource as error:
                errors[index] = error
        skip(list(errors.values()), len(first), "pictures")
        self._pool = [index for index in self._pool if index not in errors]

    def _decode(self, index: int) -> NDArray[np.uint8]:
        return load_picture(self._examples[index], self._size)
