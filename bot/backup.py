"""`python -m bot backup FOLDER`: the database, the clips and their first pictures, copied so that the bot can start.

The bot may run meanwhile. The database is copied first; a clip's file is in place before the database names it, is
only ever replaced whole and goes only once it is old, so a clip that the copy names is either there or was given up.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from data import DataError, back_up, clips_of, pictures_of

from .clips import stored_file
from .pictures import picture_file
from .settings import DATABASE, Settings


class BackupError(Exception):
    """The backup cannot be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What lies in `folder` now; `copied` of its `clips` were not there before."""

    folder: Path
    clips: int
    copied: int


def make_backup(settings: Settings, folder: Path) -> Backup:
    """Bring `folder` up to date with the data folder. Nothing that lies there is deleted.

    Raises:
        BackupError: nothing to copy, nowhere to put it, or the copy is not sound. An earlier backup of the
            database is left as it was.
    """
    source = settings.store_dir
    if not (source / DATABASE).is_file():
        raise BackupError(f"There is no database in {source} yet; set DATA_DIR to the bot's data folder.")
    if folder.resolve().is_relative_to(source.resolve()):
        raise BackupError(f"{folder} lies in {source} itself; choose a folder elsewhere, best on another disk.")
    try:
        back_up(source / DATABASE, folder / DATABASE)
        clips = clips_of(folder / DATABASE)
        copied = sum(_copy(stored_file(source, clip), stored_file(folder, clip)) for clip in clips)
        for digest in pictures_of(folder / DATABASE):
            _copy(picture_file(source, digest), picture_file(folder, digest))
        kept = sum((folder / clip).is_file() for clip in clips)
    except (DataError, OSError) as error:
        raise BackupError(f"The backup is not complete: {error}") from error
    return Backup(folder, kept, copied)


def _copy(source: Path, target: Path) -> bool:
    """Copy a file unless the copy is as new and as large; False where there was nothing to do."""
    try:
        wanted = source.stat()
    except FileNotFoundError:  # given up since the database was copied
        return False
    if target.is_file() and (target.stat().st_size, target.stat().st_mtime) == (wanted.st_size, wanted.st_mtime):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.copy2(source, part)
    except FileNotFoundError:
        return False
    os.replace(part, target)
    return True
