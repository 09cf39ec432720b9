"""What is left open is filled by the member's choices, then by the server's, also after a restart."""

from __future__ import annotations

from bot.choices import Choices
from bot.preferences import NOTHING, Chosen, Owner, Preferences, Whose
from data import Preference, Store

ME = Owner(Whose.ME, 7)
SERVER = Owner(Whose.SERVER, 70)


async def test_the_members_choices_come_before_the_servers(tmp_path):
    async with Store.open(tmp_path / "db") as store:
        preferences = Preferences(store)
        await preferences.load()
        await preferences.put(ME, Chosen(Choices(quality="draft")))
        await preferences.put(SERVER, Chosen(Choices(quality="best", loop=True)))
        assert preferences.choices(7, 70) == Choices(quality="draft", loop=True)
        assert preferences.choices(8, 70) == Choices(quality="best", loop=True)
        assert preferences.choices(7, None) == Choices(quality="draft"), "a server says nothing outside itself"
        assert preferences.choices(8, 71) == Choices()


async def test_what_was_chosen_is_there_after_a_restart_and_can_be_taken_back(tmp_path):
    async with Store.open(tmp_path / "db") as store:
        await Preferences(store).put(ME, Chosen(Choices(negative="rain"), "ja"))
        await Preferences(store).put(SERVER, Chosen(language="fr"))
    async with Store.open(tmp_path / "db") as store:
        preferences = Preferences(store)
        await preferences.load()
        assert preferences.of(ME) == Chosen(Choices(negative="rain"), "ja")
        assert (preferences.language(7), preferences.guild_language(70)) == ("ja", "fr")
        await preferences.put(ME, NOTHING)
        assert (preferences.of(ME), preferences.language(7)) == (NOTHING, None)
    async with Store.open(tmp_path / "db") as store:
        assert await store.member_preferences() == []


async def test_a_member_and_a_server_of_one_id_are_two(tmp_path):
    async with Store.open(tmp_path / "db") as store:
        preferences = Preferences(store)
        await preferences.put(Owner(Whose.ME, 1), Chosen(language="de"))
        assert preferences.guild_language(1) is None


async def test_a_choice_that_no_longer_exists_is_left_open(tmp_path):
    async with Store.open(tmp_path / "db") as store:
        preferences = Preferences(store)
        await store.put_member_preference(Preference(7, '{"quality": "superb", "loop": true}'))
        await preferences.load()
        assert preferences.choices(7, None) == Choices(loop=True)
