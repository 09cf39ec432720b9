"""The starter's vocabulary: torch-free, consistent with what ships, and honest about what was never trained."""

import json
import random
import subprocess
import sys

from generation.starter import WEIGHTS
from generation.starter.vocabulary import BACKDROPS, EXAMPLES, SUBJECTS, caption, is_held_out, pairs, plain_caption


def test_vocabulary_loads_without_torch() -> None:
    code = "import sys, generation.starter.vocabulary; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_about_a_tenth_of_the_pairs_is_held_out() -> None:
    share = sum(map(is_held_out, pairs())) / len(pairs())
    assert 0.08 < share < 0.13


def test_every_subject_and_backdrop_is_trained_and_every_home_too() -> None:
    trained = [pair for pair in pairs() if not is_held_out(pair)]
    assert {pair.subject for pair in trained} == set(SUBJECTS)
    assert {pair.backdrop for pair in trained} == set(BACKDROPS)
    assert {subject.name for subject in SUBJECTS} == {
        pair.subject.name for pair in trained if pair.subject.home == pair.backdrop.name
    }


def test_prompts_that_we_advertise_are_trained_pairs() -> None:
    trained = {plain_caption(pair) for pair in pairs() if not is_held_out(pair)}
    assert {"a fox in the snow", "a apple on a blue background".replace("a a", "an a")} <= trained
    for prompt in EXAMPLES:
        assert sum(subject.name in prompt.split() for subject in SUBJECTS) == 1


def test_a_caption_always_names_its_subject() -> None:
    rng = random.Random(0)
    for pair in pairs():
        for _ in range(20):
            text = caption(pair, rng, ["gadget"])
            assert any(noun in text for noun in (*pair.subject.nouns, pair.subject.name)), text


def test_shipped_metadata_lists_this_vocabulary() -> None:
    shipped = json.loads((WEIGHTS / "flipbook.json").read_text())
    assert shipped["vocabulary"]["objects"] == [subject.name for subject in SUBJECTS]
    assert shipped["vocabulary"]["backgrounds"] == [backdrop.name for backdrop in BACKDROPS]
    assert tuple(shipped["examples"]) == EXAMPLES
