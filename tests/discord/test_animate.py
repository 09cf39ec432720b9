"""A picture that begins a clip: sent with /video, or found in a message by its menu entry and form."""

from __future__ import annotations

import discord
import pytest

from cogs import uploads
from generation.quality import QUALITIES
from tests.bot.house import ScriptedExecutor
from tests.discord.stage import button, make_settings, stage, text_of
from tests.pictures import photo, picture
from tests.sketch import save_sketch

MENU = "Animate this picture"


@pytest.fixture
def settings(tmp_path):
    return make_settings(tmp_path / "var", save_sketch(tmp_path / "sketch"))


async def test_a_sent_picture_begins_the_clip_and_making_it_again_takes_the_stored_one(settings):
    executor = ScriptedExecutor()
    async with stage(settings, executor=executor) as s:
        answer = await s.alice.slash(s.channel, "video", prompt="a fox", first_picture=("me.jpg", photo()))
        message = await s.clip(answer)
        await s.clip(await s.bob.click(message, custom_id=button(message, "Re-roll")))
        [kept] = (settings.store_dir / "pictures").iterdir()
        assert executor.pictures == [kept, kept]
        kept.unlink()
        gone = await s.bob.click(message, custom_id=button(message, "Re-roll"))
        assert gone.response.ephemeral and "not kept any more" in gone.response.content
        assert len(executor.renders) == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.txt", b"not a picture", "no picture that I can read"),
        ("drawing.svg", b"<svg/>", "no picture that I can read"),
        ("huge.png", picture(size=(90, 90)), "too large"),
    ],
)
async def test_what_is_no_picture_is_refused_before_it_is_fetched(settings, monkeypatch, name, content, words):
    monkeypatch.setattr(uploads, "MAX_PICTURE_BYTES", 150)

    async def never(_):
        raise AssertionError("it was fetched")

    monkeypatch.setattr(discord.Attachment, "read", never)
    async with stage(settings, executor=ScriptedExecutor()) as s:
        refused = await s.alice.slash(s.channel, "video", prompt="x", first_picture=(name, content))
        assert refused.response.ephemeral and words in refused.response.content
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


async def test_what_only_claims_to_be_a_picture_leaves_no_message_behind(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        refused = await s.alice.slash(s.channel, "video", prompt="x", first_picture=("me.png", b"MZ\x90 run me"))
        [told] = refused.followups
        assert told.ephemeral and "PNG, JPEG, WebP" in told.content
        assert s.channel.history(viewer=s.bob) == [] and not list((settings.store_dir / "pictures").glob("*"))
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


@pytest.mark.parametrize("error", [TimeoutError(), discord.DiscordServerError])
async def test_a_picture_that_discord_does_not_hand_out_is_told(settings, monkeypatch, error):
    async def read(_):
        if isinstance(error, TimeoutError):
            raise error
        response = type("Response", (), {"status": 503, "reason": "down"})()
        raise error(response, "down")

    monkeypatch.setattr(discord.Attachment, "read", read)
    async with stage(settings, executor=ScriptedExecutor()) as s:
        refused = await s.alice.slash(s.channel, "video", prompt="x", first_picture=("me.png", picture()))
        [told] = refused.followups
        assert told.ephemeral and "try again" in told.content
        assert s.channel.history(viewer=s.bob) == []


async def test_the_menu_of_a_message_asks_for_a_prompt_and_animates_its_picture(settings):
    executor = ScriptedExecutor()
    async with stage(settings, executor=executor) as s:
        files = [("notes.txt", b"hello"), ("me.png", picture()), ("other.png", picture("blue"))]
        message = await s.bob.send(s.channel, "look", attachments=files)
        shown = await s.alice.context_menu(s.channel, MENU, message)
        assert shown.modal["title"] == MENU
        values = {"prompt": "a fox", "motion": ["zoom-in"], "quality": ["draft"]}
        clip = await s.clip(await s.alice.submit_modal(shown, values))
        assert "a fox" in text_of(clip) and f"<@{s.alice.id}>" in text_of(clip)
        made = await s.bot.service.variants.recipe(1)
        assert made.zoom > 1 and made.first_picture == executor.pictures[0].stem
        assert made.guidance_stop == QUALITIES["draft"].guidance_stop
        shown = await s.alice.context_menu(s.channel, MENU, message)
        await s.clip(await s.alice.submit_modal(shown, {"prompt": "a fox"}))
        made = await s.bot.service.variants.recipe(2)
        assert made.guidance_stop == QUALITIES["balanced"].guidance_stop, "both choices may be left out"


async def test_a_message_without_a_picture_says_so_to_the_member_alone(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        message = await s.bob.send(s.channel, "look", attachments=[("notes.txt", b"hello")])
        told = await s.alice.context_menu(s.channel, MENU, message)
        assert told.modal is None
        assert told.response.ephemeral and "no picture in that message" in told.response.content


async def test_a_form_whose_prompt_is_refused_says_why_and_can_be_sent_again(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        message = await s.bob.send(s.channel, "look", attachments=[("me.png", picture())])
        shown = await s.alice.context_menu(s.channel, MENU, message)
        told = await s.alice.submit_modal(shown, {"prompt": "   "})
        assert told.response.ephemeral and "prompt" in told.response.content


async def test_a_form_of_an_earlier_process_is_answered(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        look = f"look, {s.bot.user.mention}"  # of other messages Discord shows no files to a bot that asks later
        message = await s.bob.send(s.channel, look, attachments=[("me.png", picture())])
        shown = await s.alice.context_menu(s.channel, MENU, message)
        await s.bot.reload_extension("cogs.animate")  # forgets its forms, as a restart does
        await s.clip(await s.alice.submit_modal(shown, {"prompt": "a fox"}))
        assert (await s.bot.service.variants.recipe(1)).first_picture is not None


async def test_a_form_of_an_earlier_process_whose_message_is_gone_says_what_to_do(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        message = await s.bob.send(s.channel, "look", attachments=[("me.png", picture())])
        shown = await s.alice.context_menu(s.channel, MENU, message)
        await s.bot.reload_extension("cogs.animate")
        await s.bot.get_channel(s.channel.id).get_partial_message(message.id).delete()
        told = await s.alice.submit_modal(shown, {"prompt": "a fox"})
        assert told.response.ephemeral and "restarted" in told.response.content
        assert await s.bot.service.mine(s.alice.id) == []


async def test_the_words_of_a_form_are_held_to_the_rules(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        await s.bot.service.prompts.set_words(s.channel.guild.id, ["clown"])
        message = await s.bob.send(s.channel, "look", attachments=[("me.png", picture())])
        for prompt, words in (("a clown", "does not want a word"), ("a nude fox", "age-restricted")):
            shown = await s.alice.context_menu(s.channel, MENU, message)
            told = await s.alice.submit_modal(shown, {"prompt": prompt})
            assert told.response.ephemeral and words in told.response.content
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


async def test_the_menu_is_shown_in_the_members_language(settings):
    async with stage(settings, executor=ScriptedExecutor()) as s:
        menu = s.bot.tree.get_command(MENU, type=discord.AppCommandType.message)
        payload = await menu.get_translated_payload(s.bot.tree, s.bot.tree.translator)
        assert payload["name"] == MENU and payload["name_localizations"]["de"] == "Dieses Bild animieren"
