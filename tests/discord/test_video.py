"""/video's options: chosen by name, filled from settings, refused in words; torch-free, nothing is drawn."""

from __future__ import annotations

import pytest

from bot.choices import Choices
from bot.preferences import Chosen, Owner, Whose
from generation.quality import QUALITIES
from tests.bot.house import ScriptedExecutor
from tests.discord.stage import button, clips_of, make_settings, stage, text_of
from tests.sketch import save_sketch


@pytest.fixture
def settings(tmp_path):
    return make_settings(tmp_path / "var", save_sketch(tmp_path / "sketch"), styles={"oil": {}, "ink": {}})


@pytest.fixture
def executor():
    return ScriptedExecutor(loaded={"", "oil", "ink"})


async def test_every_choice_becomes_part_of_the_recipe(settings, executor):
    async with stage(settings, executor=executor) as s:
        options = {
            **{"negative": "fog", "length": 2.0, "motion": "left", "style": "oil", "quality": "draft"},
            **{"shape": "portrait", "loop": True, "seed": 7},
        }
        await s.clip(await s.alice.slash(s.channel, "video", prompt="a fox", **options))
        made = await s.bot.service.variants.recipe(1)
    assert (made.prompt, made.negative_prompt, made.seed, made.style) == ("a fox", "fog", 7, "oil")
    assert (made.frames, made.trajectory) == (12, "loop")
    assert made.guidance_stop == QUALITIES["draft"].guidance_stop
    assert (made.width, made.height) == (48, 80)
    assert made.dx < 0 and made.dy == 0


async def test_what_is_left_out_comes_from_the_members_then_the_servers_settings(settings, executor):
    async with stage(settings, executor=executor) as s:
        keep = s.bot.service.preferences.put
        await keep(Owner(Whose.ME, s.alice.id), Chosen(Choices(motion="up", style="ink")))
        await keep(Owner(Whose.SERVER, s.channel.guild.id), Chosen(Choices(motion="down", length=1.0, negative="fog")))
        await s.clip(await s.alice.slash(s.channel, "video", prompt="hers"))
        await s.clip(await s.bob.slash(s.channel, "video", prompt="his"))
        await s.clip(await s.alice.slash(s.channel, "video", prompt="said now", motion="left", style="-", length=2.0))
        hers, his, now = [await s.bot.service.variants.recipe(job) for job in (1, 2, 3)]
    assert hers.dy < 0 and (hers.frames, hers.style, hers.negative_prompt) == (6, "ink", "fog")
    assert his.dy > 0 and (his.frames, his.style) == (6, "")
    assert now.dx < 0 and (now.frames, now.style, now.negative_prompt) == (12, "", "fog")


async def test_settings_that_cannot_be_followed_any_more_give_way_and_a_command_is_refused_in_words(tmp_path, executor):
    settings = make_settings(tmp_path / "var", save_sketch(tmp_path / "sketch", shapes=["square"]), max_frames=8)
    async with stage(settings, executor=executor) as s:
        old = Choices(shape="landscape", style="gone", length=4.0, motion="up")
        await s.bot.service.preferences.put(Owner(Whose.ME, s.alice.id), Chosen(old))
        await s.clip(await s.alice.slash(s.channel, "video", prompt="x"))
        made = await s.bot.service.variants.recipe(1)
        assert (made.width, made.height, made.style, made.frames) == (64, 64, "", 3) and made.dy < 0
        for option, word in ({"shape": "landscape"}, "square"), ({"style": "gone"}, "gone"):
            refused = await s.bob.slash(s.channel, "video", prompt="x", **option)
            assert refused.response.ephemeral and word in refused.response.content
        assert (await s.bot.service.limits.quota(s.bob.id)).left == 20
        assert len(s.channel.history(viewer=s.bob)) == 1 + 2 and len(s.channel.history(viewer=s.alice)) == 1


async def test_lengths_are_offered_in_seconds_with_their_frames_and_within_what_is_allowed(settings, executor):
    async with stage(settings, executor=executor) as s:
        [command] = [c for c in s.bot.tree.get_commands() if c.name == "video"]
        [length] = [p for p in command.parameters if p.name == "length"]
        offered = {choice.value: str(choice.name) for choice in length.choices}
        named = [p.name for p in command.parameters]
    assert offered[1.5] == "1.5 s (9 frames)" and max(offered) == 5.0
    assert named == [
        *("prompt", "negative", "length", "motion", "style", "quality", "shape", "loop", "seed"),
        *("first_picture", "private"),
    ]


async def test_styles_are_offered_by_name_and_the_checkpoint_as_it_is(settings, executor):
    async with stage(settings, executor=executor) as s:

        async def offered(typed):
            return [c["value"] for c in await s.alice.autocomplete(s.channel, "video", "style", typed)]

        assert await offered("") == ["-", "oil", "ink"]
        assert await offered("IN") == ["ink"]


async def test_the_best_quality_is_what_this_installation_allows(tmp_path, executor):
    settings = make_settings(tmp_path / "var", save_sketch(tmp_path / "sketch"), max_steps=5)
    async with stage(settings, executor=executor) as s:
        message = await s.clip(await s.alice.slash(s.channel, "video", prompt="x", quality="best"))
        assert clips_of(message)
        assert (await s.bot.service.variants.recipe(1)).steps == 5


async def test_a_clip_whose_style_is_being_loaded_says_so_in_its_message_and_in_the_queue(settings):
    executor = ScriptedExecutor()
    async with stage(settings, executor=executor) as s:
        asked = await s.alice.slash(s.channel, "video", prompt="a fox", style="oil")
        await s.text(asked, "its style is being loaded")
        queue = (await s.alice.slash(s.channel, "queue")).response.message
        assert "waits: its style is being loaded" in text_of(queue) and button(queue, "Cancel")
        executor.loading.set()
        await s.clip(asked)
