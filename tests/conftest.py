"""What every test shares: no network, quiet libraries, and a tiny real checkpoint."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("flipbook", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("flipbook")

# The libraries read these when they are imported.
os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", HF_HUB_DISABLE_TELEMETRY="1")
os.environ.update(DIFFUSERS_VERBOSITY="critical", TRANSFORMERS_VERBOSITY="error")

TINY_SIDECAR = {
    "schema": 1,
    "name": "tiny",
    "defaults": {"frames": 3, "steps": 4, "fps": 6, "guidance_scale": 2.0, "dx": 4, "dy": 0, "frame_noise": "shared"},
    "vocabulary": {"objects": ["fox", "panda"], "backgrounds": ["snow"]},
    "examples": ["a fox in the snow"],
}


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint folder with random weights, 64 x 64, whose sidecar asks for 3 frames and 4 steps; read only."""
    from tests.tiny import save_tiny_checkpoint

    return save_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny", sidecar=TINY_SIDECAR)
