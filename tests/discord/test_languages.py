"""Everybody reads their own language and a channel its server's, in commands, answers and messages."""

from __future__ import annotations

import os
import re
import signal

import discord
import pytest
from simcord import interactions

from bot.app import open_bot
from bot.preferences import Chosen, Owner, Whose
from tests.bot.texts import too_long, untranslated
from tests.discord.peer_client import running_peer
from tests.discord.process import RENDER_S, START_S, ready, running_bot
from tests.discord.stage import make_settings, stage, text_of, walk

LOCALES = ("de", "fr", "es-ES", "es-419", "pt-BR", "ja")


@pytest.fixture
def settings(tmp_path, worded_checkpoint):
    return make_settings(tmp_path, worded_checkpoint)


@pytest.fixture
def speaking(monkeypatch):
    """The languages of members' Discord by their ids, and of the "server"; simcord knows English alone."""
    locales: dict[int | str, str] = {}
    plain = interactions.base_payload

    def translated(*args, user_id, **options):
        record, payload = plain(*args, user_id=user_id, **options)
        payload["locale"] = locales.get(user_id, "en-US")
        if "guild_locale" in payload:
            payload["guild_locale"] = locales.get("server", "en-US")
        return record, payload

    monkeypatch.setattr(interactions, "base_payload", translated)
    return locales


def labels(message):
    return [c.label for c in walk(message.components) if getattr(c, "label", None)]


async def test_a_member_is_answered_in_their_language_and_the_channel_reads_its_servers(settings, speaking):
    async with stage(settings) as s:
        speaking |= {s.alice.id: "de", s.bob.id: "ja", "server": "fr"}
        refused = await s.alice.slash(s.channel, "video", prompt="a zebra")
        assert refused.response.ephemeral and "Das kenne ich nicht: „zebra“." in refused.response.content
        answer = await s.alice.slash(s.channel, "video", prompt="a fox")
        clip = await s.clip(answer)
        assert "Autre version" in labels(clip)
        assert "Re-roll" not in labels(clip) and "Neu würfeln" not in labels(clip)
        for member, help_text in ((s.alice, "Ich mache aus einem Satz"), (s.bob, "文章から短い動画を作ります")):
            shown = await member.slash(s.channel, "help")
            assert shown.response.ephemeral and help_text in text_of(shown.response.message)


async def test_help_shows_examples_in_the_members_language_as_far_as_the_checkpoint_knows_it(settings, speaking):
    async with stage(settings) as s:
        speaking[s.alice.id] = "de"
        text = text_of((await s.alice.slash(s.channel, "help")).response.message)
        assert "/video prompt: ein Fuchs im Schnee" in text
        examples = [line.removeprefix("/video prompt: ") for line in text.splitlines() if "/video prompt: " in line]
        for example in examples:
            reading = s.bot.service.offer.card.vocabulary.read(example)
            assert reading.is_drawable and not reading.unknown
        assert re.search(r"</help:\d+> · Was ich zeichnen kann", text)
        menus = next(line for line in text.splitlines() if line.startswith("Im Menü einer Nachricht"))
        assert "Rezept" in menus and "Dieses Bild animieren" in menus
        offered = [choice["value"] for choice in await s.alice.autocomplete(s.channel, "video", "prompt", "")]
        assert offered[: len(examples)] == examples


async def test_help_names_the_moderators_commands_to_who_may_use_them(settings):
    async with stage(settings) as s:
        role = s.channel.guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
        moderator = s.channel.guild.add_member(s.env.create_user("mod"), roles=[role])
        for member, is_told in ((moderator, True), (s.bob, False)):
            text = text_of((await member.slash(s.channel, "help")).response.message)
            assert ("/admin · Moderate the clips of this server" in text) is is_told


async def test_what_a_member_and_a_server_have_set_goes_before_what_discord_says(settings, speaking):
    async with stage(settings) as s:
        speaking |= {s.alice.id: "de", "server": "fr"}
        await s.bot.service.preferences.put(Owner(Whose.ME, s.alice.id), Chosen(language="es"))
        await s.bot.service.preferences.put(Owner(Whose.SERVER, s.channel.guild.id), Chosen(language="pt-BR"))
        refused = await s.alice.slash(s.channel, "video", prompt="a zebra")
        assert "No conozco «zebra»." in refused.response.content
        clip = await s.clip(await s.alice.slash(s.channel, "video", prompt="a fox"))
        assert "Outra versão" in labels(clip)


async def test_a_language_that_is_none_of_ours_is_answered_in_english(settings, speaking):
    async with stage(settings) as s:
        speaking[s.alice.id] = "fi"
        assert "I don't know “zebra”." in (await s.alice.slash(s.channel, "video", prompt="a zebra")).response.content


async def test_languages_survive_a_restart_and_hold_in_direct_messages(tmp_path, worded_checkpoint):
    async with running_peer() as peer:
        alice = await peer.user("alice")
        home = await peer.call("create_guild", name="maison", owner=alice, locale="fr")
        private = (await peer.call("open_private", recipients=[alice, await peer.bot_id()]))["id"]
        async with running_bot(peer, tmp_path / "var", worded_checkpoint) as bot:
            await ready(peer)
            gate = await peer.hold("PATCH", r"/channels/\d+/messages/", when="before", skip=1)
            used = await peer.slash("video", {"prompt": "a fox"}, channel=home["channel_id"], locale="de")
            await peer.wait_for_message(lambda m: m.interaction_id == used.id and "En file" in m.text, START_S)
            os.kill(bot.pid, signal.SIGKILL)
            await bot.wait()
            await peer.wait_disconnected()
            await gate.drop()
        async with running_bot(peer, tmp_path / "var", worded_checkpoint):
            clip = await peer.wait_for_message(
                lambda m: m.interaction_id == used.id and bool(m.clips), START_S + RENDER_S
            )
            assert "image" in clip.text and "étape" in clip.text
            await peer.wait_connected(START_S)
            asked = await peer.slash("help", channel=private, locale="ja")
            told = await peer.wait_for_message(lambda m: m.interaction_id == asked.id, START_S)
            assert "今日の残り" in told.text
            own = await peer.slash("video", {"prompt": "a fox"}, channel=private, locale="ja")
            clip = await peer.wait_for_message(lambda m: m.interaction_id == own.id and bool(m.clips), RENDER_S)
            assert "フレーム" in clip.text


async def test_discord_takes_every_command_in_every_language(settings):
    async with stage(settings) as s:
        declared = s.bot.declared
        assert [line for command in declared for line in too_long(command)] == []
        assert [line for command in declared for line in untranslated(command, LOCALES)] == []


def test_what_discord_would_refuse_is_found():
    option = {"type": 3, "name": "motion", "description": "How", "choices": [{"name": "x" * 101, "value": "x"}]}
    command = {
        "type": 1,
        "name": "video",
        "description": "Make a clip",
        "description_localizations": {"de": "ü" * 101, "fr": ""},
        "options": [option],
    }
    assert len(too_long(command)) == 3
    assert len(untranslated(command, ["de", "ja"])) == 3


@pytest.mark.parametrize(
    ("language", "status"),
    [(None, "/video makes a clip"), ("de", "/video macht einen Clip"), ("fi", "/video makes a clip")],
)
async def test_the_status_line_speaks_the_language_of_the_settings(tmp_path, language, status):
    async with open_bot(make_settings(tmp_path, tmp_path / "none", status_language=language)) as bot:
        assert bot.activity.name == status
