"""`python -m bot` whose GPU thread hangs in the first render, as a broken driver makes it."""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace
from typing import Any

import bot.app
from bot.__main__ import main
from bot.executor import LocalExecutor


class HangingExecutor(LocalExecutor):
    """Loads nothing and never comes back."""

    def _load(self, style: str) -> Any:
        return SimpleNamespace(bytes=0)

    def _draw(self, *_: Any) -> Any:
        time.sleep(600)


if __name__ == "__main__":
    bot.app.LocalExecutor = HangingExecutor
    sys.exit(main([]))
