"""First pictures on the disk: harmless, there before their job is, and there no longer than they are needed."""

from __future__ import annotations

import asyncio
import hashlib
import itertools

import pytest
from PIL import Image

from bot import pictures, retention
from bot.backup import make_backup
from bot.orders import Order, Refused, Wish
from bot.settings import DATABASE
from data import ChannelRoute, JobState
from generation.errors import NotAPicture, PictureTooLarge
from generation.request import ResolvedRequest, VideoRequest
from tests.bot.house import MEMBER, House, house
from tests.pictures import photo, picture

DAY_S = 86_400

_numbers = itertools.count(1)


def kept(h: House) -> list[str]:
    folder = h.service.settings.store_dir / pictures.PICTURES_FOLDER
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


async def ask(h: House, content: bytes | None, prompt: str = "fox", **fields):
    number = next(_numbers)
    wish = Wish(MEMBER, 1, VideoRequest(prompt=prompt, **fields))
    job, _ = await h.service.submit(Order(wish, ChannelRoute(2, number), f"p{number}", picture=content))
    return job


def digest_of(job) -> str:
    digest = ResolvedRequest.from_json(job.request).first_picture
    assert digest is not None
    return digest


async def test_what_is_kept_of_a_picture_are_its_pixels_and_the_executor_gets_them(tmp_path):
    async with house(tmp_path) as h:
        job = await h.state((await ask(h, photo())).id, JobState.DELIVERED)
        [given] = h.executor.pictures
        assert kept(h) == [given.name] == [f"{digest_of(job)}.png"]
        with Image.open(given) as image:
            assert (image.format, image.size) == ("PNG", (40, 30)) and not image.getexif() and not image.info
            content = f"{image.width} x {image.height} RGB\0".encode() + image.tobytes()
        assert hashlib.sha256(content).hexdigest() == digest_of(job)
        assert b"Tell-Tale" not in given.read_bytes()


async def test_a_huge_picture_is_kept_no_larger_than_a_clip_can_be(tmp_path):
    async with house(tmp_path) as h:
        await ask(h, picture(size=(5000, 100)))
        with Image.open(h.service.settings.store_dir / pictures.PICTURES_FOLDER / kept(h)[0]) as image:
            assert image.size == (2048, 41)


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"not a picture at all", NotAPicture), (photo()[:200], NotAPicture), (b"\0" * (33 << 20), PictureTooLarge)],
    ids=["text", "cut", "large"],
)
async def test_what_is_no_picture_leaves_neither_a_job_nor_a_file(tmp_path, content, error):
    async with house(tmp_path) as h:
        with pytest.raises(error):
            await ask(h, content)
        assert kept(h) == [] and await h.store.active(MEMBER) == []
        assert (await h.service.limits.quota(MEMBER)).left == 20


async def test_a_picture_is_there_after_a_restart_and_its_clip_can_be_made_again(tmp_path):
    async with house(tmp_path, resume=False) as h:
        waiting = await ask(h, picture())
    async with house(tmp_path) as h:
        await h.state(waiting.id, JobState.DELIVERED)
        again = await ask(h, None, first_picture=digest_of(waiting))
        await h.state(again.id, JobState.DELIVERED)
        assert len(kept(h)) == 1 and [path.name for path in h.executor.pictures] == kept(h) * 2


async def test_a_clip_whose_picture_is_gone_is_refused_before_anything_is_reserved(tmp_path):
    async with house(tmp_path) as h:
        with pytest.raises(Refused, match="not kept any more"):
            await ask(h, None, first_picture="0" * 64)
        assert (await h.service.limits.quota(MEMBER)).left == 20


async def test_a_picture_goes_with_the_last_file_of_its_clips(tmp_path, monkeypatch):
    monkeypatch.setattr(retention, "PAUSE_S", 0.02)
    async with house(tmp_path, clips_max_days=10, clips_max_mb=0) as h:
        await h.state((await ask(h, picture("red"))).id, JobState.DELIVERED)
        h.now[0] += 8 * DAY_S
        later = await h.state((await ask(h, picture("red"))).id, JobState.DELIVERED)
        blue = await h.state((await ask(h, picture("blue"))).id, JobState.DELIVERED)
        assert len(kept(h)) == 2
        h.now[0] += 4 * DAY_S
        async with asyncio.timeout(10):
            while (h.service.settings.store_dir / "clips" / "1.mp4").exists():
                await asyncio.sleep(0.01)
        await h.service.pictures.sweep()
        assert kept(h) == sorted(f"{digest_of(job)}.png" for job in (later, blue)), "clip 2 begins with red as well"
        h.now[0] += 8 * DAY_S
        async with asyncio.timeout(10):
            while kept(h):
                await asyncio.sleep(0.01)


async def test_a_failed_job_keeps_its_picture_for_a_day(tmp_path):
    async with house(tmp_path) as h:
        await h.state((await ask(h, picture(), "impossible")).id, JobState.FAILED)
        h.now[0] += DAY_S - 1
        await h.service.pictures.sweep()
        assert len(kept(h)) == 1
        h.now[0] += 2
        await h.service.pictures.sweep()
        assert kept(h) == []


async def test_a_start_sweeps_orphans_and_halves_and_an_order_under_way_holds_its_picture(tmp_path):
    async with house(tmp_path) as h:
        async with h.service.pictures.keep(picture()) as digest:
            await h.service.pictures.sweep()
            assert kept(h) == [f"{digest}.png"], "its job is about to be stored"
        folder = h.service.settings.store_dir / pictures.PICTURES_FOLDER
        (folder / f".{'1' * 64}.png.part").write_bytes(b"half")
    async with house(tmp_path) as h:
        assert kept(h) == []


async def test_a_backup_has_the_pictures(tmp_path):
    async with house(tmp_path) as h:
        await ask(h, picture())
        make_backup(h.service.settings, tmp_path / "copy")
        assert [path.name for path in (tmp_path / "copy" / pictures.PICTURES_FOLDER).iterdir()] == kept(h)
    assert (tmp_path / "copy" / DATABASE).is_file()
