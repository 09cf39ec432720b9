"""`python -m bot doctor`: what is wrong with this installation, in plain words, and how to mend it.

Each check looks at one thing and changes nothing. A checkpoint is loaded as the bot loads it, so a hub id that is
not on the disk yet is downloaded.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from data import OLDEST_SQLITE, DataError, awaited_clips, awaited_pictures, check_database
from generation.errors import GenerationError

from .clips import CLIPS_FOLDER
from .doctor_discord import check_discord
from .executor import load
from .finding import Finding
from .pictures import PICTURES_FOLDER, picture_file
from .settings import DATABASE, ENV_FILE, Settings

LOW_DISK_BYTES = 1 << 30
"""Below this much free space the next clips and the database's log may not fit."""

LISTED = 5
"""Missing files that are named."""

OLDEST_PYTHON = (3, 11)


Check = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything that is known of this installation, as it is found out."""
    for check in CHECKS:
        yield from check(settings)
    yield from asyncio.run(check_discord(settings))


def report(settings: Settings, *, say: Callable[[str], None] = print) -> bool:
    """Say every finding; whether nothing is wrong."""
    ills = 0
    for finding in examine(settings):
        say(f"{'ok  ' if finding.remedy is None else 'BAD '} {finding.subject}: {finding.says}")
        if finding.remedy is not None:
            ills += 1
            say(f"     -> {finding.remedy}")
    say("Nothing is wrong." if not ills else f"{ills} to mend." if ills > 1 else "One thing to mend.")
    return not ills


def check_versions(_settings: Settings) -> Iterator[Finding]:
    """Python, SQLite and every library that Flipbook says it needs."""
    python = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        yield Finding("Python", f"{python} is too old", f"Install Python {'.'.join(map(str, OLDEST_PYTHON))} or later.")
    else:
        yield Finding("Python", python)
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        yield Finding("SQLite", f"{sqlite3.sqlite_version} is too old", f"Use a Python with SQLite {oldest} or later.")
    else:
        yield Finding("SQLite", sqlite3.sqlite_version)
    try:
        needed = [Requirement(line) for line in requires("flipbook") or ()]
    except PackageNotFoundError:
        yield Finding("Flipbook", "is not installed", "In its folder: pip install -e .")
        return
    wrong = [said for need in needed if need.marker is None and (said := _mismatch(need)) is not None]
    if wrong:
        yield Finding("Libraries", "; ".join(wrong), "Install Flipbook again: pip install --upgrade -e .")
    else:
        yield Finding("Libraries", "all as Flipbook needs them")


def check_secrets(settings: Settings) -> Iterator[Finding]:
    """Whether other users of the machine can read the token's file."""
    if os.name == "nt" or not ENV_FILE.is_file() or settings.is_local:
        return
    if ENV_FILE.stat().st_mode & 0o077:
        yield Finding(".env", "other users of this machine can read the token", f"chmod 600 {ENV_FILE.absolute()}")
    else:
        yield Finding(".env", "only you can read it")


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Whether the data folder can be written and has room."""
    folder = settings.store_dir
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        yield Finding("Disk", f"{existing} cannot be written", "Set DATA_DIR to a folder that this user may write.")
        return
    free = shutil.disk_usage(existing).free
    says = f"{free / 2**30:.1f} GiB free for {folder}"
    low = f"Make room, or set DATA_DIR to a larger disk; CLIPS_MAX_MB={settings.clips_max_mb:g} limits the clips."
    yield Finding("Disk", says, low if free < LOW_DISK_BYTES else None)


def check_database_file(settings: Settings) -> Iterator[Finding]:
    """Whether the database is ours, sound and not of a newer release."""
    path = settings.store_dir / DATABASE
    if not path.exists():
        yield Finding("Database", f"none yet; the first start makes {path}")
        return
    try:
        check_database(path)
    except DataError as error:
        yield Finding("Database", str(error), "See docs/operations.md, Restore.")
    else:
        yield Finding("Database", f"{path} is sound")


def check_files(settings: Settings) -> Iterator[Finding]:
    """Whether clips and first pictures can be kept, and those are there that jobs on their way need."""
    folder = settings.store_dir
    for kept in (folder / CLIPS_FOLDER, folder / PICTURES_FOLDER):
        if kept.exists() and not (kept.is_dir() and os.access(kept, os.W_OK | os.X_OK)):
            mend = "Make it a folder that this user may write, or move it away: the bot makes another."
            yield Finding("Files", f"{kept} is no folder that can be written", mend)
            return
    try:
        clips = [folder / path for path in awaited_clips(folder / DATABASE)]
        pictures = [picture_file(folder, digest) for digest in awaited_pictures(folder / DATABASE)]
    except DataError:
        return  # the database says nothing, or is none: see there
    missing = [path for path in (*clips, *pictures) if not path.is_file()]
    says = ", ".join(str(path) for path in missing[:LISTED]) + (" and more" if len(missing) > LISTED else "")
    if missing:
        mend = "Copy them back from a backup; the jobs that need them fail otherwise."
        yield Finding("Files", f"{len(missing)} that are needed are missing: {says}", mend)
    else:
        yield Finding("Files", f"all that jobs on their way need are there, {len(clips) + len(pictures)}")


def check_ffmpeg(_settings: Settings) -> Iterator[Finding]:
    """Whether a clip can be encoded: two grey frames are."""
    try:
        import numpy as np

        from generation.encode import ffmpeg_executable, write_clip
        from generation.finish import Finish

        with tempfile.TemporaryDirectory() as folder:
            write_clip(np.full((2, 64, 64, 3), 0.5, np.float32), Path(folder) / "grey.mp4", Finish(fps=8))
        yield Finding("ffmpeg", f"{ffmpeg_executable()} encodes H.264")
    except (GenerationError, ImportError) as error:
        mend = "pip install --force-reinstall imageio-ffmpeg, or set IMAGEIO_FFMPEG_EXE to an ffmpeg with libx264."
        yield Finding("ffmpeg", str(error), mend)


def check_checkpoint(settings: Settings) -> Iterator[Finding]:
    """Whether the device can be used and the checkpoint loads on it."""
    try:
        from generation.checkpoint import pick_device

        device = pick_device(settings.device)
    except (GenerationError, ImportError, OSError) as error:
        yield Finding("GPU", str(error), "Set DEVICE=auto, or install a torch that fits this machine (pytorch.org).")
        return
    if device.type == "cpu" and settings.device == "auto" and shutil.which("nvidia-smi"):
        mend = "Install a torch built for CUDA (pytorch.org), or set DEVICE=cpu."
        yield Finding("GPU", "this machine has an NVIDIA GPU, but its torch cannot use it", mend)
    elif device.type == "cpu":
        yield Finding("GPU", "none is used; clips are rendered on the CPU")
    else:
        yield Finding("GPU", f"clips are rendered on {device}")
    mend = "Set CHECKPOINT=starter, to a checkpoint's folder, or to a hub id."
    yield _loading(settings, "", "Checkpoint", settings.checkpoint, mend)
    for style in settings.styles:
        mend = f"Mend the files that STYLES names for {style}, or leave it out."
        yield _loading(settings, style, f"Style {style}", "all of it", mend)


def _loading(settings: Settings, style: str, subject: str, what: str, mend: str) -> Finding:
    try:
        load(settings, style)
    except GenerationError as error:
        return Finding(subject, str(error), mend)
    return Finding(subject, f"{what} loads")


def _mismatch(need: Requirement) -> str | None:
    try:
        found = version(need.name)
    except PackageNotFoundError:
        return f"{need.name} is missing"
    return None if need.specifier.contains(found, prereleases=True) else f"{need} is needed, {found} is here"


CHECKS: tuple[Check, ...] = (
    check_versions,
    check_secrets,
    check_disk,
    check_database_file,
    check_files,
    check_ffmpeg,
    check_checkpoint,
)
