"""The benchmark of scale at a small size: whatever it measures goes on working, far within its promises."""

from __future__ import annotations

import json
import sys

from tests.bench import scale

CEILINGS_MS = {
    "next job chosen and settled": 20.0,
    "place told": 200.0,
    "history of 2,000 clips, oldest page": 500.0,
    "start-up with 1,000 queued jobs and 1,000 clips on the disk": 20_000.0,
}
"""Generous: the tests' other processes want the same cores."""


def test_the_figures_of_scale_are_made(monkeypatch, capsys):
    for name, small in {"GUILDS": 50, "QUEUED": 1_000, "ERASED": 400}.items():
        monkeypatch.setattr(scale, name, small)
    monkeypatch.setattr(sys, "argv", ["scale", "--clips", "2000"])
    scale.main()
    figures = {line["what"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    for what, ceiling_ms in CEILINGS_MS.items():
        figure = figures[what]
        assert figure["median"] * {"ms": 1.0, "s": 1e3}[figure["unit"]] < ceiling_ms
