"""Where clips lie, and their strips beside them: named by their job's id alone, and never outside the data folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

CLIPS_FOLDER = "clips"
STRIP_SUFFIX = ".strip.webp"

LEAST_FREE_BYTES = 64 << 20
"""What must be free before a clip is begun: its file, the database's log, and some room for others."""


class NoRoom(Exception):
    """The disk is too full for another clip."""


def require_room(store_dir: Path) -> None:
    """Let a clip be begun only where its file will fit: a full disk would fail one job after the other.

    Raises:
        NoRoom: it may not fit.
    """
    free = shutil.disk_usage(store_dir).free
    if free < LEAST_FREE_BYTES:
        raise NoRoom(
            f"{store_dir} has {free >> 20} MiB free, and a clip may need {LEAST_FREE_BYTES >> 20}; "
            "delete something there, or set CLIPS_MAX_MB lower."
        )


def clip_file(store_dir: Path, job_id: int, format: str) -> Path:
    """The file of a job's clip; its format is its suffix."""
    return store_dir / CLIPS_FOLDER / f"{job_id}.{format}"


def remove_files_of(store_dir: Path, job_ids: Container[int]) -> None:
    """Delete all that lies there of these jobs, whatever it is; one look at the folder serves them all."""
    with suppress(FileNotFoundError):
        for path in (store_dir / CLIPS_FOLDER).iterdir():
            number = path.name.partition(".")[0]
            if number.isdecimal() and int(number) in job_ids:
                path.unlink(missing_ok=True)


def stored_file(store_dir: Path, clip_path: str) -> Path:
    """A clip's file by the path that the database has of it.

    Raises:
        FileNotFoundError: the path leads out of the data folder; whatever lies there is no clip of ours.
    """
    path = store_dir / clip_path
    if not path.resolve().is_relative_to(store_dir.resolve()):
        raise FileNotFoundError("its file lies outside the data folder")
    return path


def strip_file(clip: Path) -> Path:
    """A few frames of a clip in a row, as one small picture; it may be missing."""
    return clip.with_suffix(STRIP_SUFFIX)


def remove_clip(store_dir: Path, clip_path: str) -> None:
    """Delete a clip and its strip; what is gone already, or lies elsewhere, is left alone."""
    with suppress(FileNotFoundError):
        clip = stored_file(store_dir, clip_path)
        strip_file(clip).unlink(missing_ok=True)
        clip.unlink()


def replace_file(path: Path, content: bytes) -> None:
    """Write a file that is whole whenever it is there."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def leftovers(store_dir: Path) -> list[Path]:
    """Halves of clips whose writer was killed."""
    return list((store_dir / CLIPS_FOLDER).glob(".*"))
