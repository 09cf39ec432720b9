"""The benchmark of lengths on a tiny checkpoint: figures for each, and no more memory for more frames."""

from __future__ import annotations

from generation import Text2VideoZero, VideoRequest
from tests.bench.length import apart, measure
from tests.tiny import tiny_parts


def test_every_length_has_its_figures_and_memory_does_not_grow():
    model = Text2VideoZero(**tiny_parts(), chunk=2)
    request = VideoRequest(prompt="a fox", seed=0, width=64, height=64, steps=3)
    lines = measure(model, request, (2, 4, 8), runs=1)
    assert [line["frames"] for line in lines] == [2, 4, 8]
    assert all(line["s_per_frame"] > 0 for line in lines) and lines[0]["s_per_frame_beyond"] is None
    assert lines[2]["peak_bytes"] <= 1.2 * lines[0]["peak_bytes"]
    assert apart([1.0, 1.1, 1.0]) == 0.1
