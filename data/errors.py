"""What the store refuses, in words for the person who can do something about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Budget, Job, Quota


class DataError(Exception):
    """Base of every error that the `data` package raises on purpose."""


class DuplicateJob(DataError):
    """The same interaction, or a second press of the same button, already has a job: `job`."""

    def __init__(self, job: Job) -> None:
        super().__init__(f"This is already job {job.id}; follow that one, nothing was added.")
        self.job = job


class QuotaExceeded(DataError):
    """The member's clips of the day are used up or reserved: `quota` says how many and until when."""

    def __init__(self, quota: Quota) -> None:
        super().__init__(
            f"All {quota.limit} clips of this UTC day are taken "
            f"({quota.used} made, {quota.reserved} under way); wait for the next day, "
            "or cancel a clip that waits."
        )
        self.quota = quota


class BudgetExceeded(DataError):
    """The server's GPU time of the day has no room for `seconds` more: `budget` says how much is left until when."""

    def __init__(self, budget: Budget, seconds: float) -> None:
        super().__init__(
            f"This clip needs about {seconds:.0f} s of the GPU, and of the server's {budget.limit_s or 0:.0f} s of "
            f"this UTC day {budget.left_s or 0:.0f} s are left; wait for the next day, or ask for less."
        )
        self.budget = budget
        self.seconds = seconds


class TooManyJobs(DataError):
    """The member already has `active` unfinished jobs and may have `limit`."""

    def __init__(self, active: int, limit: int) -> None:
        super().__init__(
            f"{active} clips of this member are unfinished and {limit} are allowed at a time; "
            f"wait for one to finish or cancel it."
        )
        self.active = active
        self.limit = limit


class NothingToRoute(DataError):
    """The job does not exist, or its outcome already stands in its message: no message can be given to it."""

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Job {job_id} has nothing left to say; start a new job instead of moving this one.")
        self.job_id = job_id


class DatabaseTooNew(DataError):
    """A newer release has already changed the database (schema `found`, this code knows up to `known`)."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"The database has schema {found}, but this release knows schemas up to {known}. "
            f"Install the newer release again, or restore a backup made before the upgrade."
        )
        self.found = found
        self.known = known


class WrongApplication(DataError):
    """The database belongs to the Discord application `bound`, not to `given`."""

    def __init__(self, bound: int, given: int) -> None:
        super().__init__(
            f"This database belongs to the Discord application {bound}, but the token is for {given}. "
            f"Its messages cannot be edited with that token: use the other token, or another DATA_DIR."
        )
        self.bound = bound
        self.given = given


class DatabaseUnusable(DataError):
    """SQLite cannot work with the file at `path`, or the file is damaged or belongs to another program."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The database {path} cannot be used: {reason}. "
            f"Check that the disk is writable and has space; if the file is damaged, "
            f"move it away and put a backup in its place."
        )
        self.path = path
        self.reason = reason


class DataDirUnusable(DataError):
    """The data folder `path` cannot be made or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The data folder {path} cannot be used: {reason}. Set DATA_DIR to a folder that this user may write."
        )
        self.path = path


class DataDirInUse(DataError):
    """Another process works in the data folder `path`."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Another Flipbook process is using {path}. Stop it first, or set DATA_DIR to another folder.")
        self.path = path
