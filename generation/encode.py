"""Frames to a file and back to the recipe: a video that plays everywhere, with everything needed to make it again.

ffmpeg runs as a subprocess (the binary of imageio-ffmpeg, or the one named by IMAGEIO_FFMPEG_EXE).
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from .comment import is_animation, read_comment, write_comment
from .durable import put_in_place
from .errors import EncodeError, NoRecipe
from .finish import QUALITIES, Finish
from .recipe import Recipe

FFMPEG_TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Written:
    """Facts of a written file. `quality` is one of the format's `QUALITIES`, the first of which is the best."""

    path: Path
    bytes: int
    quality: int


def write_clip(
    frames: Iterable[NDArray[np.float32]], path: Path, finish: Finish, *, recipe: Recipe | None = None
) -> Written:
    """Encode frames as they come, the recipe in the comment.

    Args:
        frames: (h, w, 3) float32 in [0, 1], all of one size.
        path: where the file goes; it appears only when it is complete.
        finish: the format of the file, its rate, and what ffmpeg makes of the frames before.

    Raises:
        EncodeError: ffmpeg failed, the path cannot be written, or the frames differ in size. What was at the
            path before is still there; no partial file is left behind.
    """
    return _encode(frames, path, finish, QUALITIES[finish.format][0], recipe)


def fit_clip(path: Path, *, max_bytes: int) -> Written:
    """Encode a written clip again at falling quality until it fits `max_bytes`; only then is it replaced.

    Raises:
        NoRecipe: the file is none of ours.
        EncodeError: it does not fit at the lowest quality either; the clip is still there.
    """
    recipe = read_recipe(path)
    frames = read_clip(path) * np.float32(1 / 255)
    finish = Finish(recipe.request.file_fps, recipe.request.format)
    trial = path.with_name(f".{path.name}.fit")
    try:
        for quality in QUALITIES[finish.format][1:]:
            written = _encode(frames, trial, finish, quality, recipe)
            if written.bytes <= max_bytes:
                with _explained(path):
                    put_in_place(trial, path)
                return replace(written, path=path)
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)
    raise EncodeError(
        f"the clip does not fit {max_bytes} bytes; ask for fewer frames or a smaller size", code="clip-does-not-fit"
    )


def read_clip(path: Path) -> NDArray[np.uint8]:
    """All frames of a video file, (f, h, w, 3) uint8.

    Raises:
        EncodeError: it cannot be read.
    """
    frames = _read_pictures(path) if is_animation(path) else _read_video(path)
    if not frames:
        raise EncodeError(f"{path} holds no frames")
    return np.stack(frames)


def _read_video(path: Path) -> list[NDArray[np.uint8]]:
    reader = cast("Any", imageio_ffmpeg).read_frames(str(path))
    try:
        width, height = next(reader)["size"]
        return [np.frombuffer(data, np.uint8).reshape(height, width, 3) for data in reader]
    except (OSError, RuntimeError, StopIteration) as error:
        raise EncodeError(f"{path} cannot be read as a video: {error}") from error


def _read_pictures(path: Path) -> list[NDArray[np.uint8]]:
    """Frames of a GIF or WebP, each once: ffmpeg would repeat those that are shown longer."""
    try:
        with Image.open(path) as animation:
            return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(animation)]
    except (OSError, ValueError, SyntaxError) as error:
        raise EncodeError(f"{path} cannot be read as an animation: {error}") from error


def read_recipe(path: Path) -> Recipe:
    """The recipe in a clip's comment tag; it survives remuxing.

    Raises:
        NoRecipe: the file has none, or is no video.
    """
    if not path.is_file():
        raise NoRecipe(f"there is no file {path}")
    text = read_comment(path) if is_animation(path) else _read_tag(path)
    if text is None:
        raise NoRecipe(f"{path} carries no recipe (some sites strip metadata from uploads)")
    return Recipe.from_json(text)


def _read_tag(path: Path) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        metadata = Path(folder) / "metadata"
        done = _ffmpeg(["-i", str(path), "-f", "ffmetadata", str(metadata)])
        if done.returncode != 0:
            raise NoRecipe(f"{path} is not a video that ffmpeg can read")
        text = metadata.read_text(encoding="utf-8", errors="replace")
    comment = re.search(r"^comment=((?:[^\\\n]|\\.|\\\n)*)$", text, re.MULTILINE)
    return None if comment is None else re.sub(r"\\(.)", r"\1", comment[1], flags=re.DOTALL)


def ffmpeg_executable() -> str:
    """Return the path of the ffmpeg that runs here.

    Raises:
        EncodeError: there is none.
    """
    try:
        return cast("Any", imageio_ffmpeg).get_ffmpeg_exe()
    except RuntimeError as error:
        raise EncodeError("ffmpeg is missing: reinstall imageio-ffmpeg or set IMAGEIO_FFMPEG_EXE") from error


def _encode(
    frames: Iterable[NDArray[np.float32]], path: Path, finish: Finish, quality: int, recipe: Recipe | None
) -> Written:
    comment = None if recipe is None else recipe.to_json()
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
                    command = [ffmpeg_executable(), *finish.arguments(shape[1], shape[0], quality, comment)]
                    process = _start([*command, str(partial)], errors)
                if pixels.shape != shape:
                    raise EncodeError(f"all frames must have one size: {shape} was followed by {pixels.shape}")
                _feed(process, pixels)
            if process is None:
                raise EncodeError("there are no frames to encode")
            _finish(process, errors)
            if comment is not None and finish.format != "mp4":
                write_comment(partial, comment)
            with _explained(path):
                put_in_place(partial, path)
        finally:
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
            if process is not None and process.stdin is not None:
                process.stdin.close()
            with suppress(OSError):  # the error that led here says more
                partial.unlink(missing_ok=True)
    return Written(path, path.stat().st_size, quality)


@contextmanager
def _explained(path: Path) -> Generator[None]:
    """Turn the system's refusals into `EncodeError`."""
    try:
        yield
    except OSError as error:
        raise EncodeError(f"{path} cannot be written: {error.strerror or error}") from error


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


def _ffmpeg(arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    command = [ffmpeg_executable(), "-hide_banner", "-loglevel", "error", "-y", *arguments]
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=FFMPEG_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EncodeError(f"ffmpeg cannot be used: {error}") from error


def _last_words(errors: bytes) -> str:
    return " ".join(errors.decode(errors="replace").split())[-500:] or "it said nothing"
