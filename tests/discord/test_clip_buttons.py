"""The buttons below a clip: who may press them, what they make, and what they say when they cannot."""

from __future__ import annotations

import re

import discord
import pytest

from generation.encode import read_clip, read_recipe
from generation.quality import quality_fields
from tests.discord.stage import Stage, button, clips_of, make_settings, shown, stage, text_of, walk

ROWS = [["Re-roll", "Edit", "Extend", "Smoother", "Larger"], ["Recipe", "Delete"]]


@pytest.fixture
def settings(tmp_path, tiny_checkpoint):
    return make_settings(tmp_path, tiny_checkpoint, max_frames=5)


async def made(s: Stage, prompt: str = "a fox", **options) -> discord.Message:
    """A clip of alice's."""
    return await s.clip(await s.alice.slash(s.channel, "video", prompt=prompt, **options))


async def press(s: Stage, who, message, label: str):
    return await who.click(message, custom_id=button(message, label))


def request_of(settings, job: int):
    return read_recipe(settings.store_dir / "clips" / f"{job}.mp4").request


async def test_a_clip_has_two_rows_of_buttons(settings):
    async with stage(settings) as s:
        clip = await made(s)
        rows = [c for c in walk(clip.components) if isinstance(c, discord.ActionRow)]
        assert [[each.label for each in row.children] for row in rows] == ROWS


async def test_whoever_presses_gets_a_clip_of_their_own_in_a_new_message(settings):
    async with stage(settings) as s:
        clip = await made(s, seed=3)
        rerolled = await s.clip(await press(s, s.bob, clip, "Re-roll"))
        assert rerolled.id != clip.id and f"<@{s.bob.id}>" in text_of(rerolled)
        assert clips_of(next(m for m in s.channel.history() if m.id == clip.id)), "the first clip stays"
        assert (await s.bot.service.limits.quota(s.bob.id)).used == 1
        assert (await s.bot.service.limits.quota(s.alice.id)).used == 1
    assert request_of(settings, 2).seed != 3 and request_of(settings, 2).prompt == "a fox"


async def test_a_double_press_is_one_job(settings):
    async with stage(settings) as s:
        clip = await made(s)
        await press(s, s.alice, clip, "Re-roll")
        second = await press(s, s.alice, clip, "Re-roll")
        assert any("already" in f.content and f.ephemeral for f in second.followups)
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 18


async def test_an_extended_clip_begins_the_same_and_is_no_longer_than_can_be(settings):
    async with stage(settings) as s:
        clip = await made(s, seed=3)
        longer = await s.clip(await press(s, s.alice, clip, "Extend"))
        refused = await press(s, s.alice, longer, "Extend")
        assert refused.response.ephemeral and "5 frames" in refused.response.content
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 18
    first, second = (read_clip(settings.store_dir / "clips" / f"{job}.mp4") for job in (1, 2))
    assert (len(first), len(second)) == (3, 5) and request_of(settings, 2).seed == 3
    # Both went through a lossy encoder.
    assert abs(first.astype(int) - second[:3].astype(int)).mean() < 4 < abs(first[0].astype(int) - second[4]).mean()


async def test_a_smoother_clip_plays_more_frames_in_the_same_time_until_it_cannot(settings):
    async with stage(settings) as s:
        smooth = await s.clip(await press(s, s.alice, await made(s), "Smoother"))
        smoother = await s.clip(await press(s, s.alice, smooth, "Smoother"))
        refused = await press(s, s.alice, smoother, "Smoother")
        assert refused.response.ephemeral and "48 frames per second" in refused.response.content
    assert [request_of(settings, job).file_fps for job in (1, 2, 3)] == [6, 24, 48]


async def test_a_larger_clip_is_twice_the_size_and_only_once(settings):
    async with stage(settings) as s:
        large = await s.clip(await press(s, s.bob, await made(s), "Larger"))
        refused = await press(s, s.bob, large, "Larger")
        assert refused.response.ephemeral and "128 x 128" in refused.response.content
    assert read_clip(settings.store_dir / "clips" / "2.mp4").shape[1:3] == (128, 128)


async def test_a_button_whose_style_is_gone_says_so(tmp_path, tiny_checkpoint):
    styles = {"still": {"checkpoint": str(tiny_checkpoint)}}
    async with stage(make_settings(tmp_path, tiny_checkpoint, styles=styles)) as s:
        clip = await made(s)
        job = await s.bot.service.album.of(s.alice.id)
        assert job
        s.bot.service.offer.styles = type(s.bot.service.offer.styles)()
        restyled = (await s.bot.service.variants.recipe(1)).change(style="still")

        async def recipe(_):
            return restyled

        s.bot.service.variants.recipe = recipe
        for label in ("Re-roll", "Edit", "Recipe"):
            refused = await press(s, s.bob, clip, label)
            assert refused.response.ephemeral and "still" in refused.response.content, label


async def test_a_recipe_is_told_to_who_asks_alone_to_be_copied(settings):
    async with stage(settings) as s:
        clip = await made(s, prompt="a `fox` *in* @everyone", seed=7)
        by_button = (await press(s, s.bob, clip, "Recipe")).response
        by_menu = (await s.bob.context_menu(s.channel, "Recipe", clip)).response
        for answer in (by_button, by_menu):
            assert answer.ephemeral
            text = text_of(answer.message)
            assert "/video prompt:a 'fox' *in* @everyone" in text and "seed:7" in text
            assert text.count("```") == 2
            assert r"\*in\*" in text and "64 x 64" in text
        assert len(s.channel.history(viewer=s.alice)) == 1


async def test_the_command_of_a_recipe_asks_for_all_that_can_be_chosen(settings):
    async with stage(settings) as s:
        clip = await made(s, length=0.5, motion="up-left", quality="draft", shape="portrait", loop=True, seed=7)
        text = text_of((await press(s, s.bob, clip, "Recipe")).response.message)
        told = "/video prompt:a fox length:0.5 motion:up-left quality:draft shape:portrait loop:True seed:7"
        assert told in text
        [name, *options] = re.split(r" (?=[a-z]+:)", told)
        again = dict(option.split(":", 1) for option in options)
        typed = {**again, "length": float(again["length"]), "loop": again["loop"] == "True", "seed": int(again["seed"])}
        await s.clip(await s.bob.slash(s.channel, name.removeprefix("/"), **typed))
    clips = settings.store_dir / "clips"
    assert (clips / "1.mp4").read_bytes() == (clips / "2.mp4").read_bytes()


async def test_recipe_says_so_where_there_is_no_clip(settings):
    async with stage(settings) as s:
        words = await s.bob.send(s.channel, "hello")
        answer = (await s.alice.context_menu(s.channel, "Recipe", words)).response
        assert answer.ephemeral and "no clip of mine" in answer.content


def filled(form, **written) -> dict:
    """What a form holds as it is shown, and what is written over it."""
    fields = [label["component"] for label in form.modal["components"]]
    shown_as = {
        field["custom_id"]: [one["value"] for one in field["options"] if one.get("default")]
        if "options" in field
        else field.get("value") or ""
        for field in fields
    }
    return {**shown_as, **written}


async def test_edit_opens_the_recipe_and_makes_what_was_written(settings):
    async with stage(settings) as s:
        own = s.bot.service.offer.card.defaults
        clip = await made(s, seed=7, negative="rain", motion="left")
        form = await press(s, s.bob, clip, "Edit")
        expected = {"prompt": "a fox", "negative": "rain", "seed": "7", "quality": ["balanced"], "motion": ["left"]}
        assert filled(form) == expected
        # As in another process: nothing remembers that this one has shown the form.
        s.bot._connection._view_store._modals.clear()
        written = {"prompt": "a cat", "negative": "", "seed": "8", "motion": ["up"], "quality": ["draft"]}
        edited = await s.clip(await s.bob.submit_modal(form, written))
        assert f"<@{s.bob.id}>" in text_of(edited) and "a cat" in text_of(edited)
    request = request_of(settings, 2)
    assert (request.prompt, request.negative_prompt, request.seed, request.dx) == ("a cat", "", 8, 0.0)
    assert request.dy < 0 and request.steps == quality_fields("draft", own)["steps"] and request.frames == 3


async def test_what_is_not_edited_stays_and_no_seed_is_another_one(settings):
    async with stage(settings) as s:
        clip = await made(s, seed=7)
        first = await press(s, s.alice, clip, "Edit")
        await s.clip(await s.alice.submit_modal(first, filled(first)))
        second = await press(s, s.alice, clip, "Edit")
        await s.clip(await s.alice.submit_modal(second, filled(second, seed="")))
    assert request_of(settings, 2) == request_of(settings, 1)
    assert request_of(settings, 3).seed != 7


@pytest.mark.parametrize("seed", ["seven", "-1", "9007199254740993", "\uff17"])
async def test_a_seed_that_is_none_costs_nothing(settings, seed):
    async with stage(settings) as s:
        form = await press(s, s.alice, await made(s), "Edit")
        refused = await s.alice.submit_modal(form, filled(form, seed=seed))
        assert refused.response.ephemeral and "whole number" in refused.response.content
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 19


async def deleted(s: Stage, who, message):
    """Press Delete and make sure; the last answer."""
    question = await press(s, who, message, "Delete")
    assert question.response.ephemeral
    return await who.click(question.response.message, label="Delete for good")


async def test_its_member_deletes_a_clip_with_its_message_its_file_and_its_words(settings):
    async with stage(settings) as s:
        clip = await made(s, prompt="a secret")
        answer = await deleted(s, s.alice, clip)
        assert "Clip 1 is deleted" in answer.response.content
        assert s.channel.history(viewer=s.bob) == []
        assert list((settings.store_dir / "clips").iterdir()) == []
        history = (await s.alice.slash(s.channel, "history")).response.message
        assert "no clips" in text_of(history)
        assert (await s.bot.service.limits.quota(s.alice.id)).used == 1, "it is not given back"
    assert b"a secret" not in (settings.store_dir / "flipbook.sqlite3").read_bytes()


async def test_others_cannot_delete_a_clip_but_moderators_of_its_channel_can(settings):
    async with stage(settings) as s:
        role = s.guild.create_role("moderator", permissions=discord.Permissions(manage_messages=True))
        carol = s.guild.add_member(s.env.create_user("carol"), roles=[role])
        clip = await made(s)
        refused = await press(s, s.bob, clip, "Delete")
        assert refused.response.ephemeral and "Only the member" in refused.response.content
        assert clips_of(s.channel.history()[0])
        assert "Clip 1 is deleted" in (await deleted(s, carol, clip)).response.content
        assert all(message.flags.ephemeral for message in s.channel.history(viewer=s.bob))


async def test_a_moderator_elsewhere_is_none_for_a_clip_of_this_channel(settings):
    async with stage(settings) as s:
        await made(s)
        carol = s.guild.add_member(s.env.create_user("carol"))
        own = s.guild.create_text_channel("own", overwrites={carol: discord.PermissionOverwrite(manage_messages=True)})
        copy = (await carol.slash(own, "show", id=1)).response.message
        refused = await press(s, carol, copy, "Delete")
        assert "Only the member" in refused.response.content


async def test_a_question_that_is_answered_twice_or_late_says_that_the_clip_is_gone(settings):
    async with stage(settings) as s:
        clip = await made(s)
        questions = [await press(s, s.alice, clip, "Delete") for _ in range(2)]
        await s.alice.click(questions[0].response.message, label="Delete for good")
        late = await s.alice.click(questions[1].response.message, label="Delete for good")
        assert "was deleted" in late.response.content


async def test_a_message_that_is_gone_already_is_no_trouble(settings):
    async with stage(settings) as s:
        clip = await made(s)
        question = await press(s, s.alice, clip, "Delete")
        await clip.delete()
        answer = await s.alice.click(question.response.message, label="Delete for good")
        assert answer.response.content == "Clip 1 is deleted."


async def test_discord_that_keeps_the_message_is_told_of(settings):
    async with stage(settings) as s:
        clip = await made(s)
        question = await press(s, s.alice, clip, "Delete")
        s.env.inject_error("DELETE", "/channels/*/messages/*", status=500, times=None)
        answer = await s.alice.click(question.response.message, label="Delete for good")
        assert "by hand" in answer.response.content, shown(s.channel)
        assert list((settings.store_dir / "clips").iterdir()) == []


async def test_the_buttons_of_a_deleted_clip_say_that_it_is_gone(settings):
    async with stage(settings) as s:
        clip = await made(s)
        await s.bot.service.album.delete(1, _viewer(s.alice.id, s.channel.id))
        page = (await s.alice.slash(s.channel, "history")).response.message
        assert "no clips" in text_of(page)
        await made(s)
        stale = (await s.alice.slash(s.channel, "history")).response.message
        await s.bot.service.album.delete(2, _viewer(s.alice.id, s.channel.id))
        for label in ("Again", "Delete"):
            assert "was deleted" in (await press(s, s.alice, stale, label)).response.content
        assert "no clip 2" in (await press(s, s.alice, stale, "Show")).response.content
        assert clip.id


def _viewer(user_id: int, channel_id: int):
    from bot.album import Viewer

    return Viewer(user_id, None, channel_id, sees=lambda _: True, adult=False, moderates=False)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"prompt": "a clown"}, "a word of your prompt"),
        ({"negative": "clowns"}, "must not show"),
        ({"negative": "a nude child"}, "must not show"),
    ],
)
async def test_an_edited_recipe_is_held_to_the_rules(settings, changed, words):
    async with stage(settings) as s:
        clip = await made(s)
        await s.bot.service.prompts.set_words(s.channel.guild.id, ["clown"])
        form = await press(s, s.bob, clip, "Edit")
        refused = await s.bob.submit_modal(form, filled(form, **changed))
        assert refused.response.ephemeral and words in refused.response.content
        assert (await s.bot.service.limits.quota(s.bob.id)).left == 20
