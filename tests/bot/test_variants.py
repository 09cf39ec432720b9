"""What is made of a recipe: the same beginning, smoother, larger, or as it was edited; and what cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from bot.orders import Refused
from bot.variants import Edits, extended, larger, motion_of, quality_of, rerolled, shorter, smoother
from generation.catalogue import MOVES, describe, motion
from generation.errors import InvalidRequest
from generation.quality import QUALITIES, quality_fields
from generation.request import VideoRequest


@pytest.fixture
def card(tiny_checkpoint):
    return describe(str(tiny_checkpoint))


def resolved(card, **fields):
    return card.resolve(VideoRequest(prompt="a fox", seed=1, **fields))


def test_an_extended_clip_begins_with_the_very_frames_of_the_first(card, tiny_checkpoint):
    from generation import load_checkpoint

    model = load_checkpoint(str(tiny_checkpoint), device="cpu")
    for fields in ({"dx": 5.0}, {"zoom": 1.05}, {"dx": 30.0}):  # the last one turns back within the longer clip
        first = resolved(card, **fields)
        longer = extended(first, max_frames=64)
        assert longer.frames == 2 * first.frames
        frames = model.render(longer).frames
        np.testing.assert_allclose(frames[: first.frames], model.render(first).frames, atol=1e-5)


def test_a_clip_is_extended_as_far_as_it_may_be(card):
    assert extended(resolved(card, frames=6), max_frames=8).frames == 8
    with pytest.raises(Refused, match="8 frames"):
        extended(resolved(card, frames=8), max_frames=8)
    with pytest.raises(Refused):
        extended(resolved(card, frames=9), max_frames=8)


def test_a_clip_is_shortened_by_half_as_long_as_it_is_one(card):
    assert shorter(resolved(card, frames=24)).frames == 12
    assert shorter(resolved(card, frames=6)).frames == 4
    with pytest.raises(Refused, match="4 frames"):
        shorter(resolved(card, frames=4))
    travelling = card.resolve(VideoRequest(prompt=" => ".join("abcdef"), frames=8))
    assert shorter(travelling).frames == 6, "one for each prompt"


@pytest.mark.parametrize(
    ("fps", "format", "rates"), [(6, "mp4", [24, 48]), (8, "mp4", [32]), (30, "mp4", [60]), (25, "gif", [50])]
)
def test_smoother_takes_the_fewest_frames_that_look_smooth_and_then_more(card, fps, format, rates):
    request = resolved(card, fps=fps, format=format)
    seen = []
    for _ in rates:
        request = smoother(request)
        seen.append(request.file_fps)
    assert seen == rates or seen[: len(rates)] == rates
    with pytest.raises(Refused):
        for _ in range(3):
            request = smoother(request)


def test_a_clip_is_enlarged_once_and_never_beyond_what_can_be(card):
    large = larger(resolved(card))
    assert large.file_size == (128, 128)
    with pytest.raises(Refused, match="128 x 128"):
        larger(large)
    with pytest.raises(Refused):
        larger(resolved(card, width=1032, height=64))


def test_rerolled_leaves_only_the_seed_open(card):
    request = resolved(card)
    assert rerolled(request).seed is None
    assert {**rerolled(request).model_dump(), "seed": 1} == request.model_dump()


def test_names_of_quality_and_motion_are_found_again(card):
    for name in MOVES:
        request = resolved(card, frames=7, **motion(name, card.defaults, 7)._asdict())
        assert motion_of(request, card.defaults) == name
    for name in QUALITIES:
        request = resolved(card, **quality_fields(name, card.defaults))
        assert quality_of(request, card.defaults, max_steps=50) == name
    odd = resolved(card, dx=1.23, steps=7)
    assert motion_of(odd, card.defaults) is None and quality_of(odd, card.defaults, max_steps=50) is None


def test_edits_change_what_was_edited_alone(card):
    request = resolved(card, dx=1.23, steps=7, frames=5)
    same = Edits("a fox", "", 1).of(request, card.defaults, max_steps=50)
    assert same.model_dump() == request.model_dump()
    other = Edits("a cat", "rain", None, "best", "zoom-in").of(request, card.defaults, max_steps=6)
    assert (other.prompt, other.negative_prompt, other.seed, other.steps) == ("a cat", "rain", None, 6)
    assert other.zoom is not None and other.zoom > 1 and other.dx == 0
    with pytest.raises(InvalidRequest):
        Edits(" ", "", 1).of(request, card.defaults, max_steps=50)
