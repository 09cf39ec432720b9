"""/quota as members see it."""

from __future__ import annotations

from data import LimitRule, MemberLimit
from tests.discord.stage import make_settings, stage


async def said(member, channel) -> str:
    answer = (await member.slash(channel, "quota")).response
    assert answer.ephemeral
    return answer.content


async def test_the_day_is_told_to_the_member_alone(tmp_path, tiny_checkpoint):
    async with stage(make_settings(tmp_path, tiny_checkpoint, daily_clips=3, max_active_jobs=2)) as s:
        await s.clip(await s.alice.slash(s.channel, "video", prompt="a fox"))
        text = await said(s.alice, s.channel)
        assert "2 clips left today (of 3)" in text and "Made today: 1 · on their way: 0" in text
        assert "0 of at most 2 on their way" in text
        assert "<t:" in text and "midnight UTC" in text
        assert "GPU" not in text, "no limit, no word of it"
        assert "3 clips left today (of 3)" in await said(s.bob, s.channel)
        assert not [m for m in s.channel.history(viewer=s.bob) if "2 clips left" in m.content]


async def test_what_the_server_has_left_is_told(tmp_path, tiny_checkpoint):
    settings = make_settings(tmp_path, tiny_checkpoint, guild_gpu_seconds=500, daily_clips=1)
    async with stage(settings) as s:
        await s.clip(await s.alice.slash(s.channel, "video", prompt="a fox"))
        text = await said(s.alice, s.channel)
        assert "no clip left today (of 1)" in text
        assert "of 500 left" in text


async def test_limits_of_roles_and_members_are_those_that_hold(tmp_path, tiny_checkpoint):
    async with stage(make_settings(tmp_path, tiny_checkpoint)) as s:
        guild = s.channel.guild
        role = guild.create_role("patrons")
        carol = guild.add_member(s.env.create_user("carol"), roles=[role])
        await s.bot.service.limits.put(LimitRule(guild.id, role.id, daily_clips=50, max_active=9))
        await s.bot.service.limits.put_member(MemberLimit(guild.id, s.bob.id, daily_clips=1))
        text = await said(carol, s.channel)
        assert "50 clips left today (of 50)" in text and "0 of at most 9" in text
        assert "1 clip left today (of 1)" in await said(s.bob, s.channel)
        assert "20 clips left today (of 20)" in await said(s.alice, s.channel)


async def test_outside_servers_the_settings_hold(tmp_path, tiny_checkpoint):
    async with stage(make_settings(tmp_path, tiny_checkpoint, guild_gpu_seconds=500)) as s:
        carol = s.env.create_user("carol")
        text = (await carol.slash("quota")).response.content
        assert "20 clips left today (of 20)" in text and "GPU" not in text
