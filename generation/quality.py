"""Named qualities: with which sampler and how many steps a clip is drawn, how far it is guided, and what steps share.

The paper's 50 DDIM steps are far more than a multistep sampler needs (Lu et al. 2022, arXiv 2211.01095), and guidance
matters least at low noise levels (Kynkäänniemi et al. 2024, arXiv 2404.07724); deep features change little from step
to step (Ma et al. 2024, arXiv 2312.00858). What each setting costs in quality is
measured by `tests.bench.presets` and stands in docs/performance.md.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final, NamedTuple

from .errors import InvalidRequest
from .request import MAX_LEVEL, MAX_STEPS, Defaults

FAST: Final = "dpmpp-2m"
"""The sampler of the quicker qualities where a checkpoint proposes DDIM."""

PAPER_STEPS: Final = 50


class Quality(NamedTuple):
    """How a quality is drawn.

    Attributes:
        fast: steps of the fast sampler for every DDIM step that the checkpoint proposes, and at least so many, but
            never more than `own` says; None keeps to the checkpoint's sampler.
        own: steps for every one that a checkpoint with a sampler of its own choice proposes.
        guidance_stop: noise level below which guidance is off, whatever the checkpoint proposes.
        feature_bands: of noise levels within which deep features serve where the fast sampler draws; None where every
            step is whole. Few steps of a distilled checkpoint lie too far apart for it.
    """

    fast: tuple[float, int] | None
    own: float
    guidance_stop: int
    feature_bands: int | None = None


QUALITIES: Final = MappingProxyType(
    {
        "draft": Quality((0.24, 12), 0.6, 540, feature_bands=3),
        "balanced": Quality((0.24, 12), 1.0, 60, feature_bands=4),
        "best": Quality(None, 2.0, 0),
    }
)


def quality_fields(name: str, defaults: Defaults, *, steps: int | None = None) -> dict[str, Any]:
    """The fields of a request of this quality.

    Args:
        steps: a number that was asked for besides.

    Raises:
        InvalidRequest: there is no such quality, or a number of steps was asked for as well.
    """
    if name not in QUALITIES:
        raise InvalidRequest(f"quality: {name!r} is none; choose one of {', '.join(QUALITIES)}")
    if steps is not None:
        raise InvalidRequest("give a quality or a number of steps, not both")
    quality = QUALITIES[name]
    fields: dict[str, Any] = {
        "guidance_stop": quality.guidance_stop,
        "feature_reuse": defaults.feature_reuse,
        "feature_bands": defaults.feature_bands,
    }
    if defaults.sampler != "ddim":
        return fields | {"steps": _whole(quality.own * defaults.steps)}
    if quality.fast is not None:
        share, least = quality.fast
        most = _whole(quality.own * defaults.steps)
        fields["sampler"] = FAST
        if quality.feature_bands is not None:
            fields |= {"feature_reuse": MAX_LEVEL, "feature_bands": quality.feature_bands}
        return fields | {"steps": min(most, max(least, _whole(share * defaults.steps)))}
    return fields | {"steps": max(PAPER_STEPS, defaults.steps)}


def _whole(steps: float) -> int:
    return min(MAX_STEPS, max(1, round(steps)))
