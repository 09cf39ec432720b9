"""Prompts over time: the text travels over the frames, the anchor frame stays what it is."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from bot.remarks import NothingToDraw, is_vague, remark
from bot.speech import voice
from generation import Defaults, InvalidRequest, Text2VideoZero, VideoRequest
from generation.catalogue import describe
from generation.text import prompt_places, spherical
from generation.wording import Completer
from tests.tiny import tiny_parts

QUICK = {"width": 64, "height": 64, "steps": 3, "dx": 5.0, "dy": 0.0, "seed": 1}


def ask(prompt, **fields):
    return VideoRequest(prompt=prompt, **{**QUICK, "frames": 5, "guidance_scale": 2.0, **fields})


@pytest.fixture(scope="module")
def model():
    return Text2VideoZero(**tiny_parts())


def heard(model, request):
    """What the UNet is told of each frame in the last step, (f, n, d), and the frames."""
    told = []
    hook = model.unet.register_forward_pre_hook(
        lambda _, inputs, options: told.append(options["encoder_hidden_states"]), with_kwargs=True
    )
    try:
        frames = model.render(request).frames
    finally:
        hook.remove()
    return told[-1][-len(frames) :], frames


@pytest.mark.parametrize("guidance_scale", [1.0, 2.0])
def test_the_text_travels_from_prompt_to_prompt_and_the_first_frame_stays(model, guidance_scale):
    text, frames = heard(model, ask("a fox=>a hen => a cow", guidance_scale=guidance_scale))
    alone = [heard(model, ask(prompt, guidance_scale=guidance_scale)) for prompt in ("a fox", "a hen", "a cow")]
    for frame, (wanted, _) in zip((0, 2, 4), alone, strict=True):
        torch.testing.assert_close(text[frame], wanted[0])
    for between, (before, after) in ((1, (0, 2)), (3, (2, 4))):
        assert (text[between] - text[before]).norm() < (text[after] - text[before]).norm()
    np.testing.assert_allclose(frames[0], alone[0][1][0], atol=1e-5)
    assert np.abs(frames[4] - alone[0][1][4]).max() > 1e-3, "the last prompt must matter"


def test_the_size_of_a_chunk_does_not_change_which_prompt_a_frame_hears(model):
    request = ask("a fox => a cow", frames=6)
    whole = model.render(request).frames
    np.testing.assert_allclose(Text2VideoZero(**tiny_parts(), chunk=4).render(request).frames, whole, atol=1e-5)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_the_way_between_two_embeddings_keeps_their_length(share):
    start, end = torch.tensor([[3.0, 0.0, 0.0]]), torch.tensor([[0.0, 3.0, 0.0]])
    on_the_way = spherical(start, end, share)
    assert float(on_the_way.norm()) == pytest.approx(3.0)
    assert float(torch.atan2(on_the_way[0, 1], on_the_way[0, 0])) == pytest.approx(share * np.pi / 2)


def test_embeddings_that_point_the_same_way_are_mixed_evenly():
    torch.testing.assert_close(
        spherical(torch.tensor([[1.0, 0.0]]), torch.tensor([[3.0, 0.0]]), 0.5)[0, 0], torch.tensor(2.0)
    )


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({}, [0, 0.5, 1, 1.5, 2]),
        ({"trajectory": "loop", "frames": 4}, [0, 1, 2, 1]),
        ({"easing": "ease-in-out"}, [0, 1 - 2**-0.5, 1, 1 + 2**-0.5, 2]),
    ],
)
def test_frames_spread_over_the_way_and_a_loop_comes_back(fields, places):
    assert prompt_places(ask("a => b => c", **fields).resolve(Defaults())) == pytest.approx(places)


@pytest.mark.parametrize("prompt", ["a fox =>", "=> a fox", "a fox => => a cow", "=>"])
def test_an_empty_prompt_on_the_way_is_refused(prompt):
    with pytest.raises(InvalidRequest, match="nothing stands before or after =>"):
        VideoRequest.parse({"prompt": prompt})


def test_every_prompt_needs_a_frame_also_where_the_checkpoint_proposes_their_number():
    with pytest.raises(InvalidRequest, match="3 prompts need as many frames"):
        VideoRequest.parse({"prompt": "a => b => c", "frames": 2})
    with pytest.raises(InvalidRequest, match="3 prompts need as many frames"):
        VideoRequest(prompt="a => b => c").resolve(Defaults(frames=2))


def test_where_prompts_change_the_scene_is_left_open_unless_levels_are_asked_for():
    low = Defaults(t0=201, t1=251)
    levels = {(r.t0, r.t1) for r in [VideoRequest(prompt="a fox => a cow").resolve(low)]}
    assert levels == {(881, 941)}
    asked = VideoRequest(prompt="a fox => a cow", t0=301, t1=401).resolve(low)
    assert (asked.t0, asked.t1) == (301, 401)
    assert VideoRequest(prompt="a fox").resolve(low).t1 == 251


def test_every_prompt_on_the_way_is_held_to_the_vocabulary(worded_checkpoint):
    card = describe(str(worded_checkpoint))
    assert not is_vague(card, VideoRequest(prompt="a fox in the snow => the same fox, night sky"))
    assert not is_vague(card, VideoRequest(prompt="snow => the same snow"))
    vague = VideoRequest(prompt="a fox in the snow => a zorblax")
    assert is_vague(card, vague) and "zorblax" in str(NothingToDraw(card, vague))
    assert "kat" in remark(card, VideoRequest(prompt="a fox => a fox and a kat"), voice("en"))


def test_the_last_of_several_prompts_is_completed(worded_checkpoint):
    card = describe(str(worded_checkpoint))
    completer = Completer(card.vocabulary, card.examples)
    offered = completer.complete("a fox in the snow =>  a gira", limit=5, max_characters=100)
    assert offered
    assert all(prompt.startswith("a fox in the snow => a giraffe") for prompt in offered)
    assert json.dumps(completer.complete("a fox in the snow => ", limit=2, max_characters=100)).count("=>") == 2
