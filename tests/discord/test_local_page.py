"""The local page as its user meets it: `python -m bot` without a token, and a browser.

The process is the shipped one, the page is driven by keyboard and mouse only, and nothing refreshes it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.local_commands import read_command_line

if TYPE_CHECKING:
    from tests.discord.browser import ChatPage

pytestmark = pytest.mark.timeout(900)  # several clips on a CPU that others use too

# What the bot says; everything else here is independent of its wording.
QUEUED = "Queued"
RENDERING = "Rendering"
CANCEL_BUTTON = "Cancel"
REROLL_BUTTON = "Re-roll"
CANCELLED = re.compile("cancelled", re.IGNORECASE)

PROMPT = "a red apple on a blue background"
EDITED = "a green apple in the snow"
REPOSITORY = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 180
CLIP_TIMEOUT_S = 480
ANSWER_TIMEOUT_S = 30
STOP_TIMEOUT_S = 60
QUESTIONS = 12
GLANCE_S = 2  # a change shows on the page within this time, with no hand on it


def _missing_browser() -> str | None:
    if importlib.util.find_spec("playwright") is None:
        return 'playwright is not installed (pip install -e ".[dev]")'
    from tests.discord.browser import find_chromium

    return None if find_chromium() else "no chromium on this machine (apt install chromium)"


@pytest.fixture
def tab() -> Iterator[Callable[[str], ChatPage]]:
    """Opens tabs of a fresh browser; skips where there is none, unless FLIPBOOK_REQUIRE_BROWSER=1."""
    if missing := _missing_browser():
        if os.environ.get("FLIPBOOK_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    from tests.discord.browser import find_chromium, open_browser

    executable = find_chromium()
    assert executable is not None
    with open_browser(executable) as opened:
        yield opened


class RunningBot:
    """`python -m bot` without a token, from a folder that is not the repository."""

    def __init__(self, data_dir: Path, *, port: int = 0, language: str = "en") -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
        environment |= {
            "DATA_DIR": str(data_dir),
            "LOCAL_PORT": str(port),
            "LOCAL_LANGUAGE": language,
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")]),
        }
        self._log = data_dir / "output.log"
        with self._log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot"],
                cwd=data_dir,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        return self._log.read_text(errors="replace")

    def link(self) -> str:
        """The address that the bot announces once its page is up."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if found := re.search(r"http://127\.0\.0\.1:\d+/#[\w-]+", self.output):
                return found[0]
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"no link was announced (exit code {self.process.poll()}):\n{self.output}")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_TIMEOUT_S)


@contextmanager
def running_bot(data_dir: Path, *, port: int = 0, language: str = "en") -> Iterator[RunningBot]:
    bot = RunningBot(data_dir, port=port, language=language)
    try:
        yield bot
    finally:
        if bot.process.poll() is None:
            bot.process.kill()
            bot.process.wait()


def _has_playable_clip(page: ChatPage, *, count: int = 1) -> bool:
    clip = page.playback()
    return page.videos().count() >= count and clip is not None and clip.ready


def _watch_until_clip(page: ChatPage) -> list[str]:
    return page.states_until(lambda: _has_playable_clip(page), "a clip", timeout_s=CLIP_TIMEOUT_S)


def _ask(page: ChatPage, command: str) -> str:
    """Type a command that answers at once, and read the answer."""
    before = len(page.messages())
    page.type_line(f"/{command}")
    page.until(lambda: len(page.messages()) > before, f"an answer to /{command}", timeout_s=ANSWER_TIMEOUT_S)
    return page.last_message()


def test_a_typed_prompt_becomes_a_playing_clip(tmp_path: Path, tab: Callable[[str], ChatPage]) -> None:
    with running_bot(tmp_path / "data") as bot:
        page = tab(bot.link())

        page.command("video", prompt=PROMPT, quality="best")
        states = _watch_until_clip(page)

        assert any(QUEUED in state or RENDERING in state for state in states), states
        moving = {state for state in states if RENDERING in state}
        assert len(moving) >= 2, f"the bar did not move by itself: {states}"
        assert PROMPT in page.text()

        page.play()
        clip = page.playback()
        assert clip is not None and clip.error is None
        assert clip.duration_s > 0 and clip.width > 0

        assert _ask(page, "queue")
        assert PROMPT in _ask(page, "history")
        assert page.refusals() == []
        assert bot.stop() == 0, bot.output


def test_the_page_speaks_the_language_that_is_set(tmp_path: Path, tab: Callable[[str], ChatPage]) -> None:
    with running_bot(tmp_path / "data", language="de") as bot:
        page = tab(bot.link())
        answer = _ask(page, "help")
        assert "Ich mache aus einem Satz ein kurzes Video" in answer and "ein Fuchs im Schnee" in answer
        assert bot.stop() == 0, bot.output


def test_every_start_on_the_same_data_makes_a_clip(tmp_path: Path, tab: Callable[[str], ChatPage]) -> None:
    for start in ("first", "second"):
        with running_bot(tmp_path / "data") as bot:
            page = tab(bot.link())
            page.type_line(f"/video prompt: {PROMPT}, {start} time")
            _watch_until_clip(page)
            assert f"{start} time" in page.text()
            assert bot.stop() == 0, bot.output


def test_a_member_is_never_refused_because_a_clip_progresses(tmp_path: Path, tab: Callable[[str], ChatPage]) -> None:
    with running_bot(tmp_path / "data") as bot:
        page = tab(bot.link())
        page.type_line(f"/video prompt: {PROMPT}")
        page.until(lambda: RENDERING in page.text(), "the bar", timeout_s=CLIP_TIMEOUT_S)
        for _ in range(QUESTIONS):
            _ask(page, "queue")
        assert page.refusals() == []


def test_cancel_and_reroll_are_one_press_each(tmp_path: Path, tab: Callable[[str], ChatPage]) -> None:
    with running_bot(tmp_path / "data") as bot:
        page = tab(bot.link())
        for number in range(3):  # the first renders, so the last is still waiting when it is cancelled
            page.type_line(f"/video prompt: {PROMPT}, number {number}")
            page.until(lambda shown=number: len(page.messages()) > shown, "its message", timeout_s=ANSWER_TIMEOUT_S)
        page.click(CANCEL_BUTTON)
        page.until(lambda: CANCELLED.search(page.text()), "the cancellation", timeout_s=ANSWER_TIMEOUT_S)

        page.until(lambda: page.videos().count() >= 2, "the other two clips", timeout_s=CLIP_TIMEOUT_S)
        page.click(REROLL_BUTTON)
        page.until(lambda: page.videos().count() >= 3, "another clip", timeout_s=CLIP_TIMEOUT_S)
        assert page.refusals() == []


def test_a_recipe_is_edited_in_a_dialog_and_the_history_has_both_clips(
    tmp_path: Path, tab: Callable[[str], ChatPage]
) -> None:
    with running_bot(tmp_path / "data") as bot:
        page = tab(bot.link())
        page.type_line(f"/video prompt: {PROMPT}")
        _watch_until_clip(page)

        page.click("Edit")
        page.answer_dialog(Prompt=EDITED)
        page.until(lambda: _has_playable_clip(page, count=2), "the edited clip", timeout_s=CLIP_TIMEOUT_S)

        history = _ask(page, "history")
        assert PROMPT in history and EDITED in history
        page.click("Recipe")
        page.until(lambda: "Drawn in" in page.last_message(), "the recipe", timeout_s=ANSWER_TIMEOUT_S)
        assert page.refusals() == []


def test_what_happens_in_one_tab_shows_in_the_other(tmp_path: Path, tab: Callable[[str], ChatPage]) -> None:
    with running_bot(tmp_path / "data") as bot:
        link = bot.link()
        mine, theirs = tab(link), tab(link)
        theirs.view_as("friend")

        mine.type_line(f"/video prompt: {PROMPT}")
        mine.until(lambda: mine.messages(), "the job's message", timeout_s=ANSWER_TIMEOUT_S)
        theirs.until(lambda: PROMPT in theirs.text(), "the same message in the other tab", timeout_s=GLANCE_S)

        _watch_until_clip(theirs)
        mine.reload()
        mine.until(lambda: _has_playable_clip(mine), "the clip after a reload", timeout_s=ANSWER_TIMEOUT_S)


def test_a_taken_port_is_explained(tmp_path: Path) -> None:
    with running_bot(tmp_path / "one") as first:
        port = int(re.search(r":(\d+)/", first.link())[1])
        with running_bot(tmp_path / "two", port=port) as second:
            assert second.process.wait(START_TIMEOUT_S) != 0
            assert str(port) in second.output and "LOCAL_PORT" in second.output
            assert "Traceback" not in second.output


ENTRIES = [
    {
        "invocation": "video",
        "commandId": "7",
        "path": ["video"],
        "schemaFingerprint": "sf",
        "options": [
            {"name": "prompt", "type": "string", "choices": []},
            {"name": "motion", "type": "string", "choices": [{"name": "Zoom in", "value": "zoom-in"}]},
            {
                "name": "length",
                "type": "number",
                "choices": [{"name": "0.5 s (4 frames)", "value": "0.5"}, {"name": "4 s (32 frames)", "value": "4.0"}],
            },
            {"name": "frames", "type": "integer", "choices": []},
            {"name": "private", "type": "boolean", "choices": []},
        ],
    },
    {
        "invocation": "settings show",
        "commandId": "8",
        "path": ["settings", "show"],
        "schemaFingerprint": "sf",
        "options": [],
    },
]


@pytest.mark.parametrize(
    ("line", "path", "options"),
    [
        ("/video prompt: a red apple", ["video"], {"prompt": "a red apple"}),
        ("/video a red apple", ["video"], {"prompt": "a red apple"}),
        (
            "/video prompt: ratio 16:9 motion: zoom IN frames: 12 private: yes",
            ["video"],
            {"prompt": "ratio 16:9", "motion": "zoom-in", "frames": "12", "private": True},
        ),
        ("/video a fox length: 4 s", ["video"], {"prompt": "a fox", "length": "4.0"}),
        ("/video a fox length: 4", ["video"], {"prompt": "a fox", "length": "4.0"}),
        ("/video a fox motion: zoom-in", ["video"], {"prompt": "a fox", "motion": "zoom-in"}),
        ("/settings show", ["settings", "show"], {}),
    ],
)
def test_a_command_written_as_one_line_is_understood(line: str, path: list[str], options: object) -> None:
    action = read_command_line(line, ENTRIES)
    assert action is not None
    assert (action["kind"], action["path"], action["options"]) == ("run_command", path, options)


@pytest.mark.parametrize("line", ["hello", "/unknown", "/videos of cats", "what does /video do?", ""])
def test_anything_else_stays_a_message(line: str) -> None:
    assert read_command_line(line, ENTRIES) is None
