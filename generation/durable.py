"""Files that a power cut leaves whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def put_in_place(partial: Path, path: Path) -> None:
    """Rename a written file; after a power cut the path holds either the whole file or what it held before.

    Raises:
        OSError: what the system refuses.
    """
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(path)
    if os.name == "posix":  # elsewhere a folder cannot be opened, and the rename is journalled anyway
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
