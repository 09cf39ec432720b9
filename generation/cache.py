"""Loaded checkpoints by name, bounded in bytes: the one that was used longest ago goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """Something that takes memory."""

    @property
    def bytes(self) -> int:
        """How much."""
        ...


Key = TypeVar("Key", bound=Hashable)
Model = TypeVar("Model", bound=Sized)


class CheckpointCache(Generic[Key, Model]):
    """A least-recently-used cache; threads may share it.

    Args:
        max_bytes: what the models may take together. The newest one stays also where it alone takes more.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._models: OrderedDict[Key, Model] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, key: Key) -> bool:
        return key in self._models

    @property
    def bytes(self) -> int:
        """What the models take together."""
        return sum(model.bytes for model in self._models.values())

    def get(self, key: Key) -> Model | None:
        """A model, which thereby is the one used last; None where it is not here."""
        with self._lock:
            if key in self._models:
                self._models.move_to_end(key)
            return self._models.get(key)

    def put(self, key: Key, model: Model) -> None:
        """Keep a model; who uses one that has to go may use it to the end."""
        with self._lock:
            self._models[key] = model
            self._models.move_to_end(key)
            while self.bytes > self.max_bytes and len(self._models) > 1:
                self._models.popitem(last=False)
