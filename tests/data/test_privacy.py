"""A member is forgotten whole: nothing names them any more, and nobody wins anything by it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from data import Copy, Erasure, Holdings, JobState, NothingToRoute, Preference, QuotaExceeded, Reason, Store, privacy
from data.privacy import ERASED, KEPT, tables_of_members

from .helpers import (
    CHANNEL,
    CLIP,
    DAY_S,
    GUILD,
    MEMBER,
    PRIVATE,
    account,
    audit,
    delivered,
    new_job,
    now,
    rendered,
    running,
    submitted,
)

OTHER = 8


def rows(path, table: str) -> int:
    with closing(sqlite3.connect(path)) as books:
        return books.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


async def erase(store: Store, user_id: int = MEMBER, max_messages: int = 0):
    return await store.erase_member(user_id, max_messages=max_messages)


async def test_every_table_that_names_members_is_erased_or_kept_on_purpose(store: Store, path):
    with closing(sqlite3.connect(path)) as books:
        books.row_factory = sqlite3.Row
        assert sorted(tables_of_members(books)) == sorted((*ERASED, *KEPT))


async def test_nothing_that_names_the_member_stays_and_others_keep_theirs(store: Store, path, path_bytes):
    secret = '{"prompt": "my own secret wish"}'
    await delivered(store, new_job(request=secret))
    await rendered(store, new_job(request=secret))
    await running(store, new_job(request=secret))
    await submitted(store, new_job(request=secret))
    await store.put_member_preference(Preference(MEMBER, '{"negative": "my own secret wish"}', "de"))
    kept = await now(store, await delivered(store, new_job(user_id=OTHER)))
    await erase(store)
    about = await store.stored_about(MEMBER)
    assert {table for table, found in about.items() if found} == {"erased_quotas"}
    assert b"my own secret wish" not in path_bytes()
    assert await now(store, kept) == kept
    assert await account(store, OTHER) == (1, 0)


async def test_the_clips_of_the_day_are_not_won_back(store: Store):
    for _ in range(3):
        await delivered(store)
        await erase(store)
    assert await account(store) == (3, 0)
    await store.submit(new_job(), daily_limit=4, max_active=9)
    with pytest.raises(QuotaExceeded) as refusal:
        await store.submit(new_job(), daily_limit=4, max_active=9)
    assert (refusal.value.quota.used, refusal.value.quota.reserved) == (3, 1)


async def test_what_waits_is_given_back_and_what_runs_is_not(store: Store):
    waits, runs = await submitted(store), await running(store, new_job())
    erased = await erase(store)
    assert [(job.id, job.state) for job in erased.unfinished] == [
        (waits.id, JobState.QUEUED),
        (runs.id, JobState.RUNNING),
    ]
    assert await account(store) == (1, 0)


async def test_a_server_pays_the_gpu_seconds_that_an_erased_job_took(store: Store, clock):
    await rendered(store)
    await running(store, new_job())
    clock.now += 5.0
    await erase(store)
    budget = await store.budget(GUILD, limit_s=None)
    assert (budget.used_s, budget.reserved_s) == (CLIP.render_s + CLIP.encode_s + 5.0, 0.0)


async def test_what_is_kept_of_the_day_goes_with_it(store: Store, clock, path):
    await delivered(store)
    await erase(store)
    assert await store.forget_past_days() == clock.now + DAY_S / 2
    assert (rows(path, "erased_days"), rows(path, "erased_quotas")) == (1, 1)
    clock.now += DAY_S
    assert await store.forget_past_days() is None
    assert (rows(path, "erased_days"), rows(path, "erased_quotas")) == (0, 0)
    assert await account(store) == (0, 0)


async def test_an_earlier_day_leaves_nothing(store: Store, clock, path):
    await delivered(store)
    clock.now += DAY_S
    await erase(store)
    assert rows(path, "erased_days") == 0


async def test_the_kept_number_bears_no_member_and_two_days_bear_no_likeness(store: Store, clock, path):
    hashes = set()
    for _ in range(2):
        await delivered(store)
        await erase(store)
        with closing(sqlite3.connect(path)) as books:
            hashes |= set(books.execute("SELECT member FROM erased_quotas").fetchall())
        clock.now += DAY_S
    assert len(hashes) == 2
    assert not any(str(MEMBER).encode() == member or MEMBER.to_bytes(8) in member for (member,) in hashes)


async def test_news_of_an_erased_job_changes_nothing(store: Store):
    runs, made = await running(store), await rendered(store, new_job())
    await erase(store)
    assert not await store.finish_render(runs, CLIP)
    assert not await store.finish_cancel(runs, refund=True)
    assert not await store.fail(runs, Reason("late"))
    assert not await store.requeue(runs)
    assert not await store.mark_delivered(made)
    assert not await store.mark_notified(made)
    with pytest.raises(NothingToRoute):
        await store.reroute(made.id, CHANNEL)
    assert (await store.recover(max_attempts=3)).queued == ()
    assert await account(store) == (2, 0)


async def test_files_and_messages_are_removed_afterwards_unfinished_messages_always(store: Store):
    old, new = await delivered(store), await delivered(store, new_job())
    waits = await submitted(store, new_job())
    private = await submitted(store, new_job(route=PRIVATE))
    assert await store.holdings(MEMBER) == Holdings(clips=2, unfinished=2, messages=3)
    erased = await erase(store, max_messages=1)
    assert (erased.clips, erased.messages_removed, erased.messages_kept) == (2, 2, 1)

    ids = [old.id, new.id, waits.id, private.id]
    with_files = await store.remnants_with_files(limit=9)
    assert [each.job_id for each in with_files] == ids
    assert await store.remnants_with_message(limit=9) == []
    await store.mark_files_removed(ids)
    assert await store.remnants_with_files(limit=9) == []
    told = await store.remnants_with_message(limit=9)
    assert [(each.job_id, each.channel_id) for each in told] == [(waits.id, 11), (new.id, 11)]
    await store.mark_message_removed(waits.id)
    await store.mark_message_removed(new.id)
    assert await store.remnants_with_message(limit=9) == []


async def test_a_clip_that_was_deleted_before_has_no_message_to_remove(store: Store):
    assert await store.delete_clip((await delivered(store)).id)
    await delivered(store, new_job())
    assert await store.holdings(MEMBER) == Holdings(clips=1, unfinished=0, messages=1)
    erased = await erase(store, max_messages=9)
    assert (erased.clips, erased.messages_removed, erased.messages_kept) == (1, 1, 0)


async def test_erasing_twice_and_erasing_a_stranger_change_nothing(store: Store):
    await delivered(store)
    await erase(store)
    again = await erase(store)
    assert again == Erasure((), 0, 0, 0)
    assert await account(store) == (1, 0)
    assert (await erase(store, 999)).unfinished == ()


async def test_who_comes_back_has_a_new_history(store: Store):
    await delivered(store)
    await erase(store)
    again = await delivered(store, new_job())
    assert [job.id for job in await store.history(MEMBER)] == [again.id]
    assert await account(store) == (2, 0)


async def test_what_is_stored_is_told_whole_but_for_tokens(store: Store):
    await submitted(store, new_job(route=PRIVATE))
    await store.put_member_preference(Preference(MEMBER, "{}", "ja"))
    about = await store.stored_about(MEMBER)
    assert about.keys() == {*ERASED, *KEPT, "copies", "erased_quotas"}
    [job] = about["jobs"]
    assert job["request"] == '{"prompt": "a panda surfing a wave"}'
    assert "token" not in job and PRIVATE.token not in str(about)
    assert about["member_preferences"] == [{"user_id": MEMBER, "choices": "{}", "language": "ja"}]
    assert [hold["job_id"] for hold in about["holds"]] == [job["id"]]


async def test_preferences_of_members_and_servers_are_kept_apart(store: Store):
    await store.put_member_preference(Preference(5, '{"quality": "draft"}', None))
    await store.put_guild_preference(Preference(5, "{}", "fr"))
    await store.put_guild_preference(Preference(5, '{"loop": true}', "de"))
    assert await store.member_preferences() == [Preference(5, '{"quality": "draft"}', None)]
    assert await store.guild_preferences() == [Preference(5, '{"loop": true}', "de")]


async def test_a_preference_that_says_nothing_is_not_kept(store: Store):
    await store.put_member_preference(Preference(5, '{"loop": true}', "de"))
    await store.put_member_preference(Preference(5, "{}", None))
    assert await store.member_preferences() == []


async def test_a_long_history_is_erased_in_slices_between_which_others_have_their_turn(store: Store, monkeypatch, path):
    monkeypatch.setattr(privacy, "SLICE", 2)
    clips = [await delivered(store, new_job()) for _ in range(5)]
    other = await delivered(store, new_job(user_id=OTHER))
    erasing = asyncio.create_task(store.erase_member(MEMBER, max_messages=3))
    left = []
    while not erasing.done():
        left.append(len(await store.history(MEMBER, limit=9)))
        audit(path)
    erased = await erasing
    assert (erased.clips, erased.messages_removed, erased.messages_kept) == (5, 3, 2)
    assert {5, 3, 1} <= set(left), "others were served amid it, and saw clips go two by two"
    await store.mark_files_removed([clip.id for clip in clips])
    told = await store.remnants_with_message(limit=9)
    assert [each.job_id for each in told] == [clip.id for clip in reversed(clips[2:])], "the newest messages"
    assert (await account(store), await account(store, OTHER)) == ((5, 0), (1, 0))
    assert (rows(path, "erasures"), [job.id for job in await store.history(OTHER)]) == (0, [other.id])


async def test_an_erasure_that_was_cut_short_is_carried_on(store: Store, monkeypatch, path):
    monkeypatch.setattr(privacy, "SLICE", 2)
    for _ in range(5):
        await delivered(store, new_job())
    erasing = asyncio.create_task(store.erase_member(MEMBER, max_messages=9))
    while len(await store.history(MEMBER, limit=9)) == 5:
        pass
    erasing.cancel()
    await asyncio.gather(erasing, return_exceptions=True)
    assert await store.history(MEMBER, limit=9)
    back = await delivered(store, new_job())
    assert await account(store) == (6, 0)
    await store.finish_erasures()
    assert [job.id for job in await store.history(MEMBER, limit=9)] == [back.id], "who comes back keeps what is new"
    assert await account(store) == (6, 0)
    assert (rows(path, "erasures"), rows(path, "remnants")) == (0, 5)
    audit(path)


async def test_copies_go_with_their_clip(store: Store, path):
    first, second = await delivered(store), await delivered(store, new_job())
    assert await store.put_copy(Copy(first.id, 11, 1001)) and await store.put_copy(Copy(second.id, 11, 1002))
    assert await store.doomed_copies(limit=9) == []
    await store.delete_clip(first.id)
    assert await store.doomed_copies(limit=9) == [Copy(first.id, 11, 1001)]
    assert not await store.put_copy(Copy(first.id, 11, 1003)), "it is gone"
    await store.mark_copy_removed(1002)
    await store.mark_copy_removed(1001)
    assert rows(path, "copies") == 1, "one whose clip is there stays"
    assert [copy["message_id"] for copy in (await store.stored_about(MEMBER))["copies"]] == [1002]


@pytest.mark.parametrize(("max_messages", "doomed"), [(9, [1001]), (0, [])])
async def test_copies_of_an_erased_member_go_with_the_messages(store: Store, path, max_messages, doomed):
    await store.put_copy(Copy((await delivered(store)).id, 11, 1001))
    await erase(store, max_messages=max_messages)
    assert [copy.message_id for copy in await store.doomed_copies(limit=9)] == doomed
    assert rows(path, "copies") == len(doomed)
