"""/settings as members and moderators use it."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.choices import Choices
from bot.preferences import NOTHING, Chosen, Owner, Whose
from tests.discord.stage import Stage, make_settings, stage, text_of, walk


def selects(message: Any) -> dict[str, Any]:
    """The selects of a panel by the setting that each is for."""
    found = (c for c in walk(message.components) if isinstance(c, discord.SelectMenu))
    return {select.custom_id.split(":")[-1]: select for select in found}


def chosen(message: Any, name: str) -> tuple[str, str | None]:
    """Label and description of the option that a select shows."""
    [option] = [option for option in selects(message)[name].options if option.default]
    return option.label, option.description


def me(s: Stage, member: Any) -> Owner:
    return Owner(Whose.ME, member.id)


def moderator(s: Stage) -> Any:
    role = s.channel.guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
    return s.channel.guild.add_member(s.env.create_user("mod"), roles=[role])


async def choose(member: Any, shown: Any, name: str, value: str) -> Any:
    """Choose in a panel; the panel as it is afterwards."""
    message = shown.response.message
    used = await member.select(message, [value], custom_id=selects(message)[name].custom_id)
    assert used.acknowledged
    return shown.response.message


async def test_a_member_sees_and_changes_their_own_settings_alone(settings):
    async with stage(settings) as s:
        panel = await s.alice.slash(s.channel, "settings me")
        assert panel.response.ephemeral and not s.channel.history(viewer=s.bob)
        assert chosen(panel.response.message, "quality") == ("Quality: balanced", "by default")
        assert chosen(panel.response.message, "motion") == ("Motion: right", "by default")
        changed = await choose(s.alice, panel, "quality", '"draft"')
        assert chosen(changed, "quality") == ("Quality: draft", "set here")
        assert s.bot.service.preferences.of(me(s, s.alice)) == Chosen(Choices(quality="draft"))
        assert s.bot.service.preferences.of(me(s, s.bob)) == NOTHING
        again = await choose(s.alice, panel, "quality", "null")
        assert chosen(again, "quality")[0] == "Quality: balanced"
        assert s.bot.service.preferences.of(me(s, s.alice)) == NOTHING


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("length", "1.0", {"length": 1.0}),
        ("motion", '"zoom-in"', {"motion": "zoom-in"}),
        ("quality", '"best"', {"quality": "best"}),
        ("shape", '"portrait"', {"shape": "portrait"}),
        ("loop", "true", {"loop": True}),
        ("private", "false", {"private": False}),
    ],
)
async def test_each_setting_is_stored_as_what_was_chosen(settings, name, value, stored):
    async with stage(settings) as s:
        panel = await s.alice.slash(s.channel, "settings me")
        message = await choose(s.alice, panel, name, value)
        assert chosen(message, name)[1] == "set here"
        assert s.bot.service.preferences.choices(s.alice.id, None) == Choices(**stored)


async def test_a_style_can_be_chosen_where_there_are_some(tmp_path, tiny_checkpoint):
    styles = {f"style {number}": {} for number in range(30)}
    async with stage(make_settings(tmp_path, tiny_checkpoint, styles=styles)) as s:
        panel = await s.alice.slash(s.channel, "settings me")
        assert len(selects(panel.response.message)["style"].options) == 25
        message = await choose(s.alice, panel, "style", '"style 3"')
        assert chosen(message, "style") == ("Style: style 3", "set here")
        message = await choose(s.alice, panel, "style", '""')
        assert chosen(message, "style") == ("Style: No style", "set here")


async def test_every_one_of_many_styles_can_be_reached(tmp_path, tiny_checkpoint):
    styles = {f"style {number}": {} for number in range(60)}
    async with stage(make_settings(tmp_path, tiny_checkpoint, styles=styles)) as s:
        panel = await s.alice.slash(s.channel, "settings me")
        message, offered = panel.response.message, []
        while len(offered) < 61:
            options = selects(message)["style"].options
            assert len(options) <= 25 and options[0].value == "null"
            offered += [option.label for option in options[1:-1]]
            assert "page" in options[-1].label
            message = await choose(s.alice, panel, "style", options[-1].value)
        assert offered == ["Style: No style", *(f"Style: style {number}" for number in range(60))]
        assert selects(message)["style"].options[1].label == "Style: No style", "after the last page comes the first"
        message = await choose(s.alice, panel, "style", selects(message)["style"].options[-1].value)
        message = await choose(s.alice, panel, "style", '"style 30"')
        assert chosen(message, "style") == ("Style: style 30", "set here")
        message = await choose(s.alice, panel, "quality", '"draft"')
        assert chosen(message, "style") == ("Style: style 30", "set here"), "its page is shown"


async def test_where_there_is_nothing_to_choose_nothing_is_asked(settings):
    async with stage(settings) as s:
        panel = await s.alice.slash(s.channel, "settings me")
        assert "style" not in selects(panel.response.message)


async def test_what_is_never_shown_is_typed_and_taken_back(settings):
    async with stage(settings) as s:
        panel = await s.alice.slash(s.channel, "settings me")
        asked = await s.alice.click(panel.response.message, label="Change")
        assert asked.modal is not None and len(asked.modal["title"]) <= 45
        await s.alice.submit_modal(asked, {field(asked): "rain @everyone"})
        text = text_of(panel.response.message)
        assert "rain" in text and "@everyone" not in text and "set here" in text
        assert s.bot.service.preferences.choices(s.alice.id, None) == Choices(negative="rain @everyone")
        asked = await s.alice.click(panel.response.message, label="Change")
        await s.alice.submit_modal(asked, {field(asked): "  "})
        assert s.bot.service.preferences.of(me(s, s.alice)) == NOTHING


def field(asked: Any) -> str:
    """The id of a modal's one input."""
    [row] = asked.modal["components"]
    return row["component"]["custom_id"]


async def test_everything_is_reset_at_once(settings):
    async with stage(settings) as s:
        await s.bot.service.preferences.put(me(s, s.alice), Chosen(Choices(loop=True, negative="rain"), "de"))
        panel = await s.alice.slash(s.channel, "settings me")
        await s.alice.click(panel.response.message, label="Alles zurücksetzen")
        assert s.bot.service.preferences.of(me(s, s.alice)) == NOTHING
        assert chosen(panel.response.message, "loop")[0] == "Loop: no", "and the language is Discord's again"


async def test_a_member_sees_what_their_server_has_and_where_it_comes_from(settings):
    async with stage(settings) as s:
        server = Owner(Whose.SERVER, s.channel.guild.id)
        await s.bot.service.preferences.put(server, Chosen(Choices(quality="best", negative="snow"), "de"))
        panel = (await s.alice.slash(s.channel, "settings me")).response.message
        assert chosen(panel, "quality") == ("Quality: best", "as the server has it")
        assert chosen(panel, "language") == ("Language: English", "as Discord is set"), "not the server's"
        assert "snow\n-# as the server has it" in text_of(panel)


async def test_a_moderator_sets_what_holds_for_the_server(settings):
    async with stage(settings) as s:
        mod = moderator(s)
        panel = await mod.slash(s.channel, "settings server")
        assert panel.response.ephemeral
        await choose(mod, panel, "loop", "true")
        assert s.bot.service.preferences.choices(s.bob.id, s.channel.guild.id) == Choices(loop=True)
        assert s.bot.service.preferences.choices(s.bob.id, None) == Choices()


async def test_whoever_may_not_manage_the_server_changes_nothing_of_it(settings):
    async with stage(settings) as s:
        refused = await s.alice.slash(s.channel, "settings server")
        assert refused.response.ephemeral and "manage this server" in refused.response.content
        mod = moderator(s)
        panel = await mod.slash(s.channel, "settings server")
        s.env.backend.get_guild(s.channel.guild.id).members[mod.id].role_ids.clear()
        message = panel.response.message
        for use in (
            mod.select(message, ["true"], custom_id=selects(message)["loop"].custom_id),
            mod.click(message, label="Reset all"),
            mod.click(message, label="Change"),
        ):
            answer = await use
            assert answer.response.ephemeral and "manage this server" in answer.response.content
        assert s.bot.service.preferences.of(Owner(Whose.SERVER, s.channel.guild.id)) == NOTHING


async def test_a_panel_in_direct_messages_is_the_members_own(settings):
    async with stage(settings) as s:
        carol = s.env.create_user("carol")
        panel = await carol.slash("settings me")
        await choose(carol, panel, "quality", '"best"')
        assert s.bot.service.preferences.choices(carol.id, None) == Choices(quality="best")
        refused = await carol.slash("settings server")
        assert "in servers only" in refused.response.content


async def test_what_was_chosen_holds_after_a_restart(settings):
    async with stage(settings) as s:
        panel = await s.alice.slash(s.channel, "settings me")
        await choose(s.alice, panel, "quality", '"best"')
        await choose(s.alice, panel, "language", '"ja"')
    async with stage(settings) as s:
        panel = (await s.alice.slash(s.channel, "settings me")).response.message
        assert chosen(panel, "language")[0].endswith("日本語")
        assert s.bot.service.preferences.choices(s.alice.id, None) == Choices(quality="best")


async def test_the_member_is_spoken_to_in_the_language_that_they_set(settings):
    async with stage(settings) as s:
        panel = await s.alice.slash(s.channel, "settings me")
        message = await choose(s.alice, panel, "language", '"de"')
        assert "Deine Einstellungen" in text_of(message)
        assert chosen(message, "language")[0] == "Sprache: Deutsch"
        assert "heute noch 20 Clips übrig" in (await s.alice.slash(s.channel, "quota")).response.content
        assert "20 clips left today (of 20)" in (await s.bob.slash(s.channel, "quota")).response.content


async def test_public_messages_are_in_the_language_that_the_server_set(settings):
    async with stage(settings) as s:
        await s.bot.service.preferences.put(Owner(Whose.SERVER, s.channel.guild.id), Chosen(language="fr"))
        await s.bot.service.preferences.put(me(s, s.alice), Chosen(language="de"))
        await s.clip(await s.alice.slash(s.channel, "video", prompt="a fox"))
        [job] = await s.bot.service.album.of(s.alice.id)
        assert job.language == "fr"
        carol = s.env.create_user("carol")
        await s.bot.service.preferences.put(Owner(Whose.ME, carol.id), Chosen(language="ja"))
        await carol.slash("video", prompt="a fox")
        [(job, _)] = await s.bot.service.mine(carol.id) or [((await s.bot.service.album.of(carol.id))[0], None)]
        assert job.language == "ja"


async def test_the_panel_is_within_discords_limits_in_every_language(settings):
    async with stage(settings) as s:
        for language in ("en", "de", "fr", "es", "pt-BR", "ja"):
            long = Chosen(Choices(negative="*" * 1000, quality="best"), language)
            await s.bot.service.preferences.put(me(s, s.alice), long)
            panel = (await s.alice.slash(s.channel, "settings me")).response.message
            assert len(list(walk(panel.components))) <= 40
            assert len(text_of(panel)) <= 4000
            asked = await s.alice.click(panel, custom_id="flipbook:settings-negative:me")
            assert len(asked.modal["title"]) <= 45 and len(asked.modal["components"][0]["label"]) <= 45


async def test_what_a_servers_clips_must_not_show_is_held_to_its_rules_and_a_members_to_the_law(settings):
    async with stage(settings) as s:
        await s.bot.service.prompts.set_words(s.channel.guild.id, ["clown"])
        mod = moderator(s)
        for command, text, words in (
            ("settings server", "clowns", "must not show"),
            ("settings server", "a nude child", "must not show"),
            ("settings me", "a nude child", "must not show"),
        ):
            panel = await mod.slash(s.channel, command)
            asked = await mod.click(panel.response.message, label="Change")
            told = await mod.submit_modal(asked, {field(asked): text})
            assert told.response.ephemeral and words in told.response.content, (command, text)
        asked = await mod.click(panel.response.message, label="Change")
        await mod.submit_modal(asked, {field(asked): "clowns, nude"})
        assert s.bot.service.preferences.choices(mod.id, s.channel.guild.id) == Choices(negative="clowns, nude")
        refused = await mod.slash(s.channel, "video", prompt="a fox")
        assert refused.response.ephemeral and "/settings" in refused.response.content


async def test_a_form_outlives_the_process_that_showed_it(settings):
    async with stage(settings) as s:
        panel = await s.alice.slash(s.channel, "settings me")
        asked = await s.alice.click(panel.response.message, label="Change")
        await s.bot.reload_extension("cogs.settings")
        s.bot._connection._view_store._modals.clear()
        await s.alice.submit_modal(asked, {field(asked): "rain"})
        assert s.bot.service.preferences.choices(s.alice.id, None) == Choices(negative="rain")
        assert "rain" in text_of(panel.response.message)
