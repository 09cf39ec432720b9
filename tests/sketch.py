"""A checkpoint folder without weights: what commands know of a checkpoint, for tests whose executor draws nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import TINY_SIDECAR


def save_sketch(folder: Path, **sidecar: Any) -> Path:
    """Write what `describe` reads; 64 x 64 pixels, 8 to a latent cell."""
    for name, content in {
        "model_index.json": {},
        "unet/config.json": {"sample_size": 8, "block_out_channels": [32, 64]},
        "vae/config.json": {"block_out_channels": [16, 16, 32, 32]},
        "flipbook.json": {**TINY_SIDECAR, **sidecar},
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    return folder
