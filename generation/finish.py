"""What becomes of finished frames: the file's format and rate, motion-interpolated frames, a larger picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from .request import UPSCALE_FACTOR, Format, ResolvedRequest

QUALITIES = MappingProxyType({"mp4": (18, 23, 28, 33, 38), "webp": (90, 75, 60, 45, 30), "gif": (256, 128, 64, 32, 16)})
"""What is tried, best first, to fit a limit: x264's constant rate factor, libwebp's quality, colours of a palette."""

_BT709 = (
    "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,"
    "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
)


_ALONG_THE_MOTION = "mi_mode=mci:mc_mode=aobmc:me_mode=bidir:vsbmc=1:scd=none"


@dataclass(frozen=True, slots=True)
class Finish:
    """How frames become a file.

    Attributes:
        fps: of the frames that come in, per second.
        format: "mp4" is H.264 High, yuv420p, bt709, faststart, odd sizes padded by a pixel; "gif" has one palette for
            all frames; "gif" and "webp" repeat for ever.
        interpolation: how many frames of the file each one becomes; those between are drawn along the motion.
        frames: of the file, where it is known: interpolation would show the last one once more.
        enlarge: Lanczos to twice the size.
    """

    fps: int
    format: Format = "mp4"
    interpolation: int = 1
    frames: int | None = None
    enlarge: bool = False

    @classmethod
    def of(cls, r: ResolvedRequest) -> Self:
        """What a request asks for."""
        return cls(r.fps, r.format, r.interpolation, r.file_frames, r.upscale == "lanczos")

    def arguments(self, width: int, height: int, quality: int, comment: str | None) -> list[str]:
        """ffmpeg's arguments but the output file: raw RGB frames of this size come in on standard input."""
        return [
            *("-hide_banner", "-loglevel", "error", "-y"),
            *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(self.fps), "-i", "-"),
            *("-vf", ",".join(self._filters(quality))),
            *(() if self.frames is None else ("-frames:v", str(self.frames))),
            *self._encoder(quality, comment),
        ]

    def _filters(self, quality: int) -> Iterator[str]:
        if self.interpolation > 1:
            yield "tpad=stop_mode=clone:stop=2"  # minterpolate looks two frames ahead; the last one is held
            yield f"minterpolate=fps={self.fps * self.interpolation}:{_ALONG_THE_MOTION}"
        if self.enlarge:
            yield f"scale=iw*{UPSCALE_FACTOR}:ih*{UPSCALE_FACTOR}:flags=lanczos"
        if self.format == "mp4":
            yield f"pad=ceil(iw/2)*2:ceil(ih/2)*2,{_BT709}"
        if self.format == "webp":
            yield "format=yuv420p"
        if self.format == "gif":
            yield f"format=rgb24,split[a][b];[a]palettegen=max_colors={quality}[p];[b][p]paletteuse"

    def _encoder(self, quality: int, comment: str | None) -> tuple[str, ...]:
        match self.format:
            case "mp4":
                tag = () if comment is None else ("-metadata", f"comment={comment}")
                codec = ("-c:v", "libx264", "-profile:v", "high", "-crf", str(quality), "-preset", "medium")
                return (*codec, "-movflags", "+faststart+use_metadata_tags", *tag, "-f", "mp4")
            case "gif":
                return ("-loop", "0", "-f", "gif")
            case "webp":
                return ("-c:v", "libwebp_anim", "-quality", str(quality), "-loop", "0", "-f", "webp")
