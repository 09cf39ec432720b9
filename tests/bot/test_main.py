"""`python -m bot` where it cannot start: the operator reads what to mend, not what was hit on the way."""

from __future__ import annotations

from bot.__main__ import main


def test_a_data_folder_that_cannot_be_used_is_not_blamed_on_discord(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file"))
    assert main([]) == 1
    said = capsys.readouterr().err
    assert str(tmp_path / "file") in said and "DATA_DIR" in said
    assert "Discord" not in said and said.count("\n") == 1
