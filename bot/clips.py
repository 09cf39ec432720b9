"""Where clips lie: named by their job's id alone, and never outside the data folder."""

from __future__ import annotations

from pathlib import Path

CLIPS_FOLDER = "clips"


def clip_file(store_dir: Path, job_id: int) -> Path:
    """The file of a job's clip."""
    return store_dir / CLIPS_FOLDER / f"{job_id}.mp4"


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
