"""`python -m bot` where it cannot start: the operator reads what to mend, not what was hit on the way."""

from __future__ import annotations

import os
import sys

import pytest

from bot.__main__ import main
from bot.app import open_bot
from tests.discord.stage import make_settings


def test_a_data_folder_that_cannot_be_used_is_not_blamed_on_discord(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file"))
    assert main([]) == 1
    said = capsys.readouterr().err
    assert str(tmp_path / "file") in said and "DATA_DIR" in said
    assert "Discord" not in said and said.count("\n") == 1


def test_the_missing_extra_of_the_local_page_is_explained(tmp_path, tiny_checkpoint, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("CHECKPOINT", str(tiny_checkpoint))
    monkeypatch.setitem(sys.modules, "simcord", None)
    assert main([]) == 1
    said = capsys.readouterr().err
    assert 'pip install -e ".[local]"' in said and "Traceback" not in said


async def test_a_bot_that_is_never_started_is_closed_without_an_error(tmp_path, tiny_checkpoint):
    settings = make_settings(tmp_path, tiny_checkpoint)
    for _ in range(2):  # the second finds the folder free again
        async with open_bot(settings) as bot:
            assert not bot.is_closed()
        assert bot.is_closed() and bot.threads_rest


@pytest.mark.parametrize(
    ("name", "ours", "another"), [("OMP_WAIT_POLICY", "PASSIVE", "ACTIVE"), ("THP_MEM_ALLOC_ENABLE", "1", "0")]
)
def test_torch_is_set_up_for_a_shared_cpu_unless_the_operator_says_so(tmp_path, monkeypatch, name, ours, another):
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file"))  # it ends before it loads anything
    for given, used in ((None, ours), (another, another)):
        if given is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, given)
        assert main([]) == 1
        assert os.environ[name] == used
