"""`python -m bot doctor` says what is wrong and how to mend it, and nothing where all is well."""

from __future__ import annotations

import shutil
from collections import namedtuple
from importlib import metadata
from pathlib import Path

import pytest

from bot import doctor
from bot.__main__ import main
from bot.settings import DATABASE, Settings
from tests.discord.peer_client import running_peer
from tests.discord.stage import make_settings


@pytest.fixture
def settings(tmp_path, tiny_checkpoint):
    return make_settings(tmp_path / "var", tiny_checkpoint)


def ills(findings) -> dict[str, str]:
    """What is wrong, by subject: what is said and what is advised."""
    return {each.subject: f"{each.says} -> {each.remedy}" for each in findings if each.remedy is not None}


def test_a_sound_installation_is_found_sound_and_nothing_is_changed(settings, capsys):
    assert doctor.report(settings), capsys.readouterr().out
    said = capsys.readouterr().out
    for part in ("Python", "SQLite", "Libraries", "ffmpeg", "GPU", "Checkpoint", "Database", "Nothing is wrong"):
        assert part in said
    assert not settings.data_dir.exists()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_a_database_that_is_none_is_named_with_the_way_back(settings, content):
    settings.store_dir.mkdir(parents=True)
    (settings.store_dir / DATABASE).write_bytes(content)
    assert "Restore" in ills(doctor.check_database_file(settings))["Database"]


def test_a_disk_that_is_nearly_full_or_closed_is_named(settings, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: usage(2**40, 2**40, 2**29))
        assert "0.5 GiB free" in ills(doctor.check_disk(settings))["Disk"]
    (tmp_path / "file").touch()
    assert "DATA_DIR" in ills(doctor.check_disk(make_settings(tmp_path / "file" / "var", "x")))["Disk"]


def test_a_token_that_others_can_read_is_named_with_the_command_that_hides_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    env = Path(".env")
    env.write_text("DISCORD_TOKEN=secret\n")
    settings = Settings(_env_file=env)
    env.chmod(0o644)
    assert f"chmod 600 {tmp_path / '.env'}" in ills(doctor.check_secrets(settings))[".env"]
    env.chmod(0o600)
    assert ills(doctor.check_secrets(settings)) == {}


def test_a_checkpoint_and_a_device_that_cannot_be_used_are_named(tmp_path, settings):
    assert "CHECKPOINT" in ills(doctor.check_checkpoint(make_settings(tmp_path, tmp_path)))["Checkpoint"]
    broken = settings.model_copy(update={"device": "warp"})
    assert "DEVICE" in ills(doctor.check_checkpoint(broken))["GPU"]


def test_an_ffmpeg_that_does_not_work_is_named(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))
    assert "imageio-ffmpeg" in ills(doctor.check_ffmpeg(settings))["ffmpeg"]


def test_a_library_of_another_version_is_named(settings, monkeypatch):
    found = metadata.version
    monkeypatch.setattr(doctor, "version", lambda name: "0.1" if name == "numpy" else found(name))
    assert "numpy" in ills(doctor.check_versions(settings))["Libraries"]


async def test_token_and_permissions_are_asked_of_discord(tmp_path, monkeypatch):
    async with running_peer() as peer:
        where = {name.lower(): value for name, value in peer.where.environment().items()}
        settings = make_settings(tmp_path, "x", **where)
        monkeypatch.setattr("discord.http.Route.BASE", settings.discord_api_url)
        monkeypatch.setattr("discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY", None)
        found = ills(await doctor.check_discord(settings))
        assert list(found) == ["Permissions in flipbook-house"]
        assert "missing: Send Messages In Threads ->" in found["Permissions in flipbook-house"]
        await peer.call("give_role", guild=await peer.guild(), user=await peer.bot_id(), permissions=1 << 38)
        assert ills(await doctor.check_discord(settings)) == {}

        refused = settings.model_copy(update={"discord_token": type(settings.discord_token)("wrong")})
        assert "Reset Token" in ills(await doctor.check_discord(refused))["Token"]
    assert "network" in ills(await doctor.check_discord(settings))["Discord"]


def test_the_exit_status_says_whether_something_is_wrong(tmp_path, monkeypatch, tiny_checkpoint, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("CHECKPOINT", str(tiny_checkpoint))
    assert main(["doctor"]) == 0
    monkeypatch.setenv("CHECKPOINT", str(tmp_path))
    assert main(["doctor"]) == 1
    assert "One thing to mend." in capsys.readouterr().out
