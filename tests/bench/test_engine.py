"""The benchmark on a tiny checkpoint: that it compares like with like."""

from __future__ import annotations

import pytest
import torch

from generation import Text2VideoZero
from generation.request import Defaults
from tests.bench.engine import Contest, main, measure
from tests.live_bytes import LiveBytes
from tests.tiny import tiny_parts


def test_the_exact_preset_draws_diffusers_pixels_and_every_figure_is_there(monkeypatch):
    monkeypatch.setattr("tests.bench.engine.PROMPT", "a fox")  # within the window, beyond which diffusers does not read
    others = Defaults(width=64, height=64, guidance_stop=300, feature_reuse=400)  # which it must not take over
    model = Text2VideoZero(**tiny_parts(), defaults=others)
    line = measure(Contest(model, frames=2), "exact", runs=1)
    assert line["largest_difference"] < 1e-3
    assert line["ours"]["unet_samples"] == line["diffusers"]["unet_samples"] == 2 * (5 + 48 * 2)
    assert line["ratio"] > 0 and line["flops"] > 0 and line["floor_s"] > 0
    assert min(line[side]["peak_bytes"] for side in ("ours", "diffusers")) > 0


def test_memory_is_of_what_a_render_makes_and_not_of_views_of_what_was_there():
    weight = torch.zeros(8, 1000)
    with LiveBytes() as bytes_:
        halves = weight.chunk(2)
        assert bytes_.peak == 0
        made = halves[0] + 1
        again = made.view(-1)
    assert bytes_.peak == bytes_.live == 4 * 1000 * 4
    del made, again
    assert bytes_.live == 0


def test_a_preset_that_is_none_is_refused_with_the_names_of_those_that_are(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["--preset", "exakt"])
    assert "'exakt' is none; choose among plain, exact, balanced, draft" in capsys.readouterr().err
