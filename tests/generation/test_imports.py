"""What importing costs and which way imports point: commands must offer choices before torch is loaded."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import generation

ROOT = Path(__file__).parents[2]
PACKAGE = sorted((ROOT / "generation").glob("*.py"))
HEAVY = ("torch", "diffusers", "transformers", "numpy", "imageio_ffmpeg", "discord", "aiosqlite", "bot", "cogs", "data")


def run(code):
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_requests_catalogue_and_command_line_load_nothing_heavy():
    parts = ("request", "camera", "catalogue", "style", "cache", "wording", "starter", "__main__")
    names = ["generation", *(f"generation.{part}" for part in parts)]
    loaded = run(f"import sys, {', '.join(names)}; print(*sys.modules)")
    assert set(names) <= set(loaded)
    assert not [name for name in loaded if name.split(".")[0] in HEAVY]


def test_the_heavy_names_arrive_when_they_are_used():
    loaded = run("import sys, generation; generation.Text2VideoZero; print(*sys.modules)")
    assert "torch" in loaded
    assert not {"discord", "aiosqlite", "bot", "cogs", "data"} & set(loaded)


def test_every_public_name_can_be_reached_and_no_other():
    for name in generation.__all__:
        assert getattr(generation, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = generation.nonsense


def imports_of(path, *, top_level_only=False):
    tree = ast.parse(path.read_text())
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("path", PACKAGE, ids=lambda path: path.stem)
def test_generation_knows_nothing_of_discord_the_store_or_the_event_loop(path):
    roots = {name.split(".")[0] for name in imports_of(path)}
    assert not roots & {"discord", "aiosqlite", "asyncio", "sqlite3", "bot", "cogs", "data"}
    assert not any(name.startswith("..") for name in imports_of(path))


@pytest.mark.parametrize(
    "stem", ["request", "refusal", "camera", "catalogue", "errors", "shapes", "style", "starter/__init__"]
)
def test_the_torch_free_modules_import_only_each_other(stem):
    path = ROOT / "generation" / f"{stem}.py"
    local = {name for name in imports_of(path, top_level_only=True) if name.startswith(".")}
    assert local <= {".request", ".refusal", ".camera", ".errors", ".shapes", ".style", ".starter", ".wording"}


@pytest.mark.parametrize("path", sorted((ROOT / "generation/wording").glob("*.py")), ids=lambda path: path.stem)
def test_wording_needs_nothing_but_itself(path):
    roots = {name.split(".")[0] for name in imports_of(path) if not name.startswith(".")}
    assert roots <= sys.stdlib_module_names
    assert not any(name.startswith("..") for name in imports_of(path))
