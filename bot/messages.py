"""What the service needs of a messenger, and how it learns that a message cannot be reached."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from data import Job, Route

from .executor import Step


class Undeliverable(Exception):
    """The message is gone or closed to us (403, 404): trying again cannot help.

    Args:
        gone: there is no such message any more.
    """

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


class TooLarge(Exception):
    """Discord refuses a file of this size; `limit_bytes` fits."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"the file may have {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class Unreachable(Exception):
    """Discord does not answer as it should (5xx, 429, network): the same call may work later."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job stands: `position` 1 is next, 0 is being rendered.

    Its clip is ready after `wait_s` as likely as not, and after `late_s` in nine cases of ten.
    """

    position: int
    wait_s: float
    late_s: float
    paused: bool = False
    """Its server is paused: it keeps its place, and nobody knows when its turn comes."""
    loading: bool = False
    """Its turn has come, and its style is still being loaded: others are rendered meanwhile."""


PAUSED = Place(1, 0.0, 0.0, paused=True)
LOADING = Place(1, 0.0, 0.0, loading=True)


class Messenger(Protocol):
    """Shows a job's life in its one message. Every call may raise Undeliverable or Unreachable."""

    async def show_queued(self, job: Job, place: Place) -> None:
        """The promise: this request will not be lost."""
        ...

    async def show_progress(self, job: Job, step: Step, left_s: float | None) -> None:
        """The bar, and the step's picture where it has one. May raise TooLarge for the picture."""
        ...

    async def show_clip(self, job: Job, path: Path) -> None:
        """The clip itself; idempotent. May raise TooLarge."""
        ...

    async def show_end(self, job: Job) -> None:
        """A failed or cancelled job says why."""
        ...

    async def mention(self, job: Job) -> None:
        """One reply that tells a member who waited long."""
        ...

    async def remove(self, route: Route) -> None:
        """Delete a message of ours."""
        ...
