"""/admin quota: what the members of a server may have: all of them, those with a role, or a single one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range

from bot.speech import Voice, said
from data import LimitRule, MemberLimit

from ..replies import voice_of, whisper
from .rights import ModeratorGroup, guild_of, service_of

MOST_CLIPS = 10_000
MOST_ACTIVE = 1_000
MOST_GPU_SECONDS = 86_400
"""Of a day on one GPU."""

LISTED = 15
"""Rules of at most 120 characters that fit one message."""

Who = discord.Member | discord.User | discord.Role


class Limits(ModeratorGroup):
    """The server's rules; what they leave open the operator's settings fill."""

    def __init__(self) -> None:
        super().__init__("quota", said("admin-quota-description"))

    @app_commands.command(description=said("admin-quota-set-description"))
    @app_commands.describe(
        who=said("admin-quota-who"),
        clips=said("admin-quota-clips"),
        at_once=said("admin-quota-at-once"),
        gpu_seconds=said("admin-quota-gpu-seconds"),
    )
    async def set(
        self,
        interaction: discord.Interaction,
        who: Who | None = None,
        clips: Range[int, 0, MOST_CLIPS] | None = None,
        at_once: Range[int, 0, MOST_ACTIVE] | None = None,
        gpu_seconds: Range[int, 0, MOST_GPU_SECONDS] | None = None,
    ) -> None:
        """Change the named limits of the server, a role or a member; the others stay."""
        guild_id, book, say = guild_of(interaction), service_of(interaction).limits, voice_of(interaction)
        given = {"daily_clips": clips, "max_active": at_once, "gpu_seconds": gpu_seconds}
        given = {limit: value for limit, value in given.items() if value is not None}
        if not given:
            await whisper(interaction, say("admin-quota-nothing"))
        elif gpu_seconds is not None and not _is_everybody(who, guild_id):
            await whisper(interaction, say("admin-quota-gpu-is-the-servers"))
        elif isinstance(who, discord.Member | discord.User):
            await book.put_member(limit := replace(book.of_member(guild_id, who.id), **given))
            await whisper(interaction, say("admin-quota-done", rule=_rule(limit, say)))
        else:
            role_id = guild_id if who is None else who.id
            await book.put(rule := replace(book.of_role(guild_id, role_id), **given))
            await whisper(interaction, say("admin-quota-done", rule=_rule(rule, say)))

    @app_commands.command(description=said("admin-quota-remove-description"))
    @app_commands.describe(who=said("admin-quota-who"))
    async def remove(self, interaction: discord.Interaction, who: Who | None = None) -> None:
        """Remove all limits of the server, a role or a member."""
        guild_id, book, say = guild_of(interaction), service_of(interaction).limits, voice_of(interaction)
        if isinstance(who, discord.Member | discord.User):
            await book.put_member(MemberLimit(guild_id, who.id))
        else:
            await book.put(LimitRule(guild_id, guild_id if who is None else who.id))
        await whisper(interaction, say("admin-quota-removed", rules=_rules(interaction, guild_id, say)))

    @app_commands.command(description=said("admin-quota-show-description"))
    async def show(self, interaction: discord.Interaction) -> None:
        """List all rules."""
        await whisper(interaction, _rules(interaction, guild_of(interaction), voice_of(interaction)))


def _is_everybody(who: Who | None, guild_id: int) -> bool:
    return who is None or (isinstance(who, discord.Role) and who.id == guild_id)


def _rules(interaction: discord.Interaction[Any], guild_id: int, say: Voice) -> str:
    book = service_of(interaction).limits
    standard = book.of(guild_id, ())
    rules = [_rule(rule, say) for rule in (*book.of_guild(guild_id), *book.members_of(guild_id))]
    lines = [
        say("admin-quota-standard", rules=len(rules), clips=standard.daily_clips, active=standard.max_active),
        *rules[:LISTED],
    ]
    if len(rules) > LISTED:
        lines.append(say("admin-more", count=len(rules) - LISTED))
    return "\n".join(lines)


def _rule(rule: LimitRule | MemberLimit, say: Voice) -> str:
    """Whom a rule is for and what it grants: "@Patrons: 50 clips a day · 3 at once"."""
    if isinstance(rule, MemberLimit):
        who, gpu_seconds = f"<@{rule.user_id}>", None
    else:
        who = say("admin-quota-server") if rule.is_servers else f"<@&{rule.role_id}>"
        gpu_seconds = rule.gpu_seconds
    limits = [
        None if rule.daily_clips is None else say("admin-quota-clips-a-day", clips=rule.daily_clips),
        None if rule.max_active is None else say("admin-quota-active", active=rule.max_active),
        None if gpu_seconds is None else say("admin-quota-seconds-a-day", seconds=gpu_seconds),
    ]
    return say("admin-quota-rule", who=who, limits=" · ".join(limit for limit in limits if limit is not None))
