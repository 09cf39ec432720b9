"""Whatever members type, files hold and operators write: a clear error or none, never a surprise.

A reduced number of inputs runs always; `pytest -m soak tests/fuzz` tries 10,000 of each kind. The counts stand at the
end of the test run.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from pydantic import ValidationError

from bot.plain import plain
from bot.prompt_rules import WordList, shipped_rules
from bot.settings import Settings
from data import DataError, Store
from generation.errors import InvalidRequest, NoRecipe, NotAPicture, PictureTooLarge
from generation.first_picture import archived, open_picture
from generation.recipe import Recipe
from generation.request import Defaults, VideoRequest
from tests.conftest import SUMMARY
from tests.pictures import MAKE, picture

REDUCED, FULL = 100, 10_000  # of each kind

NASTY = st.text(max_size=60) | st.text(alphabet="@#<>*_`|\\\u200b\u202e\ud800\x00 a0", max_size=40)
NUMBERS = st.integers() | st.floats() | st.booleans() | st.none()
VALUES = NASTY | NUMBERS | st.lists(NUMBERS, max_size=3) | st.dictionaries(NASTY, NUMBERS, max_size=2)
FIELDS = st.sampled_from([*VideoRequest.model_fields, "unknown"])


def command(fields: dict[str, Any]) -> str:
    try:
        request = VideoRequest.parse(fields)
        request.resolve(Defaults())
    except InvalidRequest as error:
        assert str(error)
        return "refused"
    plain(request.prompt, 300)
    shipped_rules().judge(request.prompt, adult_allowed=False, unwanted=WordList([request.prompt]))
    return "taken"


def recipe(text: str) -> str:
    try:
        Recipe.from_json(text)
    except NoRecipe as error:
        assert str(error)
        return "refused"
    return "taken"


def env_file(lines: list[tuple[str, str]]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ".env"
        text = "\n".join(f"{name}={value}" for name, value in lines)
        path.write_bytes(text.encode("utf-8", "surrogatepass").replace(b"\x00", b""))
        try:
            Settings(_env_file=path)
        except (ValidationError, UnicodeDecodeError) as error:
            assert str(error)
            return "refused"
    return "taken"


def database(damage: list[tuple[int, bytes]], cut: int, sql: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flipbook.sqlite3"
        content = bytearray(_sound_database())
        for place, junk in damage:
            content[place % len(content) : place % len(content) + len(junk)] = junk
        path.write_bytes(bytes(content[: len(content) - cut % len(content)]))
        try:
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute(sql)
        except (sqlite3.Error, UnicodeDecodeError):
            pass
        try:
            asyncio.run(_open(path))
        except DataError as error:
            assert str(path) in str(error) or "schema" in str(error)
            return "refused"
    return "taken"


async def _open(path: Path) -> None:
    async with Store.open(path) as store:
        await store.recover(max_attempts=3)
        await store.history(7)


def _sound_database(kept: list[bytes] = []) -> bytes:  # noqa: B006  (made once)
    if not kept:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "flipbook.sqlite3"
            asyncio.run(_open(path))
            kept.append(path.read_bytes())
    return kept[0]


def picture_file(kind: str, damage: list[tuple[int, bytes]], cut: int) -> str:
    content = bytearray(_sound_picture(kind))
    for place, junk in damage:
        content[place % len(content) : place % len(content) + len(junk)] = junk
    try:
        digest, png = archived(open_picture(bytes(content[: len(content) - cut % len(content)])))
    except (NotAPicture, PictureTooLarge) as error:
        assert str(error)
        return "refused"
    assert open_picture(png).digest == digest
    return "taken"


def _sound_picture(kind: str) -> bytes:
    exif = Image.Exif()
    exif[MAKE], exif[ExifTags.Base.Orientation], exif[ExifTags.Base.XResolution] = "Tell-Tale Camera", 6, 72.0
    return picture(kind=kind, **({} if kind == "GIF" else {"exif": exif}))


SOUND = VideoRequest(prompt="a fox", seed=1).resolve(Defaults()).model_dump()
CHANGES = st.dictionaries(FIELDS, VALUES, max_size=2)
COMMANDS = st.builds(lambda prompt, changes: {"prompt": prompt, **changes}, NASTY, CHANGES)
RECIPES = NASTY | st.builds(
    lambda schema, changes: json.dumps({"flipbook": schema, "request": SOUND | changes}),
    st.sampled_from([1, 1, 2, None]),
    CHANGES,
)
LINES = st.tuples(
    st.sampled_from([name.upper() for name in Settings.model_fields] + ["OTHER"]), NASTY | NUMBERS.map(str)
)
DAMAGE = st.tuples(
    st.lists(st.tuples(st.integers(0, 2**20), st.binary(max_size=64)), max_size=4),
    st.just(0) | st.integers(0, 2**17),
    st.sampled_from(
        ["SELECT 1", "DROP TABLE jobs", "PRAGMA user_version = 99", "PRAGMA application_id = 1", "DROP TABLE holds"]
    ),
)
PICTURES = st.tuples(
    st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]),
    st.lists(st.tuples(st.integers(0, 250) | st.integers(0, 2**12), st.binary(min_size=1, max_size=4)), max_size=4),
    st.just(0) | st.integers(0, 2**12),
)
Record = Callable[[str, object], None]
KINDS: dict[str, tuple[st.SearchStrategy[Any], Callable[..., str]]] = {
    "commands": (COMMANDS, command),
    "recipes": (RECIPES, recipe),
    ".env files": (st.lists(LINES, max_size=6), env_file),
    "pictures": (PICTURES, lambda given: picture_file(*given)),
    "databases": (DAMAGE, lambda damage: database(*damage)),
}


def fuzz(kind: str, examples: int) -> str:
    """Try so many inputs of a kind; returns how many there were and how they ended."""
    strategy, run = KINDS[kind]
    ends = Counter[str]()

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def tries(value: Any) -> None:
        ends[run(value)] += 1

    tries()
    assert ends.total() >= examples and ends["taken"] and ends["refused"]
    return f"{ends.total()} {kind}: {dict(ends)}"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_clear_errors(kind: str, record_property: Record):
    record_property(SUMMARY, fuzz(kind, int(os.environ.get("FUZZ_EXAMPLES", REDUCED))))


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_clear_errors_in_ten_thousand_inputs(kind: str, record_property: Record):
    record_property(SUMMARY, fuzz(kind, FULL))
