"""Waits between tries that fail, and the store asked until it can be written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from data import DatabaseUnusable

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 60.0
"""Waits while the store cannot be written: doubled from the first up to the longest, without end."""

DOUBLINGS = 32  # more would leave the range of floats in the end


def backoff_s(tries: int, *, first_s: float, longest_s: float) -> float:
    """Seconds until the next try after `tries` that failed before this one."""
    return min(first_s * 2.0 ** min(tries, DOUBLINGS), longest_s)


async def insist(verb: Callable[[], Awaitable[T]], what: str) -> T:
    """Ask the store until it answers: a full disk and a locked file may pass, and what is to be written must be.

    Args:
        verb: one of the store's, which a try that failed has left undone.
        what: is waited for, for the log.

    Raises:
        Exception: any other than DatabaseUnusable, for which another try cannot help.
    """
    tries = 0
    while True:
        try:
            answer = await verb()
        except DatabaseUnusable as error:
            delay_s = backoff_s(tries, first_s=FIRST_RETRY_S, longest_s=LONGEST_RETRY_S)
            log.critical("%s waits for the database; next try in %.0f s. %s", what, delay_s, error)
            await asyncio.sleep(delay_s)
            tries += 1
        else:
            if tries:
                log.warning("%s has waited for the database long enough", what)
            return answer
