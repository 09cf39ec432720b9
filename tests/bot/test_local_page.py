"""A press on the local page means what its member saw, whatever was published since."""

import asyncio
from types import SimpleNamespace

import pytest

pytest.importorskip("simcord")

from simcord import SetupError

from bot import local_page
from bot.local_afterglow import KEPT_S
from bot.local_page import CONTROLS_KEPT, LivePage

JOB = "77"
BAR = {"type": 10, "content": "rendering", "control_key": None}


def button(place: int, custom_id: str) -> dict[str, object]:
    return {"type": 2, "control_key": f"message:{JOB}:component:{place}", "custom_id": custom_id}


class Preview:
    """What LivePage needs of simcord's: one page, whose snapshot a test sets before it publishes."""

    def __init__(self) -> None:
        self.page = SimpleNamespace(id="p", revision=1, snapshot={}, command_catalog={}, assets={})
        self._blobs: dict[str, SimpleNamespace] = {}
        self._python = None
        self._pages = {"p": self.page}
        self.acted: list[dict[str, object]] = []
        self.components: list[dict[str, object]] = []

    def _publish(self, page: SimpleNamespace, reason: str = "action") -> None:
        page.revision += 1
        page.snapshot = {"messages": {JOB: {"components": self.components}}}

    async def _prepare_asset(self, context_id: str, asset_id: str, **how: object) -> tuple[str, bytes, str]:
        """As simcord: what the newest publication does not have is unavailable."""
        if asset_id not in self.page.assets:
            raise SetupError("asset is unavailable")
        record = self.page.assets[asset_id]
        return record.contentType, self._blobs[record.digest].data, record.filename

    def _advance_presentation_time(self) -> None:
        pass

    def _page_payload(self, page: SimpleNamespace) -> dict[str, object]:
        return {"revision": page.revision}

    def picture(self, asset_id: str, content: bytes) -> None:
        """Publish the message with this picture and no other."""
        digest = f"digest of {asset_id}"
        self._blobs = {digest: SimpleNamespace(data=content)}
        record = SimpleNamespace(digest=digest, available=True, contentType="image/webp", filename="look.webp")
        self.page.assets = {asset_id: record}
        self._publish(self.page)

    def asset(self, asset_id: str, **how: object) -> bytes:
        return asyncio.run(self._prepare_asset("p", asset_id, **how))[1]

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
    found.backend = backend
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


def test_a_picture_stays_to_be_had_for_a_while_after_another_has_taken_its_place(preview: Preview, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(local_page.time, "time", lambda: now[0])
    for number in range(3):
        preview.picture(f"a{number}", f"look {number}".encode())
    assert [preview.asset(f"a{number}") for number in range(3)] == [b"look 0", b"look 1", b"look 2"]
    now[0] += KEPT_S + 1
    preview.picture("a3", b"look 3")
    assert preview.asset("a3") == b"look 3" and preview.asset("a2") == b"look 2"
    for gone in ("a0", "a1"):
        with pytest.raises(SetupError):
            preview.asset(gone)


def test_what_was_never_shown_or_is_asked_for_otherwise_is_left_to_simcord(preview: Preview):
    preview.picture("a0", b"look 0")
    preview.picture("a1", b"look 1")
    for asset_id, how in (("other", {}), ("a0", {"download": True}), ("a0", {"poster": True})):
        with pytest.raises(SetupError):
            preview.asset(asset_id, **how)


def test_a_page_that_is_closed_leaves_nothing(preview: Preview):
    preview.picture("a0", b"look 0")
    preview._pages = {}
    preview.picture("a1", b"look 1")
    with pytest.raises(SetupError):
        preview.asset("a0")


def test_a_tab_is_told_of_the_world_as_it_is_and_not_as_it_was_published_last(preview: Preview):
    seen = preview.page.revision
    assert preview._page_payload(preview.page) == {"revision": seen}, "nothing has happened"
    preview.backend.transcript.append("a picture was replaced")
    assert preview._page_payload(preview.page) == {"revision": seen + 1}
    assert preview._page_payload(preview.page) == {"revision": seen + 1}
