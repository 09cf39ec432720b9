"""Keeps simcord's page current by itself, and never lets that spoil what a person does on it.

simcord publishes a page only after an action on that page, and refuses an action that was made on an
older publication. Both suit a test; a live page needs neither. This module is the only place that
reaches into simcord's private parts, and simcord is pinned for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from discord.app_commands import AppCommandError
from simcord import SetupError

from .local_afterglow import Afterglow
from .local_commands import read_command_line
from .local_media import ClipWorker

if TYPE_CHECKING:
    import simcord
    from simcord.preview import Preview

log = logging.getLogger(__name__)

CONTROLS_KEPT = 8  # versions of a message's controls that a press can still mean
MEDIA_BUDGET_BYTES = 2 * 1024**3  # the page shows 50 messages; each may hold a clip of 10 MiB and its copies


class LivePage:
    """One world and its page: `attach` the open page, then let `keep_current` run beside it."""

    def __init__(self, env: simcord.Env) -> None:
        self._env = env
        self._preview: Preview | None = None
        self._turn = asyncio.Lock()
        self._act: Any = None
        self._errors_seen = env.error_cursor
        self._publish: Any = None
        # page id -> message id -> the controls it was shown with, newest last: the publication since which, and
        # the custom id of each button and menu by simcord's key, which is its place in the message
        self._shown: dict[str, dict[str, list[tuple[int, dict[str, str]]]]] = {}
        self._afterglow = Afterglow()
        self._prepare: Any = None
        self._read: Any = None

    def attach(self, preview: Preview) -> None:
        """Take over the open page: its media budget and the door through which actions come in."""
        self._preview = preview
        # One session's bound in simcord, sized for a test run; the page here lives for days.
        cast(Any, preview)._MAX_MEDIA_BYTES = MEDIA_BUDGET_BYTES
        preview._media_worker = ClipWorker()  # pyright: ignore[reportPrivateUsage]
        # Tabs open on what this page shows: the newest messages, not those up to the newest one of now.
        first = preview._python  # pyright: ignore[reportPrivateUsage]
        if first is not None:
            first.target_id = first.window_end_id = None
        self._act = preview._action  # pyright: ignore[reportPrivateUsage]
        preview._action = self._take_turn  # pyright: ignore[reportPrivateUsage]
        self._publish = preview._publish  # pyright: ignore[reportPrivateUsage]
        preview._publish = self._publish_and_note  # pyright: ignore[reportPrivateUsage]
        self._read = preview._page_payload  # pyright: ignore[reportPrivateUsage]
        preview._page_payload = self._up_to_date  # pyright: ignore[reportPrivateUsage]
        self._prepare = preview._prepare_asset  # pyright: ignore[reportPrivateUsage]
        preview._prepare_asset = self._asset  # pyright: ignore[reportPrivateUsage]

    async def keep_current(self, interval_s: float) -> None:
        """Publish what changed in the world, forever; a world at rest costs one look per interval."""
        while True:
            await asyncio.sleep(interval_s)
            try:
                self.publish_changes()
            except Exception:
                log.exception("The local page could not be refreshed; the next change tries again")

    def _up_to_date(self, page: Any) -> dict[str, Any]:
        """What a tab is told of the world. A picture that was replaced since the last publication would be missing."""
        try:
            self.publish_changes()
        except Exception:
            log.exception("The local page could not be refreshed before it was read")
        return self._read(page)

    def publish_changes(self) -> bool:
        """Show every open page the world as it is, if anything happened since the last time.

        `Preview.refresh` would do the same but waits for the bot first, and for that time refuses what a
        person does. Publishing alone never waits, so it cannot overlap an action.
        """
        preview = self._preview
        if preview is None or not self._something_happened():
            return False
        self._follow_clock()
        preview._advance_presentation_time()  # pyright: ignore[reportPrivateUsage]
        for page in self._pages():
            # The page that scripts would read is nobody's tab; an earlier publication may drop a lapsed one.
            if page is not preview._python and page in self._pages():  # pyright: ignore[reportPrivateUsage]
                preview._publish(page, reason="refresh")  # pyright: ignore[reportPrivateUsage]
        return True

    def _something_happened(self) -> bool:
        """Empty the world's log (it would grow for ever) and say whether anything was in it."""
        backend = self._env.backend
        happened = bool(backend.transcript)
        backend.transcript.clear()
        backend.http_requests.clear()
        self._report_errors()
        return happened

    def _publish_and_note(self, page: Any, **how: Any) -> None:
        """Publish, whoever asked for it, and note the controls that the page shows from now on."""
        self._publish(page, **how)
        known = self._shown.get(page.id, {})
        self._shown[page.id] = now = {}
        messages: dict[str, Any] = page.snapshot.get("messages") or {}
        for message_id, message in messages.items():
            controls = dict(_controls(message.get("components") or ()))
            shown = known.get(message_id, [])
            if not shown or shown[-1][1] != controls:
                shown = [*shown[1 - CONTROLS_KEPT :], (page.revision, controls)]
            now[message_id] = shown
        if self._preview is not None:
            blobs = self._preview._blobs  # pyright: ignore[reportPrivateUsage]
            self._afterglow.shine(page.id, page.assets, blobs, time.time())
        for page_id in self._shown.keys() - {page.id for page in self._pages()}:
            del self._shown[page_id]
            self._afterglow.close(page_id)

    async def _asset(self, context_id: str | None, asset_id: str, **how: Any) -> tuple[str, bytes, str]:
        """A picture or a clip of a page, also one in whose place another has come a moment ago."""
        try:
            return await self._prepare(context_id, asset_id, **how)
        except SetupError as error:
            glow = self._afterglow.of(context_id, asset_id, time.time())
            if glow is None or any(how.values()) or "denied" in str(error):
                raise
            return glow.content_type, glow.content, glow.filename

    def _report_errors(self) -> None:
        """Log what simcord caught on the bot's behalf, except what the command tree reports itself."""
        for error in self._env.errors_since(self._errors_seen):
            if not isinstance(error, AppCommandError):
                log.error("The bot failed on the local Discord", exc_info=error)
        self._errors_seen = self._env.error_cursor

    async def _take_turn(self, context_id: str | None, body: Any) -> dict[str, Any]:
        """Let one person act at a time: simcord refuses two at once, two tabs or a quick hand make them."""
        self._follow_clock()
        async with self._turn:
            return await self._act(context_id, self._caught_up(context_id, body))

    def _caught_up(self, context_id: str | None, body: Any) -> Any:
        """Date an action to the present publication, unless what it presses is gone meanwhile.

        Progress is published every second or so; someone who presses a button half a second after one
        means what they saw, wherever in the message it is now. As on Discord, a button that is gone is refused.
        """
        page = next((page for page in self._pages() if page.id == context_id), None)
        if page is None or not isinstance(body, dict):
            return body
        action = _as_command(cast("dict[str, Any]", body), page)
        seen = action.get("published_revision")
        if not isinstance(seen, int) or seen >= page.revision:
            return action
        if action.get("kind") in ("click", "select"):
            shown = self._shown.get(page.id, {}).get(str(action.get("target_id"))) or [(0, {})]
            then = next((controls for since, controls in reversed(shown) if since <= seen), dict[str, str]())
            pressed = then.get(str(action.get("control_key")))
            now = {custom_id: key for key, custom_id in shown[-1][1].items()}
            if pressed not in now:
                return action
            action = {**action, "control_key": now[pressed]}
        return {**action, "published_revision": page.revision}

    def _pages(self) -> Iterable[Any]:
        if self._preview is None:
            return ()
        return tuple(self._preview._pages.values())  # pyright: ignore[reportPrivateUsage]

    def _follow_clock(self) -> None:
        """Move the world's clock up to the real one: dates, expiries and cooldowns are then true."""
        if self._turn.locked():
            return  # the bot is answering: its three seconds are not spent by a busy machine
        behind_s = time.time() - self._env.now().timestamp()
        if behind_s > 0:
            self._env.backend.advance_clock(behind_s)


def _as_command(action: dict[str, Any], page: Any) -> dict[str, Any]:
    """Run a command that was typed as a whole line, instead of posting the line."""
    if action.get("kind") != "send_message" or not isinstance(action.get("content"), str):
        return action
    command = read_command_line(action["content"], page.command_catalog.get("entries", ()))
    return {**action, **command} if command else action


def _controls(components: Iterable[Any]) -> Iterable[tuple[str, str]]:
    """Yield the key and the custom id of each button and menu in what a page shows of a message."""
    for component in components:
        if not isinstance(component, Mapping):
            continue
        node = cast("Mapping[str, Any]", component)
        if isinstance(node.get("custom_id"), str) and isinstance(node.get("control_key"), str):
            yield node["control_key"], node["custom_id"]
        yield from _controls(node.get("components") or ())
        yield from _controls([node.get("accessory")])
