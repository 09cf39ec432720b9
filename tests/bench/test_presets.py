"""The benchmark of presets: what a candidate's name asks for, which lines are gone on with, and what is compared."""

from __future__ import annotations

import json

import pytest

from tests.bench.presets import EXACT, candidate, lines_of, table


def test_a_candidates_name_says_its_fields():
    assert candidate("exact") == EXACT
    plain = {"sampler": "unipc", "steps": 9, "guidance_stop": 0, "feature_reuse": 0, "feature_bands": 1}
    assert candidate("unipc/9") == plain
    assert candidate("unipc/9/reuse100/bands3/stop300") == plain | {
        "guidance_stop": 300,
        "feature_reuse": 100,
        "feature_bands": 3,
    }
    with pytest.raises(KeyError):
        candidate("unipc/9/stopp300")


def test_only_lines_of_the_same_weights_and_levels_are_gone_on_with(tmp_path):
    file, here = tmp_path / "lines", {"fingerprint": "a", "levels": [201, 251]}
    assert lines_of(file, here) == []
    same = {**here, "candidate": "exact", "clip": 0}
    others = [{**same, "fingerprint": "b"}, {**same, "levels": [601, 651]}, {"candidate": "exact", "clip": 0}]
    file.write_text("".join(json.dumps(line) + "\n" for line in [*others, same]))
    assert lines_of(file, here) == [same]


def test_losses_are_paired_and_bounded():
    def line(name, clip, right, seconds):
        return {
            "candidate": name,
            "clip": clip,
            "right": right,
            "consistency_db": 20.0,
            "samples": 10,
            "seconds": seconds,
        }

    exact = [line("exact", clip, 1.0, 4.0) for clip in range(4)]
    quick = [line("quick", clip, right, 1.0) for clip, right in ((0, 1.0), (1, 0.5), (3, 1.0))]
    row = table([*exact, *quick])[1]
    assert (row["candidate"], row["clips"], row["speed"]) == ("quick", 3, 4.0)
    assert row["right_loss"] == pytest.approx(1 / 6, abs=1e-3)
    assert row["right_loss_bound"] == pytest.approx(1 / 6 + 1.645 * (1 / 12) ** 0.5 / 3**0.5, abs=1e-3)
    assert row["consistency_db_loss"] == row["consistency_db_loss_bound"] == 0
