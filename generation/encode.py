"""Frames to MP4 and back to the recipe: H.264 that plays everywhere, with everything needed to make it again.

ffmpeg runs as a subprocess (the binary of imageio-ffmpeg, or the one named by IMAGEIO_FFMPEG_EXE).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Self, cast

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
import numpy as np
from numpy.typing import NDArray

from .errors import EncodeError, InvalidRequest, NoRecipe
from .request import ResolvedRequest

RECIPE_SCHEMA = 1
CRF = 18
CRF_STEP = 5
WORST_CRF = 38
"""Constant rate factor of x264: 18 looks lossless; each try to fit a limit adds 5, up to 38."""

FFMPEG_TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything needed to make a clip again: the resolved request and the weights it was made with."""

    request: ResolvedRequest
    fingerprint: str

    def to_json(self) -> str:
        """JSON text, as it stands in the MP4's comment tag."""
        request = json.loads(self.request.to_json())
        return json.dumps(
            {"flipbook": RECIPE_SCHEMA, "request": request, "fingerprint": self.fingerprint},
            ensure_ascii=True,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            NoRecipe: it is something else, of a newer schema, or damaged.
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise NoRecipe("the comment tag holds no recipe of Flipbook") from error
        if not isinstance(content, dict) or "flipbook" not in content:
            raise NoRecipe("the comment tag holds no recipe of Flipbook")
        fields = cast("dict[str, Any]", content)
        if fields["flipbook"] != RECIPE_SCHEMA:
            raise NoRecipe(f"the recipe has schema {fields['flipbook']}; this version reads {RECIPE_SCHEMA}")
        try:
            request = ResolvedRequest.from_json(json.dumps(fields.get("request")))
        except InvalidRequest as error:
            raise NoRecipe(f"the recipe is damaged: {error}") from error
        return cls(request, str(fields.get("fingerprint", "unknown")))


@dataclass(frozen=True, slots=True)
class Mp4:
    """Facts of a written file. `crf` is the quality it was encoded with (18 is the best we use)."""

    path: Path
    bytes: int
    crf: int


def write_mp4(frames: Iterable[NDArray[np.float32]], path: Path, *, fps: int, recipe: Recipe | None = None) -> Mp4:
    """Encode frames as they come: H.264 High, yuv420p, bt709, faststart, the recipe in the comment tag.

    Args:
        frames: (h, w, 3) float32 in [0, 1], all of one size; odd sizes are padded by one pixel.
        path: where the file goes; it appears only when it is complete.

    Raises:
        EncodeError: ffmpeg failed, the path cannot be written, or the frames differ in size. What was at the
            path before is still there; no partial file is left behind.
    """
    return _encode(frames, path, fps=fps, crf=CRF, recipe=recipe)


def fit_mp4(frames: NDArray[np.float32], path: Path, *, fps: int, recipe: Recipe, max_bytes: int) -> Mp4:
    """Encode again at falling quality until the file fits `max_bytes`; only then does it replace the path.

    Raises:
        EncodeError: it does not fit at the lowest quality either; what was at the path before is still there.
    """
    trial = path.with_name(f".{path.name}.fit")
    try:
        for crf in range(CRF + CRF_STEP, WORST_CRF + 1, CRF_STEP):
            written = _encode(frames, trial, fps=fps, crf=crf, recipe=recipe)
            if written.bytes <= max_bytes:
                _put_in_place(trial, path)
                return replace(written, path=path)
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)
    raise EncodeError(f"the clip does not fit {max_bytes} bytes; ask for fewer frames or a smaller size")


def read_mp4(path: Path) -> NDArray[np.uint8]:
    """All frames of a video file, (f, h, w, 3) uint8.

    Raises:
        EncodeError: ffmpeg cannot read it.
    """
    reader = cast("Any", imageio_ffmpeg).read_frames(str(path))
    try:
        width, height = next(reader)["size"]
        frames = [np.frombuffer(data, np.uint8).reshape(height, width, 3) for data in reader]
    except (OSError, RuntimeError, StopIteration) as error:
        raise EncodeError(f"{path} cannot be read as a video: {error}") from error
    if not frames:
        raise EncodeError(f"{path} holds no frames")
    return np.stack(frames)


def read_recipe(path: Path) -> Recipe:
    """The recipe in a clip's comment tag; it survives remuxing.

    Raises:
        NoRecipe: the file has none, or is no video.
    """
    if not path.is_file():
        raise NoRecipe(f"there is no file {path}")
    with tempfile.TemporaryDirectory() as folder:
        metadata = Path(folder) / "metadata"
        done = _ffmpeg(["-i", str(path), "-f", "ffmetadata", str(metadata)])
        if done.returncode != 0:
            raise NoRecipe(f"{path} is not a video that ffmpeg can read")
        text = metadata.read_text(encoding="utf-8", errors="replace")
    comment = re.search(r"^comment=((?:[^\\\n]|\\.|\\\n)*)$", text, re.MULTILINE)
    if comment is None:
        raise NoRecipe(f"{path} carries no recipe (some sites strip metadata from uploads)")
    return Recipe.from_json(re.sub(r"\\(.)", r"\1", comment[1], flags=re.DOTALL))


def ffmpeg_executable() -> str:
    """Return the path of the ffmpeg that runs here.

    Raises:
        EncodeError: there is none.
    """
    try:
        return cast("Any", imageio_ffmpeg).get_ffmpeg_exe()
    except RuntimeError as error:
        raise EncodeError("ffmpeg is missing: reinstall imageio-ffmpeg or set IMAGEIO_FFMPEG_EXE") from error


def _encode(frames: Iterable[NDArray[np.float32]], path: Path, *, fps: int, crf: int, recipe: Recipe | None) -> Mp4:
    partial = path.with_name(f".{path.name}.part")
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile() as errors:
        process: subprocess.Popen[bytes] | None = None
        shape: tuple[int, ...] = ()
        try:
            for frame in frames:
                pixels = (np.clip(frame, 0, 1) * 255 + 0.5).astype(np.uint8)
                if process is None:
                    shape = pixels.shape
                    process = _start(_command(shape, partial, fps=fps, crf=crf, recipe=recipe), errors)
                if pixels.shape != shape:
                    raise EncodeError(f"all frames must have one size: {shape} was followed by {pixels.shape}")
                _feed(process, pixels)
            if process is None:
                raise EncodeError("there are no frames to encode")
            _finish(process, errors)
            _put_in_place(partial, path)
        finally:
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
            if process is not None and process.stdin is not None:
                process.stdin.close()
            with suppress(OSError):  # the error that led here says more
                partial.unlink(missing_ok=True)
    return Mp4(path, path.stat().st_size, crf)


@contextmanager
def _explained(path: Path) -> Generator[None]:
    """Turn the system's refusals into `EncodeError`."""
    try:
        yield
    except OSError as error:
        raise EncodeError(f"{path} cannot be written: {error.strerror or error}") from error


def _put_in_place(partial: Path, path: Path) -> None:
    """Rename so that after a power cut the path holds either the whole file or none."""
    with _explained(path):
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
        if os.name == "posix":  # elsewhere a folder cannot be opened, and the rename is journalled anyway
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _start(command: list[str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        # Unbuffered: nothing waits in the pipe's buffer when an error ends the encoding early.
        return subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors, bufsize=0)
    except OSError as error:
        raise EncodeError(f"ffmpeg ({command[0]}) cannot be started: {error.strerror or error}") from error


def _feed(process: subprocess.Popen[bytes], pixels: NDArray[np.uint8]) -> None:
    assert process.stdin is not None
    try:
        left = memoryview(pixels.tobytes())
        while left:
            left = left[process.stdin.write(left) :]
    except BrokenPipeError:
        pass  # ffmpeg has ended early; _finish reports its words


def _finish(process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        code = process.wait(timeout=FFMPEG_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise EncodeError(f"ffmpeg did not finish within {FFMPEG_TIMEOUT_S} s") from error
    if code != 0:
        errors.seek(0)
        raise EncodeError(f"ffmpeg failed: {_last_words(errors.read())}")


def _command(shape: tuple[int, ...], path: Path, *, fps: int, crf: int, recipe: Recipe | None) -> list[str]:
    height, width, _ = shape
    colour = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
    scale = "scale=out_color_matrix=bt709:out_range=tv"
    return [
        *(ffmpeg_executable(), "-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps), "-i", "-"),
        *("-vf", f"pad=ceil(iw/2)*2:ceil(ih/2)*2,{scale},format=yuv420p,{colour}"),
        *("-c:v", "libx264", "-profile:v", "high", "-crf", str(crf), "-preset", "medium"),
        *("-movflags", "+faststart+use_metadata_tags"),
        *(("-metadata", f"comment={recipe.to_json()}") if recipe is not None else ()),
        *("-f", "mp4", str(path)),
    ]


def _ffmpeg(arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    command = [ffmpeg_executable(), "-hide_banner", "-loglevel", "error", "-y", *arguments]
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=FFMPEG_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EncodeError(f"ffmpeg cannot be used: {error}") from error


def _last_words(errors: bytes) -> str:
    return " ".join(errors.decode(errors="replace").split())[-500:] or "it said nothing"
