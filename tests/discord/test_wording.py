"""Words that the checkpoint does not know: refused before anything is queued, or told beside the place; and /help."""

from __future__ import annotations

import json
import re
import shutil

import discord
import pytest

from tests.conftest import SLOW_STEPS, VOCABULARY, WORDED_SIDECAR, with_steps
from tests.discord.peer_client import running_peer
from tests.discord.process import ready, running_bot
from tests.discord.stage import SLOW, button, make_settings, stage, text_of, walk

LIST = "What I can draw"


@pytest.fixture
def settings(tmp_path, worded_checkpoint):
    return make_settings(tmp_path, with_steps(worded_checkpoint, tmp_path / "slow", SLOW_STEPS))


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a giraff", ["“giraff”", "“giraffe”"]),
        ("a vehicle in the snow", ["“vehicle”", "“bus”, “fire truck”, or “car”"]),
        ("a zebra", ["I don't know “zebra”"]),
        ("🦊", ["nothing that I can draw"]),
    ],
)
async def test_a_prompt_without_a_known_object_is_refused_to_the_member_alone_and_costs_nothing(
    settings, prompt, words
):
    async with stage(settings) as s:
        answer = await s.alice.slash(s.channel, "video", prompt=prompt)
        assert answer.response.ephemeral
        for part in [*words, "16 objects on 3 backgrounds", "/help"]:
            assert part in answer.response.content
        assert s.channel.history(viewer=s.bob) == []
        assert await s.bot.service.mine(s.alice.id) == []
        assert (await s.bot.service.limits.quota(s.alice.id)).left == 20


async def test_an_empty_scene_is_drawn_where_its_background_is_known(settings):
    async with stage(settings) as s:
        await s.alice.slash(s.channel, "video", prompt="the night sky", **SLOW)
        assert len(await s.bot.service.mine(s.alice.id)) == 1
        await s.alice.slash(s.channel, "cancel")


async def test_unknown_words_beside_a_known_object_are_told_in_its_message_until_the_clip_is_there(settings):
    async with stage(settings) as s:
        busy = await s.bob.slash(s.channel, "video", prompt="a fox", **SLOW)
        answer = await s.alice.slash(s.channel, "video", prompt="a majestik fox and a zebra", **SLOW)
        remark = "I don't know “majestik”; did you mean “majestic”? Ignored: “zebra”."
        queued = text_of(s.message(answer))
        assert "Queued" in queued and remark in queued
        await s.bob.slash(s.channel, "cancel")
        assert remark in text_of(await s.text(answer, "Rendering"))
        assert "I don't know" not in text_of(s.message(busy)), "all its words are known"
        await s.alice.slash(s.channel, "cancel")


async def test_a_button_repeats_a_clip_without_telling_again(settings):
    async with stage(settings) as s:
        first = await s.clip(await s.alice.slash(s.channel, "video", prompt="a zebra and a fox", seed=1))
        busy = await s.bob.slash(s.channel, "video", prompt="a fox", **SLOW)
        await s.text(busy, "Rendering")
        again = await s.alice.click(first, custom_id=button(first, "Re-roll"))
        assert "Queued" in text_of(s.message(again))
        assert "Ignored" not in text_of(s.message(again))
        for member in (s.alice, s.bob):
            await member.slash(s.channel, "cancel")


async def test_a_clip_of_another_checkpoint_can_be_made_again_although_its_words_are_unknown(
    tmp_path, tiny_checkpoint, worded_checkpoint
):
    async with stage(make_settings(tmp_path, tiny_checkpoint)) as s:
        await s.clip(await s.alice.slash(s.channel, "video", prompt="a zebra"))
    async with stage(make_settings(tmp_path, worded_checkpoint)) as s:
        assert "zebra" in (await s.alice.slash(s.channel, "video", prompt="a zebra")).response.content
        page = (await s.alice.slash(s.channel, "history")).response.message
        await s.alice.click(page, custom_id=button(page, "Again"))
        assert [job.id for job, _ in await s.bot.service.mine(s.alice.id)] == [2]


async def test_the_negative_prompt_is_not_checked(settings):
    async with stage(settings) as s:
        answer = await s.alice.slash(s.channel, "video", prompt="a fox", negative="zebra", **SLOW)
        assert "zebra" not in text_of(s.message(answer))
        assert (await s.bot.service.variants.recipe(1)).negative_prompt == "zebra"
        await s.alice.slash(s.channel, "cancel")


async def test_told_words_neither_ping_nor_format(settings):
    async with stage(settings) as s:
        refused = await s.alice.slash(s.channel, "video", prompt="@everyone __loud__ `x` <@1>")
        assert "@everyone" not in refused.response.content
        told = await s.alice.slash(s.channel, "video", prompt="a fox @here **loud**", **SLOW)
        assert "Ignored" in text_of(s.message(told))
        assert "@here" not in text_of(s.message(told)) and "**loud" not in text_of(s.message(told))
        await s.alice.slash(s.channel, "cancel")


async def test_a_checkpoint_that_does_not_say_what_it_knows_takes_any_prompt(tmp_path, tiny_checkpoint):
    async with stage(make_settings(tmp_path, tiny_checkpoint)) as s:
        await s.alice.slash(s.channel, "video", prompt="a zebra", **SLOW)
        assert len(await s.bot.service.mine(s.alice.id)) == 1
        await s.alice.slash(s.channel, "cancel")
        assert "Ask for anything" in text_of((await s.alice.slash(s.channel, "help")).response.message)


async def test_help_lists_what_can_be_drawn_examples_that_work_and_every_command(settings):
    async with stage(settings) as s:
        answer = await s.alice.slash(s.channel, "help")
        assert answer.response.ephemeral
        text = text_of(answer.response.message)
        assert len(text.splitlines()) <= 20, "short"
        slash = s.bot.tree.get_commands(type=discord.AppCommandType.chat_input)
        usable = {command.name for command in slash if command.default_permissions is None}
        links = re.findall(r"</([a-z]+)[a-z ]*:(\d+)>", text)
        assert {name for name, _ in links} == usable, "each can be pressed"
        ids = {command.name: str(command.id) for command in await s.bot.tree.fetch_commands()}
        assert all(ids[name] == command_id for name, command_id in links)
        assert "/admin" not in text, "it is for members who manage the server"
        shown = [line.removeprefix("/video prompt: ") for line in text.splitlines() if "/video prompt: " in line]
        assert shown == WORDED_SIDECAR["examples"][:3]
        for example in shown:
            assert s.bot.service.offer.card.vocabulary.read(example).is_drawable
        assert "16 objects on 3 backgrounds" in text and "20 of your 20 clips left" in text
        listed = await s.alice.click(answer.response.message, custom_id=button(answer.response.message, LIST))
        text = text_of(listed.response.message)
        for thing in (*VOCABULARY["objects"], *VOCABULARY["backgrounds"]):
            assert thing["words"]["en"][0] in text
        lines = text.splitlines()
        assert "**animals:** fox, cat, bear, giraffe" in lines
        assert "**vehicles:** bus, fire truck, car, truck" in lines
        assert "**and:** snowman, squid, frog, corn, acorn, egg, wolf, berry" in lines, "what is no group"
        assert "**also in red, green:** car" in lines


async def test_a_long_list_is_paged_within_discords_limits_and_nothing_is_left_out(tmp_path, worded_checkpoint):
    folder = shutil.copytree(worded_checkpoint, tmp_path / "many")
    names = [f"{kind} *thing* number {n}" for kind in ("metal", "paper") for n in range(200)]
    many = {"objects": [{"name": name, "tags": [name.split()[0]]} for name in names], "words": []}
    (folder / "flipbook.json").write_text(json.dumps({"schema": 2, "vocabulary": many, "examples": ["x" * 100] * 5}))
    async with stage(make_settings(tmp_path, folder)) as s:
        message = (await s.alice.slash(s.channel, "help")).response.message
        texts = [text_of(message)]
        while on := {c.label for c in walk(message.components) if isinstance(c, discord.Button)} & {LIST, "More"}:
            await s.alice.click(message, custom_id=button(message, on.pop()))
            message = next(m for m in s.channel.history(viewer=s.alice) if m.id == message.id)
            texts.append(text_of(message))
        button(message, "Back")
        assert len(texts) > 2
        assert all(len(text) <= 4000 for text in texts)
        listed = "\n".join(texts).replace("\\", "")
        assert [name for name in names if name not in listed] == []


async def test_help_without_a_checkpoint_says_why(tmp_path):
    async with stage(make_settings(tmp_path, "/nowhere/at/all")) as s:
        assert "/nowhere/at/all" in text_of((await s.alice.slash(s.channel, "help")).response.message)


async def test_autocomplete_continues_what_is_typed_to_prompts_that_are_taken(settings):
    async with stage(settings) as s:

        async def offered(typed):
            return [c["value"] for c in await s.alice.autocomplete(s.channel, "video", "prompt", typed)]

        assert await offered("") == WORDED_SIDECAR["examples"]
        assert "fox in the snow" in await offered("fo")
        assert "ein Fuchs, Schnee" in await offered("ein Fuchs")
        assert await offered("zzqv " * 100) == []
        await s.alice.slash(s.channel, "video", prompt=(await offered("giraf"))[0], **SLOW)
        await s.alice.slash(s.channel, "cancel", job=1)


async def test_help_names_things_in_the_members_language(tmp_path, worded_checkpoint):
    async with running_peer() as peer, running_bot(peer, tmp_path / "var", worded_checkpoint):
        await ready(peer)

        async def listed(locale):
            used = await peer.slash("help", locale=locale)
            shown = await peer.wait_for_message(lambda m: m.interaction_id == used.id, 10)
            turned = await peer.press(shown.id, "flipbook:help:1", locale=locale)
            await peer.acknowledged(turned.id)
            return (await peer.message(shown.id)).text

        for locale, name in (("de", "Fuchs"), ("fr", "renard"), ("es-419", "zorro"), ("pt-BR", "raposa"), ("ja", "狐")):
            assert name.replace("狐", "きつね") in await listed(locale)
        assert "fox" in await listed("fi"), "English where the language is not known"
