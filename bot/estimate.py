"""How long a render will take, learnt from those that were measured."""

from __future__ import annotations

from generation.request import ResolvedRequest

NEWEST_WEIGHT = 0.2
"""Weight of the newest measurement in the moving average."""

UNKNOWN_RENDER_S = 15.0
"""Assumed cost of a job before anything was measured."""


class Estimator:
    """Seconds per unit of work on this machine with this checkpoint."""

    def __init__(self) -> None:
        self._rate: float | None = None

    def learn(self, request: ResolvedRequest, seconds: float) -> None:
        """Take one measured render into account."""
        rate = seconds / _work(request)
        self._rate = rate if self._rate is None else self._rate + NEWEST_WEIGHT * (rate - self._rate)

    def seconds(self, request: ResolvedRequest) -> float:
        """Estimated time of one render."""
        return UNKNOWN_RENDER_S if self._rate is None else self._rate * _work(request)


def _work(request: ResolvedRequest) -> float:
    """UNet samples times pixels: what the time of a render is proportional to."""
    guidance_groups = 2 if request.guidance_scale > 1 else 1
    return request.steps * (request.frames + 1) * guidance_groups * request.width * request.height
