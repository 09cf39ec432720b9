"""`python -m bot doctor` says what is wrong and how to mend it, and nothing where all is well."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import namedtuple
from importlib import metadata
from pathlib import Path

import pytest

from bot import doctor
from bot.__main__ import main
from bot.app import Flipbook
from bot.clock import Clock
from bot.messages import Unreachable
from bot.pictures import PICTURES_FOLDER, picture_file
from bot.settings import DATABASE, Settings
from data import JobState
from tests.bot.house import MEMBER, house
from tests.discord.peer_client import running_peer
from tests.discord.stage import make_settings
from tests.pictures import picture


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


async def test_files_that_jobs_on_their_way_need_and_that_are_gone_are_named(tmp_path):
    async with house(tmp_path, resume=False) as h:
        async with h.service.pictures.keep(picture()) as digest:
            job = await h.ask("fox", first_picture=digest)
        settings = h.service.settings
        assert ills(doctor.check_files(settings)) == {}
        picture_file(settings.store_dir, digest).unlink()
        assert digest in ills(doctor.check_files(settings))["Files"]
        await h.store.cancel(job.id, user_id=MEMBER)
        assert ills(doctor.check_files(settings)) == {}, "nobody needs it any more"
    async with house(tmp_path) as h:
        h.messenger.refusals, h.keys = [Unreachable("down")] * 100, 1
        rendered = await h.state((await h.ask("fox")).id, JobState.RENDERED)
        (settings.store_dir / rendered.clip_path).unlink()
        assert rendered.clip_path in ills(doctor.check_files(settings))["Files"]


@pytest.fixture
def installed(tmp_path, monkeypatch, tiny_checkpoint):
    """A sound installation whose `.env` and environment a test may spoil."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"DISCORD_TOKEN": "", "DATA_DIR": "var", "CHECKPOINT": str(tiny_checkpoint)}.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def old_python(_folder, patch):
    patch.setattr(doctor, "OLDEST_PYTHON", (99, 0))


def old_sqlite(_folder, patch):
    patch.setattr(doctor, "OLDEST_SQLITE", (99, 0, 0))


def old_library(_folder, patch):
    patch.setattr(doctor, "version", lambda _: "0.0.1")


def readable_token(folder, patch):
    (folder / ".env").write_text("X=1\n")
    (folder / ".env").chmod(0o644)
    patch.setenv("DISCORD_TOKEN", "a.b.c")
    patch.setenv("DISCORD_API_URL", "http://127.0.0.1:9")  # where nobody answers
    patch.setenv("DISCORD_GATEWAY_URL", "ws://127.0.0.1:9")
    patch.setattr("discord.http.Route.BASE", "")  # restored afterwards
    patch.setattr("discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY", None)


def full_disk(_folder, patch):
    patch.setattr(doctor, "LOW_DISK_BYTES", 2**80)


def junk_for_a_database(folder, _patch):
    database = folder / "var" / "local" / DATABASE
    database.parent.mkdir(parents=True)
    database.write_bytes(b"junk" * 100)


def file_for_the_pictures(folder, _patch):
    (folder / "var" / "local").mkdir(parents=True)
    (folder / "var" / "local" / PICTURES_FOLDER).touch()


def no_ffmpeg(folder, patch):
    patch.setenv("IMAGEIO_FFMPEG_EXE", str(folder / "none"))


def no_such_device(_folder, patch):
    patch.setenv("DEVICE", "warp")


def no_checkpoint(folder, patch):
    patch.setenv("CHECKPOINT", str(folder))


def no_style(folder, patch):
    patch.setenv("STYLES", json.dumps({"oil": {"loras": {str(folder / "none.safetensors"): 1.0}}}))


FAULTS = {
    "Python": old_python,
    "SQLite": old_sqlite,
    "Libraries": old_library,
    ".env": readable_token,
    "Disk": full_disk,
    "Database": junk_for_a_database,
    "Files": file_for_the_pictures,
    "ffmpeg": no_ffmpeg,
    "GPU": no_such_device,
    "Checkpoint": no_checkpoint,
    "Style oil": no_style,
}


def test_without_a_fault_the_exit_status_is_zero(installed):
    assert main(["doctor"]) == 0


@pytest.mark.parametrize("subject", FAULTS)
def test_each_fault_is_named_and_makes_the_exit_status_one(installed, monkeypatch, capsys, subject):
    FAULTS[subject](installed, monkeypatch)
    assert main(["doctor"]) == 1
    assert f"BAD  {subject}: " in capsys.readouterr().out


async def test_what_discord_refuses_makes_the_exit_status_one(installed, monkeypatch, capsys):
    monkeypatch.setattr("discord.http.Route.BASE", "")
    monkeypatch.setattr("discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY", None)
    async with running_peer() as peer:
        for name, value in peer.where.environment().items():
            monkeypatch.setenv(name, value)
        assert await asyncio.to_thread(main, ["doctor"]) == 1
        assert "BAD  Permissions in flipbook-house: " in capsys.readouterr().out
        await peer.call("give_role", guild=await peer.guild(), user=await peer.bot_id(), permissions=1 << 38)
        assert await asyncio.to_thread(main, ["doctor"]) == 0
        monkeypatch.setenv("DISCORD_TOKEN", "wrong")
        assert await asyncio.to_thread(main, ["doctor"]) == 1
        assert "BAD  Token: " in capsys.readouterr().out


def test_the_bot_asks_for_no_intent_that_must_be_switched_on(tmp_path):
    intents = Flipbook(make_settings(tmp_path, "x"), Clock()).intents
    assert not (intents.members or intents.presences or intents.message_content)
