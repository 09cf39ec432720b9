"""What can be asked for: moves, limits, and each checkpoint's defaults and vocabulary; loads no torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from .camera import PANS, TURNS
from .camera import motion as motion
from .errors import CheckpointUnavailable, InvalidRequest
from .refusal import explain
from .request import Defaults, ResolvedRequest, VideoRequest
from .shapes import SHAPES as SHAPES
from .shapes import Shape, size_in
from .starter import WEIGHTS as STARTER_FOLDER
from .style import PLAIN, Style
from .wording import Thing, Vocabulary

STARTER = "starter"
SIDECAR = "flipbook.json"
"""The small file beside a checkpoint's weights that holds its defaults, vocabulary and examples."""

MOVES = (*PANS, *TURNS)
"""The names of the moves that `motion` knows."""

COMMON_GRAIN = 64
"""`CheckpointCard.grain` of Stable Diffusion 1.x and 2.x, taken where nothing is known."""


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
    shapes: list[Shape] = Field(default=["square", "portrait", "landscape"], min_length=1)


@dataclass(frozen=True, slots=True)
class CheckpointCard:
    """What is known of a checkpoint before its weights are loaded.

    `fingerprint` identifies the weights, those of the style included (it is no proof of authenticity); `folder` is
    None for a hub id and for a single file, which is `file`; an empty `vocabulary` says nothing of what can be drawn;
    `cell` is the number of output pixels along a side of a latent cell, as far as it is known; `grain` that of the
    coarsest cell inside the UNet, of which a size is best a whole multiple; `shapes` are those that it was trained on.
    """

    name: str
    folder: Path | None
    fingerprint: str
    defaults: Defaults
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    examples: tuple[str, ...] = ()
    style: Style = PLAIN
    file: Path | None = None
    cell: int = 1
    grain: int = COMMON_GRAIN
    shapes: tuple[Shape, ...] = tuple(SHAPES)

    def size(self, shape: Shape) -> tuple[int, int]:
        """Width and height of a named shape, near the checkpoint's own size.

        Raises:
            InvalidRequest: the checkpoint was not trained on it.
        """
        if shape not in self.shapes:
            raise InvalidRequest(f"shape: {shape!r} cannot be drawn here; choose one of {', '.join(self.shapes)}")
        return size_in(shape, self.defaults.width, self.defaults.height, self.grain)

    def resolve(self, request: VideoRequest) -> ResolvedRequest:
        """Fill what a request leaves open, for this checkpoint.

        Raises:
            InvalidRequest: a size that the checkpoint cannot draw, or noise levels that do not fit its own.
        """
        resolved = request.change(checkpoint=self.name).resolve(self.defaults)
        check_size(resolved, self.cell)
        return resolved


def check_size(r: ResolvedRequest, cell: int) -> None:
    """Hold a clip's size to whole latent cells of so many pixels.

    Raises:
        InvalidRequest: it is none; the message names the nearest sizes.
    """
    if r.width % cell or r.height % cell:
        nearest = " x ".join(str(max(cell, round(side / cell) * cell)) for side in (r.width, r.height))
        raise InvalidRequest(
            f"width and height must be multiples of {cell} for this checkpoint, not {r.width} x {r.height}; "
            f"{nearest} is nearest",
            code="size",
            size=f"{r.width} x {r.height}",
            cell=cell,
            nearest=nearest,
        )


def describe(name: str, style: Style = PLAIN) -> CheckpointCard:
    """The card of the starter, of a checkpoint folder, of a single file, or of a hub id.

    Args:
        name: the installation's own checkpoint.
        style: what is loaded beside or instead of it.

    With LoRA files or learnt words it may draw more than the checkpoint's own vocabulary says.

    Raises:
        CheckpointUnavailable: a name looks like a path where no checkpoint lies, its sidecar is unreadable, or a file
            of the style is missing.
    """
    card = _describe_plain(style.checkpoint or name, style.config)
    if not (style.loras or style.words):
        return replace(card, style=style)
    digest = hashlib.sha256(card.fingerprint.encode())
    for file, meaning in (*style.loras.items(), *((file, word) for word, file in style.words.items())):
        digest.update(f"{meaning}\0".encode())
        try:
            _digest_file(digest, Path(file).expanduser())
        except OSError as error:
            raise CheckpointUnavailable(f"{file} cannot be read: {error.strerror or error}") from error
    fingerprint = "sha256:" + digest.hexdigest()[:32]
    return replace(card, style=style, fingerprint=fingerprint, vocabulary=Vocabulary(), examples=())


def _describe_plain(name: str, config: str | None) -> CheckpointCard:
    try:
        path = STARTER_FOLDER if name == STARTER else Path(name).expanduser()
        if path.is_dir():
            return _describe_folder(name, path)
        if name == STARTER:
            raise CheckpointUnavailable(f"the embedded starter is missing at {path}; install the package again")
        if path.is_file():
            return _describe_file(name, path, config)
    except (OSError, RuntimeError) as error:  # a name too long, no such home, a file that may not be read
        raise CheckpointUnavailable(f"the checkpoint {name} cannot be read: {error}") from error
    if name.startswith(("/", ".", "~")) or name.count("/") != 1:
        raise CheckpointUnavailable(
            f"there is no checkpoint folder or file at {name}", code="checkpoint-missing", name=name
        )
    return CheckpointCard(name, None, f"hub:{name}", Defaults(checkpoint=name))


def _describe_file(name: str, path: Path, config: str | None) -> CheckpointCard:
    """Of a single file only its config tells the size; the hub's is not asked for it."""
    if path.suffix.lower() != ".safetensors":
        raise CheckpointUnavailable(
            f"{name} is a file, and no .safetensors one; pickled weights (.ckpt, .bin) are refused: convert it"
        )
    folder = Path(config or "").expanduser()
    size, cell, grain = UNKNOWN_SIZE if config is None or not folder.is_dir() else _folder_size(folder)
    digest = hashlib.sha256()
    _digest_file(digest, path)
    fingerprint = "sha256:" + digest.hexdigest()[:32]
    defaults = Defaults.model_validate({**size, "checkpoint": name})
    return CheckpointCard(name, None, fingerprint, defaults, file=path, cell=cell, grain=grain)


def _describe_folder(name: str, folder: Path) -> CheckpointCard:
    if not (folder / "model_index.json").is_file():
        raise CheckpointUnavailable(
            f"{folder} holds no model_index.json; a checkpoint folder is what save_pretrained writes"
        )
    try:
        sidecar = _Sidecar.model_validate(_read_object(folder / SIDECAR) if (folder / SIDECAR).exists() else {})
        size, cell, grain = _folder_size(folder)
        defaults = Defaults.model_validate({**size, **sidecar.defaults, "checkpoint": name})
    except ValidationError as error:
        raise CheckpointUnavailable(f"what {folder / SIDECAR} proposes is not valid: {explain(error)}") from error
    return CheckpointCard(
        name,
        folder,
        _fingerprint(folder),
        defaults,
        vocabulary=sidecar.vocabulary.vocabulary(),
        examples=tuple(sidecar.examples),
        cell=cell,
        grain=grain,
        shapes=tuple(sidecar.shapes),
    )


UNKNOWN_SIZE: tuple[dict[str, int], int, int] = ({}, 1, COMMON_GRAIN)


def _folder_size(folder: Path) -> tuple[dict[str, int], int, int]:
    """The native size that a folder's configs state, and `CheckpointCard`'s cell and grain."""
    if not ((folder / "unet/config.json").is_file() and (folder / "vae/config.json").is_file()):
        return UNKNOWN_SIZE
    unet, vae = (_read_object(folder / part / "config.json") for part in ("unet", "vae"))
    cell, coarsest = _cell(vae), _halvings(unet.get("block_out_channels"))
    grain = COMMON_GRAIN if cell is None or coarsest is None else cell * coarsest
    return native_size(unet, vae), cell or 1, grain


def _cell(vae: Mapping[str, Any]) -> int | None:
    return _halvings(vae.get("block_out_channels") or vae.get("decoder_block_out_channels"))


def _halvings(widths: object) -> int | None:
    """How many times finer the first of a network's resolutions is than its last; None where they are not stated."""
    return 2 ** (len(cast("list[int]", widths)) - 1) if isinstance(widths, list | tuple) and widths else None


def native_size(unet: Mapping[str, Any], vae: Mapping[str, Any]) -> dict[str, int]:
    """The width and height in pixels that the UNet was trained at, from both configs.

    Empty when they do not state it, or state what no request may ask for.
    """
    cells, pixels = unet.get("sample_size"), _cell(vae)
    if pixels is None:
        return {}
    match cells:
        case int():
            rows = columns = cells
        case [int(rows), int(columns)]:
            pass
        case _:
            return {}
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
    """SHA-256 over the files that count, and their names."""
    digest = hashlib.sha256()
    for path in _checkpoint_files(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        _digest_file(digest, path)
    return "sha256:" + digest.hexdigest()[:32]


def _digest_file(digest: Any, path: Path) -> None:
    """A small file as a whole; of a large one its size and samples, which is quick on 4 GB."""
    size = path.stat().st_size
    digest.update(f"{size}\0".encode())
    with path.open("rb") as file:
        if size <= _SAMPLES * _SAMPLE_BYTES:
            digest.update(file.read())
            return
        for piece in range(_SAMPLES):
            file.seek((size - _SAMPLE_BYTES) * piece // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE_BYTES))


def _checkpoint_files(folder: Path) -> Iterator[Path]:
    """The files that change what the checkpoint draws, in a fixed order; the sidecar only proposes."""
    for pattern in ("*.json", "*/*.json", "*/*.txt", "*/*.safetensors"):
        yield from (path for path in sorted(folder.glob(pattern)) if path.name != SIDECAR)
