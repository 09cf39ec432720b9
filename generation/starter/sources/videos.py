"""One folder of videos per class, as UCF101 and Kinetics have them, and how much real footage changes per frame.

ffmpeg runs as a subprocess on local files alone: a playlist in disguise cannot reach the network.
"""

import math
import os
import re
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...encode import ffmpeg_executable
from ...errors import EncodeError
from .classes import class_folders
from .example import BadSource, Example, list_files, log, skip

VIDEO_SUFFIXES: Final = frozenset(
    {".avi", ".mp4", ".m4v", ".mkv", ".webm", ".mov", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv", ".3gp"}
)
IDENTICAL_DB: Final = 100.0
"""What two equal frames count as, in dB: their PSNR is infinite and would drown every other."""

_TIMEOUT_S = 60  # for one call of ffmpeg, of which each reads one file
_MOST_PIXELS = 89_478_485  # of a frame: the bound that Pillow has for pictures
_UNKNOWN = -(2**63)  # ffmpeg's mark for a time that the file does not hold
_WORKERS = min(8, os.cpu_count() or 1)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Consistency:
    """How alike neighbouring frames are, over many videos."""

    mean_db: float
    videos: int


def read_video_folders(folder: Path, frames: int = 4) -> list[Example]:
    """Return `frames` evenly spread frames (fewer from a shorter video) of every video in the class folders.

    The caption is the class's name in words: "apply eye makeup" for ApplyEyeMakeup, "playing guitar" as it is. Class
    folders are found as for pictures. Unreadable videos are named in the log and skipped: a tenth of all, one always.

    Raises:
        BadSource: there are no class folders or no videos, or more videos than that cannot be read.
    """
    videos: list[tuple[Path, str]] = []
    for place, name in class_folders(folder):
        found = list_files(place, VIDEO_SUFFIXES)
        if not found:
            log.warning("%s holds no videos; the class is left out", place)
        videos += [(path, name) for path in found]
    if not videos:
        raise BadSource(f"the class folders in {folder} hold no videos ({', '.join(sorted(VIDEO_SUFFIXES))})")
    names = dict(videos)
    spread = _each(names, lambda path: _spread(path, frames))
    return [Example(path, (names[path],), second) for path, seconds in spread for second in seconds]


def read_frame(path: Path, second: float) -> bytes:
    """Return the frame at `second` as a PNG file with square pixels, turned upright.

    Raises:
        BadSource: ffmpeg cannot read it.
    """
    output = ("-map", "0:v:0", "-frames:v", "1", "-vf", "scale=iw*sar:ih,setsar=1", "-c:v", "png", "-f", "image2pipe")
    # Past the start of the last frame an exact seek finds nothing; the inexact one lands on a frame before it.
    for seek in ((), ("-noaccurate_seek",)):
        if picture := _ffmpeg(path, (*seek, "-ss", f"{second:.6f}"), output):
            return picture
    raise BadSource(f"{path} has no frame at {second:.2f} s. Repair or remove it")


def temporal_consistency(path: Path, *, size: int = 256, fps: float | None = None, frames: int = 64) -> float:
    """Return the mean PSNR between neighbouring frames in dB, so that a render can be compared with real footage.

    The higher, the less changes per frame; equal frames count as `IDENTICAL_DB`. Figures compare only at one `size`
    and `fps`: a faster video moves less from frame to frame.

    Args:
        path: the video.
        size: side of the centre crop in pixels, as in training.
        fps: frames per second to take; None takes the video's own frames.
        frames: at most so many are read, from the start.

    Raises:
        BadSource: ffmpeg cannot read it, or it has fewer than two frames.
    """
    pixels = _first_frames(path, size, fps, frames)
    if len(pixels) < 2:
        raise BadSource(f"{path} has {len(pixels)} frame at this rate; two are needed to compare neighbours")
    return math.fsum(_psnr(before, after) for before, after in pairwise(pixels)) / (len(pixels) - 1)


def folder_consistency(folder: Path, *, size: int = 256, fps: float | None = None, frames: int = 64) -> Consistency:
    """Return the mean `temporal_consistency` of all videos in a class folder, and how many they are.

    Unreadable videos are skipped as in `read_video_folders`, and so are those of a single frame.

    Raises:
        BadSource: there are no videos, or more than a tenth (one always may) cannot be read.
    """
    videos = list_files(folder, VIDEO_SUFFIXES)
    if not videos:
        raise BadSource(f"{folder} holds no videos ({', '.join(sorted(VIDEO_SUFFIXES))})")
    found = [db for _, db in _each(videos, lambda path: temporal_consistency(path, size=size, fps=fps, frames=frames))]
    return Consistency(math.fsum(found) / len(found), len(found))


def _psnr(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    error = float(np.mean((after.astype(np.float32) - before) ** 2))
    return min(IDENTICAL_DB, 10 * math.log10(255**2 / error)) if error else IDENTICAL_DB


def _each(videos: Iterable[Path], read: Callable[[Path], _T]) -> list[tuple[Path, _T]]:
    """Read all videos side by side and skip the unreadable ones as `skip` allows."""

    def attempt(path: Path) -> tuple[Path, _T] | BadSource:
        try:
            return path, read(path)
        except BadSource as error:
            return error

    with ThreadPoolExecutor(_WORKERS) as pool:
        results = list(pool.map(attempt, videos))
    skip([error for error in results if isinstance(error, BadSource)], len(results), "videos")
    return [result for result in results if not isinstance(result, BadSource)]


def _spread(path: Path, count: int) -> list[float]:
    """Return where the middle frames of `count` equal stretches are, in seconds."""
    times = _frame_times(path)
    chosen = sorted({(2 * i + 1) * len(times) // (2 * count) for i in range(count)})
    # Half a frame early: a seek takes the first frame from there on, and rounding must not skip the one that is meant.
    return [(times[index - 1] + times[index]) / 2 if index else 0.0 for index in chosen]


def _frame_times(path: Path) -> list[float]:
    """Return when each frame is shown, in seconds from the start; packets are listed without decoding them."""
    listed = _ffmpeg(path, (), ("-map", "0:v:0", "-c", "copy", "-f", "framecrc")).decode()
    if (base := re.search(r"^#tb 0: (\d+)/(\d+)$", listed, re.MULTILINE)) is None:
        raise BadSource(f"{path} has no frames. Repair or remove it")
    tick = int(base[1]) / int(base[2])
    # Lines hold the stream, when to decode and when to show. What an edit list cuts away has negative times.
    packets = re.findall(r"^0, *(-?\d+), *(-?\d+),", listed, re.MULTILINE)
    decoded, shown = ([int(packet[i]) for packet in packets] for i in (0, 1))
    # An AVI does not say when reordered frames are shown; when they are decoded is a frame or two off.
    ticks = decoded if _UNKNOWN in shown else shown
    times = sorted(moment * tick for moment in ticks if moment >= 0)
    if not times:
        raise BadSource(f"{path} has no frames. Repair or remove it")
    return times


def _first_frames(path: Path, size: int, fps: float | None, frames: int) -> NDArray[np.uint8]:
    """Return (f, size, size, 3)."""
    rate = f"fps={fps}," if fps else ""
    fit = f"{rate}scale=iw*sar:ih,setsar=1,scale={size}:{size}:force_original_aspect_ratio=increase,crop={size}:{size}"
    output = ("-map", "0:v:0", "-frames:v", str(frames), "-vf", fit, "-fps_mode", "passthrough")
    raw = _ffmpeg(path, (), (*output, "-pix_fmt", "rgb24", "-f", "rawvideo"))
    return np.frombuffer(raw, np.uint8).reshape(-1, size, size, 3)


def _ffmpeg(path: Path, before: tuple[str, ...], after: tuple[str, ...]) -> bytes:
    """Return what ffmpeg writes to its standard output for one input file."""
    if not path.is_file():
        raise BadSource(f"there is no video {path}. Check the path")
    try:
        command = [
            *(ffmpeg_executable(), "-hide_banner", "-loglevel", "error", "-nostdin"),
            *("-threads", "1", "-max_pixels", str(_MOST_PIXELS), "-protocol_whitelist", "file,pipe"),
            *(*before, "-i", f"file:{path}", *after, "pipe:1"),
        ]
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise BadSource(f"ffmpeg did not finish {path} within {_TIMEOUT_S} s. Shorten or remove it") from error
    except (OSError, EncodeError) as error:
        raise BadSource(f"{path} cannot be read because ffmpeg does not start: {error}") from error
    if done.returncode != 0:
        raise BadSource(f"{path} cannot be read as a video ({_reason(done.stderr)}). Repair or remove it")
    return done.stdout


def _reason(errors: bytes) -> str:
    lines = errors.decode(errors="replace").splitlines()
    return lines[0].rpartition("] ")[2] if lines else "ffmpeg gave no reason"
