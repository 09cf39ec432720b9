"""Settings from the environment: what cannot work is refused by name, and the token is never repeated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.settings import OUTSIDE, Settings, SettingsError, read_settings
from bot.styles import Styles
from generation.errors import InvalidRequest
from tests.discord.stage import make_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_a_token_the_local_page_has_its_own_data():
    settings = read_settings()
    assert settings.is_local and settings.store_dir == Path("var/local")


def test_a_blank_token_is_no_token(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "  ")
    assert read_settings().is_local


def test_with_a_token_the_data_lies_in_data_dir(monkeypatch, tmp_path):
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings = read_settings()
    assert not settings.is_local and settings.store_dir == tmp_path
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("alone", ["DISCORD_API_URL", "DISCORD_GATEWAY_URL"])
def test_one_address_of_another_discord_without_the_other_is_refused(monkeypatch, alone):
    monkeypatch.setenv(alone, "http://127.0.0.1:1/api" if "API" in alone else "ws://127.0.0.1:1")
    with pytest.raises(SettingsError, match="belong together"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DAILY_CLIPS", "-1"),
        ("DAILY_CLIPS", "many"),
        ("LOCAL_PORT", "70000"),
        ("CHECKPOINT", ""),
        ("STALL_TIMEOUT_S", "nan"),
        ("LOG_LEVEL", "LOUD"),
        ("MAX_FRAMES", "65"),
        ("GUILD_WEIGHTS", "123"),
        ("GUILD_WEIGHTS", "somewhere=2"),
        ("GUILD_WEIGHTS", "123=2,123=3"),
        ("GUILD_WEIGHTS", "123=0"),
        ("GUILD_WEIGHTS", "123=much"),
    ],
)
def test_a_bad_value_is_refused_by_its_name_without_being_repeated(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("DISCORD_TOKEN", "secret-token")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert str(refused.value).startswith(name) and "secret-token" not in str(refused.value)


def test_servers_weigh_alike_but_for_those_that_are_named(monkeypatch):
    monkeypatch.setenv("GUILD_WEIGHTS", " 123=2, outside=0.5 ")
    settings = read_settings()
    assert [settings.weight(flow) for flow in (123, 4, OUTSIDE)] == [2.0, 1.0, 0.5]


def test_the_example_explains_every_setting_and_shows_its_default():
    example = dotenv_values(ROOT / ".env.example")
    assert set(example) == {name.upper() for name in Settings.model_fields}
    from_example = Settings(_env_file=ROOT / ".env.example")
    assert from_example == Settings(_env_file=None)


def test_styles_are_one_json_object_and_what_cannot_be_one_is_named(monkeypatch):
    monkeypatch.setenv(
        "STYLES", '{"oil": {"loras": {"/srv/oil.safetensors": 0.8}}, "photo": {"checkpoint": "org/photo"}}'
    )
    settings = read_settings()
    assert settings.styles["oil"].loras == {"/srv/oil.safetensors": 0.8}
    assert settings.styles["photo"].checkpoint == "org/photo"
    for bad, reason in (
        ("{", "STYLES: write the styles as one JSON object"),
        ('{"oil": {"loras": {"a": 9}}}', "STYLES.OIL.LORAS.A"),
        ('{"oil": {"colour": "red"}}', "STYLES.OIL.COLOUR"),
        ('{"": {}}', "STYLES"),
    ):
        monkeypatch.setenv("STYLES", bad)
        with pytest.raises(SettingsError, match=re.escape(reason)):
            read_settings()


def test_a_style_with_a_missing_file_says_so_when_it_is_asked_for(tmp_path, tiny_checkpoint):
    styles = {"plain": {}, "lost": {"loras": {"/nowhere/a.safetensors": 1.0}}}
    read = Styles.read(make_settings(tmp_path, tiny_checkpoint, styles=styles))
    assert read.names == ("plain", "lost")
    assert read.card("plain").name == str(tiny_checkpoint)
    with pytest.raises(InvalidRequest, match=r"'lost' cannot be used: /nowhere/a\.safetensors cannot be read"):
        read.card("lost")
    with pytest.raises(InvalidRequest, match="there are none here"):
        Styles().card("plain")
