"""`python -m bot backup`: made while the bot runs, and a bot that is started from it goes on."""

from __future__ import annotations

import os
import shutil

import pytest

from bot.__main__ import main
from bot.backup import BackupError, make_backup
from bot.messages import Unreachable
from bot.settings import DATABASE
from data import JobState
from tests.bot.house import MEMBER, house
from tests.discord.stage import make_settings


async def test_a_bot_started_from_a_backup_goes_on_where_the_backup_was_made(tmp_path):
    backup = tmp_path / "elsewhere" / "backup"
    async with house(tmp_path / "var") as h:
        posted = await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        h.messenger.refusals = [Unreachable("down")] * 100
        unposted = await h.state((await h.ask("owl")).id, JobState.RENDERED)
        made = make_backup(h.service.settings, backup)
        assert (made.clips, made.copied) == (2, 2)
    shutil.copytree(backup, tmp_path / "new" / "local")  # as docs/operations.md says
    async with house(tmp_path / "new") as h:
        await h.state(unposted.id, JobState.DELIVERED)
        assert h.messenger.of(unposted.id) == ["clip clip of owl"] and h.executor.renders == []
        assert [job.id for job in await h.service.album.of(MEMBER)] == [unposted.id, posted.id]
        assert (await h.service.limits.quota(MEMBER)).used == 2


async def test_a_second_backup_copies_only_what_has_changed_and_deletes_nothing(tmp_path):
    backup = tmp_path / "backup"
    async with house(tmp_path / "var") as h:
        first = await h.state((await h.ask("fox")).id, JobState.DELIVERED)
        make_backup(h.service.settings, backup)
        await h.state((await h.ask("owl")).id, JobState.DELIVERED)
        assert make_backup(h.service.settings, backup).copied == 1
        clip = h.service.settings.store_dir / first.clip_path
        clip.write_bytes(b"smaller")
        assert make_backup(h.service.settings, backup).copied == 1
        assert (backup / first.clip_path).read_bytes() == b"smaller"
        clip.unlink()  # too old to be kept
        assert (make_backup(h.service.settings, backup).clips, (backup / first.clip_path).exists()) == (2, True)
    assert sorted(path.name for path in backup.rglob("*") if path.is_file()) == ["1.mp4", "2.mp4", DATABASE]


def test_what_cannot_be_backed_up_is_refused_before_anything_is_written(tmp_path):
    settings = make_settings(tmp_path / "var", "x")
    with pytest.raises(BackupError, match="no database"):
        make_backup(settings, tmp_path / "backup")
    settings.store_dir.mkdir(parents=True)
    (settings.store_dir / DATABASE).write_bytes(b"not ours" * 500)
    with pytest.raises(BackupError, match="not a database"):
        make_backup(settings, tmp_path / "backup")
    with pytest.raises(BackupError, match="elsewhere"):
        make_backup(settings, settings.store_dir / "backup")
    assert not (tmp_path / "backup").exists() and os.listdir(settings.store_dir) == [DATABASE]


async def test_the_command_says_what_the_backup_holds_or_why_there_is_none(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    assert main(["backup", "copy"]) == 1
    assert "DATA_DIR" in capsys.readouterr().err
    async with house(tmp_path / "var") as h:
        await h.state((await h.ask("fox")).id, JobState.DELIVERED)
    assert main(["backup", "copy"]) == 0
    assert "1 clips, 1 of them copied now" in capsys.readouterr().out
