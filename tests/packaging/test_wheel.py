"""The wheel is what counts: built, installed elsewhere and used from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    [path] = folder.glob("*.whl")
    return path


def test_the_wheel_carries_sql_weights_and_type_markers(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "data/migrations/0001_jobs_and_quotas.sql",
        "generation/starter/weights/flipbook.json",
        "generation/starter/weights/model_index.json",
        "generation/starter/weights/unet/diffusion_pytorch_model.safetensors",
        "generation/starter/weights/tokenizer/tokenizer.json",
        "generation/starter/judge.safetensors",
        "bot/prompt_words.toml",
        "bot/py.typed",
        "cogs/video.py",
        "generation/wording/vocabulary.py",
    ):
        assert needed in names, f"{needed} is missing in the wheel"
    assert not [name for name in names if name.startswith("tests/")]


def test_the_wheel_carries_every_module_and_every_text(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = [
        path.relative_to(ROOT).as_posix()
        for room in ("bot", "cogs", "data", "generation")
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".ftl", ".sql")
    ]
    assert len(ours) > 100
    assert set(ours) - names == set()


def test_the_installed_wheel_renders_a_clip_from_another_folder(wheel, tmp_path):
    venv = tmp_path / "venv"
    # The dependencies of this environment are enough; what matters is that our own files come from the wheel.
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    site = subprocess.run(
        [sys.executable, "-c", "import torch, pathlib; print(pathlib.Path(torch.__file__).parents[1])"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    python = venv / "bin" / "python"
    packages = next((venv / "lib").glob("python*/site-packages"))
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", wheel], check=True)
    (packages / "dependencies.pth").write_text(site + "\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    where = subprocess.run(
        [python, "-c", "import generation, bot, data, cogs; print(generation.__file__, bot.__file__)"],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert where.stdout.count(str(packages)) == 2, where.stdout + where.stderr
    done = subprocess.run(
        [
            *(python, "-m", "generation", "a red apple on a blue background", "-o", "apple.mp4", "--json"),
            *("--frames", "2", "--steps", "4", "--seed", "1"),
        ],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["recipe"]["request"]["checkpoint"] == "starter"
    assert (elsewhere / "apple.mp4").stat().st_size > 1000
