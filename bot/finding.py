"""What `python -m bot doctor` sees."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` says how to mend it, and is None where nothing is wrong."""

    subject: str
    says: str
    remedy: str | None = None
