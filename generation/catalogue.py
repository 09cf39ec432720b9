"""What can be asked for: moves, limits, and each checkpoint's defaults and vocabulary; loads no torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from .camera import PANS, TURNS
from .camera import motion as motion
from .errors import CheckpointUnavailable, InvalidRequest
from .request import MAX_STEPS, Defaults, explain
from .starter import WEIGHTS as STARTER_FOLDER
from .wording import Thing, Vocabulary

STARTER = "starter"
SIDECAR = "flipbook.json"
"""The small file beside a checkpoint's weights that holds its defaults, vocabulary and examples."""

MOVES = (*PANS, *TURNS)
"""The names of the moves that `motion` knows."""

QUALITIES = MappingProxyType({"draft": 0.4, "balanced": 1.0, "best": 2.0})
"""How many denoising steps a quality takes, relative to the checkpoint's own number."""


def _named(value: object) -> object:
    """In schema 1 a thing is a name that stands for itself in English."""
    return {"name": value} if isinstance(value, str) else value


class _Thing(BaseModel):
    model_config = ConfigDict(strict=True)

    name: str = Field(min_length=1)
    words: dict[str, list[str]] = Field(default_factory=dict[str, list[str]])
    tags: list[str] = Field(default_factory=list[str])
    colours: list[str] = Field(default_factory=list[str])

    def thing(self) -> Thing:
        words = MappingProxyType({language: tuple(names) for language, names in self.words.items()})
        return Thing(self.name, words, tuple(self.tags), tuple(self.colours))


_Things = list[Annotated[_Thing, BeforeValidator(_named)]]


class _Vocabulary(BaseModel):
    model_config = ConfigDict(strict=True)

    objects: _Things = Field(default_factory=list[_Thing])
    backgrounds: _Things = Field(default_factory=list[_Thing])
    colours: list[str] = Field(default_factory=list[str])
    words: list[str] | None = None

    def vocabulary(self) -> Vocabulary:
        return Vocabulary(
            [entry.thing() for entry in self.objects],
            [entry.thing() for entry in self.backgrounds],
            colours=self.colours,
            words=self.words,
        )


class _Sidecar(BaseModel):
    """What flipbook.json may hold; all of it may be left out."""

    model_config = ConfigDict(strict=True)

    schema_version: Literal[1, 2] = Field(default=1, alias="schema")
    defaults: dict[str, Any] = Field(default_factory=dict[str, Any])
    vocabulary: _Vocabulary = Field(default_factory=_Vocabulary)
    examples: list[str] = Field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class CheckpointCard:
    """What is known of a checkpoint before its weights are loaded.

    `fingerprint` identifies the weights (it is no proof of authenticity); `folder` is None for a hub id
    that has not been downloaded; an empty `vocabulary` says nothing of what can be drawn.
    """

    name: str
    folder: Path | None
    fingerprint: str
    defaults: Defaults
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    examples: tuple[str, ...] = ()


def steps_of(quality: str, defaults: Defaults, *, steps: int | None = None) -> int:
    """The denoising steps of a named quality of the checkpoint; `steps` is a number that was asked for besides.

    Raises:
        InvalidRequest: there is no such quality, or a number was asked for as well.
    """
    if quality not in QUALITIES:
        raise InvalidRequest(f"quality: {quality!r} is none; choose one of {', '.join(QUALITIES)}")
    if steps is not None:
        raise InvalidRequest("give a quality or a number of steps, not both")
    return min(MAX_STEPS, max(1, round(QUALITIES[quality] * defaults.steps)))


def describe(name: str) -> CheckpointCard:
    """The card of the starter, of a checkpoint folder, or of a hub id.

    Raises:
        CheckpointUnavailable: `name` looks like a path where no checkpoint lies, or its sidecar is unreadable.
    """
    try:
        folder = STARTER_FOLDER if name == STARTER else Path(name).expanduser()
        if folder.is_dir():
            return _describe_folder(name, folder)
        if name == STARTER:
            raise CheckpointUnavailable(f"the embedded starter is missing at {folder}; install the package again")
        if folder.is_file():
            raise CheckpointUnavailable(f"{name} is a file; give the checkpoint's folder or a hub id")
    except (OSError, RuntimeError) as error:  # a name too long, no such home, a file that may not be read
        raise CheckpointUnavailable(f"the checkpoint {name} cannot be read: {error}") from error
    if name.startswith(("/", ".", "~")) or name.count("/") != 1:
        raise CheckpointUnavailable(f"there is no checkpoint folder at {name}")
    return CheckpointCard(name, None, f"hub:{name}", Defaults(checkpoint=name))


def _describe_folder(name: str, folder: Path) -> CheckpointCard:
    if not (folder / "model_index.json").is_file():
        raise CheckpointUnavailable(
            f"{folder} holds no model_index.json; a checkpoint folder is what save_pretrained writes"
        )
    try:
        sidecar = _Sidecar.model_validate(_read_object(folder / SIDECAR) if (folder / SIDECAR).exists() else {})
        defaults = Defaults.model_validate({**_folder_size(folder), **sidecar.defaults, "checkpoint": name})
    except ValidationError as error:
        raise CheckpointUnavailable(f"what {folder / SIDECAR} proposes is not valid: {explain(error)}") from error
    return CheckpointCard(
        name,
        folder,
        _fingerprint(folder),
        defaults,
        vocabulary=sidecar.vocabulary.vocabulary(),
        examples=tuple(sidecar.examples),
    )


def _folder_size(folder: Path) -> dict[str, int]:
    if not ((folder / "unet/config.json").is_file() and (folder / "vae/config.json").is_file()):
        return {}
    return native_size(_read_object(folder / "unet/config.json"), _read_object(folder / "vae/config.json"))


def native_size(unet: Mapping[str, Any], vae: Mapping[str, Any]) -> dict[str, int]:
    """The width and height in pixels that the UNet was trained at, from both configs.

    Empty when they do not state it, or state what no request may ask for.
    """
    cells = unet.get("sample_size")
    widths = vae.get("block_out_channels") or vae.get("decoder_block_out_channels")
    if not isinstance(widths, list | tuple):
        return {}
    match cells:
        case int():
            rows = columns = cells
        case [int(rows), int(columns)]:
            pass
        case _:
            return {}
    pixels = 2 ** (len(cast("list[int]", widths)) - 1)
    size = {"width": columns * pixels, "height": rows * pixels}
    try:
        Defaults.model_validate(size)
    except ValidationError:
        return {}
    return size


def _read_object(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointUnavailable(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise CheckpointUnavailable(f"{path} must hold a JSON object")
    return cast("dict[str, Any]", content)


_SAMPLE_BYTES = 1 << 16
_SAMPLES = 128
"""Of a file above 8 MiB so many pieces are read, evenly spread: weights merged into any layers show."""


def _fingerprint(folder: Path) -> str:
    """SHA-256 over the small files and, of each large one, its size and samples: quick on 4 GB."""
    digest = hashlib.sha256()
    for path in _checkpoint_files(folder):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            if size <= _SAMPLES * _SAMPLE_BYTES:
                digest.update(file.read())
                continue
            for piece in range(_SAMPLES):
                file.seek((size - _SAMPLE_BYTES) * piece // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return "sha256:" + digest.hexdigest()[:32]


def _checkpoint_files(folder: Path) -> Iterator[Path]:
    """The files that change what the checkpoint draws, in a fixed order; the sidecar only proposes."""
    for pattern in ("*.json", "*/*.json", "*/*.txt", "*/*.safetensors"):
        yield from (path for path in sorted(folder.glob(pattern)) if path.name != SIDECAR)
