"""/admin stats: how a server's jobs go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

from bot.plain import cut
from bot.prompt_rules import Category
from bot.reasons import explain_reason
from bot.speech import Voice
from data import Budget, JobState, Spread, Stats

from ..replies import voice_of
from .rights import guild_of, service_of

DAYS = (1, 7, 30)

REASON_CHARACTERS = 70
"""Of an error: even where each is escaped, five reasons in each of three parts fit one message."""


async def show(interaction: discord.Interaction[Any]) -> None:
    """Count the jobs of the day, the week and the month; counting a million takes a moment."""
    guild_id, service, say = guild_of(interaction), service_of(interaction), voice_of(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    found = [await service.moderation.stats(guild_id, days=days) for days in DAYS]
    parts = [_gpu(await service.limits.budget(guild_id), say), *("\n".join(_part(stats, say)) for stats in found)]
    view = ui.LayoutView(timeout=None)
    box: ui.Container[ui.LayoutView] = ui.Container()
    for part in parts:
        box.add_item(ui.TextDisplay(part))
    view.add_item(box)
    await interaction.edit_original_response(view=view)


def _gpu(budget: Budget, say: Voice) -> str:
    used, reserved = round(budget.used_s), round(budget.reserved_s)
    if budget.limit_s is None:
        return say("admin-stats-gpu", used=used, reserved=reserved)
    return say("admin-stats-gpu-of", used=used, reserved=reserved, limit=round(budget.limit_s))


def _part(stats: Stats, say: Voice) -> Iterator[str]:
    yield say("admin-stats-days", days=stats.days)
    yield say("admin-stats-jobs", **{state.value: stats.jobs[state] for state in JobState})
    if stats.wait is not None:
        yield say("admin-stats-wait", **_seconds(stats.wait))
    if stats.render is not None:
        yield say("admin-stats-render", **_seconds(stats.render))
    for failure in stats.failures:
        reason = cut(explain_reason(failure.reason, say), REASON_CHARACTERS)
        yield say("admin-stats-failure", times=failure.times, reason=reason)
    if stats.refused:
        yield say("admin-stats-refused", **{each.value: stats.refused.get(each, 0) for each in Category})


def _seconds(spread: Spread) -> dict[str, float]:
    return {"p50": spread.p50_s, "p95": spread.p95_s}
