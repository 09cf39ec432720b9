"""How long a render will take, learnt from those that were measured, and how far off that may be.

For each size of picture T = t_fixed + work * t_work, where the work of a clip is its UNet samples: the paper's
steps times frames, twice where guidance asks twice. Decoding and encoding grow with the frames and so with the
work; what does not (the prompt's encoding, ffmpeg's start) is t_fixed. Both are fitted by least squares in which
older measurements count less and less. Each checkpoint and each
device has its own. A style (a LoRA, another checkpoint) that is not in memory takes its time to load besides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from generation.request import UPSCALE_FACTOR, ResolvedRequest

NEWEST_WEIGHT = 0.1
"""Weight of the newest measurement; older ones share the rest."""

UNKNOWN_RENDER_S = 15.0
"""Assumed time of a render before anything was measured, in seconds."""

UNKNOWN_SPREAD = 0.3
"""Assumed standard deviation of log(actual / estimate) before anything was measured."""

UNKNOWN_LOAD_S = 10.0
"""Assumed time in which a checkpoint loads before any has been loaded, in seconds."""

NEWEST_LOAD_WEIGHT = 0.5
"""Weight of the newest load: the first one reads the disk, later ones mostly find the file in memory."""

SECOND_PASS_STEPS = 0.3
"""Share of the steps that a second pass takes: it begins at three tenths of diffusion time."""

REUSING_STEP = 0.25
"""What a step that reuses features takes of a whole one."""

FIXED_SHARE = 1e-3
"""Ridge on t_fixed, relative to one measurement: where all clips are alike, all of their time is work."""


@dataclass(slots=True)
class _Line:
    """y = fixed + slope * x, fitted to relative errors: a clip twice as long may be twice as far off."""

    weight: float = 0.0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    xy: float = 0.0

    def learn(self, x: float, y: float) -> None:
        expected = self.at(x) if self.weight else y
        keep, relative = 1 - NEWEST_WEIGHT, 1 / (expected * expected)
        self.weight = keep * self.weight + relative
        self.x = keep * self.x + relative * x
        self.y = keep * self.y + relative * y
        self.xx = keep * self.xx + relative * x * x
        self.xy = keep * self.xy + relative * x * y

    def at(self, x: float) -> float:
        weight = self.weight * (1 + FIXED_SHARE)
        fixed = (self.y * self.xx - self.x * self.xy) / (weight * self.xx - self.x * self.x)
        slope = (self.xy - fixed * self.x) / self.xx
        if fixed < 0 or slope < 0:  # noise: more work takes more time, and no work takes none
            fixed, slope = 0.0, self.xy / self.xx
        return fixed + slope * x


class Estimator:
    """Seconds per clip on the device that rendered last."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, int, int, str], _Line] = {}
        self._any_size: dict[str, _Line] = {}
        self._device = ""
        self._variance = UNKNOWN_SPREAD**2
        self._learnt = 0
        self._loads: dict[str, float] = {}

    @property
    def spread(self) -> float:
        """Standard deviation of log(actual / estimate) of the clips of late."""
        return math.sqrt(self._variance)

    def learn(self, request: ResolvedRequest, seconds: float, device: str = "") -> None:
        """Take one measured render of `seconds` into account."""
        seconds, self._device = max(seconds, 1e-3), device
        if device in self._any_size:
            # The first errors count more: the assumed spread should not outlive a handful of measurements.
            newest = max(NEWEST_WEIGHT / 2, 1 / (self._learnt + 1))
            surprise = math.log(seconds / self.seconds(request))
            self._variance += newest * (surprise * surprise - self._variance)
        self._learnt += 1
        self._lines.setdefault((device, *_kind(request)), _Line()).learn(_work(request), seconds)
        self._any_size.setdefault(device, _Line()).learn(_work(request) * request.width * request.height, seconds)

    def seconds(self, request: ResolvedRequest) -> float:
        """Estimated time of one render, in seconds."""
        if not self._learnt:
            return UNKNOWN_RENDER_S
        line = self._lines.get((self._device, *_kind(request)))
        if line is None:  # as if the time were proportional to the pixels
            return self._any_size[self._device].at(_work(request) * request.width * request.height)
        return line.at(_work(request))

    def learn_load(self, style: str, seconds: float) -> None:
        """Take one measured load of a style, "" for the plain checkpoint, into account."""
        known_s = self._loads.get(style, seconds)
        self._loads[style] = known_s + NEWEST_LOAD_WEIGHT * (seconds - known_s)

    def load_s(self, style: str) -> float:
        """Estimated time in which a style loads, in seconds; the plain checkpoint's for one that never was."""
        return self._loads.get(style, self._loads.get("", UNKNOWN_LOAD_S))


def _kind(request: ResolvedRequest) -> tuple[int, int, str]:
    return request.width, request.height, request.checkpoint


def _work(request: ResolvedRequest) -> float:
    """UNet samples: with guidance each step asks the UNet twice. Those of a second pass are four times as large."""
    guidance_groups = 2 - request.guidance_stop / 1000 if request.guidance_scale > 1 else 1
    reusing = request.feature_reuse * request.steps // 1000  # steps after each whole one
    whole = max(1 / (1 + reusing), min(1, request.feature_bands / request.steps))
    samples = request.steps * (request.frames + 1)
    if request.upscale == "second-pass":
        samples += SECOND_PASS_STEPS * request.steps * request.frames * UPSCALE_FACTOR**2
    return samples * guidance_groups * (whole + REUSING_STEP * (1 - whole))
