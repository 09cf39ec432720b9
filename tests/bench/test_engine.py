"""The benchmark on a tiny checkpoint: that it compares like with like."""

from __future__ import annotations

import pytest

from generation import Text2VideoZero
from generation.request import Defaults
from tests.bench.engine import Contest, main, measure
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


def test_a_preset_that_is_none_is_refused_with_the_names_of_those_that_are(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["--preset", "exakt"])
    assert "'exakt' is none; choose among plain, exact, balanced, draft" in capsys.readouterr().err
