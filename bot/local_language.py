"""The language of the local page's people; simcord's Discord would be English for everybody."""

from __future__ import annotations

import locale
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from .speech import nearest

_LOCALES = {"en": "en-US", "es": "es-ES"}
"""Discord's names for languages of ours, where they differ."""


def system_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language of the person at this machine, English where it is none of ours."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    tag = next(filter(None, names), None) or locale.getlocale()[0] or ""
    return nearest(tag.partition(".")[0].replace("_", "-"))


@contextmanager
def speaking(language: str) -> Generator[None]:
    """Let every interaction in the simulated Discord come from a client, and from a server, in this language."""
    from simcord import interactions

    plain = interactions.base_payload
    spoken = _LOCALES.get(language, language)

    def translated(*args: Any, **options: Any) -> Any:
        record, payload = plain(*args, **options)
        return record, payload | {name: spoken for name in ("locale", "guild_locale") if name in payload}

    interactions.base_payload = translated
    try:
        yield
    finally:
        interactions.base_payload = plain
