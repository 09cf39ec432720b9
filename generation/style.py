"""A style: a checkpoint with LoRA files and learnt words, under a name that members pick; loads no torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .request import CheckpointName

Dtype = Literal["auto", "float32", "float16", "bfloat16"]
Checking = Literal["auto", "own", "classifier", "off"]
"""What looks at finished frames: a checkpoint's own safety checker, or a classifier."""
"""Of loaded weights; "auto" takes what suits the device."""

LoraWeight = Annotated[float, Field(ge=-4.0, le=4.0, allow_inf_nan=False)]
Word = Annotated[str, StringConstraints(pattern=r"^\S{1,50}$")]


class Style(BaseModel, frozen=True):
    """What is loaded beside or instead of the installation's own checkpoint.

    Attributes:
        checkpoint: a folder, a hub id or a single .safetensors file; None is the installation's own.
        config: of a single file: a checkpoint folder or hub id with the same architecture, whose configs and
            tokenizer it takes; None asks the hub for those of its family.
        loras: LoRA files and how much of each is added, -4 to 4.
        words: textual inversions: the word in a prompt, and the file with its embedding.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    checkpoint: CheckpointName | None = None
    config: CheckpointName | None = None
    loras: dict[str, LoraWeight] = Field(default_factory=dict)
    words: dict[Word, str] = Field(default_factory=dict)


PLAIN = Style()
"""The checkpoint as it is."""
