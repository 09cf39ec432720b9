"""One process per data folder, held by the kernel and so free again the moment that process dies."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import filelock

from .errors import DataDirInUse, DataDirUnusable

LOCK_FILE = "flipbook.lock"


class DataDirLock:
    """Holds `data_dir` for this process, or raises DataDirInUse or DataDirUnusable at once.

    The folder is created where it is missing. The file stays behind, unlocked: deleting it would let two
    processes lock two files of the same name.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        # thread_local=False: the lock belongs to the process, whichever thread lets go of it.
        self._lock = filelock.FileLock(data_dir / LOCK_FILE, blocking=False, thread_local=False)

    def __enter__(self) -> DataDirLock:
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except filelock.Timeout as error:
            raise DataDirInUse(self._data_dir) from error
        except OSError as error:
            raise DataDirUnusable(self._data_dir, error.strerror or str(error)) from error
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()
