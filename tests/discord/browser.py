"""Drives the local page in a headless Chromium the way a person does: keyboard, mouse and eyes.

Nothing here refreshes the page or acts through its code. Its status object is read only to know when it
is ready and what it refused; everything else is what is on the screen.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)
LOOK_INTERVAL_S = 0.1
CLICK_MS = 2_000
PLAY_S = 30


def find_chromium() -> str | None:
    """The browser's path, or None where this machine has none."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@dataclass(frozen=True, slots=True)
class Playback:
    """What a <video> element says of itself."""

    ready: bool
    duration_s: float
    position_s: float
    paused: bool
    width: int
    error: str | None


class ChatPage:
    """One tab on the local page."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        page.goto(url)
        self._composer = page.locator("#channel-composer-input")
        self._composer.wait_for(timeout=30_000)
        page.wait_for_timeout(1_500)  # the list of commands comes with the page's first polls; a person is slower

    # What a person does

    def type_line(self, line: str) -> None:
        """Type one line and press Enter: again where the first one only chose a command from the list."""
        self.until(partial(self._has_written, line), f"{line!r} to be written")
        self._page.keyboard.press("Enter")
        self._send_written()

    def command(self, name: str, **options: str) -> None:
        """Choose a command in the list that `/` opens, fill its fields, and send it."""
        self.until(partial(self._has_written, f"/{name}"), f"/{name} to be written")
        self._page.locator(".command-popup [role=option]").filter(has_text=name).first.wait_for()
        self._page.keyboard.press("Tab")
        for option, value in options.items():
            field = self._page.locator(f'input[data-option="{option}"]')
            self.until(partial(self._has_field, option), f"the field {option}")
            field.click()
            field.press_sequentially(value)
            # Suggestions follow the typing; those for its beginning are not meant.
            suggestions = self._page.locator(".command-popup:visible [role=option]").filter(has_text=value)
            with suppress(TimeoutError):
                suggestions.first.click(timeout=CLICK_MS)
        self._send_written()

    def _has_field(self, option: str) -> bool:
        """Whether an option's field is there, after an attempt to open it: late suggestions may close the list."""
        if not self._page.locator(f'input[data-option="{option}"]').count():
            with suppress(TimeoutError):
                self._page.locator(".command-ghost").click(timeout=CLICK_MS)
                self._page.locator(f'.command-popup [role=option][data-value="{option}"]').click(timeout=CLICK_MS)
        return bool(self._page.locator(f'input[data-option="{option}"]').count())

    def _has_written(self, line: str) -> bool:
        """Whether a line stands in the composer, after an attempt to write it: what was sent last is cleared late."""
        if self._composer.is_visible() and self._composer.input_value() != line:
            with suppress(TimeoutError):
                self._composer.click(timeout=CLICK_MS)
                self._composer.fill("", timeout=CLICK_MS)
                self._page.keyboard.type(line)
        return self._composer.is_visible() and self._composer.input_value() == line

    def _send_written(self) -> None:
        """Send what is written or chosen; the page ignores Enter while it is busy."""
        send, chosen = self._page.locator("#send-message"), self._page.locator(".command-row")

        def sent() -> bool:
            if self._is_written(chosen) and send.is_enabled():
                with suppress(TimeoutError):
                    send.click(timeout=CLICK_MS)
            return not self._is_written(chosen)

        self.until(sent, "what is written to be sent")

    def _is_written(self, chosen: Locator) -> bool:
        """Whether a command is chosen, or words stand in the composer."""
        return chosen.is_visible() or (self._composer.is_visible() and bool(self._composer.input_value()))

    def refusals(self) -> list[str]:
        """The page's own codes for the actions it refused, out of the last twenty."""
        return self._page.evaluate(
            """() => window.simcordPreview.activity.filter(item => item.rejected)
                .flatMap(item => item.diagnostics.map(diagnostic => diagnostic.code))"""
        )

    def click(self, label: str) -> None:
        """Press the newest button that carries this label."""
        self._page.locator("#channel-message-list").get_by_role("button", name=label).last.click()

    def answer_dialog(self, **fields: str) -> None:
        """Fill the open dialog's fields by their labels and submit it."""
        dialog = self._page.locator("#modal-root")
        for label, value in fields.items():
            dialog.get_by_role("textbox", name=label).fill(value)
        dialog.get_by_role("button", name=re.compile("submit", re.IGNORECASE)).click()

    def view_as(self, member: str) -> None:
        """Look at the channel as another member, and act as them."""
        chosen = self._page.locator("#viewer-picker").select_option(label=member)
        self._page.wait_for_function(
            "id => window.simcordPreview.viewerId === id && window.simcordPreview.ready", arg=chosen[0]
        )

    def reload(self) -> None:
        self._page.reload()
        self._composer.wait_for(timeout=30_000)

    # What a person sees

    def messages(self) -> list[str]:
        """The text of every message on the screen, oldest first."""
        return self._page.locator("#channel-message-list article").all_inner_texts()

    def last_message(self) -> str:
        found = self.messages()
        return found[-1] if found else ""

    def text(self) -> str:
        return "\n".join(self.messages())

    def videos(self) -> Locator:
        return self._page.locator("#channel-message-list video")

    def playback(self, index: int = -1) -> Playback | None:
        """The state of one of the videos on the screen (the newest by default)."""
        found = self._page.evaluate(
            """index => {
                const all = [...document.querySelectorAll('#channel-message-list video')];
                const video = all.at(index);
                return video && {
                    ready: video.readyState >= 2, duration_s: video.duration || 0,
                    position_s: video.currentTime, paused: video.paused, width: video.videoWidth,
                    error: video.error && (video.error.message || String(video.error.code)),
                };
            }""",
            index,
        )
        return Playback(**found) if found else None

    def pictures_are_loaded(self) -> bool:
        """Whether the newest message shows pictures, and every one of them is there."""
        return self._page.evaluate(
            """() => {
                const message = [...document.querySelectorAll('#channel-message-list article')].at(-1);
                message.scrollIntoView({block: 'end'});
                const pictures = [...message.querySelectorAll('img.gallery-image')];
                return pictures.length > 0 && pictures.every(image => image.complete && image.naturalWidth > 0);
            }"""
        )

    def play(self) -> None:
        """Press Play on the newest clip once it is loaded, which undoes an earlier press; and see it move."""
        self.until(lambda: self._clip_is(lambda clip: clip.ready), "the clip to be loaded", timeout_s=PLAY_S)
        self.click("Play")
        self.until(lambda: self._clip_is(lambda clip: clip.position_s > 0), "the clip to play", timeout_s=PLAY_S)

    def _clip_is(self, condition: Callable[[Playback], bool]) -> bool:
        clip = self.playback()
        return clip is not None and condition(clip)

    def screenshot(self, path: Path) -> None:
        """Write what is on the screen, scrolled to the newest message."""
        self._page.locator("#channel-message-list article").last.scroll_into_view_if_needed()
        self._page.mouse.move(0, 0)
        self._page.screenshot(path=str(path))

    # Waiting

    def until(self, condition: Callable[[], object], what: str, *, timeout_s: float = 30) -> None:
        """Look until `condition` holds; a failure says what was awaited and what was on the screen."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {timeout_s:g} s for {what}; on the screen:\n{self.text()}")
            self._page.wait_for_timeout(LOOK_INTERVAL_S * 1000)

    def states_until(self, condition: Callable[[], object], what: str, *, timeout_s: float = 120) -> list[str]:
        """Every different state that the newest message showed until `condition` held."""
        seen: list[str] = []

        def look() -> bool:
            state = self.last_message()
            if state and (not seen or seen[-1] != state):
                seen.append(state)
            return bool(condition())

        self.until(look, what, timeout_s=timeout_s)
        return seen


@contextmanager
def open_browser(executable: str) -> Iterator[Callable[[str], ChatPage]]:
    """A fresh browser; what it yields opens a tab on a link."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGS))
        try:
            context = browser.new_context(viewport={"width": 1200, "height": 900})
            yield lambda url: ChatPage(context.new_page(), url)
        finally:
            browser.close()
