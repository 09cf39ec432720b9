"""The commands as members use them: the real bot, store, encoder and a tiny checkpoint on a simulated Discord."""

from __future__ import annotations

import asyncio
import json
import sqlite3

import discord
import pytest
import simcord
from discord import app_commands

from bot.app import open_bot, resume_local
from bot.speech import Translator
from generation.encode import read_clip, read_recipe
from generation.quality import quality_fields
from tests.discord.peer_rules import check_commands
from tests.discord.stage import SLOW, Stage, button, clips_of, make_settings, stage, text_of, walk
from tests.tiny import save_tiny_checkpoint


@pytest.fixture
def slow(tmp_path, slow_checkpoint):
    return make_settings(tmp_path, slow_checkpoint)


async def test_a_sentence_becomes_a_playing_clip_in_its_own_message(settings, tmp_path):
    async with stage(settings) as s:
        answer = await s.alice.slash(s.channel, "video", prompt="a fox", seed=7)
        message = await s.clip(answer)

        assert len(s.channel.history()) == 1, "one message from start to end"
        assert [a.filename for a in message.attachments] == ["flipbook-1.mp4"]
        gallery = next(c for c in walk(message.components) if isinstance(c, discord.MediaGalleryComponent))
        assert gallery.items[0].description == "a fox"
        assert "seed 7" in text_of(message)
    file = settings.store_dir / "clips" / "1.mp4"
    assert read_clip(file).shape == (3, 64, 64, 3)
    recipe = read_recipe(file).request
    assert (recipe.prompt, recipe.seed, recipe.frames, recipe.steps) == ("a fox", 7, 3, 4)


async def test_queued_is_said_before_anything_is_rendered(slow):
    async with stage(slow) as s:
        first = await s.alice.slash(s.channel, "video", prompt="one", **SLOW)
        second = await s.alice.slash(s.channel, "video", prompt="two")
        assert "Queued" in text_of(s.message(second))
        assert "Rendering" in text_of(await s.text(first, "Rendering"))
        await s.alice.slash(s.channel, "cancel", job=1)


async def test_the_bar_moves_while_it_renders(slow):
    async with stage(slow) as s:
        answer = await s.alice.slash(s.channel, "video", prompt="slow", **SLOW)
        seen = set()

        def look():
            seen.update(line for line in text_of(s.message(answer)).splitlines() if "▰" in line or "▱" in line)
            return len(seen) >= 3

        await s.until(look, "three states of the bar")
        await s.alice.click(s.message(answer), custom_id=button(s.message(answer), "Cancel"))


async def test_cancelling_a_running_job_stops_it_and_the_queue_goes_on(slow):
    async with stage(slow) as s:
        slow = await s.alice.slash(s.channel, "video", prompt="slow", **SLOW)
        await s.text(slow, "Rendering")
        next_one = await s.bob.slash(s.channel, "video", prompt="next")
        pressed = await s.alice.click(s.message(slow), custom_id=button(s.message(slow), "Cancel"))
        assert pressed.response.ephemeral
        await s.text(slow, "Cancelled")
        await s.clip(next_one)
        assert not s.message(slow).attachments, "neither clip nor picture"


async def test_a_waiting_job_is_cancelled_at_once_and_costs_nothing(slow):
    async with stage(slow) as s:
        running = await s.alice.slash(s.channel, "video", prompt="slow", **SLOW)
        waiting = await s.alice.slash(s.channel, "video", prompt="waits")
        before = await s.bot.service.limits.quota(s.alice.id)
        answer = await s.alice.slash(s.channel, "cancel", job=2)
        assert "cancelled" in answer.response.content and answer.response.ephemeral
        await s.text(waiting, "Cancelled")
        after = await s.bot.service.limits.quota(s.alice.id)
        assert after.left == before.left + 1
        await s.alice.slash(s.channel, "cancel", job=1)
        await s.text(running, "Cancelled")


async def test_nobody_cancels_another_members_job(slow):
    async with stage(slow) as s:
        slow = await s.alice.slash(s.channel, "video", prompt="mine", **SLOW)
        by_command = await s.bob.slash(s.channel, "cancel", job=1)
        by_button = await s.bob.click(s.message(slow), custom_id=button(s.message(slow), "Cancel"))
        for answer in (by_command, by_button):
            assert "no clip 1" in answer.response.content and answer.response.ephemeral
        await s.alice.slash(s.channel, "cancel")
        await s.text(slow, "Cancelled")


async def test_members_take_turns(slow):
    async with stage(slow) as s:
        await s.alice.slash(s.channel, "video", prompt="a1", **SLOW)
        await s.alice.slash(s.channel, "video", prompt="a2")
        await s.alice.slash(s.channel, "video", prompt="a3")
        await s.bob.slash(s.channel, "video", prompt="b1")
        places = {job.id: place.position for job, place in await s.bot.service.mine(s.alice.id)}
        [(_, bobs)] = await s.bot.service.mine(s.bob.id)
        assert bobs.position < places[3], "bob's first clip comes before alice's third"
        for job in (2, 3, 1):
            await s.alice.slash(s.channel, "cancel", job=job)


async def test_the_daily_quota_is_refused_to_the_member_alone_and_leaves_no_placeholder(tmp_path, tiny_checkpoint):
    async with stage(make_settings(tmp_path, tiny_checkpoint, daily_clips=1)) as s:
        await s.clip(await s.alice.slash(s.channel, "video", prompt="one"))
        refused = await s.alice.slash(s.channel, "video", prompt="two")
        assert "clips for today" in refused.response.content and refused.response.ephemeral
        assert len(s.channel.history(viewer=s.bob)) == 1
        await s.clip(await s.bob.slash(s.channel, "video", prompt="bob has his own"))


@pytest.mark.parametrize(
    ("prompt", "limits", "words"),
    [
        ("   ", {}, "prompt"),
        ("x", {"max_frames": 2}, "Too many frames: at most 2"),
    ],
)
async def test_bad_input_is_told_to_the_member_and_costs_nothing(tmp_path, tiny_checkpoint, prompt, limits, words):
    async with stage(make_settings(tmp_path, tiny_checkpoint, **limits)) as s:
        answer = await s.alice.slash(s.channel, "video", prompt=prompt)
        assert answer.response.ephemeral and words in answer.response.content
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


async def test_mentions_and_markdown_of_a_prompt_do_nothing(settings):
    async with stage(settings) as s:
        message = await s.clip(await s.alice.slash(s.channel, "video", prompt="@everyone **loud** `x`"))
        assert "@everyone" not in text_of(message)
        assert r"\*\*loud\*\*" in text_of(message)
        assert not message.mention_everyone


async def test_autocomplete_offers_sentences_that_work_and_what_was_typed(settings):
    async with stage(settings) as s:
        answer = await s.alice.autocomplete(s.channel, "video", "prompt", "fox")
        assert [c["value"] for c in answer] == ["fox", "a fox in the snow"]


async def test_motion_moves_the_picture_the_named_way(settings):
    async with stage(settings) as s:
        await s.clip(await s.alice.slash(s.channel, "video", prompt="x", motion="left"))
    request = read_recipe(settings.store_dir / "clips" / "1.mp4").request
    assert (request.dx, request.dy) == (-4.0, 0.0)


async def test_the_camera_can_zoom_and_turn(settings):
    async with stage(settings) as s:
        await s.clip(await s.alice.slash(s.channel, "video", prompt="x", motion="zoom-in"))
        await s.clip(await s.alice.slash(s.channel, "video", prompt="x", motion="rotate-clockwise"))
    zoomed, turned = (read_recipe(settings.store_dir / "clips" / f"{job}.mp4").request for job in (1, 2))
    assert zoomed.zoom > 1 and (zoomed.dx, zoomed.rotation) == (0, 0)
    assert turned.rotation > 0 and (turned.dx, turned.zoom) == (0, 1)


async def test_a_draft_takes_fewer_steps(settings):
    async with stage(settings) as s:
        own = s.bot.service.offer.card.defaults
        await s.clip(await s.alice.slash(s.channel, "video", prompt="x", quality="draft"))
    request = read_recipe(settings.store_dir / "clips" / "1.mp4").request
    assert request.steps == quality_fields("draft", own)["steps"]


async def test_a_message_deleted_meanwhile_stops_nothing_and_the_clip_stays_in_the_history(slow):
    async with stage(slow) as s:
        answer = await s.alice.slash(s.channel, "video", prompt="gone", **SLOW)
        await s.text(answer, "Rendering")
        later = await s.bob.slash(s.channel, "video", prompt="later")
        await s.message(answer).delete()
        await s.clip(later)
        page = (await s.alice.slash(s.channel, "history")).response.message
        assert "gone" in text_of(page)


async def test_without_a_checkpoint_the_bot_answers_and_says_why(tmp_path):
    async with stage(make_settings(tmp_path, "/nowhere/at/all")) as s:
        refused = await s.alice.slash(s.channel, "video", prompt="x")
        assert refused.response.ephemeral and "/nowhere/at/all" in refused.response.content
        assert "No clips can be made" in text_of((await s.alice.slash(s.channel, "queue")).response.message)
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


async def test_a_checkpoint_that_is_broken_on_the_disk_is_refused_with_the_reason(tmp_path, tiny_checkpoint):
    broken = tmp_path / "broken"
    save_tiny_checkpoint(broken)
    weights = broken / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    settings = make_settings(tmp_path, broken)
    async with stage(settings) as s:
        await s.until(lambda: s.bot.service.offer.unavailable(), "the refusal")
        refused = await s.alice.slash(s.channel, "video", prompt="x")
        assert refused.response.ephemeral and "checkpoint cannot be loaded" in refused.response.content


async def test_stop_puts_the_running_job_back_and_the_next_process_finishes_it(tmp_path, slow_checkpoint):
    settings = make_settings(tmp_path, slow_checkpoint, stop_timeout_s=0.1)
    async with stage(settings) as s:
        running = await s.alice.slash(s.channel, "video", prompt="interrupted", seed=5, **SLOW)
        await s.text(running, "Rendering")
    with sqlite3.connect(settings.store_dir / "flipbook.sqlite3") as database:
        assert database.execute("SELECT state, attempt FROM jobs").fetchall() == [("queued", 0)]
    assert not list((settings.store_dir / "clips").glob("*.mp4"))
    async with stage(settings) as s:
        await s.until(lambda: len(list((settings.store_dir / "clips").glob("*.mp4"))) == 1, "the clip's file")
    assert read_recipe(settings.store_dir / "clips" / "1.mp4").request.seed == 5


async def test_unfinished_jobs_of_the_local_page_go_on_in_new_messages(tmp_path, slow_checkpoint):
    settings = make_settings(tmp_path, slow_checkpoint, stop_timeout_s=0.1)
    async with stage(settings) as s:
        running = await s.alice.slash(s.channel, "video", prompt="interrupted", seed=5, **SLOW)
        await s.text(running, "Rendering")
    async with open_bot(settings) as bot:
        bot.resumes = None  # as the local page does: its world has none of the old messages
        async with simcord.run(bot, shard_count=1, settle_timeout=15.0) as env:
            guild = env.create_guild()
            channel = guild.create_text_channel("elsewhere")
            alice = guild.add_member(env.create_user("alice"))
            s = Stage(bot, env, guild, channel, alice, alice)
            await resume_local(bot, channel.id)
            [message] = await s.until(lambda: [m for m in channel.history() if clips_of(m)], "the clip")
            assert "interrupted" in text_of(message) and "seed 5 " in text_of(message)
            assert len(channel.history()) == 1


async def test_commands_are_worded_within_discords_limits(settings):
    async with stage(settings) as s:
        translator = s.bot.tree.translator
        ours = [await c.get_translated_payload(s.bot.tree, translator) for c in s.bot.tree.get_commands()]
        check_commands(json.loads(json.dumps(ours)))
        names = {c.name for c in s.bot.tree.get_commands()}
        assert names >= {"video", "queue", "cancel", "history"}


async def test_the_answer_comes_while_the_model_still_loads(settings):
    async with stage(settings) as s:
        async with asyncio.timeout(3):
            answer = await s.alice.slash(s.channel, "video", prompt="early")
        assert "Queued" in text_of(s.message(answer)) or clips_of(s.message(answer))
        await s.clip(answer)


async def test_a_new_world_is_told_of_the_commands_although_the_old_one_was(tmp_path, tiny_checkpoint):
    settings = make_settings(tmp_path, tiny_checkpoint, discord_token="a-token")
    for _ in range(2):
        async with stage(settings) as s:
            assert (await s.alice.slash(s.channel, "queue")).response.ephemeral


def _described_anew(bot, monkeypatch):
    admin = bot.tree.get_command("admin")
    words = admin.get_command("words").get_command("add")
    monkeypatch.setattr(words, "description", "Something else")


def _translated_anew(bot, monkeypatch):
    async def translate(_self, string, locale, _context):
        return "etwas-anderes" if locale is discord.Locale.german else None

    monkeypatch.setattr(Translator, "translate", translate)


def _with_another_menu(bot, monkeypatch):
    async def look(interaction: discord.Interaction, message: discord.Message) -> None:
        raise NotImplementedError

    bot.tree.add_command(app_commands.ContextMenu(name="Look", callback=look))


def _as_it_was(bot, monkeypatch):
    pass


@pytest.mark.parametrize(
    ("change", "syncs"), [(_as_it_was, 0), (_described_anew, 1), (_translated_anew, 1), (_with_another_menu, 1)]
)
async def test_discord_is_told_of_commands_only_when_something_of_them_changed(settings, monkeypatch, change, syncs):
    async with stage(settings) as s:
        told = []
        sync = s.bot.tree.sync
        monkeypatch.setattr(s.bot.tree, "sync", lambda: told.append(1) or sync())
        change(s.bot, monkeypatch)
        for _ in range(2):
            await s.bot._sync_if_changed()
        assert len(told) == syncs
