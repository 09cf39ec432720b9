"""A server's GPU seconds of a day: admitted by estimate, paid as used, refunded into their own day."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from data import BudgetExceeded, LimitRule, Store

from .helpers import CLIP, DAY_S, GUILD, HandClock, account, new_job, running

COST_S = 20.0
ACTUAL_S = CLIP.render_s + CLIP.encode_s


async def submit(store: Store, *, limit_s: float | None, **fields):
    return await store.submit(new_job(**fields), daily_limit=100, max_active=100, guild_limit_s=limit_s)


async def seconds(store: Store, guild_id: int = GUILD) -> tuple[float, float]:
    """(used, reserved) of the clock's UTC day."""
    budget = await store.budget(guild_id, limit_s=None)
    return budget.used_s, budget.reserved_s


async def test_an_estimate_is_reserved_and_the_actual_is_paid(store: Store):
    job = await running(store)
    assert await seconds(store) == (0.0, COST_S)
    assert await store.finish_render(job, CLIP)
    assert await seconds(store) == (ACTUAL_S, 0.0)


async def test_what_does_not_fit_into_the_day_is_refused_and_nothing_is_reserved(store: Store):
    await submit(store, limit_s=50, user_id=1)
    await submit(store, limit_s=50, user_id=2)
    with pytest.raises(BudgetExceeded) as refusal:
        await submit(store, limit_s=50, user_id=3)
    assert (refusal.value.budget.left_s, refusal.value.seconds) == (10.0, COST_S)
    assert await account(store, 3) == (0, 0) and await seconds(store) == (0.0, 2 * COST_S)
    await submit(store, limit_s=50, user_id=3, guild_id=GUILD + 1)
    await submit(store, limit_s=50, user_id=3, guild_id=None)


async def test_a_crowd_never_reserves_more_than_there_is(store: Store):
    tries = [submit(store, limit_s=7 * COST_S, user_id=user) for user in range(40)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 7
    assert await seconds(store) == (0.0, 7 * COST_S)


async def test_a_refund_goes_to_the_day_it_came_from(store: Store, clock: HandClock):
    job = await submit(store, limit_s=None)
    clock.now += DAY_S
    await submit(store, limit_s=None)
    await store.cancel(job.id, user_id=job.user_id)
    assert await seconds(store) == (0.0, COST_S)
    clock.now -= DAY_S
    assert await seconds(store) == (0.0, 0.0)


@pytest.mark.parametrize(("refund", "paid"), [(True, 0.0), (False, 3.3)])
async def test_a_render_that_was_stopped_pays_what_it_took_or_nothing(store: Store, refund: bool, paid: float):
    assert await store.finish_cancel(await running(store), refund=refund, gpu_s=3.3)
    assert await seconds(store) == (paid, 0.0)


async def test_rules_are_kept_replaced_and_removed(store: Store):
    server, role = LimitRule(GUILD, GUILD, gpu_seconds=60.0), LimitRule(GUILD, 5, daily_clips=3)
    await store.put_limit_rule(server)
    await store.put_limit_rule(role)
    assert await store.limit_rules() == [role, server]
    await store.put_limit_rule(dataclasses.replace(server, gpu_seconds=None))
    await store.put_limit_rule(dataclasses.replace(role, daily_clips=0))
    assert await store.limit_rules() == [LimitRule(GUILD, 5, daily_clips=0)]
