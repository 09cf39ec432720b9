"""Folders of real pictures and videos as training examples, whatever common layout they are in; loads no torch."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from .captioned import read_captioned_folder
from .classes import read_class_folders
from .coco import read_coco
from .example import BadSource, Example
from .pictures import Pictures, load_picture
from .videos import Consistency, folder_consistency, read_video_folders, temporal_consistency

__all__ = [
    "BadSource",
    "Consistency",
    "Example",
    "Pictures",
    "folder_consistency",
    "load_picture",
    "open_source",
    "read_captioned_folder",
    "read_class_folders",
    "read_coco",
    "read_video_folders",
    "temporal_consistency",
]

_COCO: Final = "coco:ANNOTATIONS.json,IMAGES_DIR"
SOURCES: Final = ("pictures:DIR", _COCO, "classes:DIR", "videos:DIR")
"""The forms that `open_source` reads, for help texts."""


def open_source(spec: str) -> list[Example]:
    """Return the examples of a source given as text, in one of the forms of `SOURCES`.

    Raises:
        BadSource: the text has another form, or the reader it names refuses the folder.
    """
    kind, colon, place = spec.partition(":")
    if not colon or kind not in _READERS:
        raise BadSource(f"{spec!r} is no known source. Write one of {', '.join(SOURCES)}")
    if not place:
        raise BadSource(f"{spec!r} names no folder. Write one of {', '.join(SOURCES)}")
    return _READERS[kind](place)


def _open_coco(place: str) -> list[Example]:
    # The first comma after .json parts the two: folder names hold commas too.
    if (parts := re.fullmatch(r"(.+?\.json),(.+)", place, re.IGNORECASE)) is None:
        raise BadSource(f"coco:{place} must name a file and a folder, parted by a comma: {_COCO}")
    return read_coco(_path(parts[1]), _path(parts[2]))


def _path(text: str) -> Path:
    return Path(text).expanduser()  # the shell leaves a ~ behind the colon alone


_READERS: Final[dict[str, Callable[[str], list[Example]]]] = {
    "pictures": lambda place: read_captioned_folder(_path(place)),
    "coco": _open_coco,
    "classes": lambda place: read_class_folders(_path(place)),
    "videos": lambda place: read_video_folders(_path(place)),
}
