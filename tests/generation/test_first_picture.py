"""A given first picture: what is taken and what is refused, and that the clip begins with it."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from generation import InvalidRequest, NotAPicture, PictureTooLarge, Text2VideoZero, VideoRequest
from generation.first_picture import MAX_BYTES, open_picture
from tests.tiny import tiny_parts

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 100, 3), dtype=np.uint8))


def saved(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_header(width, height):
    """A PNG that says its size and holds no pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (header, b"IDAT", b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def long_text():
    info = PngInfo()
    info.add_text("comment", "x" * (2 << 20), zip=True)
    return info


@pytest.mark.parametrize(("kind", "error"), [("PNG", 0), ("GIF", 60), ("JPEG", 60), ("WEBP", 60)])
def test_pictures_are_known_by_their_content(kind, error):
    read = open_picture(saved(PICTURE, kind)).image
    assert (read.mode, read.size) == ("RGB", (100, 60))
    assert np.abs(np.asarray(read, int) - np.asarray(PICTURE, int)).mean() <= error


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a fox in the snow\n" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n",
        png_header(64, 64),
        saved(PICTURE)[:-2000],
        saved(PICTURE, "JPEG")[:40],
        saved(PICTURE, "BMP"),
        saved(PICTURE, pnginfo=long_text()),
    ],
    ids=["empty", "text", "svg", "signature", "header", "cut png", "cut jpeg", "bmp", "text bomb"],
)
def test_what_is_no_picture_or_damaged_is_refused(content):
    with pytest.raises(NotAPicture, match="no picture, or damaged; PNG, JPEG, WebP and GIF"):
        open_picture(content)


@pytest.mark.parametrize(
    "content",
    [
        png_header(30_000, 8),
        png_header(30_000, 30_000),
        png_header(2**31 - 1, 2**31 - 1),
        saved(Image.new("1", (8_000, 8_000))),
        b"\x89PNG\r\n\x1a\n" + bytes(MAX_BYTES),
    ],
    ids=["wide", "large", "largest", "bomb", "bytes"],
)
def test_what_is_too_large_is_refused_before_it_is_decoded(content, monkeypatch):
    monkeypatch.setattr(Image.Image, "convert", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(PictureTooLarge, match="can be read"):
        open_picture(content)


def test_the_orientation_is_applied_and_metadata_are_dropped():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "where I live"
    read = open_picture(saved(PICTURE, exif=exif)).image
    np.testing.assert_array_equal(np.asarray(read), np.rot90(np.asarray(PICTURE), -1))
    assert not read.info and not read.getexif()


@pytest.mark.parametrize("orientation", range(10))
def test_each_orientation_is_turned_upright(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(saved(PICTURE, exif=exif))))
    read = open_picture(saved(PICTURE, exif=exif)).image
    np.testing.assert_array_equal(np.asarray(read), np.asarray(expected))


def test_damaged_metadata_cost_nobody_their_picture():
    exif = Image.Exif()
    exif[0x0112], exif[0x011A] = 6, 72.0
    sound = saved(PICTURE, "JPEG", exif=exif)
    tag, rational, text = b"\x1a\x01", b"\x05\x00", b"\x02\x00"
    damaged = sound.replace(tag + rational, tag + text)
    if damaged == sound:
        damaged = sound.replace(tag[::-1] + rational[::-1], tag[::-1] + text[::-1])
    assert damaged != sound
    assert open_picture(damaged).digest == open_picture(sound).digest


def test_what_is_transparent_becomes_white_and_16_bits_become_8():
    assert open_picture(saved(Image.new("RGBA", (4, 4), (255, 0, 0, 0)))).image.getpixel((0, 0)) == (255, 255, 255)
    deep = Image.fromarray(np.full((4, 4), 40_000, np.uint16))
    assert open_picture(saved(deep)).image.getpixel((0, 0)) == (156, 156, 156)


def test_the_middle_is_taken_and_scaled():
    wide = Image.new("RGB", (300, 100), "blue")
    wide.paste("red", (100, 0, 200, 100))
    fitted = open_picture(wide).fitted(32, 32)
    assert fitted.shape == (1, 3, 32, 32)
    assert float(fitted[0, 0].min()) > 0.9 and float(fitted[0, 2].max()) < 0.1


def ask(**fields):
    fixed = {"frames": 3, "steps": 4, "width": 64, "height": 64, "dx": 8.0, "dy": 0.0, "guidance_scale": 2.0}
    return VideoRequest(prompt="a fox", seed=1, **{**fixed, **fields})


@pytest.fixture(scope="module")
def model():
    return Text2VideoZero(**tiny_parts(), chunk=2)


@pytest.mark.parametrize("sampler", ["ddim", "unipc", "euler-a"])
@pytest.mark.parametrize("picture_noise", ["drawn", "inverted"])
def test_the_clip_begins_with_the_picture_as_the_autoencoder_shows_it(model, picture_noise, sampler):
    clip = model.render(ask(picture_noise=picture_noise, sampler=sampler), first_picture=saved(PICTURE))
    shown = model.decode(model.encode(open_picture(PICTURE).fitted(64, 64)))
    np.testing.assert_allclose(clip.frames[0], shown, atol=1e-5)
    assert np.isfinite(clip.frames).all()
    assert np.abs(clip.frames[1] - clip.frames[0]).max() > 0.01


def test_the_frames_after_it_show_the_picture_and_not_another(model):
    other = Image.fromarray(255 - np.asarray(PICTURE))
    clips = [model.render(ask(t0=101, t1=201), first_picture=picture).frames for picture in (PICTURE, other)]
    assert np.abs(clips[0][2] - clips[1][2]).max() > 0.01


def test_inversion_walks_up_every_level_once_without_guidance(model):
    told = []
    drawn = model.render(ask(), first_picture=PICTURE)
    inverted = model.render(ask(picture_noise="inverted"), first_picture=PICTURE, on_progress=told.append)
    upwards = told[-1].steps - drawn.unet_samples // (2 * 3)
    assert inverted.unet_samples == drawn.unet_samples + upwards
    assert [progress.step for progress in told] == list(range(1, told[-1].steps + 1))
    assert [progress.phase for progress in told].count("anchor") == upwards > 0


def test_the_recipe_names_the_picture_and_asks_for_it(model):
    clip = model.render(ask(), first_picture=PICTURE)
    np.testing.assert_array_equal(model.render(clip.request, first_picture=saved(PICTURE)).frames, clip.frames)
    for picture in (None, PICTURE.rotate(180)):
        with pytest.raises(InvalidRequest, match="give the same picture again"):
            model.render(clip.request, first_picture=picture)
    with pytest.raises(InvalidRequest, match="first_picture"):
        VideoRequest.parse({"prompt": "a fox", "first_picture": "me.png"})
