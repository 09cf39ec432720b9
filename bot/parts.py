"""What the service, the worker and the outbox share; made once, in `bot.app`."""

from __future__ import annotations

from dataclasses import dataclass

from data import Store

from .clock import Clock
from .executor import Executor
from .messages import Messenger
from .settings import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    """The doors to everything outside: the database, the GPU, Discord, time, and the operator's wishes."""

    settings: Settings
    store: Store
    executor: Executor
    messenger: Messenger
    clock: Clock
