"""Pictures with captions beside them: Hugging Face's metadata files, or kohya's one text file per picture.

A picture takes its captions from the first of these that names it:

1. a metadata file in its own folder, then those in the folders above; in one folder `metadata.jsonl` before
   `metadata.csv`;
2. `name.txt` beside it, then `name.caption`.

Several lines of one metadata file that name one picture, and the lines of a text file, are captions to draw from.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from .example import (
    PICTURE_SUFFIXES,
    BadSource,
    Example,
    as_caption,
    as_object,
    inside,
    is_file,
    list_files,
    log,
    names,
    read_json,
    read_text,
    warn_missing,
)

_METADATA: Final = ("metadata.jsonl", "metadata.csv")
_BESIDE: Final = (".txt", ".caption")
_CAPTION_COLUMNS: Final = ("text", "caption")

_Captions = dict[Path, list[str]]


def read_captioned_folder(folder: Path) -> list[Example]:
    """Return the pictures below `folder` that have captions, in the order of their paths.

    Pictures without captions, and entries whose picture is missing, are counted in the log and left out.

    Raises:
        BadSource: no picture is left; or a metadata or text file is malformed, names a file outside its folder, or
            holds a caption that is empty or no text.
    """
    files = list_files(folder)
    captions: _Captions = {}
    metadata = sorted(
        (file for file in files if file.name in _METADATA),
        key=lambda file: (-len(file.parts), file.parent, _METADATA.index(file.name)),
    )
    for file in metadata:
        _add_metadata(file, captions)
    present = set(files)
    for picture in files:
        if picture.suffix.lower() in PICTURE_SUFFIXES and picture not in captions:
            captions[picture] = _captions_beside(picture, present)
    _check(folder, captions)
    return [Example(path, tuple(found)) for path, found in sorted(captions.items()) if found]


def _check(folder: Path, captions: _Captions) -> None:
    if not captions:
        raise BadSource(f"{folder} holds no pictures. Name a folder with {', '.join(sorted(PICTURE_SUFFIXES))} files")
    silent = [path for path, found in captions.items() if not found]
    if len(silent) == len(captions):
        raise BadSource(
            f"none of the {len(silent)} pictures in {folder} has a caption. Put name.txt beside each name.png, "
            "or a metadata.jsonl with file_name and text"
        )
    if silent:
        log.warning("%s: %d pictures without captions are left out: %s", folder, len(silent), names(silent))


def _add_metadata(file: Path, captions: _Captions) -> None:
    found: _Captions = {}
    rows = _jsonl_rows(file) if file.suffix == ".jsonl" else _csv_rows(file)
    for where, row in rows:
        if "file_name" not in row:
            raise BadSource(f"{where}: file_name is missing. Each entry names its picture there")
        column = next((name for name in _CAPTION_COLUMNS if name in row), None)
        if column is None:
            raise BadSource(f"{where}: the caption is missing. Each entry holds it under text or caption")
        path = inside(file.parent, row["file_name"], where)
        found.setdefault(path, []).append(as_caption(row[column], where))
    missing = [path for path in found if not is_file(path)]
    warn_missing(missing, file)
    for path in found.keys() - set(missing):
        captions.setdefault(path, found[path])
    if missing and len(missing) == len(found):
        raise BadSource(f"none of the {len(found)} pictures that {file} names is there, such as {missing[0]}")


def _jsonl_rows(file: Path) -> Iterator[tuple[str, dict[str, object]]]:
    # Not splitlines: it also splits at U+2028, which JSON allows inside a text.
    for number, line in enumerate(read_text(file).split("\n"), 1):
        where = f"{file} line {number}"
        if line.strip():
            yield where, as_object(read_json(line, where), where)


def _csv_rows(file: Path) -> Iterator[tuple[str, dict[str, object]]]:
    rows = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
    try:
        header = [name.strip() for row in islice(rows, 1) for name in row]
        _check_header(file, header)
        for row in rows:
            if row:
                where = f"{file} line {rows.line_num}"
                if len(row) != len(header):
                    raise BadSource(f"{where}: {len(row)} fields where the header has {len(header)}. Quote commas")
                yield where, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise BadSource(f"{file} line {rows.line_num} is not valid CSV: {error}") from error


def _check_header(file: Path, header: Sequence[str]) -> None:
    if "file_name" not in header or not set(_CAPTION_COLUMNS) & set(header):
        raise BadSource(f"{file} line 1: the columns must be file_name and text, parted by commas, not {header}")


def _captions_beside(picture: Path, present: set[Path]) -> list[str]:
    for suffix in _BESIDE:
        if (file := picture.with_suffix(suffix)) in present:
            lines = [line for line in read_text(file).splitlines() if line.strip()]
            return [as_caption(line, str(file)) for line in lines or [""]]
    return []
