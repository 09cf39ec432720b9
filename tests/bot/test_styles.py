"""Styles at the service: they load beside the queue, and decide on checkpoint and fingerprint."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages import LOADING
from bot.orders import Refused
from data import CancelOutcome, InteractionRoute, JobState
from generation.errors import InvalidRequest
from generation.request import ResolvedRequest
from tests.bot.house import MEMBER, house

TWO_STYLES = {"styles": {"anime": {}, "photo": {}}}


async def test_a_job_whose_style_loads_lets_others_go_first_and_is_rendered_then(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        styled = await h.ask("styled", style="anime")
        later = await h.ask("fox", user_id=8)
        await h.state(later.id, JobState.DELIVERED)
        assert h.executor.renders == ["fox"]
        assert (await h.store.get(styled.id)).state is JobState.QUEUED
        h.executor.loading.set()
        await h.state(styled.id, JobState.DELIVERED)
        assert h.executor.renders == ["fox", "styled"]


async def test_a_job_whose_style_loads_is_told_so_and_has_a_place_again_afterwards(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        styled = await h.ask("styled", style="anime")
        async with asyncio.timeout(10):
            while h.messenger.of(styled.id) != ["queued", "queued"]:  # the promise, and why others come first
                await asyncio.sleep(0.01)
        [(_, place)] = await h.service.mine(MEMBER)
        assert place == LOADING
        slow = await h.ask("slow", user_id=8)
        await h.state(slow.id, JobState.RUNNING)
        h.executor.loading.set()
        async with asyncio.timeout(10):
            while h.service.place(styled.id) == LOADING:
                await asyncio.sleep(0.01)
        assert h.service.place(styled.id).position == 1
        h.executor.gate.set()
        await h.state(styled.id, JobState.DELIVERED)


async def test_a_members_wait_includes_the_load_of_a_style_that_is_not_in_memory(tmp_path):
    async with house(tmp_path, resume=False, **TWO_STYLES) as h:
        for style in ("", "anime"):
            h.service._estimator.learn_load(style, 40.0)
        plain = (await h.service.submit(h.order("fox")))[1]
        styled = (await h.service.submit(h.order("fox", user_id=8, style="anime")))[1]
        assert styled.wait_s == 2 * plain.wait_s + 40.0
        route = InteractionRoute(1, "token", 5, expires_at=h.now[0] + 60)
        with pytest.raises(Refused, match="15 minutes"):
            await h.ask("fox", user_id=9, guild_id=2, route=route, style="photo")
        await h.ask("fox", user_id=9, guild_id=2, route=route)
        h.executor.loaded.add("anime")
        assert h.service.place(2).wait_s == 3 * plain.wait_s


async def test_how_long_a_style_loads_is_learnt_from_each_load(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        for _ in range(2):
            styled = await h.ask("fox", style="anime")
            await asyncio.sleep(0.3)
            h.executor.loading.set()
            await h.state(styled.id, JobState.DELIVERED)
            assert h.service._estimator.load_s("anime") == pytest.approx(0.3, abs=0.2)
            h.executor.loaded.remove("anime")
            h.executor.loading.clear()
        assert h.service._estimator.load_s("photo") < 0.1, "as long as the plain checkpoint, which was there at once"


async def test_a_job_that_was_cancelled_while_its_style_loads_is_not_rendered(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        styled = await h.ask("styled", style="anime")
        await asyncio.sleep(0.1)
        assert await h.service.cancel(styled.id, user_id=MEMBER) is CancelOutcome.CANCELLED
        h.executor.loading.set()
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        assert h.executor.renders == ["fox"]


async def test_a_stop_while_a_style_loads_keeps_the_job_for_the_next_start(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        styled = await h.ask("styled", style="anime")
        await asyncio.sleep(0.1)
    async with house(tmp_path, **TWO_STYLES) as h:
        h.executor.loading.set()
        await h.state(styled.id, JobState.DELIVERED)


async def test_a_style_decides_on_checkpoint_and_fingerprint_and_an_unknown_one_is_refused(tmp_path):
    async with house(tmp_path, **TWO_STYLES) as h:
        h.executor.loading.set()
        job = await h.ask("fox", style="photo")
        assert ResolvedRequest.from_json(job.request).checkpoint == "photo-checkpoint"
        assert job.fingerprint == "print of photo"
        with pytest.raises(InvalidRequest, match="style: 'oil' is none; choose one of anime, photo"):
            await h.ask("fox", style="oil")
        with pytest.raises(InvalidRequest, match="width"):
            await h.ask("fox", width=72)
