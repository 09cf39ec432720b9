"""A clip is deleted: out of the history, its words gone, its hold as it was, its file still to go."""

from __future__ import annotations

import json
from pathlib import Path

from data import Artifact, Reason, Store

from .helpers import MEMBER, NOON, account, audit, delivered, new_job, now, rendered, running

SECRET = "unmistakable zanzibar"
REQUEST = json.dumps({"prompt": SECRET, "negative_prompt": SECRET, "first_picture": "ab" * 32, "frames": 3})


async def test_a_deleted_clip_leaves_the_history_and_its_words_leave_the_file(path: Path, store: Store):
    clip = await delivered(store, new_job(request=REQUEST))
    kept = await delivered(store)
    assert await store.delete_clip(clip.id)
    assert [job.id for job in await store.history(MEMBER)] == [kept.id]
    gone = await now(store, clip)
    assert gone.deleted_at is not None
    assert json.loads(gone.request) == {"prompt": "-", "negative_prompt": "", "first_picture": None, "frames": 3}
    for file in path.parent.glob(path.name + "*"):
        assert b"zanzibar" not in file.read_bytes(), file
    assert await store.needed_pictures(since=NOON + 1e9) == set()


async def test_a_deletion_gives_nothing_back(path: Path, store: Store):
    clip = await delivered(store)
    before = await account(store)
    assert await store.delete_clip(clip.id)
    assert await account(store) == before == (1, 0)
    audit(path)


async def test_only_a_posted_clip_is_deleted_and_only_once(store: Store):
    waiting, on_its_way = await running(store), await rendered(store)
    clip = await delivered(store)
    lost = await rendered(store)
    await store.mark_undeliverable(lost, Reason("the channel was deleted"))
    assert not await store.delete_clip(waiting.id)
    assert not await store.delete_clip(on_its_way.id)
    assert not await store.delete_clip(10_000)
    assert await store.delete_clip(lost.id)
    assert await store.delete_clip(clip.id) and not await store.delete_clip(clip.id)


async def test_its_file_is_to_go_until_it_is_gone(store: Store):
    clip = await delivered(store, clip=Artifact("clips/9.mp4", 1, 1.0, 1.0))
    assert await store.files_of_deleted() == []
    await store.delete_clip(clip.id)
    [file] = await store.files_of_deleted()
    assert (file.job_id, file.clip_path) == (clip.id, "clips/9.mp4")
    await store.mark_files_deleted([clip.id])
    assert await store.files_of_deleted() == []


async def test_a_deleted_clip_still_tells_how_long_it_took(store: Store):
    clip = await delivered(store, new_job(request=REQUEST, fingerprint="sd15"))
    await store.delete_clip(clip.id)
    [measured] = await store.render_seconds("sd15")
    assert measured.seconds == 21.5 and json.loads(measured.request)["frames"] == 3
