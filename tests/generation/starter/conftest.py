"""Small stand-ins for the npm archives, in their real layout."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from generation.starter.vocabulary import subjects


def _archive(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def _picture(index: int) -> bytes:
    picture = Image.new("RGBA", (256, 256))
    colour = ((200, 40, 50), (60, 170, 220), (230, 190, 60), (90, 60, 160))[index % 4]
    pen = ImageDraw.Draw(picture)
    pen.regular_polygon((128, 128, 100), 3 + index % 6, fill=(*colour, 255))
    pen.ellipse((90, 80, 120, 110), fill=(255, 255, 255, 255))
    stream = io.BytesIO()
    picture.save(stream, "WEBP", lossless=True)
    return stream.getvalue()


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both archives, holding the first three objects; read only."""
    folder = tmp_path_factory.mktemp("archives")
    _archive(
        folder / "lobehub-fluent-emoji-3d-1.1.0.tgz",
        {f"package/assets/{subject.hexcode}.webp": _picture(i) for i, subject in enumerate(subjects()[:3])},
    )
    entries = [{"label": "curious gadget", "tags": ["lantern", "ribbon"]}]
    entries += [{"label": s.name, "hexcode": s.hexcode.upper(), "tags": ["thing"]} for s in subjects()[:3]]
    _archive(
        folder / "emojibase-data-17.0.0.tgz",
        {"package/en/data.json": json.dumps(entries).encode()},
    )
    return folder
