"""The life of one job with a real store and a torch-free executor: promised, rendered, failed, cancelled, delivered."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages import TooLarge, Undeliverable, Unreachable
from bot.orders import Order, Wish
from data import ChannelRoute, DatabaseUnusable, InteractionRoute, JobState
from generation.request import VideoRequest
from tests.bot.house import MEMBER, RecordingMessenger, house


async def test_a_job_is_promised_shown_and_delivered_in_this_order(tmp_path):
    async with house(tmp_path) as h:
        job = await h.ask("fox")
        await h.state(job.id, JobState.DELIVERED)
        shown = h.messenger.of(job.id)
        assert shown[0] == "queued" and shown[-1] == "clip clip of fox"
        assert (await h.service.limits.quota(MEMBER)).used == 1


@pytest.mark.parametrize(("prompt", "words"), [("impossible", "the moon is in the way"), ("broken", "ZeroDivision")])
async def test_a_failed_render_is_told_refunded_and_the_queue_goes_on(tmp_path, prompt, words):
    async with house(tmp_path) as h:
        job = await h.ask(prompt)
        later = await h.ask("fox")
        assert words in await h.told(job.id, "failed")
        await h.state(later.id, JobState.DELIVERED)
        quota = await h.service.limits.quota(MEMBER)
        assert (quota.used, quota.reserved) == (1, 0)


async def test_a_store_that_fails_for_a_moment_costs_no_job_its_turn(tmp_path, monkeypatch):
    async with house(tmp_path) as h:
        claim, failures = h.store.claim, [DatabaseUnusable(tmp_path, "the disk is full")]

        async def failing_once(job_id):
            if failures:
                raise failures.pop()
            return await claim(job_id)

        monkeypatch.setattr(h.store, "claim", failing_once)
        job = await h.ask("fox")
        await h.state(job.id, JobState.DELIVERED)
        assert not failures and h.executor.renders == ["fox"]


async def test_cancelling_before_the_first_step_refunds_later_does_not(tmp_path):
    async with house(tmp_path) as h:
        job = await h.ask("slow")
        await h.told(job.id, "progress")
        await h.service.cancel(job.id, user_id=MEMBER)
        await h.told(job.id, "cancelled")
        assert (await h.service.limits.quota(MEMBER)).used == 1


async def test_a_message_that_is_gone_makes_the_clip_undeliverable_but_keeps_it(tmp_path):
    async with house(tmp_path) as h:
        h.messenger.refusals = [Undeliverable("deleted")]
        job = await h.state((await h.ask("fox")).id, JobState.UNDELIVERABLE)
        assert [clip.id for clip in await h.service.album.of(MEMBER)] == [job.id]


async def test_a_file_that_is_too_large_is_encoded_again(tmp_path):
    async with house(tmp_path) as h:
        h.messenger.refusals = [TooLarge(4)]
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        assert h.executor.shrunk_to == [4] and await h.told(1, "clip") == "clip clip"


async def test_a_file_that_cannot_be_made_small_enough_is_said_to_be_so(tmp_path):
    async with house(tmp_path) as h:
        h.messenger.refusals = [TooLarge(1)]
        await h.state((await h.ask("fox")).id, JobState.UNDELIVERABLE)
        assert "it does not fit" in await h.told(1, "undeliverable")


@pytest.mark.parametrize("by_token", [False, True])
async def test_why_a_clip_cannot_be_shown_is_said_however_long_discord_does_not_answer(tmp_path, monkeypatch, by_token):
    monkeypatch.setattr("bot.outbox.FIRST_RETRY_S", 0.01)
    async with house(tmp_path) as h:
        h.messenger.refusals = [TooLarge(1)] * 3
        h.messenger.end_refusals = [Unreachable("down")] * 2
        route = InteractionRoute(1, "token", 5, h.now[0] + 900) if by_token else None
        job = await h.ask("fox", route=route)
        await h.state(job.id, JobState.UNDELIVERABLE)
        assert [text for text in h.messenger.of(job.id) if "undeliverable" in text] == [
            "undeliverable: it does not fit"
        ]


async def test_only_a_member_who_waited_long_is_mentioned_and_only_once(tmp_path):
    async with house(tmp_path) as h:
        quick = await h.ask("fox")
        await h.state(quick.id, JobState.DELIVERED)
        slow = await h.ask("slow")
        await h.state(slow.id, JobState.RUNNING)
        h.now[0] += 61
        h.executor.gate.set()
        await h.state(slow.id, JobState.DELIVERED)
        async with asyncio.timeout(5):
            while not h.messenger.mentioned:
                await asyncio.sleep(0.01)
        assert h.messenger.mentioned == [slow.id]
        assert (await h.store.get(slow.id)).notified_at is not None


@pytest.mark.parametrize(("age_restricted", "ends"), [(False, JobState.FAILED), (True, JobState.DELIVERED)])
async def test_unfit_frames_are_shown_to_adults_only_and_cost_nothing_elsewhere(tmp_path, age_restricted, ends):
    async with house(tmp_path) as h:
        wish = Wish(MEMBER, 1, VideoRequest(prompt="unfit"), age_restricted=age_restricted)
        order = Order(wish, ChannelRoute(2, 3), "k")
        job, _ = await h.service.submit(order)
        ended = await h.state(job.id, ends)
        assert (await h.service.limits.quota(MEMBER)).left == (19 if age_restricted else 20)
        assert (ended.error is None) == age_restricted


async def test_a_mention_that_fails_is_never_tried_again_not_even_by_the_next_process(tmp_path, monkeypatch):
    tries: list[int] = []

    async def unreachable(self, job) -> None:
        tries.append(job.id)
        raise Unreachable("down")

    monkeypatch.setattr(RecordingMessenger, "mention", unreachable)
    async with house(tmp_path) as h:
        slow = await h.ask("slow")
        await h.state(slow.id, JobState.RUNNING)
        h.now[0] += 61
        h.executor.gate.set()
        await h.state(slow.id, JobState.DELIVERED)
        async with asyncio.timeout(5):
            while not tries:
                await asyncio.sleep(0.01)
    async with house(tmp_path) as h:
        h.keys = 10  # those of the first process are taken
        later = await h.ask("fox")
        await h.state(later.id, JobState.DELIVERED)
    assert tries == [slow.id]
