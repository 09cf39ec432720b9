"""The disk does not fill: the oldest posted clips go, and what a member is still to get stays."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from bot import retention
from bot.messages import Unreachable
from bot.settings import DATABASE
from data import JobState
from tests.bot.house import MEMBER, house

MIB = 2**20
CLIP_BYTES = len(b"clip of fox")


@pytest.fixture(autouse=True)
def looks_often(monkeypatch):
    monkeypatch.setattr(retention, "PAUSE_S", 0.02)


def on_disk(h) -> list[str]:
    return sorted(path.name for path in (h.service.settings.store_dir / "clips").iterdir())


async def until(h, names: list[str]) -> None:
    async with asyncio.timeout(10):
        while on_disk(h) != names:
            await asyncio.sleep(0.01)


async def test_the_oldest_clips_go_where_all_take_too_much_and_their_recipes_stay(tmp_path):
    async with house(tmp_path, clips_max_mb=2.5 * CLIP_BYTES / MIB) as h:
        for _ in range(4):
            await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        await until(h, ["3.mp4", "4.mp4"])
        assert [job.id for job in await h.service.album.of(MEMBER)] == [4, 3, 2, 1]
        assert (await h.service.variants.recipe(1)).prompt == "fox"
        await asyncio.sleep(0.1)
        assert on_disk(h) == ["3.mp4", "4.mp4"], "no more than had to go"


async def test_clips_go_at_their_age_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    async with house(tmp_path, clips_max_days=30, clips_max_mb=0) as h:
        for _ in range(5):
            await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        h.now[0] += 29 * 86_400
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        assert len(on_disk(h)) == 6
        h.now[0] += 2 * 86_400
        await until(h, ["6.mp4"])


async def test_a_clip_not_yet_delivered_stays_however_old_it_is(tmp_path):
    async with house(tmp_path, clips_max_days=1, clips_max_mb=1 / MIB) as h:
        h.messenger.refusals = [Unreachable("down")] * 100
        job = await h.state((await h.ask("fox")).id, JobState.RENDERED)
        h.now[0] += 90 * 86_400
        await asyncio.sleep(0.2)
        assert on_disk(h) == ["1.mp4"]
    async with house(tmp_path, clips_max_days=1, clips_max_mb=1 / MIB) as h:
        await h.state(job.id, JobState.DELIVERED)
        assert h.messenger.of(job.id) == ["clip clip of fox"]
        await until(h, [])


async def test_a_crash_between_file_and_store_is_made_up_for(tmp_path):
    async with house(tmp_path, clips_max_mb=1 / MIB) as h:
        (tmp_path / "local" / "clips").mkdir()
        forget = h.store.mark_files_deleted
        h.store.mark_files_deleted = lambda _: forget([])  # as when the process is killed there
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        await until(h, [])
        h.store.mark_files_deleted = forget
        async with asyncio.timeout(10):
            while await h.store.expendable_files(older_than=None, max_bytes=0, limit=1):
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("path", ["../precious", "/etc/hostname"])
async def test_a_path_that_leads_out_of_the_data_folder_is_neither_posted_nor_deleted(tmp_path, path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    async with house(tmp_path) as h:
        h.messenger.refusals = [Unreachable("down")] * 100
        job = await h.state((await h.ask("fox")).id, JobState.RENDERED)
    with sqlite3.connect(tmp_path / "local" / DATABASE) as database:
        database.execute("UPDATE jobs SET clip_path = ?", (path,))
    async with house(tmp_path, clips_max_mb=1 / MIB) as h:
        await h.state(job.id, JobState.UNDELIVERABLE)
        async with asyncio.timeout(10):
            while await h.store.expendable_files(older_than=None, max_bytes=0, limit=1):
                await asyncio.sleep(0.01)
        assert precious.read_text() == "mine"
        assert not [text for text in h.messenger.of(job.id) if "clip mine" in text]
