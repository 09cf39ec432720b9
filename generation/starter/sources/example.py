"""What every reader hands out, and the checks they share: text is text, paths stay inside, nothing is lost silently."""

import json
import logging
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, cast

PICTURE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif"})

_NAMED = 5  # how many files a message names before it only counts them

log = logging.getLogger(__name__)


class BadSource(Exception):
    """A source cannot be used; the message names the file, the line or field, and what to do."""


@dataclass(frozen=True, slots=True)
class Example:
    """One picture (or one frame of a video) and the captions it may be trained with; one is drawn each time."""

    path: Path
    captions: tuple[str, ...]
    second: float | None = None
    """For a video: where in it, in seconds."""


def list_files(folder: Path, suffixes: Collection[str] = ()) -> list[Path]:
    """Return the files in `folder` and below with one of `suffixes` (all without), in an order that never changes.

    Hidden files and what macOS adds to archives are left out; links to folders are not followed.

    Raises:
        BadSource: the folder is missing or cannot be listed.
    """
    check_folder(folder)
    found: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if is_visible(name))
        found += [Path(place, name) for name in sorted(names) if is_visible(name)]
    return [path for path in found if not suffixes or path.suffix.lower() in suffixes]


def check_folder(folder: Path) -> None:
    """Pass if there is such a folder.

    Raises:
        BadSource: there is none, or a file in its place.
    """
    if not os.path.isdir(folder):  # Path.is_dir raises where the system refuses to look
        raise BadSource(f"{folder} is {'no folder' if is_file(folder) else 'missing'}. Name the folder with the data")


def is_visible(name: str) -> bool:
    """Return whether a file or folder is the user's, not the system's."""
    return not name.startswith(".") and name != "__MACOSX"


def is_file(path: Path) -> bool:
    """Return whether there is such a file; a name that the system cannot even look up is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_text(file: Path) -> str:
    """Return a UTF-8 file's text, with or without a byte order mark.

    Raises:
        BadSource: it cannot be read, or is in another encoding.
    """
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSource(f"{file} is not UTF-8 (byte {error.start}). Save it as UTF-8") from error
    except OSError as error:
        raise BadSource(f"{file} cannot be read: {error.strerror or error}") from error


def read_json(text: str, where: str) -> object:
    """Return what a JSON text holds; `where` names it in the message.

    Raises:
        BadSource: it is no JSON.
    """
    try:
        return cast(object, json.loads(text))
    except (ValueError, RecursionError) as error:
        raise BadSource(f"{where} is not valid JSON: {error}. Repair it or fetch it again") from error


def as_object(value: object, where: str) -> dict[str, object]:
    """Return a JSON object; `where` names it in the message.

    Raises:
        BadSource: it is something else.
    """
    if not isinstance(value, dict):
        raise BadSource(f"{where} must be a JSON object, not {_kind(value)}")
    return cast(dict[str, object], value)


def as_list(value: object, where: str) -> list[object]:
    """Return a JSON list; `where` names it in the message.

    Raises:
        BadSource: it is something else.
    """
    if not isinstance(value, list):
        raise BadSource(f"{where} must be a JSON list, not {_kind(value)}")
    return cast(list[object], value)


def as_caption(value: object, where: str) -> str:
    """Return a caption with its white space evened out; `where` names its place in the message.

    Raises:
        BadSource: it is no text, or none is left.
    """
    if not isinstance(value, str):
        raise BadSource(f"{where}: the caption must be text, not {_kind(value)}")
    caption = " ".join(value.split())
    if not caption:
        raise BadSource(f"{where}: the caption is empty. Write one or remove the entry")
    try:
        caption.encode()
    except UnicodeEncodeError as error:
        raise BadSource(f"{where}: the caption holds half a character (position {error.start}). Repair it") from error
    return caption


def inside(folder: Path, name: object, where: str) -> Path:
    """Return the path of `name`, given relative to `folder` with either slash; `where` names its place in the message.

    The name decides, not the disk: a link in the folder may lead anywhere.

    Raises:
        BadSource: it is no text, absolute, or leads out of the folder.
    """
    if not isinstance(name, str):
        raise BadSource(f"{where}: the file name must be text, not {_kind(name)}")
    if not name.strip():
        raise BadSource(f"{where}: the file name is empty")
    relative = PurePosixPath(name.replace("\\", "/"))
    if relative.is_absolute() or PureWindowsPath(name).drive or ".." in relative.parts:
        raise BadSource(f"{where}: {name!r} leaves {folder}. Name the file relative to that folder, without ..")
    return folder / relative


def warn_missing(missing: Sequence[Path], where: Path) -> None:
    """Log how many named files are not on disk."""
    if missing:
        log.warning("%s names %d pictures that are missing and left out: %s", where, len(missing), names(missing))


def names(things: Sequence[object]) -> str:
    """Return the first few by name and the rest as a number."""
    rest = f" and {len(things) - _NAMED} more" if len(things) > _NAMED else ""
    return ", ".join(str(thing) for thing in things[:_NAMED]) + rest


def tolerated(tried: int) -> int:
    """Return how many unreadable ones of `tried` are skipped: a tenth, but one always."""
    return max(1, tried // 10)


def skip(errors: Sequence[BadSource], tried: int, what: str) -> None:
    """Log the unreadable ones of `tried` files that are left out; `what` is their kind in the plural.

    Raises:
        BadSource: there are more than `tolerated`, or no file is left.
    """
    if errors and len(errors) == tried:
        raise BadSource(f"none of {tried} {what} can be read: {errors[0]}")
    if len(errors) > tolerated(tried):
        reasons = "; ".join(map(str, errors[:_NAMED]))
        raise BadSource(
            f"{len(errors)} of {tried} {what} cannot be read, more than a tenth. Repair or remove them: {reasons}"
        )
    for error in errors:
        log.warning("left out: %s", error)


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"


def _refuse(error: OSError) -> None:
    raise BadSource(f"{error.filename} cannot be listed: {error.strerror}. Check its permissions") from error
