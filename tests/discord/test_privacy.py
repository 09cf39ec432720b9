"""/privacy as members use it."""

from __future__ import annotations

import io
import json
from typing import Any
from zipfile import ZipFile

import discord
import pytest

from bot import eraser
from bot.choices import Choices
from bot.preferences import Chosen, Owner, Whose
from tests.discord.stage import Stage, button, clips_of, make_settings, stage, text_of, walk

KEEP, REMOVE = "Delete everything", "Delete everything and my messages"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    for name, seconds in {"PACE_S": 0.0, "BUSY_S": 0.01, "LONGEST_PAUSE_S": 0.01}.items():
        monkeypatch.setattr(eraser, name, seconds)
    monkeypatch.setattr(eraser, "TRIES", 2)


async def make(s: Stage, member: Any, prompt: str) -> discord.Message:
    return await s.clip(await member.slash(s.channel, "video", prompt=prompt))


async def delete(s: Stage, member: Any, label: str) -> str:
    """Ask, press, and what is said then in the place of the question."""
    asked = await member.slash(s.channel, "privacy delete")
    assert asked.response.ephemeral
    await member.click(asked.response.message, custom_id=button(asked.response.message, label))
    assert not [c for c in walk(asked.response.message.components) if isinstance(c, discord.Button)]
    return text_of(asked.response.message)


async def exported(result: Any) -> tuple[str, ZipFile]:
    """Text and file of an export, which only its member sees."""
    [answer] = [each for each in (result.response, *result.followups) if each is not None and each.attachments]
    assert answer.ephemeral
    [file] = answer.attachments
    return answer.content, ZipFile(io.BytesIO(await file.read()))


async def test_all_that_is_stored_comes_in_one_file_for_the_member_alone(settings):
    async with stage(settings) as s:
        await make(s, s.alice, "a fox")
        await make(s, s.bob, "bobs own secret")
        await s.bot.service.preferences.put(Owner(Whose.ME, s.alice.id), Chosen(Choices(loop=True)))
        text, archive = await exported(await s.alice.slash(s.channel, "privacy export"))
        assert "with 1 clip" in text
        assert archive.namelist() == ["data.json", "clips/1.mp4"]
        assert archive.read("clips/1.mp4") == (settings.store_dir / "clips" / "1.mp4").read_bytes()
        said = archive.read("data.json").decode()
        tables = json.loads(said)["tables"]
        assert [job["request"]["prompt"] for job in tables["jobs"]] == ["a fox"]
        assert tables["member_preferences"][0]["choices"] == {"loop": True}
        assert "secret" not in said
        assert len(s.channel.history(viewer=s.bob)) == 2, "two clips and nothing else"


async def test_where_nothing_is_stored_the_file_says_so(settings):
    async with stage(settings) as s:
        text, archive = await exported(await s.bob.slash(s.channel, "privacy export"))
        assert "no clips" in text
        assert not any(json.loads(archive.read("data.json"))["tables"].values())


@pytest.mark.parametrize(("status", "code"), [(413, 0), (400, 40005)])
async def test_a_file_that_discord_refuses_is_sent_without_clips(settings, status, code):
    async with stage(settings) as s:
        await make(s, s.alice, "a fox")
        s.env.inject_error("POST", "/webhooks/*", status=status, code=code)
        text, archive = await exported(await s.alice.slash(s.channel, "privacy export"))
        assert "1 older file" in text
        assert archive.namelist() == ["data.json"]


async def test_deleting_says_first_what_goes_and_what_stays_and_does_nothing_yet(settings):
    async with stage(settings) as s:
        await make(s, s.alice, "a fox")
        asked = (await s.alice.slash(s.channel, "privacy delete")).response
        text = text_of(asked.message)
        assert asked.ephemeral and "your 1 clip" in text and "What stays" in text and "in a channel" in text
        assert len(await s.bot.service.album.of(s.alice.id)) == 1


async def test_everything_of_the_member_is_deleted_and_their_messages_stay_unless_asked(settings):
    async with stage(settings) as s:
        await make(s, s.alice, "a fox")
        await make(s, s.bob, "bobs own")
        text = await delete(s, s.alice, KEEP)
        assert "1 clip" in text and "1 message stays" in text
        await s.until(lambda: not list((settings.store_dir / "clips").glob("1.*")), "the files go")
        assert (settings.store_dir / "clips" / "2.mp4").is_file()
        assert await s.bot.service.album.of(s.alice.id) == []
        assert len(clips_of(s.channel.history(viewer=s.bob)[0])) == 1
        _, archive = await exported(await s.alice.slash(s.channel, "privacy export"))
        tables = json.loads(archive.read("data.json"))["tables"]
        assert {table for table, rows in tables.items() if rows} == {"erased_quotas"}


async def test_the_messages_go_where_they_are_asked_for(settings):
    async with stage(settings) as s:
        mine, theirs = await make(s, s.alice, "a fox"), await make(s, s.bob, "bobs own")
        assert "1 message is being removed" in await delete(s, s.alice, REMOVE)
        await s.until(lambda: mine.id not in {m.id for m in s.channel.history()}, "the message goes")
        assert theirs.id in {m.id for m in s.channel.history()}


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (404, 10008), (500, 0)])
async def test_a_message_that_discord_refuses_to_remove_keeps_no_other(settings, status, code):
    async with stage(settings) as s:
        first, second = await make(s, s.alice, "a fox"), await make(s, s.alice, "a hen")
        s.env.inject_error("DELETE", f"/channels/*/messages/{second.id}", status=status, code=code, times=None)
        await delete(s, s.alice, REMOVE)
        await s.until(lambda: first.id not in {m.id for m in s.channel.history()}, "the other goes")
        assert second.id in {m.id for m in s.channel.history()}


async def test_every_button_of_a_deleted_clip_says_that_it_is_gone(settings):
    async with stage(settings) as s:
        message = await make(s, s.alice, "a fox")
        await delete(s, s.alice, KEEP)
        buttons = {c.label: c.custom_id for c in walk(message.components) if isinstance(c, discord.Button)}
        assert {"Re-roll", "Recipe", "Delete"} <= buttons.keys()
        for label, custom_id in buttons.items():
            pressed = (await s.bob.click(message, custom_id=custom_id)).response
            assert pressed.ephemeral and "any more" in pressed.content, label
        assert len(s.channel.history(viewer=s.alice)) == 2, "the clip's message and the answer to alice"
        assert await s.bot.service.mine(s.bob.id) == []


async def test_the_day_is_not_won_back_by_deleting(tmp_path, tiny_checkpoint):
    async with stage(make_settings(tmp_path, tiny_checkpoint, daily_clips=2)) as s:
        await make(s, s.alice, "a fox")
        await delete(s, s.alice, KEEP)
        assert "1 clip left today (of 2)" in (await s.alice.slash(s.channel, "quota")).response.content
        await make(s, s.alice, "a hen")
        await delete(s, s.alice, KEEP)
        refused = await s.alice.slash(s.channel, "video", prompt="one more")
        assert refused.response.ephemeral and "2" in refused.response.content
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 0
        assert (await s.bot.service.limits.quota(s.bob.id)).left == 2


async def test_whoever_presses_an_old_question_deletes_only_their_own(settings):
    async with stage(settings) as s:
        await make(s, s.alice, "a fox")
        asked = (await s.bob.slash(s.channel, "privacy delete")).response.message
        await s.bob.click(asked, custom_id=button(asked, KEEP))
        assert len(await s.bot.service.album.of(s.alice.id)) == 1


async def test_deleting_twice_is_no_harm(settings):
    async with stage(settings) as s:
        await make(s, s.alice, "a fox")
        await delete(s, s.alice, KEEP)
        assert "Deleted: your pictures, your history and your settings." in await delete(s, s.alice, KEEP)
        assert (await s.bot.service.limits.quota(s.alice.id)).used == 1


async def test_a_blocked_member_stays_blocked(settings):
    async with stage(settings) as s:
        await s.bot.service.moderation.block(s.channel.guild.id, s.alice.id)
        await delete(s, s.alice, KEEP)
        refused = await s.alice.slash(s.channel, "video", prompt="a fox")
        assert refused.response.ephemeral and "blocked" in refused.response.content


async def test_in_direct_messages_it_is_the_same(settings):
    async with stage(settings) as s:
        carol = s.env.create_user("carol")
        text, _ = await exported(await carol.slash("privacy export"))
        assert "no clips" in text
        asked = (await carol.slash("privacy delete")).response
        await carol.click(asked.message, label=KEEP)


async def test_the_words_of_both_are_within_discords_limits_in_every_language(settings):
    async with stage(settings) as s:
        await make(s, s.alice, "a fox")
        for language in ("en", "de", "fr", "es", "pt-BR", "ja"):
            await s.bot.service.preferences.put(Owner(Whose.ME, s.alice.id), Chosen(language=language))
            asked = (await s.alice.slash(s.channel, "privacy delete")).response.message
            assert len(text_of(asked)) <= 4000
            labels = [c.label for c in walk(asked.components) if isinstance(c, discord.Button)]
            assert len(labels) == 2 and all(label and len(label) <= 80 for label in labels)
