"""Which files the store opens, which it refuses, and that it lets go of them."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

import data
from data import DatabaseTooNew, DatabaseUnusable, JobState, Store, WrongApplication, back_up
from data.schema import read_migrations

from .helpers import another_writer, now, submitted

PACKAGE = Path(data.__file__).parent


def content(path: Path) -> bytes:
    return path.read_bytes()


def replace(path: Path, new: bytes) -> None:
    path.write_bytes(new)


def contents(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def workers() -> set[threading.Thread]:
    """The threads that would keep the process alive; the event loop's own pool would not."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}


async def test_folders_are_made(tmp_path: Path):
    path = tmp_path / "a" / "b" / "flipbook.db"
    async with Store.open(path):
        pass
    assert contents(path.parent) == [path.name]


async def test_what_was_stored_is_there_after_opening_again(path: Path):
    async with Store.open(path) as store:
        job = await submitted(store)
    async with Store.open(path) as store:
        assert await now(store, job) == job


async def test_a_schema_that_is_no_utf_8_any_more_is_damage(path: Path):
    async with Store.open(path):
        pass
    damaged = content(path).replace(b"CREATE TABLE jobs", b"CREATE \x80ABLE jobs")
    assert damaged != content(path)
    replace(path, damaged)
    with pytest.raises(DatabaseUnusable):
        async with Store.open(path):
            pass
    assert content(path) == damaged


async def test_every_commit_is_on_the_disk_before_it_is_promised(store: Store):
    def settings(connection: sqlite3.Connection) -> tuple[object, ...]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        return tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names)

    full = 2
    assert await store._connection.read(settings) == ("wal", full, 1, 5_000, 1)


async def test_newer_database_is_refused_and_left_alone(path: Path):
    async with Store.open(path):
        pass
    newer = len(read_migrations()) + 1
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {newer}")
        other.execute("PRAGMA journal_mode = DELETE")
    before = content(path)
    with pytest.raises(DatabaseTooNew) as refusal:
        async with Store.open(path):
            pass
    assert (refusal.value.found, refusal.value.known) == (newer, newer - 1)
    assert content(path) == before


async def test_file_that_is_no_database_is_refused_and_left_alone(path: Path):
    shopping = b"this is a shopping list\n" * 100
    replace(path, shopping)
    with pytest.raises(DatabaseUnusable, match="not a database") as refusal:
        async with Store.open(path):
            pass
    assert str(path) in str(refusal.value)
    assert content(path) == shopping


async def test_database_of_another_program_is_refused_and_left_alone(path: Path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE jobs (id INTEGER)")
    before = content(path)
    with pytest.raises(DatabaseUnusable, match="another program"):
        async with Store.open(path):
            pass
    assert content(path) == before


@pytest.mark.parametrize("damage", ["truncated", "overwritten"])
async def test_damaged_database_is_refused(path: Path, damage: str):
    async with Store.open(path) as store:
        for _ in range(50):
            await submitted(store)
    sound = content(path)
    last_page = len(sound) - 4096
    replace(path, sound[:last_page] if damage == "truncated" else sound[:last_page] + b"\xa5" * 4096)
    with pytest.raises(DatabaseUnusable, match=r"malformed|damaged"):
        async with Store.open(path):
            pass


async def test_folder_in_place_of_the_file_is_refused(tmp_path: Path):
    with pytest.raises(DatabaseUnusable, match="unable to open"):
        async with Store.open(tmp_path):
            pass


async def test_failing_migration_leaves_the_schema_that_was(path: Path, monkeypatch: pytest.MonkeyPatch):
    async with Store.open(path) as store:
        job = await submitted(store)
    sound = read_migrations()
    broken = "CREATE TABLE half (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1);"
    with monkeypatch.context() as release:
        release.setattr("data.schema.read_migrations", lambda: [*sound, broken])
        with pytest.raises(DatabaseUnusable, match="nowhere"):
            async with Store.open(path):
                pass
    async with Store.open(path) as store:
        assert await now(store, job) == job
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (len(sound),)
        assert other.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchall() == []


async def test_missing_migrations_are_applied_to_an_older_database(path: Path, monkeypatch: pytest.MonkeyPatch):
    async with Store.open(path) as store:
        job = await submitted(store)
    later = [*read_migrations(), "ALTER TABLE jobs ADD COLUMN stars INTEGER;"]
    monkeypatch.setattr("data.schema.read_migrations", lambda: later)
    for _ in range(2):
        async with Store.open(path) as store:
            assert await now(store, job) == job
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (len(later),)
        assert other.execute("SELECT stars FROM jobs").fetchall() == [(None,)]


async def test_store_is_bound_to_its_first_application(path: Path):
    async with Store.open(path) as store:
        await store.bind_application(1)
    async with Store.open(path) as store:
        await store.bind_application(1)
        with pytest.raises(WrongApplication) as refusal:
            await store.bind_application(2)
    assert (refusal.value.bound, refusal.value.given) == (1, 2)


async def test_no_thread_outlives_the_store(path: Path, tmp_path: Path):
    before = workers()
    async with Store.open(path):
        assert len(workers() - before) == 1
    assert workers() == before
    with pytest.raises(KeyError):
        async with Store.open(path):
            raise KeyError
    broken = tmp_path / "broken.db"
    replace(broken, b"x" * 1_000)
    with pytest.raises(DatabaseUnusable):
        async with Store.open(broken):
            pass
    assert workers() == before


async def test_cancelled_opening_lets_go_of_the_file(path: Path, monkeypatch: pytest.MonkeyPatch):
    before = workers()
    async with Store.open(path):
        pass
    waits_for_the_other_writer = [*read_migrations(), "SELECT 1;"]
    monkeypatch.setattr("data.schema.read_migrations", lambda: waits_for_the_other_writer)
    async with another_writer(path):
        opening = asyncio.create_task(Store.open(path).__aenter__())
        await asyncio.sleep(0.1)
        opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert workers() == before
    assert contents(path.parent) == [path.name]


def in_a_process(code: str, *arguments: object, cwd: Path, python_path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(python_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


OPEN_AND_TELL = """
import asyncio, sys
from pathlib import Path
import data
async def main():
    async with data.Store.open(Path(sys.argv[1])):
        print(data.__file__)
asyncio.run(main())
"""


def test_migrations_are_found_without_a_source_folder(tmp_path: Path, path: Path):
    archive = tmp_path / "flipbook.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        for file in PACKAGE.rglob("*"):
            if file.suffix in {".py", ".sql"}:
                bundle.write(file, Path("data") / file.relative_to(PACKAGE))
    said = in_a_process(OPEN_AND_TELL, path, cwd=tmp_path, python_path=archive)
    assert said.startswith(str(archive))
    assert path.is_file()


def test_store_knows_neither_discord_nor_torch_nor_generation(tmp_path: Path):
    code = "import sys, data; print({'discord', 'torch', 'generation'} & sys.modules.keys())"
    assert in_a_process(code, cwd=tmp_path, python_path=PACKAGE.parent).strip() == "set()"


async def test_backup_is_one_whole_file(store: Store, path: Path, tmp_path: Path):
    job = await submitted(store)
    copy = tmp_path / "backups" / "flipbook.db"
    back_up(path, copy)
    later = await submitted(store)
    assert contents(copy.parent) == [copy.name]
    async with Store.open(copy) as restored:
        assert await now(restored, job) == job
        assert await restored.get(later.id) is None
    back_up(path, copy)
    async with Store.open(copy) as restored:
        assert await now(restored, later) == later


async def test_backup_that_is_damaged_does_not_replace_the_one_before(store: Store, path: Path, tmp_path: Path):
    copy = tmp_path / "copy.db"
    back_up(path, copy)
    before = content(copy)
    await submitted(store)

    def redefine(was: str, becomes: str, db: sqlite3.Connection) -> None:
        """Every page stays sound, but an index no longer lists the rows that it says it lists."""
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = 'jobs_queued'", (was, becomes))
        db.execute("PRAGMA writable_schema = RESET")

    await store._connection.read(partial(redefine, "'queued'", "'running'"))
    with pytest.raises(DatabaseUnusable, match="damaged"):
        back_up(path, copy)
    assert content(copy) == before
    assert [file for file in contents(tmp_path) if file.endswith(".part")] == []
    await store._connection.read(partial(redefine, "'running'", "'queued'"))


def test_states_of_the_schema_are_those_of_the_code():
    (first, *_) = read_migrations()
    (known,) = (line for line in first.splitlines() if "state IN ('queued', 'running', 'rendered', 'de" in line)
    assert known.split("'")[1::2] == [state.value for state in JobState]
