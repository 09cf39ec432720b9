"""Who may have how much: by role, by server, by the settings."""

from __future__ import annotations

import pytest

from bot.orders import Order, Wish
from data import BudgetExceeded, ChannelRoute, JobState, LimitRule, QuotaExceeded, TooManyJobs
from generation.request import VideoRequest
from tests.bot.house import MEMBER, house

SERVER, PATRON, NEWCOMER = 70, 71, 72


async def ask(h, *roles: int, user_id: int = MEMBER, guild_id: int | None = SERVER):
    h.keys += 1
    wish = Wish(user_id, guild_id, VideoRequest(prompt="fox"), role_ids=frozenset({SERVER, *roles}))
    job, _ = await h.service.submit(Order(wish, ChannelRoute(2, h.keys), f"k{h.keys}"))
    return job


async def limit_of(h, *roles: int, guild_id: int | None = SERVER) -> int:
    return (await h.service.limits.quota(MEMBER, guild_id=guild_id, role_ids=frozenset({SERVER, *roles}))).limit


async def test_roles_go_before_the_server_and_the_server_before_the_settings(tmp_path):
    async with house(tmp_path, resume=False, daily_clips=20) as h:
        await h.service.limits.put(LimitRule(SERVER, SERVER, daily_clips=10))
        await h.service.limits.put(LimitRule(SERVER, PATRON, daily_clips=50))
        await h.service.limits.put(LimitRule(SERVER, NEWCOMER, daily_clips=2))
        assert [await limit_of(h), await limit_of(h, NEWCOMER), await limit_of(h, NEWCOMER, PATRON)] == [10, 2, 50]
        assert [await limit_of(h, PATRON, guild_id=9), await limit_of(h, guild_id=None)] == [20, 20]
    async with house(tmp_path, resume=False, daily_clips=20) as h:  # they outlive the process
        assert await limit_of(h, NEWCOMER) == 2
        assert [rule.role_id for rule in h.service.limits.of_guild(SERVER)] == [SERVER, PATRON, NEWCOMER]


async def test_submit_holds_members_to_the_limits_of_their_roles(tmp_path):
    async with house(tmp_path, resume=False) as h:
        await h.service.limits.put(LimitRule(SERVER, NEWCOMER, daily_clips=2))
        await h.service.limits.put(LimitRule(SERVER, PATRON, max_active=3))
        for _ in range(2):
            await ask(h, NEWCOMER)
        with pytest.raises(QuotaExceeded):
            await ask(h, NEWCOMER)
        await ask(h, PATRON)
        with pytest.raises(TooManyJobs):
            await ask(h, PATRON)


async def test_the_servers_gpu_time_is_shared_by_its_members_and_paid_as_it_was_used(tmp_path):
    async with house(tmp_path, guild_gpu_seconds=16) as h:  # an unknown render is estimated at 15 s
        await h.state((await ask(h, user_id=1)).id, JobState.DELIVERED)  # and took 1.5 s
        assert (await h.service.limits.budget(SERVER)).used_s == pytest.approx(1.5)
        await h.state((await ask(h, user_id=2)).id, JobState.DELIVERED)
        await h.service.limits.put(LimitRule(SERVER, SERVER, gpu_seconds=4.0))
        with pytest.raises(BudgetExceeded):
            await ask(h, user_id=3)
        await ask(h, user_id=3, guild_id=9)
        await ask(h, user_id=3, guild_id=None)


@pytest.mark.parametrize(
    "wrong", [LimitRule(SERVER, PATRON, gpu_seconds=9.0), LimitRule(SERVER, SERVER, max_active=-1)]
)
async def test_a_limit_that_means_nothing_is_refused(tmp_path, wrong):
    async with house(tmp_path, resume=False) as h:
        with pytest.raises(ValueError):
            await h.service.limits.put(wrong)
        assert h.service.limits.of_guild(SERVER) == []
