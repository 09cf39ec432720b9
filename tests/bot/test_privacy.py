"""A member gets a copy of what is stored about them, and is forgotten when they ask, also across a restart."""

from __future__ import annotations

import asyncio
import json
from zipfile import ZipFile

import pytest

from bot import eraser
from bot.choices import Choices
from bot.messages import Undeliverable, Unreachable
from bot.pictures import picture_file
from bot.preferences import NOTHING, Chosen, Owner, Whose
from data import InteractionRoute, JobState, QuotaExceeded
from tests.bot.house import MEMBER, House, house

OTHER = 8
ROOM = 10**6


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    for name, seconds in {"PACE_S": 0.0, "BUSY_S": 0.01, "FIRST_RETRY_S": 0.01}.items():
        monkeypatch.setattr(eraser, name, seconds)


async def clip(h: House, prompt: str = "a fox", **fields):
    job = await h.ask(prompt, **fields)
    return await h.state(job.id, JobState.DELIVERED)


async def until(look, what: str) -> None:
    async with asyncio.timeout(10):
        while not look():
            await asyncio.sleep(0.01)
    assert look(), what


def files(h: House) -> list[str]:
    return sorted(path.name for path in (h.service.settings.store_dir / "clips").glob("*"))


async def test_files_and_chosen_messages_go_and_others_keep_theirs(tmp_path):
    async with house(tmp_path) as h:
        mine, theirs = await clip(h), await clip(h, user_id=OTHER)
        erased = await h.service.privacy.erase(MEMBER, messages=True)
        assert (erased.clips, erased.messages_removed, erased.messages_kept) == (1, 1, 0)
        await until(lambda: h.messenger.removed, "the message is removed")
        assert h.messenger.removed == [mine.route]
        assert all(name.startswith(f"{theirs.id}.") for name in files(h)) and files(h)
        assert await h.service.album.of(MEMBER) == [] and len(await h.service.album.of(OTHER)) == 1


async def test_messages_stay_where_nobody_asked_for_them(tmp_path):
    async with house(tmp_path) as h:
        await clip(h)
        erased = await h.service.privacy.erase(MEMBER, messages=False)
        assert (erased.messages_removed, erased.messages_kept) == (0, 1)
        await until(lambda: not files(h), "the files are removed")
        assert h.messenger.removed == []


async def test_only_the_newest_messages_are_removed_and_the_rest_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.privacy.MESSAGES", 2)
    async with house(tmp_path) as h:
        jobs = [await clip(h) for _ in range(3)]
        erased = await h.service.privacy.erase(MEMBER, messages=True)
        assert (erased.messages_removed, erased.messages_kept) == (2, 1)
        await until(lambda: len(h.messenger.removed) == 2, "two messages are removed")
        assert h.messenger.removed == [jobs[2].route, jobs[1].route]


async def test_what_runs_and_waits_ends_with_its_message_and_the_queue_goes_on(tmp_path):
    async with house(tmp_path) as h:
        runs = await h.ask("slow")
        await h.told(runs.id, "progress")
        waits = await h.ask("waits")
        next_one = await h.ask("next", user_id=OTHER)
        erased = await h.service.privacy.erase(MEMBER, messages=False)
        assert [job.id for job in erased.unfinished] == [runs.id, waits.id]
        await h.state(next_one.id, JobState.DELIVERED)
        await until(lambda: len(h.messenger.removed) == 2, "both messages are removed")
        assert set(h.messenger.removed) == {runs.route, waits.route}
        assert "waits" not in h.executor.renders
        assert h.service.waiting() == 0
        assert all(name.startswith(f"{next_one.id}.") for name in files(h))


async def test_the_answer_of_an_unfinished_private_job_is_removed_while_its_token_lives(tmp_path):
    async with house(tmp_path) as h:
        await h.ask("slow", user_id=OTHER)
        route = InteractionRoute(1, "token", 5, h.now[0] + 800)
        await h.ask("waits", route=route)
        await h.service.privacy.erase(MEMBER, messages=False)
        assert h.messenger.removed == [route]


async def test_the_day_is_not_won_back(tmp_path):
    async with house(tmp_path, daily_clips=2) as h:
        for _ in range(2):
            await clip(h)
            await h.service.privacy.erase(MEMBER, messages=False)
        quota = await h.service.limits.quota(MEMBER)
        assert (quota.used, quota.left) == (2, 0)
        with pytest.raises(QuotaExceeded):
            await h.ask("one more")
        h.now[0] += 86_400
        assert (await h.service.limits.quota(MEMBER)).left == 2


async def test_a_render_that_is_erased_on_its_way_is_not_won_back_either(tmp_path):
    async with house(tmp_path, daily_clips=1) as h:
        await h.told((await h.ask("slow")).id, "progress")
        await h.service.privacy.erase(MEMBER, messages=False)
        with pytest.raises(QuotaExceeded):
            await h.ask("again")


async def test_settings_are_forgotten_and_can_be_made_anew(tmp_path):
    me = Owner(Whose.ME, MEMBER)
    async with house(tmp_path) as h:
        await h.service.preferences.put(me, Chosen(Choices(quality="best"), "de"))
        await h.service.privacy.erase(MEMBER, messages=False)
        assert h.service.preferences.of(me) == NOTHING
        await h.service.preferences.put(me, Chosen(Choices(quality="draft")))
        assert h.service.preferences.choices(MEMBER, None) == Choices(quality="draft")


async def test_what_a_killed_process_leaves_the_next_one_removes(tmp_path):
    async with house(tmp_path) as h:
        done = await clip(h)
    async with house(tmp_path, resume=False) as h:  # erased, and killed before anything else happens
        await h.store.erase_member(MEMBER, max_messages=9)
        assert files(h)
    async with house(tmp_path) as h:
        await until(lambda: h.messenger.removed, "the message is removed")
        assert h.messenger.removed == [done.route] and not files(h)
    async with house(tmp_path) as h:
        assert await h.store.remnants_with_files(limit=9) == await h.store.remnants_with_message(limit=9) == []


async def test_a_message_that_cannot_be_removed_holds_up_no_other(tmp_path):
    async with house(tmp_path) as h:
        jobs = [await clip(h) for _ in range(3)]
        h.messenger.removal_refusals = [Undeliverable("gone"), Unreachable("503"), Unreachable("503")]
        await h.service.privacy.erase(MEMBER, messages=True)
        await until(lambda: len(h.messenger.removed) == 2, "the others are removed")
        assert h.messenger.removed == [jobs[1].route, jobs[0].route]
        assert await h.store.remnants_with_message(limit=9) == []


async def test_a_message_that_discord_never_answers_for_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(eraser, "TRIES", 3)
    monkeypatch.setattr(eraser, "LONGEST_PAUSE_S", 0.01)
    async with house(tmp_path) as h:
        jobs = [await clip(h) for _ in range(2)]
        h.messenger.removal_refusals = [Unreachable("500")] * 3
        await h.service.privacy.erase(MEMBER, messages=True)
        await until(lambda: h.messenger.removed, "the other one is removed")
        assert h.messenger.removed == [jobs[0].route]


async def test_what_is_kept_of_the_day_is_removed_at_the_next_start_after_it(tmp_path):
    async with house(tmp_path) as h:
        await clip(h)
        await h.service.privacy.erase(MEMBER, messages=False)
        assert (await h.store.stored_about(MEMBER))["erased_quotas"]
        h.now[0] += 86_400
        h.service.privacy.eraser.wake()
        async with asyncio.timeout(10):
            while await h.store.forget_past_days() is not None:
                await asyncio.sleep(0.01)


async def test_a_copy_holds_everything_and_the_clips(tmp_path):
    async with house(tmp_path) as h:
        made, failed = await clip(h, "a fox"), await h.ask("impossible")
        await h.state(failed.id, JobState.FAILED)
        await clip(h, "somebody else's secret", user_id=OTHER)
        await h.service.preferences.put(Owner(Whose.ME, MEMBER), Chosen(Choices(quality="best"), "de"))
        copy = await h.service.privacy.copy(MEMBER, max_bytes=ROOM)
        assert (copy.clips, copy.left_out) == (1, 0)
        with copy.file as file, ZipFile(file) as archive:
            text = archive.read("data.json").decode()
            assert archive.read(f"clips/{made.id}.mp4") == b"clip of a fox"
            assert archive.testzip() is None
        data = json.loads(text)
        tables = data["tables"]
        assert [job["request"]["prompt"] for job in tables["jobs"]] == ["a fox", "impossible"]
        assert tables["member_preferences"] == [{"user_id": MEMBER, "choices": {"quality": "best"}, "language": "de"}]
        assert [quota["used"] for quota in tables["quotas"]] == [1]
        assert "secret" not in text


async def test_the_newest_clips_come_first_where_not_all_fit(tmp_path):
    async with house(tmp_path) as h:
        jobs = [await clip(h) for _ in range(3)]
        for job in jobs:
            (h.service.settings.store_dir / job.clip_path).write_bytes(b"x" * 3000)
        empty = await h.service.privacy.copy(MEMBER, max_bytes=0)
        room = empty.file.seek(0, 2) + 2 * 3000 + 6 * 1024
        assert (empty.clips, empty.left_out) == (0, 3)
        copy = await h.service.privacy.copy(MEMBER, max_bytes=room)
        with copy.file as file, ZipFile(file) as archive:
            assert archive.namelist() == ["data.json", f"clips/{jobs[2].id}.mp4", f"clips/{jobs[1].id}.mp4"]
            assert file.seek(0, 2) <= room
        assert (copy.clips, copy.left_out) == (2, 1)


async def test_a_clip_whose_file_is_gone_is_left_out_of_the_copy(tmp_path):
    async with house(tmp_path) as h:
        job = await clip(h)
        (h.service.settings.store_dir / job.clip_path).unlink()
        copy = await h.service.privacy.copy(MEMBER, max_bytes=ROOM)
        with copy.file:
            assert (copy.clips, copy.left_out) == (0, 0)


async def test_how_much_is_held_is_told_before_it_is_erased(tmp_path):
    async with house(tmp_path) as h:
        await clip(h)
        await h.told((await h.ask("slow")).id, "progress")
        held = await h.service.privacy.holdings(MEMBER)
        assert (held.clips, held.unfinished, held.messages) == (1, 1, 2)
        h.executor.gate.set()


async def test_first_pictures_are_copied_and_go_unless_others_need_them(tmp_path):
    async with house(tmp_path) as h:
        await clip(h)  # from here on unneeded pictures are not looked for by themselves
        own, shared = "0" * 64, "1" * 64
        for digest in (own, shared):
            path = picture_file(h.service.settings.store_dir, digest)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"picture")
            await clip(h, first_picture=digest)
        await clip(h, user_id=OTHER, first_picture=shared)
        copy = await h.service.privacy.copy(MEMBER, max_bytes=ROOM)
        with copy.file as file, ZipFile(file) as archive:
            pictures = {f"pictures/{digest}.png" for digest in (own, shared)}
            assert set(archive.namelist()) == {"data.json", *(f"clips/{job}.mp4" for job in (1, 2, 3)), *pictures}
        assert (copy.clips, copy.left_out) == (3, 0)
        await h.service.privacy.erase(MEMBER, messages=False)
        folder = h.service.settings.store_dir / "pictures"
        await until(lambda: [path.stem for path in folder.iterdir()] == [shared], "the member's own picture goes")
