"""The benchmark of answers at a small size: nobody waits for the GPU thread to be told that their clip is queued."""

from __future__ import annotations

from tests.bench.answers import measure

CEILING_MS = 3000
"""Discord's own limit for a first answer; the benchmark's figures are far below it."""

LATE_MS = 1000
"""Of the loop, also where the tests' other processes want the same cores; alone it is below 100."""


async def test_members_are_answered_in_time_while_clips_render(tmp_path):
    figures = await measure(tmp_path / "var", "starter", commands=10, pause_s=0.1)
    assert figures["queued_ms"]["p100"] < CEILING_MS
    assert figures["heartbeats"] >= 2
    assert figures["loop_late_ms"]["p99"] < LATE_MS
    assert figures["longest_gap_beyond_interval_s"] < 2
