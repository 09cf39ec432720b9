"""Named qualities: what they ask for, of a checkpoint that proposes DDIM and of one with a sampler of its own."""

from __future__ import annotations

import pytest

from generation.errors import InvalidRequest
from generation.quality import QUALITIES, quality_fields
from generation.request import MAX_LEVEL, MAX_STEPS, Defaults, VideoRequest


def steps(defaults: Defaults) -> dict[str, int]:
    return {name: quality_fields(name, defaults)["steps"] for name in QUALITIES}


def test_the_papers_fifty_steps_become_few_of_a_multistep_sampler():
    asked = {name: quality_fields(name, Defaults()) for name in QUALITIES}
    assert {name: fields.get("sampler") for name, fields in asked.items()} == {
        "draft": "dpmpp-2m",
        "balanced": "dpmpp-2m",
        "best": None,
    }
    assert steps(Defaults()) == {"draft": 12, "balanced": 12, "best": 50}
    assert steps(Defaults(steps=20)) == {"draft": 12, "balanced": 12, "best": 50}
    assert steps(Defaults(steps=4)) == {"draft": 2, "balanced": 4, "best": 50}
    assert steps(Defaults(steps=150)) == {"draft": 36, "balanced": 36, "best": 150}


def test_a_checkpoint_with_a_sampler_of_its_own_keeps_it():
    own = Defaults(sampler="lcm", steps=4)
    assert steps(own) == {"draft": 2, "balanced": 4, "best": 8}
    assert all("sampler" not in quality_fields(name, own) for name in QUALITIES)
    assert steps(Defaults(sampler="unipc", steps=1))["draft"] == 1
    assert steps(Defaults(sampler="unipc", steps=MAX_STEPS))["best"] == MAX_STEPS


def test_guidance_ends_earlier_the_quicker_it_is_whatever_the_checkpoint_proposes():
    for defaults in (Defaults(), Defaults(guidance_stop=400)):
        stops = [quality_fields(name, defaults)["guidance_stop"] for name in ("best", "balanced", "draft")]
        assert stops == sorted(stops) and stops[0] == 0


def test_fewer_steps_are_whole_the_quicker_it_is_and_all_of_a_distilled_checkpoint():
    best, balanced, draft = (quality_fields(name, Defaults()) for name in ("best", "balanced", "draft"))
    assert best["feature_reuse"] == 0 and balanced["feature_reuse"] == draft["feature_reuse"] == MAX_LEVEL
    assert balanced["feature_bands"] > draft["feature_bands"] > 1
    distilled = Defaults(sampler="lcm", steps=4)
    assert {quality_fields(name, distilled)["feature_reuse"] for name in QUALITIES} == {0}


def test_what_a_checkpoint_proposes_for_features_stays_where_a_quality_says_nothing():
    proposed = Defaults(feature_reuse=400, feature_bands=5)
    for defaults in (proposed, proposed.model_copy(update={"sampler": "lcm", "steps": 4})):
        fields = quality_fields("best", defaults)
        assert (fields["feature_reuse"], fields["feature_bands"]) == (400, 5)


def test_every_quality_is_a_request_that_can_be_rendered():
    for name in QUALITIES:
        request = VideoRequest(prompt="a fox", **quality_fields(name, Defaults())).resolve(Defaults())
        assert request.steps == quality_fields(name, Defaults())["steps"]


def test_an_unknown_quality_and_a_number_of_steps_besides_are_refused():
    with pytest.raises(InvalidRequest, match=r"quality: 'awful'.*draft"):
        quality_fields("awful", Defaults())
    with pytest.raises(InvalidRequest, match="not both"):
        quality_fields("draft", Defaults(), steps=3)
