"""Choices: what is left open is filled by others, and each becomes fields of a request at a checkpoint."""

from __future__ import annotations

import math

import pytest

from bot.choices import Choices, lengths
from generation.catalogue import CheckpointCard, describe
from generation.errors import InvalidRequest
from generation.quality import quality_fields
from generation.request import Defaults, VideoRequest

CARD = CheckpointCard("x", None, "print", Defaults(fps=8, steps=30, dx=6.0, dy=0.0), cell=8)
ALL = Choices(
    negative="fog", length=2.0, motion="left", style="oil", quality="draft", shape="portrait", loop=True, private=False
)


def test_json_keeps_every_choice_and_nothing_that_is_open():
    assert Choices.from_json(ALL.to_json()) == ALL
    assert Choices().to_json() == "{}"
    assert Choices.from_json("{}") == Choices()


def test_what_a_later_release_cannot_choose_any_more_is_left_open():
    stored = '{"motion": "sideways", "quality": "draft", "sound": "loud", "length": "long"}'
    assert Choices.from_json(stored) == Choices(quality="draft")
    with pytest.raises(InvalidRequest):
        Choices.from_json("[")


def test_own_choices_win_and_open_ones_are_filled():
    mine = Choices(motion="up", loop=False)
    assert mine.or_else(ALL) == ALL.model_copy(update={"motion": "up", "loop": False})
    assert Choices().or_else(ALL) == ALL and ALL.or_else(Choices(motion="up")) == ALL


@pytest.mark.parametrize(
    "chosen", [{"motion": "sideways"}, {"quality": "superb"}, {"shape": "round"}, {"length": math.nan}, {"loop": 1}]
)
def test_what_cannot_be_chosen_is_named(chosen):
    with pytest.raises(InvalidRequest, match=next(iter(chosen))):
        Choices.parse(**chosen)


def test_choices_become_a_request_that_the_checkpoint_can_draw():
    request = CARD.resolve(VideoRequest(prompt="a fox", **ALL.fields(CARD)))
    assert (request.negative_prompt, request.style) == ("fog", "oil")
    assert (request.frames, request.steps) == (16, quality_fields("draft", CARD.defaults)["steps"])
    assert (request.dx, request.dy) == (-6.0, 0.0)
    assert (request.width, request.height) == (448, 640)
    assert request.trajectory == "loop"
    balanced = quality_fields("balanced", CARD.defaults)
    assert Choices().fields(CARD) == balanced == Choices(loop=False).fields(CARD)


def test_the_best_quality_takes_as_many_steps_as_are_allowed():
    assert Choices(quality="best").fields(CARD)["steps"] == quality_fields("best", CARD.defaults)["steps"]
    assert Choices(quality="best").fields(CARD, max_steps=40)["steps"] == 40


def test_a_length_is_offered_where_its_frames_are_allowed():
    offered = [(length.seconds, length.frames) for length in lengths(8, 32)]
    assert offered == [(0.5, 4), (1, 8), (1.5, 12), (2, 16), (3, 24), (4, 32)]
    assert [length.frames for length in lengths(24, 64)] == [12, 24, 36, 48]
    assert lengths(8, 2) == ()


def test_the_starter_draws_squares_alone_and_settled_choices_give_way_to_that():
    starter = describe("starter")
    assert starter.size("square") == (256, 256)
    with pytest.raises(InvalidRequest, match="square"):
        Choices(shape="landscape").fields(starter)
    wish = Choices(shape="landscape", length=10.0, loop=True)
    assert wish.possible(starter, max_frames=32) == Choices(loop=True)
    assert wish.possible(CARD, max_frames=64) == Choices(shape="landscape", loop=True)


@pytest.mark.parametrize(
    ("own", "grain", "portrait"),
    [
        ((512, 512), 64, (448, 640)),
        ((1024, 1024), 32, (832, 1248)),
        ((64, 64), 16, (48, 80)),
        ((320, 512), 64, (320, 512)),
    ],
)
def test_a_shape_has_about_the_checkpoints_own_area_in_whole_cells(own, grain, portrait):
    card = CheckpointCard("x", None, "print", Defaults(width=own[0], height=own[1]), grain=grain)
    assert card.size("portrait") == portrait


def test_the_grain_of_a_folder_is_that_of_its_deepest_resolution(tiny_checkpoint):
    assert describe(str(tiny_checkpoint)).grain == 16
    assert describe("some/hub-id").grain == 64
