"""What moderators decide: who and where is refused, what waits, what is cancelled, after a restart too."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages import PAUSED
from bot.orders import Order, Refused, Wish
from data import ChannelRoute, InteractionRoute, JobState, MemberLimit, QuotaExceeded, TooManyJobs
from generation.request import VideoRequest
from tests.bot.house import MEMBER, house

HERE, ELSEWHERE = 1, 9
CHANNEL, OTHER_CHANNEL = 50, 51


async def ask_in(h, *rooms: int, user_id: int = MEMBER, guild_id: int | None = HERE, prompt: str = "fox"):
    h.keys += 1
    wish = Wish(user_id, guild_id, VideoRequest(prompt=prompt), rooms=frozenset(rooms))
    job, _ = await h.service.submit(Order(wish, ChannelRoute(2, h.keys), f"k{h.keys}"))
    return job


async def left(h, user_id: int = MEMBER) -> int:
    return (await h.service.limits.quota(user_id)).left


async def test_a_paused_server_waits_while_others_go_on_and_then_goes_on_where_it_stood(tmp_path):
    async with house(tmp_path) as h:
        slow = await h.ask("slow", guild_id=ELSEWHERE)
        await h.state(slow.id, JobState.RUNNING)
        first, second = await h.ask("first"), await h.ask("second")
        await h.service.moderation.pause(HERE)
        other = await h.ask("other", guild_id=ELSEWHERE, user_id=8)
        h.executor.gate.set()
        await h.state(other.id, JobState.DELIVERED)
        assert h.service.place(first.id) == h.service.place(second.id) == PAUSED
        assert [(await h.store.get(job.id)).state for job in (first, second)] == [JobState.QUEUED] * 2
        await h.service.moderation.resume(HERE)
        await h.state(second.id, JobState.DELIVERED)
        assert h.executor.renders == ["slow", "other", "first", "second"]


async def test_what_runs_when_its_server_is_paused_is_finished(tmp_path):
    async with house(tmp_path) as h:
        job = await h.ask("slow")
        await h.state(job.id, JobState.RUNNING)
        await h.service.moderation.pause(HERE)
        h.executor.gate.set()
        await h.state(job.id, JobState.DELIVERED)


async def test_a_worker_whose_jobs_are_all_paused_rests(tmp_path):
    async with house(tmp_path) as h:
        await h.service.moderation.pause(HERE)
        slow = await h.ask("slow", guild_id=ELSEWHERE)
        await h.state(slow.id, JobState.RUNNING)
        looks = 0
        look = h.service._queue.next

        def counting():
            nonlocal looks
            looks += 1
            return look()

        h.service._queue.next = counting
        h.executor.gate.set()
        await h.state(slow.id, JobState.DELIVERED)
        for _ in range(1000):
            await asyncio.sleep(0)
        assert looks == 1


async def test_orders_in_a_paused_server_are_refused_and_take_nothing(tmp_path):
    async with house(tmp_path, resume=False) as h:
        before = await left(h)
        await h.service.moderation.pause(HERE)
        with pytest.raises(Refused, match="paused"):
            await h.ask("fox")
        assert await left(h) == before
        await h.ask("fox", guild_id=ELSEWHERE)
        await h.ask("fox", guild_id=None)
        await h.service.moderation.resume(HERE)
        await h.ask("fox")


async def test_a_pause_outlives_the_process_and_waiting_messages_say_so(tmp_path):
    async with house(tmp_path, resume=False) as h:
        job = await h.ask("fox")
        await h.service.moderation.pause(HERE)
    async with house(tmp_path) as h:
        h.keys = 100
        other = await h.ask("other", guild_id=ELSEWHERE)
        await h.state(other.id, JobState.DELIVERED)
        assert await h.told(job.id, "queued")
        assert h.service.moderation.is_paused(HERE) and h.service.place(job.id) == PAUSED
        await h.service.moderation.resume(HERE)
        await h.state(job.id, JobState.DELIVERED)


async def test_what_an_interaction_would_answer_too_late_is_told_and_refunded_when_a_pause_begins(tmp_path):
    async with house(tmp_path, resume=False) as h:
        route = InteractionRoute(1, "token", 5, expires_at=h.now[0] + 900)
        private, public = await h.ask("fox", route=route), await h.ask("fox")
        await h.service.moderation.pause(HERE)
        await h.service.resume()
        await h.told(private.id, "cancelled")
        assert h.service.place(private.id) is None and h.service.place(public.id) == PAUSED
        assert await left(h) == 19


async def test_a_promise_that_a_pause_breaks_does_not_spoil_the_forecasts_of_others(tmp_path):
    async with house(tmp_path, resume=False) as h:
        job = await h.ask("fox")
        await h.service.moderation.pause(HERE)
        quantile = h.service._forecaster.quantile
        h.service._forecaster.ready(job.id)
        assert h.service._forecaster.quantile == quantile


async def test_clearing_a_server_tells_and_refunds_each_waiting_job(tmp_path):
    async with house(tmp_path) as h:
        slow = await h.ask("slow")
        await h.state(slow.id, JobState.RUNNING)
        waiting = [await h.ask("fox"), await h.ask("fox", user_id=8)]
        elsewhere = await h.ask("fox", guild_id=ELSEWHERE)
        assert h.service.moderation.waiting(HERE) == 2
        assert await h.service.moderation.clear(HERE) == 2
        for job in waiting:
            await h.told(job.id, "cancelled")
        h.executor.gate.set()
        for job in (slow, elsewhere):
            await h.state(job.id, JobState.DELIVERED)
        assert await left(h, 8) == 20 and await left(h) == 18


async def test_a_blocked_member_is_refused_here_only_and_what_waits_of_theirs_is_cancelled(tmp_path):
    async with house(tmp_path, resume=False) as h:
        mine, other = await h.ask("fox"), await h.ask("fox", user_id=8)
        elsewhere = await h.ask("fox", guild_id=ELSEWHERE)
        assert await h.service.moderation.block(HERE, MEMBER) == 1
        assert [(await h.store.get(job.id)).state for job in (mine, other, elsewhere)] == [
            "cancelled",
            "queued",
            "queued",
        ]
        before = await left(h)
        with pytest.raises(Refused, match="blocked"):
            await h.ask("fox")
        assert await left(h) == before
        await h.ask("fox", guild_id=None)
        await h.ask("fox", user_id=8)
    async with house(tmp_path, resume=False) as h:  # it outlives the process
        assert h.service.moderation.blocked(HERE) == [MEMBER]
        assert await h.service.moderation.unblock(HERE, MEMBER)
        assert not await h.service.moderation.unblock(HERE, MEMBER)
        h.keys = 100
        await h.ask("fox")


async def test_an_order_that_meets_a_block_on_its_way_is_refused_or_cancelled(tmp_path):
    """Whatever comes first: no job of a blocked member stays in the queue."""
    async with house(tmp_path, resume=False, max_active_jobs=100) as h:
        for turns in range(12):
            user_id = 100 + turns
            order = asyncio.create_task(h.ask("fox", user_id=user_id))
            for _ in range(turns):
                await asyncio.sleep(0)
            await h.service.moderation.block(HERE, user_id)
            await asyncio.wait({order})
            assert await h.store.active(user_id) == []
            assert h.service.moderation.waiting(HERE) == 0
            order.exception()


async def test_what_moderators_decide_while_an_order_is_looked_at_counts(tmp_path):
    async with house(tmp_path, resume=False) as h:
        check = h.service.prompts.check

        async def blocked_meanwhile(request, **where):
            await h.service.moderation.block(HERE, MEMBER)
            await check(request, **where)

        h.service.prompts.check = blocked_meanwhile
        with pytest.raises(Refused, match="blocked"):
            await h.ask("fox")
        assert await left(h) == 20 and await h.store.active(MEMBER) == []


async def test_answers_are_given_in_the_named_channels_only(tmp_path):
    async with house(tmp_path, resume=False) as h:
        await ask_in(h, OTHER_CHANNEL)
        await h.service.moderation.allow_channel(HERE, CHANNEL)
        await ask_in(h, CHANNEL)
        for rooms in ((OTHER_CHANNEL,), ()):
            with pytest.raises(Refused, match=f"<#{CHANNEL}>"):
                await ask_in(h, *rooms)
        await ask_in(h, OTHER_CHANNEL, guild_id=ELSEWHERE)
        await ask_in(h, guild_id=None)
        await ask_in(h, OTHER_CHANNEL, CHANNEL, user_id=8)
    async with house(tmp_path, resume=False) as h:
        assert h.service.moderation.channels(HERE) == [CHANNEL]
        assert await h.service.moderation.withdraw_channel(HERE, CHANNEL)
        assert not await h.service.moderation.withdraw_channel(HERE, CHANNEL)
        h.keys = 100
        await ask_in(h, OTHER_CHANNEL, user_id=8)


async def test_a_members_own_limit_goes_before_all_others(tmp_path):
    async with house(tmp_path, resume=False) as h:
        await h.service.limits.put_member(MemberLimit(HERE, MEMBER, daily_clips=2))
        await h.service.limits.put_member(MemberLimit(HERE, 8, max_active=1))
        assert [(await h.service.limits.quota(user, guild_id=HERE)).limit for user in (MEMBER, 8)] == [2, 20]
        for _ in range(2):
            await h.ask("fox")
        with pytest.raises(QuotaExceeded):
            await h.ask("fox")
        await h.ask("fox", user_id=8)
        with pytest.raises(TooManyJobs):
            await h.ask("fox", user_id=8)
        with pytest.raises(ValueError):
            await h.service.limits.put_member(MemberLimit(HERE, 8, max_active=-1))
    async with house(tmp_path, resume=False) as h:
        assert h.service.limits.members_of(HERE)[1] == MemberLimit(HERE, 8, max_active=1)
        await h.service.limits.put_member(MemberLimit(HERE, 8))
        assert [limit.user_id for limit in h.service.limits.members_of(HERE)] == [MEMBER]
        assert (await h.service.limits.quota(MEMBER, guild_id=ELSEWHERE)).limit == 20


async def test_a_clip_is_not_held_up_by_hundreds_of_messages_that_a_moderator_lets_change(tmp_path):
    async with house(tmp_path, max_active_jobs=1000, daily_clips=1000) as h:
        slow = await h.ask("slow", guild_id=ELSEWHERE)
        await h.state(slow.id, JobState.RUNNING)
        for _ in range(100):
            await h.ask("fox")
        made, show_end, deliver = asyncio.Event(), h.messenger.show_end, h.service._outbox.deliver

        async def show_end_once_the_clip_is_made(job):
            await made.wait()
            await show_end(job)

        def deliver_and_say_so(job):
            deliver(job)
            made.set()

        h.messenger.show_end, h.service._outbox.deliver = show_end_once_the_clip_is_made, deliver_and_say_so
        await h.service.moderation.clear(HERE)
        h.executor.gate.set()
        await h.told(slow.id, "clip")
        ends_before = [what for _, what in h.messenger.shown[: h.messenger.shown.index((slow.id, "clip clip of slow"))]]
        assert sum("cancelled" in what for what in ends_before) <= 1


async def _broken(*_, **__):
    raise OSError("the disk is full")


async def test_a_pause_that_cannot_be_stored_is_none(tmp_path):
    async with house(tmp_path) as h:
        stored, h.store.pause = h.store.pause, _broken
        with pytest.raises(OSError):
            await h.service.moderation.pause(HERE)
        assert not h.service.moderation.is_paused(HERE) and HERE not in (await h.store.decisions()).paused
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        h.store.pause = stored
        await h.service.moderation.pause(HERE)
        h.store.pause = _broken
        with pytest.raises(OSError):
            await h.service.moderation.pause(HERE)
        assert h.service.moderation.is_paused(HERE), "it was paused before"


async def test_a_resume_that_cannot_be_stored_is_none(tmp_path):
    async with house(tmp_path) as h:
        await h.service.moderation.pause(HERE)
        h.store.resume = _broken
        with pytest.raises(OSError):
            await h.service.moderation.resume(HERE)
        assert h.service.moderation.is_paused(HERE) and HERE in (await h.store.decisions()).paused


async def test_a_block_that_cannot_be_stored_is_none(tmp_path):
    async with house(tmp_path, resume=False) as h:
        h.store.block = _broken
        with pytest.raises(OSError):
            await h.service.moderation.block(HERE, MEMBER)
        assert h.service.moderation.blocked(HERE) == []
        await h.ask("fox")


@pytest.mark.parametrize("last", ["pause", "resume"])
async def test_what_is_decided_at_the_same_time_is_held_as_it_is_stored(tmp_path, last):
    async with house(tmp_path, resume=False) as h:
        moderation = h.service.moderation
        first = moderation.resume if last == "pause" else moderation.pause
        await asyncio.gather(first(HERE), getattr(moderation, last)(HERE))
        stored = HERE in (await h.store.decisions()).paused
        assert moderation.is_paused(HERE) == stored == (last == "pause")


async def test_channels_and_words_that_are_added_at_the_same_time_are_all_there(tmp_path):
    async with house(tmp_path, resume=False) as h:
        await asyncio.gather(*(h.service.moderation.allow_channel(HERE, channel) for channel in (1, 2, 3)))
        assert h.service.moderation.channels(HERE) == [1, 2, 3]
        await asyncio.gather(*(h.service.prompts.add_words(HERE, [word]) for word in ("moon", "sun", "mars")))
        assert h.service.prompts.words(HERE) == ["mars", "moon", "sun"]
