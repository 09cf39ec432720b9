"""`VideoRequest`: what is refused, what is filled in, and that it survives JSON."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from generation import Defaults, InvalidRequest, ResolvedRequest, VideoRequest
from generation.catalogue import motion
from generation.request import MAX_FRAMES, MAX_PROMPT_CHARACTERS, MAX_SEED, MAX_SIDE_PX, MAX_STEPS, Sampler

LEVELS = st.tuples(st.integers(0, 999), st.integers(0, 999)).filter(lambda levels: levels[0] < levels[1])


def maybe(strategy):
    return st.none() | strategy


@st.composite
def requests(draw):
    t0, t1 = draw(maybe(LEVELS)) or (None, None)
    spans, bands = st.integers(1, 999), st.integers(1, 100)
    reuse, bands = draw(st.tuples(maybe(spans | st.just(0)), st.none()) | st.tuples(spans, bands))
    text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
    side = st.integers(1, MAX_SIDE_PX // 8).map(lambda cells: cells * 8)
    motion = st.floats(-256, 256)
    return {
        "prompt": draw(text.map(lambda words: f"a fox {words}")),
        "negative_prompt": draw(maybe(text)),
        "frames": draw(maybe(st.integers(1, MAX_FRAMES))),
        "steps": draw(maybe(st.integers(1, MAX_STEPS))),
        "sampler": draw(maybe(st.sampled_from(get_args(Sampler)))),
        "guidance_scale": draw(maybe(st.floats(0, 50))),
        "guidance_stop": draw(maybe(st.integers(0, 999))),
        "feature_reuse": reuse,
        "feature_bands": bands,
        "seed": draw(maybe(st.integers(0, MAX_SEED))),
        "width": draw(maybe(side)),
        "height": draw(maybe(side)),
        "fps": draw(maybe(st.integers(1, 60))),
        "dx": draw(maybe(motion)),
        "dy": draw(maybe(motion)),
        "zoom": draw(maybe(st.floats(0.8, 1.25))),
        "rotation": draw(maybe(st.floats(-45, 45))),
        "easing": draw(maybe(st.sampled_from(["linear", "ease-in-out"]))),
        "trajectory": draw(maybe(st.sampled_from(["straight", "bounded", "loop"]))),
        "warp": draw(maybe(st.just("even"))),
        "frame_noise": draw(maybe(st.sampled_from(["shared", "independent"]))),
        "t0": t0,
        "t1": t1,
        "checkpoint": draw(maybe(st.sampled_from(["starter", "org/name", "/srv/model"]))),
    }


@given(requests())
def test_json_round_trip_gives_an_equal_request(fields):
    request = VideoRequest.parse(fields)

    again = VideoRequest.from_json(request.to_json())

    assert again == request
    assert hash(again) == hash(request)
    assert VideoRequest.parse(json.loads(request.to_json())) == request
    json.loads(request.to_json())["prompt"].encode("utf-8")


@given(requests())
def test_resolving_fills_all_keeps_what_was_given_and_is_idempotent(fields):
    given_levels = {"t0": fields["t0"] or 0, "t1": fields["t1"] or 999}
    request = VideoRequest.parse(fields)

    resolved = request.resolve(Defaults.model_validate(given_levels))

    assert isinstance(resolved, ResolvedRequest)
    assert {name for name, value in resolved.model_dump().items() if value is None} <= {"first_picture"}
    for name, value in request.model_dump().items():
        assert value is None or getattr(resolved, name) == value
    assert resolved.resolve(Defaults(frames=1, steps=1, t0=1, t1=2, checkpoint="other")) == resolved
    assert ResolvedRequest.from_json(resolved.to_json()) == resolved


def test_open_fields_take_the_checkpoints_defaults_not_ours():
    defaults = Defaults(
        checkpoint="/srv/model", frames=5, steps=9, guidance_scale=2.5, guidance_stop=301, feature_reuse=61,
        feature_bands=7,
        width=128, height=64, fps=3,
        dx=1.5, dy=-2.5, trajectory="straight", warp="paper", frame_noise="shared", t0=601, t1=651,
    )  # fmt: skip

    resolved = VideoRequest(prompt="a fox").resolve(defaults)

    assert resolved.model_dump(include=set(Defaults.model_fields)) == defaults.model_dump(exclude={"travel"})
    assert resolved.negative_prompt == ""


def test_bands_without_reuse_are_refused_wherever_they_meet():
    words = "feature_bands: 3 bands need a feature_reuse above 0; without it take 1"
    for fields in ({"feature_bands": 3, "feature_reuse": 0}, {"feature_bands": 101}, {"feature_bands": 0}):
        with pytest.raises(InvalidRequest, match="feature_bands"):
            VideoRequest.parse({"prompt": "a fox", **fields})
    with pytest.raises(InvalidRequest, match=words):
        VideoRequest(prompt="a fox", feature_bands=3).resolve(Defaults())
    with pytest.raises(ValidationError, match=words):
        Defaults(feature_bands=3)


def test_whole_steps_alone_are_asked_for_whatever_a_checkpoint_proposes():
    proposed = Defaults(feature_reuse=400, feature_bands=5)
    resolved = VideoRequest(prompt="a fox", feature_reuse=0).resolve(proposed)
    assert (resolved.feature_reuse, resolved.feature_bands) == (0, 1)


def test_an_open_seed_is_drawn_anew_and_a_given_one_kept():
    request = VideoRequest(prompt="a fox")
    assert request.seed is None
    assert len({request.resolve(Defaults()).seed for _ in range(20)}) > 15
    assert request.change(seed=0).resolve(Defaults()).seed == 0


def test_without_a_checkpoints_word_the_values_are_the_papers():
    paper = Defaults()
    assert (paper.frames, paper.steps, paper.width, paper.height, paper.guidance_scale) == (8, 50, 512, 512, 7.5)
    assert (paper.t0, paper.t1, abs(paper.dx), abs(paper.dy)) == (881, 941, 12, 12)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", ""),
        ("prompt", "   "),
        ("prompt", "\u200d"),
        ("prompt", None),
        ("prompt", 7),
        ("prompt", b"a fox"),
        ("prompt", ["a fox"]),
        ("prompt", "x" * (MAX_PROMPT_CHARACTERS + 1)),
        ("prompt", "a\x00fox"),
        ("prompt", "a \x1b[31mfox"),
        ("prompt", "a fox\x7f"),
        ("prompt", "a \ud83e fox"),
        ("negative_prompt", "\udc00"),
        ("negative_prompt", "a\x07"),
        ("negative_prompt", "x" * (MAX_PROMPT_CHARACTERS + 1)),
        ("frames", 0),
        ("frames", -1),
        ("frames", 65),
        ("frames", 8.0),
        ("frames", "8"),
        ("frames", True),
        ("steps", 0),
        ("steps", MAX_STEPS + 1),
        ("guidance_scale", float("nan")),
        ("guidance_scale", float("inf")),
        ("guidance_scale", -0.1),
        ("guidance_scale", "7.5"),
        ("seed", -1),
        ("seed", MAX_SEED + 1),
        ("seed", 1.0),
        ("width", 30_000),
        ("height", 30_000),
        ("width", 0),
        ("width", 65),
        ("fps", 0),
        ("fps", 61),
        ("dx", float("-inf")),
        ("dy", float("nan")),
        ("dy", 1e9),
        ("sampler", "magic"),
        ("sampler", 2),
        ("warp", "smooth"),
        ("frame_noise", 1),
        ("smoothing", 1.1),
        ("smoothing", float("nan")),
        ("picture_noise", "loud"),
        ("first_picture", "me.png"),
        ("t0", -1),
        ("t1", 1000),
        ("checkpoint", ""),
        ("checkpoint", "\ud800"),
        ("colour", "red"),
    ],
)
def test_a_bad_value_is_refused_in_words_that_name_its_field(field, value):
    for refuse in (
        lambda: VideoRequest.parse({"prompt": "a fox", field: value}),
        lambda: VideoRequest(prompt="a fox").change(**{field: value}),
    ):
        with pytest.raises(InvalidRequest, match=rf"\b{field}\b") as caught:
            refuse()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("t0", "t1"), [(941, 881), (500, 500)])
def test_the_lower_noise_level_must_be_t0(t0, t1):
    with pytest.raises(InvalidRequest, match=rf"t0 \({t0}\).*t1 \({t1}\)"):
        VideoRequest.parse({"prompt": "a fox", "t0": t0, "t1": t1})


def test_a_noise_level_that_does_not_fit_the_default_of_the_other_is_refused():
    with pytest.raises(InvalidRequest, match=r"t0 \(950\).*t1 \(941\)"):
        VideoRequest(prompt="a fox", t0=950).resolve(Defaults())


def test_every_bad_field_is_named_at_once():
    with pytest.raises(InvalidRequest, match=r"frames.*width"):
        VideoRequest.parse({"prompt": "a fox", "frames": 0, "width": 30_000})


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '"fox"', '{"prompt": NaN}', '{"prompt": "\\ud800"}', "{}"])
def test_json_that_is_no_request_is_refused(text):
    with pytest.raises(InvalidRequest):
        VideoRequest.from_json(text)


def test_json_numbers_that_are_not_finite_are_refused():
    with pytest.raises(InvalidRequest, match="dx"):
        VideoRequest.from_json('{"prompt": "a fox", "dx": Infinity}')


@pytest.mark.parametrize("request_type", [VideoRequest, Defaults])
def test_a_request_and_its_defaults_are_frozen(request_type):
    made = request_type(prompt="a fox") if request_type is VideoRequest else request_type()
    with pytest.raises(ValidationError):
        made.frames = 3


def test_equal_requests_are_one_key_and_different_ones_are_not():
    a, b = VideoRequest(prompt="a fox", seed=1), VideoRequest(prompt="a fox", seed=1)
    assert len({a, b, a.change(seed=2)}) == 2
    resolved = a.resolve(Defaults())
    assert len({resolved, resolved.resolve(Defaults())}) == 1


def test_line_breaks_and_tabs_in_a_prompt_become_single_spaces():
    assert VideoRequest(prompt="  a\tred\r\n\n fox\u2028 ").prompt == "a red fox"


def test_emoji_made_of_several_characters_stay_whole():
    family = "a \U0001f468\u200d\U0001f469\u200d\U0001f467 in the snow"
    assert VideoRequest(prompt=family).prompt == family


def test_characters_that_reverse_the_text_do_not_reach_the_screen():
    assert "\u202e" not in VideoRequest(prompt="a fox\u202e gnp.exe").prompt


def test_a_longer_clip_moves_more_slowly_so_that_its_way_stays_the_same():
    defaults = Defaults(frames=8, dx=5.0, dy=0.0, travel=35.0, width=256, height=256)
    ask = VideoRequest(prompt="a fox")
    assert ask.resolve(defaults).dx == 5.0
    assert ask.change(frames=15).resolve(defaults).dx == 2.5
    assert ask.change(frames=4).resolve(defaults).dx == 5.0
    assert ask.change(frames=1).resolve(defaults).dx == 5.0
    assert ask.change(frames=15, dx=9.0).resolve(defaults).dx == 9.0, "what is asked for is taken as it is"
    assert motion("down", defaults, 15)[:2] == (0.0, 2.5)
