"""Where clips lie: named by their job's id alone, and never outside the data folder."""

from __future__ import annotations

from pathlib import Path

CLIPS_FOLDER = "clips"


def clip_file(store_dir: Path, job_id: int, format: str) -> Path:
    """The file of a job's clip; its format is its suffix."""
    return store_dir / CLIPS_FOLDER / f"{job_id}.{format}"


def clip_files(store_dir: Path, job_id: int) -> list[Path]:
    """What there is of a job's clip, in whatever format."""
    return list((store_dir / CLIPS_FOLDER).glob(f"{job_id}.*"))


def stored_file(store_dir: Path, clip_path: str) -> Path:
    """A clip's file by the path that the database has of it.

    Raises:
        FileNotFoundError: the path leads out of the data folder; whatever lies there is no clip of ours.
    """
    path = store_dir / clip_path
    if not path.resolve().is_relative_to(store_dir.resolve()):
        raise FileNotFoundError("its file lies outside the data folder")
    return path


def leftovers(store_dir: Path) -> list[Path]:
    """Halves of clips whose writer was killed."""
    return list((store_dir / CLIPS_FOLDER).glob(".*"))
