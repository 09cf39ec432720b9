"""The SQLite store of jobs, quotas and history; SQL lives here and nowhere else."""

from .admission import PRESS_WINDOW_S
from .backup import back_up, clips_of, pictures_of
from .errors import (
    BudgetExceeded,
    DatabaseTooNew,
    DatabaseUnusable,
    DataDirInUse,
    DataDirUnusable,
    DataError,
    DuplicateJob,
    NothingToRoute,
    QuotaExceeded,
    TooManyJobs,
    WrongApplication,
)
from .lock import DataDirLock
from .models import (
    Artifact,
    Budget,
    CancelOutcome,
    ChannelRoute,
    InteractionRoute,
    Job,
    JobState,
    LimitRule,
    NewJob,
    Quota,
    Recovery,
    Route,
    StoredFile,
)
from .schema import OLDEST_SQLITE, check_database
from .store import Store

__all__ = [
    "OLDEST_SQLITE",
    "PRESS_WINDOW_S",
    "Artifact",
    "Budget",
    "BudgetExceeded",
    "CancelOutcome",
    "ChannelRoute",
    "DataDirInUse",
    "DataDirLock",
    "DataDirUnusable",
    "DataError",
    "DatabaseTooNew",
    "DatabaseUnusable",
    "DuplicateJob",
    "InteractionRoute",
    "Job",
    "JobState",
    "LimitRule",
    "NewJob",
    "NothingToRoute",
    "Quota",
    "QuotaExceeded",
    "Recovery",
    "Route",
    "Store",
    "StoredFile",
    "TooManyJobs",
    "WrongApplication",
    "back_up",
    "check_database",
    "clips_of",
    "pictures_of",
]
