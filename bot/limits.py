"""Who may have how much, and what is left: the settings, a server's limits, those of its roles and of single members.

For each limit the member's own counts; where there is none, the largest that their roles name; where none names one,
the server's; where it names none either, the settings'. The server's GPU seconds of a day are one account for all
its members.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data import Budget, LimitRule, MemberLimit, Quota, QuotaExceeded, Store

from .settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """What one member may have in one place; `gpu_seconds` is the server's day, None without a limit."""

    daily_clips: int
    max_active: int
    gpu_seconds: float | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a member in one place: clips of the day, clips at a time, and the server's GPU seconds."""

    quota: Quota
    active: int
    max_active: int
    budget: Budget | None


class LimitBook:
    """All limits that are stored, held in memory: each order asks."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._rules: dict[int, dict[int, LimitRule]] = {}
        self._members: dict[int, dict[int, MemberLimit]] = {}

    async def load(self) -> None:
        """Read what an earlier process stored."""
        for rule in await self._store.limit_rules():
            self._rules.setdefault(rule.guild_id, {})[rule.role_id] = rule
        for limit in await self._store.member_limits():
            self._members.setdefault(limit.guild_id, {})[limit.user_id] = limit

    async def put(self, rule: LimitRule) -> None:
        """Store a rule in place of an earlier one; one that limits nothing removes it.

        Raises:
            ValueError: a limit is negative, or a role has GPU seconds, which are the server's.
        """
        if any((limit or 0) < 0 for limit in (rule.daily_clips, rule.max_active, rule.gpu_seconds)):
            raise ValueError("a limit cannot be negative")
        if rule.gpu_seconds is not None and not rule.is_servers:
            raise ValueError("GPU seconds are a server's, not a role's")
        await self._store.put_limit_rule(rule)
        guild = self._rules.setdefault(rule.guild_id, {})
        guild.pop(rule.role_id, None)
        if rule.limits_something:
            guild[rule.role_id] = rule

    async def put_member(self, limit: MemberLimit) -> None:
        """Store a member's own limit in place of an earlier one; one that limits nothing removes it.

        Raises:
            ValueError: a limit is negative.
        """
        if any((most or 0) < 0 for most in (limit.daily_clips, limit.max_active)):
            raise ValueError("a limit cannot be negative")
        await self._store.put_member_limit(limit)
        guild = self._members.setdefault(limit.guild_id, {})
        guild.pop(limit.user_id, None)
        if limit.limits_something:
            guild[limit.user_id] = limit

    def of_role(self, guild_id: int, role_id: int) -> LimitRule:
        """The rule of a role, or of a server by its own id; one that limits nothing where there is none."""
        return self._rules.get(guild_id, {}).get(role_id) or LimitRule(guild_id, role_id)

    def of_member(self, guild_id: int, user_id: int) -> MemberLimit:
        """The limit of a member; one that limits nothing where there is none."""
        return self._members.get(guild_id, {}).get(user_id) or MemberLimit(guild_id, user_id)

    def members_of(self, guild_id: int) -> list[MemberLimit]:
        """The members of a server who have limits of their own."""
        return sorted(self._members.get(guild_id, {}).values(), key=lambda limit: limit.user_id)

    def of_guild(self, guild_id: int) -> list[LimitRule]:
        """A server's rules, its own first."""
        return sorted(self._rules.get(guild_id, {}).values(), key=lambda rule: (not rule.is_servers, rule.role_id))

    def of(self, guild_id: int | None, role_ids: Iterable[int], user_id: int | None = None) -> Limits:
        """What a member with these roles may have; without `user_id`, any member with them."""
        guild = {} if guild_id is None else self._rules.get(guild_id, {})
        own = guild.get(guild_id) if guild_id is not None else None
        roles = [guild[role_id] for role_id in role_ids if role_id in guild and role_id != guild_id]
        member = None if guild_id is None else self._members.get(guild_id, {}).get(user_id or 0)
        server_s = self._settings.guild_gpu_seconds or None
        if own is not None and own.gpu_seconds is not None:
            server_s = own.gpu_seconds
        return Limits(
            _first(
                member and member.daily_clips,
                _most(role.daily_clips for role in roles),
                own and own.daily_clips,
                settings=self._settings.daily_clips,
            ),
            _first(
                member and member.max_active,
                _most(role.max_active for role in roles),
                own and own.max_active,
                settings=self._settings.max_active_jobs,
            ),
            None if guild_id is None else server_s,
        )

    async def quota(
        self, user_id: int, *, guild_id: int | None = None, role_ids: frozenset[int] = frozenset()
    ) -> Quota:
        """What is left of a member's day where they have these roles."""
        return await self._store.quota(user_id, limit=self.of(guild_id, role_ids, user_id).daily_clips)

    async def allowance(
        self, user_id: int, *, guild_id: int | None = None, role_ids: frozenset[int] = frozenset()
    ) -> Allowance:
        """All that is left to a member where they have these roles; a budget only where the server has a limit."""
        limits = self.of(guild_id, role_ids, user_id)
        return Allowance(
            quota=await self._store.quota(user_id, limit=limits.daily_clips),
            active=len(await self._store.active(user_id)),
            max_active=limits.max_active,
            budget=None if guild_id is None or limits.gpu_seconds is None else await self.budget(guild_id),
        )

    async def budget(self, guild_id: int) -> Budget:
        """What is left of a server's GPU seconds of the day."""
        return await self._store.budget(guild_id, limit_s=self.of(guild_id, ()).gpu_seconds)

    async def check_quota(
        self, user_id: int, *, guild_id: int | None = None, role_ids: frozenset[int] = frozenset()
    ) -> None:
        """Refuse a clip to a member who has none left.

        Raises:
            QuotaExceeded: nothing is left of the member's day.
        """
        quota = await self.quota(user_id, guild_id=guild_id, role_ids=role_ids)
        if quota.left == 0:
            raise QuotaExceeded(quota)


def _most(limits: Iterable[int | None]) -> int | None:
    return max((limit for limit in limits if limit is not None), default=None)


def _first(*limits: int | None, settings: int) -> int:
    return next((limit for limit in limits if limit is not None), settings)
