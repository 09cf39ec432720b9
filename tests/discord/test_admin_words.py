"""/admin words: what a server does not want in prompts, word by word and in a form."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord.moderated import House, moderated
from tests.discord.stage import text_of


async def test_unwanted_words_are_added_shown_and_removed(settings):
    async with moderated(settings, renders=False) as h:
        s = h.stage
        assert "no unwanted words" in await h.said("words show")
        assert "2 words" in await h.said("words add", words="Moon,  blue   cheese ,moon,")
        assert "already" in await h.said("words add", words="moon")
        refused = (await h.ask(s.alice, prompt="a moon of blue cheese")).response
        assert refused.ephemeral and "moon" not in refused.content
        assert "blue cheese · moon" in await h.said("words show")
        offered = await h.mod.autocomplete(s.channel, "admin words remove", "word", "CHEESE")
        assert [choice["value"] for choice in offered] == ["blue cheese"]
        assert "allowed again" in await h.said("words remove", word="Moon")
        assert "not on the list" in await h.said("words remove", word="moon")
        assert "Queued" in text_of((await h.ask(s.alice, prompt="a moon")).response.message)


async def test_too_many_words_are_refused_and_many_come_as_a_file(settings):
    async with moderated(settings, renders=False) as h:
        assert "at most 500" in await h.said("words add", words=",".join(map(str, range(501))))
        assert "more than 100" in (await h.said("words add", words="x" * 101))
        assert "no letter" in (await h.said("words add", words="moon, !?"))
        assert not h.stage.bot.service.prompts.words(h.guild_id)
        await h.said("words add", words=",".join(f"word{number}" for number in range(400)))
        answer = await h.admin("words show")
        assert "400" in text_of(answer) and [file.filename for file in answer.attachments] == ["words.txt"]


async def test_words_of_moderators_smuggle_no_markdown_or_mention(settings):
    async with moderated(settings, renders=False) as h:
        await h.said("words add", words="**@everyone**")
        assert "@everyone" not in await h.said("words show")
        assert "@everyone" not in await h.said("words remove", word="**@everyone**")


async def open_words(h: House) -> Any:
    return await h.mod.slash(h.stage.channel, "admin words edit")


def lines_of(form: Any) -> dict[str, str]:
    return {
        label["component"]["custom_id"]: label["component"].get("value") or "" for label in form.modal["components"]
    }


async def test_the_whole_list_of_words_is_edited_in_a_form_also_after_a_restart(settings):
    async with moderated(settings, renders=False) as h:
        prompts = h.stage.bot.service.prompts
        await prompts.set_words(h.guild_id, ["blue cheese", "moon"])
        form = await open_words(h)
        assert lines_of(form) == {"words-1": "blue cheese\nmoon"}
        await h.stage.bot.reload_extension("cogs.admin")
        saved = await h.mod.submit_modal(form, {"words-1": "Moon\n\n  Mars \nsun\n"})
        assert saved.response.ephemeral
        assert "3 words or phrases are on the list (2 added, 1 removed)" in saved.response.content
        assert prompts.words(h.guild_id) == ["mars", "moon", "sun"]
        emptied = await h.mod.submit_modal(await open_words(h), {"words-1": ""})
        assert "empty" in emptied.response.content and prompts.words(h.guild_id) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [("x" * 101, "more than 100"), ("moon\n!!", "no letter"), ("\n".join(map(str, range(501))), "at most 500")],
)
async def test_an_edited_list_that_cannot_be_is_handed_back(settings, typed, words):
    async with moderated(settings, renders=False) as h:
        prompts = h.stage.bot.service.prompts
        await prompts.set_words(h.guild_id, ["moon"])
        refused = await h.mod.submit_modal(await open_words(h), {"words-1": typed})
        assert refused.response.ephemeral and words in refused.response.content
        [file] = refused.response.message.attachments
        assert (await file.read()).decode() == typed and prompts.words(h.guild_id) == ["moon"]


async def test_of_two_who_edit_the_list_at_a_time_neither_overwrites_the_other(settings):
    async with moderated(settings, renders=False) as h:
        form = await open_words(h)
        await h.said("words add", words="moon")
        refused = await h.mod.submit_modal(form, {"words-1": "sun"})
        assert "while your form was open" in refused.response.content and refused.response.message.attachments
        assert h.stage.bot.service.prompts.words(h.guild_id) == ["moon"]


async def test_a_form_has_room_for_a_long_list_and_says_so_where_it_has_not(settings):
    async with moderated(settings, renders=False) as h:
        prompts = h.stage.bot.service.prompts
        await prompts.set_words(h.guild_id, [f"{number:03} {'x' * 30}" for number in range(300)])
        form = await open_words(h)
        shown = lines_of(form)
        assert "\n".join(shown.values()).split() == " ".join(prompts.words(h.guild_id)).split()
        assert len(shown) == 3 and all(len(label["label"]) <= 45 for label in form.modal["components"])
        await h.mod.submit_modal(form, shown)
        assert len(prompts.words(h.guild_id)) == 300
        await prompts.set_words(h.guild_id, [f"{number:03} {'x' * 90}" for number in range(300)])
        assert "too long for a form" in (await open_words(h)).response.content


async def test_only_who_may_manage_the_server_can_send_the_form(settings):
    async with moderated(settings, renders=False) as h:
        form = await open_words(h)
        [role] = [each for each in h.stage.bot.get_guild(h.guild_id).roles if each.name == "moderators"]
        h.stage.env.backend.remove_member_role(h.guild_id, h.mod.id, role.id)
        refused = await h.mod.submit_modal(form, {"words-1": "sun"})
        assert "Manage Server" in refused.response.content and not h.stage.bot.service.prompts.words(h.guild_id)
