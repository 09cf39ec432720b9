"""How far a training stage is: a progress bar for who watches, a line in the log every quarter of a minute."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tqdm import tqdm

_EVERY_S: Final = 15.0


class Reporter:
    """Called after every step with its number and loss; without a log file it is silent.

    The bar shows on a terminal only, the log gets the mean loss and the speed in pictures a second.
    """

    def __init__(self, stage: str, steps: int, batch: int, log_file: Path | None) -> None:
        self._stage, self._steps, self._batch, self._log_file = stage, steps, batch, log_file
        self._since, self._count, self._total = time.perf_counter(), 0, 0.0
        self._bar = tqdm(total=steps, desc=stage, unit="step", disable=None if log_file else True)

    def __call__(self, step: int, loss: float) -> None:
        """Count one step."""
        if self._log_file is None:
            return
        self._bar.update(step - self._bar.n if self._bar.n else step)
        self._count, self._total = self._count + 1, self._total + loss
        passed = time.perf_counter() - self._since
        if passed > _EVERY_S or step == self._steps:
            speed = self._count * self._batch / passed
            line = f"{self._stage} {step}/{self._steps} loss {self._total / self._count:.4f} {speed:.1f} pictures/s"
            with self._log_file.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            if self._bar.disable:
                print(line, flush=True)
            self._since, self._count, self._total = time.perf_counter(), 0, 0.0

    def close(self) -> None:
        """Leave the bar as it is."""
        self._bar.close()


def every(seconds: float, action: Callable[[], None]) -> Callable[[], None]:
    """Return a function that calls `action` when so much time has passed since the last time."""
    last = time.perf_counter()

    def check() -> None:
        nonlocal last
        if time.perf_counter() - last > seconds:
            action()
            last = time.perf_counter()

    return check
