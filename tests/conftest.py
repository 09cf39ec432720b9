"""What every test shares: no network, quiet libraries, and a tiny real checkpoint."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("flipbook", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("flipbook")

# The libraries read these when they are imported.
os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", HF_HUB_DISABLE_TELEMETRY="1")
os.environ.update(OMP_WAIT_POLICY="PASSIVE", THP_MEM_ALLOC_ENABLE="1")  # as both command lines set it
os.environ.update(DIFFUSERS_VERBOSITY="critical", TRANSFORMERS_VERBOSITY="error")

SUMMARY = "summary"
"""A property that a test records and that the end of the run shows."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.getreports("passed"):
        for name, said in report.user_properties:
            if name == SUMMARY:
                terminalreporter.write_line(f"{report.nodeid}: {said}")


TINY_SIDECAR = {
    "schema": 1,
    "name": "tiny",
    "defaults": {"frames": 3, "steps": 4, "fps": 6, "guidance_scale": 2.0, "dx": 4, "dy": 0, "frame_noise": "shared"},
    "examples": ["a fox in the snow"],
}
"""Without a vocabulary: any prompt is taken, as by an operator's own checkpoint."""

VOCABULARY = {
    "objects": [
        {
            "name": "fox",
            "words": {
                "en": ["fox", "red fox"], "de": ["Fuchs"], "fr": ["renard"], "es": ["zorro"], "pt": ["raposa"],
                "ja": ["きつね", "狐"],
            },
            "tags": ["animal", "wild"],
        },
        {
            "name": "cat",
            "words": {
                "en": ["cat", "kitten"], "de": ["Katze"], "fr": ["chat"], "es": ["gato"], "pt": ["gato"],
                "ja": ["ねこ", "猫"],
            },
            "tags": ["animal", "pet"],
        },
        {
            "name": "bear",
            "words": {
                "en": ["bear"], "de": ["Bär"], "fr": ["ours"], "es": ["oso"], "pt": ["urso"], "ja": ["くま", "熊"],
            },
            "tags": ["animal", "wild"],
        },
        {
            "name": "giraffe",
            "words": {
                "en": ["giraffe"], "de": ["Giraffe"], "fr": ["girafe"], "es": ["jirafa"], "pt": ["girafa"],
                "ja": ["キリン"],
            },
            "tags": ["animal", "wild"],
        },
        {
            "name": "bus",
            "words": {
                "en": ["bus"], "de": ["Bus"], "fr": ["autobus"], "es": ["autobús"], "pt": ["ônibus"], "ja": ["バス"],
            },
            "tags": ["vehicle"],
        },
        {"name": "fire truck", "words": {"en": ["fire truck"], "de": ["Feuerwehrauto"]}, "tags": ["vehicle"]},
        {"name": "car", "words": {"en": ["car"], "de": ["Auto"]}, "tags": ["vehicle"], "colours": ["red", "green"]},
        {"name": "truck", "words": {"en": ["truck"], "fr": ["camion"]}, "tags": ["vehicle"]},
        {"name": "snowman", "words": {"en": ["snowman"], "fr": ["bonhomme de neige"]}},
        {"name": "squid", "words": {"en": ["squid"], "ja": ["いか"]}},
        {"name": "frog", "words": {"en": ["frog"], "ja": ["かえる"]}},
        {"name": "corn", "words": {"en": ["corn"]}},
        {"name": "acorn", "words": {"en": ["acorn"]}},
        {"name": "egg", "words": {"en": ["egg"], "de": ["Ei"]}},
        {"name": "wolf", "words": {"en": ["wolf"]}},
        {"name": "berry", "words": {"en": ["berry"]}},
    ],
    "backgrounds": [
        {"name": "snow", "words": {"en": ["snow", "winter"], "de": ["Schnee"], "fr": ["neige"], "ja": ["雪"]}},
        {"name": "night", "words": {"en": ["night sky", "night"], "de": ["Nacht"], "ja": ["夜"]}},
        {"name": "blue", "words": {"en": ["blue background", "blue"], "de": ["blauer Hintergrund"]}},
    ],
    "colours": ["red", "green"],
    "words": ["video", "walking", "cute", "majestic", "background", "süß", "走る"],
}  # fmt: skip
"""As a sidecar of schema 2 has it."""

WORDED_SIDECAR = {
    **TINY_SIDECAR,
    "schema": 2,
    "name": "worded",
    "vocabulary": VOCABULARY,
    "examples": ["a red fox in the snow", "a bus on a blue background", "a bear, night sky", "a cat in the snow"],
}
"""With a vocabulary: words outside it are told of."""


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint folder with random weights, 64 x 64, whose sidecar asks for 3 frames and 4 steps; read only."""
    from tests.tiny import save_tiny_checkpoint

    return save_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny", sidecar=TINY_SIDECAR)


SLOW_STEPS = 25


@pytest.fixture(scope="session")
def slow_checkpoint(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same checkpoint, which takes as many steps as make a long clip slow; read only."""
    return with_steps(tiny_checkpoint, tmp_path_factory.mktemp("checkpoints") / "slow", SLOW_STEPS)


def with_steps(checkpoint: Path, folder: Path, steps: int) -> Path:
    """A copy of a checkpoint that proposes so many steps."""
    shutil.copytree(checkpoint, folder)
    sidecar = json.loads((folder / "flipbook.json").read_text())
    sidecar["defaults"]["steps"] = steps
    (folder / "flipbook.json").write_text(json.dumps(sidecar))
    return folder


@pytest.fixture(scope="session")
def worded_checkpoint(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same checkpoint, which says what it can draw; read only."""
    folder = shutil.copytree(tiny_checkpoint, tmp_path_factory.mktemp("checkpoints") / "worded")
    (folder / "flipbook.json").write_text(json.dumps(WORDED_SIDECAR))
    return folder
