"""A press on the local page means what its member saw, whatever was published since."""

import asyncio
from types import SimpleNamespace

import pytest

pytest.importorskip("simcord")

from bot.local_page import CONTROLS_KEPT, LivePage

JOB = "77"
BAR = {"type": 10, "content": "rendering", "control_key": None}


def button(place: int, custom_id: str) -> dict[str, object]:
    return {"type": 2, "control_key": f"message:{JOB}:component:{place}", "custom_id": custom_id}


class Preview:
    """What LivePage needs of simcord's: one page, whose snapshot a test sets before it publishes."""

    def __init__(self) -> None:
        self.page = SimpleNamespace(id="p", revision=1, snapshot={}, command_catalog={})
        self._python = None
        self._pages = {"p": self.page}
        self.acted: list[dict[str, object]] = []
        self.components: list[dict[str, object]] = []

    def _publish(self, page: SimpleNamespace, reason: str = "action") -> None:
        page.revision += 1
        page.snapshot = {"messages": {JOB: {"components": self.components}}}

    async def _action(self, context_id: str, body: dict[str, object]) -> dict[str, object]:
        self.acted.append(body)
        return {}

    def show(self, *components: dict[str, object]) -> int:
        """Publish the message with these components, as an action of simcord's own does; returns the revision."""
        self.components = [{"type": 1, "components": list(components)}]
        self._publish(self.page, reason="action")
        return self.page.revision

    def press(self, place: int, seen: int, kind: str = "click") -> dict[str, object]:
        body = {
            "kind": kind,
            "target_id": JOB,
            "control_key": f"message:{JOB}:component:{place}",
            "published_revision": seen,
        }
        asyncio.run(self._action("p", body))
        return self.acted[-1]


@pytest.fixture
def preview() -> Preview:
    backend = SimpleNamespace(transcript=[], http_requests=[], advance_clock=lambda _: None)
    clock = SimpleNamespace(timestamp=lambda: 1e12)
    env = SimpleNamespace(error_cursor=0, errors_since=lambda _: [], backend=backend, now=lambda: clock)
    found = Preview()
    LivePage(env).attach(found)  # type: ignore[arg-type]
    return found


def test_a_press_is_good_from_the_publication_that_first_showed_the_button(preview: Preview):
    preview.show(BAR)
    seen = preview.show(button(3, "cancel"))
    for _ in range(5):
        preview.show(button(3, "cancel"))
    assert preview.press(3, seen)["published_revision"] == preview.page.revision


def test_a_press_on_a_button_that_moved_presses_that_button(preview: Preview):
    seen = preview.show(button(3, "cancel"), button(4, "show"))
    preview.show(BAR, button(4, "cancel"), button(5, "show"))
    acted = preview.press(3, seen)
    assert acted["control_key"] == f"message:{JOB}:component:4"
    assert acted["published_revision"] == preview.page.revision
    assert preview.press(4, seen)["control_key"] == f"message:{JOB}:component:5"


def test_a_press_on_a_button_that_is_gone_is_left_to_be_refused(preview: Preview):
    seen = preview.show(button(3, "cancel"))
    preview.show(button(3, "again"))
    assert preview.press(3, seen)["published_revision"] == seen
    assert preview.press(3, seen, "select")["published_revision"] == seen
    assert preview.press(9, preview.page.revision - 1)["published_revision"] == preview.page.revision - 1


def test_a_press_before_the_button_was_shown_is_left_to_be_refused(preview: Preview):
    seen = preview.show(BAR)
    preview.show(button(3, "cancel"))
    assert preview.press(3, seen)["published_revision"] == seen


def test_other_actions_are_dated_to_the_present(preview: Preview):
    seen = preview.show(BAR)
    preview.show(BAR)
    asyncio.run(preview._action("p", {"kind": "history", "published_revision": seen}))
    assert preview.acted[-1]["published_revision"] == preview.page.revision


def test_what_was_shown_long_ago_is_forgotten(preview: Preview):
    seen = preview.show(button(3, "cancel"))
    for number in range(CONTROLS_KEPT):
        preview.show(button(3, f"other {number}"))
    preview.show(button(3, "cancel"))
    assert preview.press(3, seen)["published_revision"] == seen
