"""Who may import whom, and that the bot can answer before torch is loaded."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "diffusers", "transformers")
FORBIDDEN = {
    "generation": ("bot", "cogs", "data", "discord", "aiosqlite", "asyncio"),
    "data": ("bot", "cogs", "generation", "discord", "torch"),
    "cogs": ("torch", "diffusers", "sqlite3", "aiosqlite"),
}


@pytest.mark.parametrize(
    "module",
    [
        *("bot", "bot.app", "bot.__main__", "bot.local", "cogs", "cogs.video", "cogs.queue", "cogs.history"),
        *("cogs.help", "data"),
        *("generation", "generation.request", "generation.catalogue", "generation.starter"),
    ],
)
def test_importing_it_loads_no_torch(module):
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_imports_point_one_way(package):
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in _imported(path)
        if name.split(".")[0] in FORBIDDEN[package]
    ]
    assert not wrong


def test_cogs_take_only_the_light_parts_of_generation():
    light = ("catalogue", "errors", "quality", "request", "shapes", "wording")
    allowed = {f"generation.{name}" for name in light}
    names = {name for path in (ROOT / "cogs").glob("*.py") for name in _imported(path)}
    assert {name for name in names if name.startswith("generation")} <= allowed


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return names
