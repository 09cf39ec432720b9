"""Pictures of every common kind come out upright, opaque and square; batches are balanced, repeatable and unspoilt."""

from __future__ import annotations

import logging
import random
import struct
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.starter.sources import BadSource, Example, Pictures, load_picture
from generation.starter.sources import pictures as module

RED, WHITE, BLUE = (255, 0, 0), (255, 255, 255), (0, 0, 255)


def example(path: Path, *captions: str) -> Example:
    return Example(path, captions or ("a picture",))


def halves(size: tuple[int, int] = (16, 16)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    return picture


def colours(folder: Path, count: int) -> list[Example]:
    """Pictures of one grey each, by which a batch shows what it holds."""
    found: list[Example] = []
    for i in range(count):
        path = folder / f"{i}.png"
        Image.new("RGB", (8, 8), (i, i, i)).save(path)
        found.append(example(path, f"picture {i}", f"number {i}"))
    return found


def assert_colour(pixels: np.ndarray, colour: tuple[int, int, int], tolerance: int = 2) -> None:
    assert np.abs(pixels.astype(int) - colour).max() <= tolerance


# One picture


def test_the_short_side_is_resized_and_the_middle_cut_out(tmp_path: Path) -> None:
    picture = Image.new("RGB", (60, 20), WHITE)
    picture.paste(RED, (20, 0, 40, 20))
    picture.save(tmp_path / "wide.png")
    picture.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "tall.png")
    for name in ("wide.png", "tall.png"):
        pixels = load_picture(example(tmp_path / name), 10)
        assert pixels.shape == (10, 10, 3) and pixels.dtype == np.uint8
        assert_colour(pixels, RED, 16)  # Lanczos lets a trace of the white in at the edges


def test_exif_orientation_is_honoured(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    for name in ("a.jpg", "a.png", "a.webp", "a.tif"):
        halves((64, 64)).save(tmp_path / name, exif=exif)
        pixels = load_picture(example(tmp_path / name), 16)
        assert_colour(pixels[:, :4], BLUE, 8)
        assert_colour(pixels[:, -4:], RED, 8)


@pytest.mark.parametrize("kind", ["RGBA", "LA", "palette", "transparent palette", "key colour"])
def test_transparency_lies_over_white(tmp_path: Path, kind: str) -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    path = tmp_path / "a.png"
    match kind:
        case "LA":
            clear.convert("LA").save(path)
        case "palette":
            Image.new("RGB", (8, 8), WHITE).quantize(4).save(path)
        case "transparent palette":
            palette = Image.new("P", (8, 8), 0)
            palette.putpalette([0, 0, 0, *RED])
            palette.save(path, transparency=0)
        case "key colour":
            Image.new("RGB", (8, 8), (1, 2, 3)).save(path, transparency=(1, 2, 3))
        case _:
            clear.save(path)
    assert_colour(load_picture(example(path), 8), WHITE)


def test_half_transparent_red_over_white_is_pink(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (*RED, 128)).save(tmp_path / "a.png")
    assert_colour(load_picture(example(tmp_path / "a.png"), 8), (255, 127, 127))


@pytest.mark.parametrize(
    ("mode", "fill", "name", "grey"),
    [
        ("L", 128, "a.png", 128),
        ("1", 1, "a.png", 255),
        ("I;16", 32896, "a.png", 128),
        ("I;16", 65535, "a.tif", 255),
        ("I;16", 257, "a.tif", 1),
        ("CMYK", (0, 0, 0, 127), "a.jpg", 128),
        ("YCbCr", (128, 128, 128), "a.jpg", 128),
    ],
)
def test_other_pixels_become_8_bit_rgb(tmp_path: Path, mode: str, fill, name: str, grey: int) -> None:
    Image.new(mode, (8, 8), fill).save(tmp_path / name)
    assert_colour(load_picture(example(tmp_path / name), 8), (grey, grey, grey))


def test_floating_point_pixels_are_refused(tmp_path: Path) -> None:
    Image.new("F", (8, 8), 0.5).save(tmp_path / "a.tif")
    with pytest.raises(BadSource, match=r"a\.tif.*floating-point.*8 or 16 bits"):
        load_picture(example(tmp_path / "a.tif"), 8)


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def damaged(path: Path, kind: str) -> Path:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    match kind:
        case "missing":
            return path
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("<html>404 Not Found</html>")
        case "cut":
            Image.fromarray(noise).save(path)
            path.write_bytes(path.read_bytes()[:2000])
        case "PostScript":
            path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\nshowpage\n")
        case "bomb":
            path.write_bytes(png_header(12_000, 12_000))
        case _:
            path.write_bytes(png_header(60_000, 60_000))
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "is missing"),
        ("empty", "cannot be read as a picture"),
        ("text", "cannot be read as a picture"),
        ("cut", "cannot be read as a picture"),
        ("PostScript", "cannot be read as a picture"),
        ("bomb", "has more than 89478485 pixels"),
        ("vast bomb", "has more than 89478485 pixels"),
    ],
)
def test_a_bad_picture_is_refused_by_name(tmp_path: Path, suffix: str, kind: str, message: str) -> None:
    path = damaged(tmp_path / f"bad{suffix}", kind)
    with pytest.raises(BadSource, match=message) as raised:
        load_picture(example(path), 8)
    assert str(path) in str(raised.value)


# Batches


def seen(batch: np.ndarray) -> Counter[int]:
    return Counter(round(float(value) * 255) for value in batch[:, 0, 0, 0])


def test_a_batch_is_float_pictures_with_their_own_captions(tmp_path: Path) -> None:
    batch, captions = Pictures(colours(tmp_path, 5), 8).draw(12, random.Random(0))
    assert batch.shape == (12, 3, 8, 8) and batch.dtype == np.float32
    assert batch.min() >= 0 and batch.max() <= 1
    for pixels, caption in zip(batch, captions, strict=True):
        assert caption.split()[1] == str(round(float(pixels[0, 0, 0]) * 255))


def test_one_seed_draws_one_batch_from_any_object_and_cache(tmp_path: Path) -> None:
    examples = colours(tmp_path, 7)
    pictures, uncached = Pictures(examples, 8), Pictures(examples, 8, cache_bytes=0)
    first = pictures.draw(5, random.Random(3))
    for again in (pictures.draw(5, random.Random(3)), uncached.draw(5, random.Random(3))):
        assert np.array_equal(first[0], again[0]) and first[1] == again[1]
    assert pictures.draw(5, random.Random(4))[1] != first[1]


def test_batches_are_balanced(tmp_path: Path) -> None:
    pictures, rng = Pictures(colours(tmp_path, 6), 8), random.Random(0)
    assert set(seen(pictures.draw(6, rng)[0]).values()) == {1}
    assert set(seen(pictures.draw(20, rng)[0]).values()) == {3, 4}
    assert all(len(seen(pictures.draw(5, rng)[0])) == 5 for _ in range(20))
    drawn = sum((seen(pictures.draw(4, rng)[0]) for _ in range(300)), Counter())
    assert len(drawn) == 6 and min(drawn.values()) > 150 and max(drawn.values()) < 250


def test_all_captions_of_a_picture_are_drawn(tmp_path: Path) -> None:
    pictures = Pictures(colours(tmp_path, 1), 8)
    assert pictures.captions() == ["picture 0", "number 0"]
    assert set(pictures.draw(40, random.Random(0))[1]) == {"picture 0", "number 0"}


def mirrored(tmp_path: Path, caption: str) -> int:
    """How many of 40 pictures were mirrored."""
    halves().save(tmp_path / "a.png")
    batch, _ = Pictures([example(tmp_path / "a.png", caption)], 16).draw(40, random.Random(0))
    return int((batch[:, 2, 8, 0] > 0.5).sum())


@pytest.mark.parametrize("caption", ["a bright lamp", "a copyright", "the cleft of a rock"])
def test_half_of_the_pictures_are_mirrored(tmp_path: Path, caption: str) -> None:
    assert 10 < mirrored(tmp_path, caption) < 30


@pytest.mark.parametrize(
    "caption",
    [
        "red on the left",
        "Right: blue",
        "the leftmost half",
        "a left-handed guitar",
        "turning rightwards",
        "1girl, looking_left",
    ],
)
def test_no_picture_is_mirrored_whose_caption_names_a_side(tmp_path: Path, caption: str) -> None:
    assert mirrored(tmp_path, caption) == 0


def test_the_side_counts_only_in_the_caption_that_was_drawn(tmp_path: Path) -> None:
    halves().save(tmp_path / "a.png")
    batch, captions = Pictures([example(tmp_path / "a.png", "two halves", "red left")], 16).draw(60, random.Random(0))
    flipped = {caption for pixels, caption in zip(batch, captions, strict=True) if pixels[2, 8, 0] > 0.5}
    assert flipped == {"two halves"}


def test_mirroring_leaves_the_cached_picture_alone(tmp_path: Path) -> None:
    halves().save(tmp_path / "a.png")
    pictures = Pictures([example(tmp_path / "a.png", "two halves", "red left")], 16)
    for seed in range(20):
        batch, captions = pictures.draw(1, random.Random(seed))
        assert captions != ["red left"] or batch[0, 0, 8, 0] > 0.5


def test_the_cache_spares_decoding_and_stays_within_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Path] = []

    def load(found: Example, size: int):
        decoded.append(found.path)
        return load_picture(found, size)

    monkeypatch.setattr(module, "load_picture", load)
    examples, one = colours(tmp_path, 4), 3 * 8 * 8
    roomy = Pictures(examples, 8, cache_bytes=4 * one)
    roomy.draw(40, random.Random(0))
    assert len(decoded) == 4
    decoded.clear()
    tight = Pictures(examples, 8, cache_bytes=4 * one - 1)  # three fit
    tight.draw(4, random.Random(0))
    tight.draw(4, random.Random(1))
    assert len(decoded) > 4


# Unreadable ones


def test_up_to_a_tenth_of_bad_pictures_is_named_and_skipped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    examples = colours(tmp_path, 20)
    damaged(examples[3].path, "text")
    damaged(examples[7].path, "empty")
    with caplog.at_level(logging.WARNING):
        pictures = Pictures(examples, 8)
    assert "3.png" in caplog.text and "7.png" in caplog.text
    assert set(seen(pictures.draw(18, random.Random(0))[0])) == set(range(20)) - {3, 7}


def test_more_than_a_tenth_of_bad_pictures_is_refused(tmp_path: Path) -> None:
    examples = colours(tmp_path, 20)
    for i in (3, 7, 9):
        damaged(examples[i].path, "text")
    with pytest.raises(BadSource, match=r"3 of 20 pictures cannot be read, more than a tenth.*3\.png.*7\.png.*9\.png"):
        Pictures(examples, 8)


def test_one_bad_picture_never_spoils_a_small_source_but_none_left_does(tmp_path: Path) -> None:
    examples = colours(tmp_path, 2)
    damaged(examples[0].path, "text")
    assert seen(Pictures(examples, 8).draw(3, random.Random(0))[0]) == {1: 3}
    with pytest.raises(BadSource, match=r"none of 1 pictures can be read: .*0\.png"):
        Pictures(examples[:1], 8)
    with pytest.raises(BadSource, match="there are no pictures"):
        Pictures([], 8)


def test_a_bad_picture_met_later_is_replaced_until_they_are_too_many(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    examples = colours(tmp_path, 20)
    pictures = Pictures(examples, 8, cache_bytes=0)
    for i in (0, 1):
        damaged(examples[i].path, "text")
    with caplog.at_level(logging.WARNING):
        drawn = seen(pictures.draw(40, random.Random(0))[0])
    assert drawn.total() == 40 and set(drawn) == set(range(2, 20))
    assert caplog.text.count("left out") == 2
    damaged(examples[2].path, "text")
    for _ in range(2):
        with pytest.raises(BadSource, match=r"3 of 20 pictures cannot be read, more than a tenth; the last: .*2\.png"):
            pictures.draw(40, random.Random(0))
