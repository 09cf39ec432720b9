"""The embedded checkpoint: small enough to ship, loadable by diffusers, and importable without torch."""

from pathlib import Path
from typing import Final

WEIGHTS: Final = Path(__file__).with_name("weights")
"""Folder of the checkpoint, in the layout that `StableDiffusionPipeline.from_pretrained` reads."""

__all__ = ["WEIGHTS"]
