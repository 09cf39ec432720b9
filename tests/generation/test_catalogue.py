"""The catalogue: what a checkpoint proposes, read from its files without loading them."""

from __future__ import annotations

import json
import shutil

import pytest

from generation import CheckpointUnavailable, Defaults
from generation.catalogue import STARTER, describe
from generation.starter import WEIGHTS


@pytest.fixture
def folder(tiny_checkpoint, tmp_path):
    """A copy of the tiny checkpoint that a test may change."""
    return shutil.copytree(tiny_checkpoint, tmp_path / "mine")


def edit(path, **changes):
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def flip_byte(path, position):
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def test_a_sidecars_defaults_and_examples_are_honoured(tiny_checkpoint):
    card = describe(str(tiny_checkpoint))
    assert card.folder == tiny_checkpoint
    assert card.defaults == Defaults(
        checkpoint=str(tiny_checkpoint), frames=3, steps=4, fps=6, guidance_scale=2.0, dx=4, dy=0,
        frame_noise="shared", width=64, height=64,
    )  # fmt: skip
    assert not card.vocabulary
    assert card.examples == ("a fox in the snow",)


def test_a_vocabulary_of_plain_names_is_in_english_and_says_nothing_of_other_words(folder):
    edit(folder / "flipbook.json", schema=1, vocabulary={"objects": ["fox", "panda"], "backgrounds": ["snow"]})
    vocabulary = describe(str(folder)).vocabulary
    assert [thing.called("de") for thing in vocabulary.objects] == ["fox", "panda"]
    reading = vocabulary.read("two happy pandas in the snow")
    assert [thing.name for thing in reading.objects] == ["panda"]
    assert reading.background.name == "snow"
    assert reading.unknown == ()
    assert [word.nearest for word in vocabulary.read("a foks in the snow").unknown] == [("fox",)]


def test_a_vocabulary_names_its_things_in_six_languages_with_tags_and_colours(worded_checkpoint):
    vocabulary = describe(str(worded_checkpoint)).vocabulary
    things = {thing.name: thing for thing in vocabulary.objects}
    named = [things["fox"].called(language) for language in ("en", "de", "fr", "es", "pt", "ja")]
    assert named == ["fox", "Fuchs", "renard", "zorro", "raposa", "きつね"]
    assert things["fox"].tags == ("animal", "wild")
    assert things["car"].colours == ("red", "green")
    assert vocabulary.colours == ("red", "green")
    assert vocabulary.read("a cute fox and a zebra").unknown[0].word == "zebra"


def test_a_sidecars_size_wins_over_the_native_one_and_the_name_over_its_checkpoint(folder):
    (folder / "flipbook.json").write_text(json.dumps({"defaults": {"width": 96, "checkpoint": "other"}}))
    defaults = describe(str(folder)).defaults
    assert (defaults.width, defaults.height, defaults.checkpoint) == (96, 64, str(folder))


def test_without_a_sidecar_the_paper_speaks_at_the_native_size(folder):
    (folder / "flipbook.json").unlink()
    card = describe(str(folder))
    assert card.defaults == Defaults(checkpoint=str(folder), width=64, height=64)
    assert not card.vocabulary
    assert card.examples == ()


@pytest.mark.parametrize(
    ("sample_size", "expected"),
    [(16, (128, 128)), ([8, 16], (128, 64)), (None, (512, 512)), ("16", (512, 512)), (10_000, (512, 512))],
)
def test_the_native_size_comes_from_both_configs(folder, sample_size, expected):
    (folder / "flipbook.json").unlink()
    edit(folder / "unet/config.json", sample_size=sample_size)
    defaults = describe(str(folder)).defaults
    assert (defaults.width, defaults.height) == expected


def test_a_shallower_autoencoder_halves_the_native_size(folder):
    edit(folder / "vae/config.json", block_out_channels=[16, 16, 32])
    assert describe(str(folder)).defaults.width == 32


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ("{", "cannot be read"),
        ("[]", "must hold a JSON object"),
        ("\ud800", "cannot be read"),
        ({"schema": 3}, "schema"),
        ({"defaults": []}, "defaults"),
        ({"defaults": {"frames": 65}}, "frames"),
        ({"defaults": {"frames": "8"}}, "frames"),
        ({"defaults": {"t0": 900, "t1": 800}}, "t0"),
        ({"defaults": {"colour": "red"}}, "colour"),
        ({"vocabulary": ["fox"]}, "vocabulary"),
        ({"vocabulary": {"objects": "fox"}}, "objects"),
        ({"vocabulary": {"objects": [1]}}, "objects"),
        ({"vocabulary": {"objects": [{"words": {"en": ["fox"]}}]}}, "name"),
        ({"vocabulary": {"objects": [{"name": "fox", "words": {"en": "fox"}}]}}, "words"),
        ({"vocabulary": {"backgrounds": [{"name": ""}]}}, "backgrounds"),
        ({"vocabulary": {"words": "a an the"}}, "words"),
        ({"examples": "a fox"}, "examples"),
    ],
)
def test_a_bad_sidecar_makes_the_checkpoint_unavailable_and_says_where(folder, sidecar, reason):
    text = sidecar if isinstance(sidecar, str) else json.dumps(sidecar)
    (folder / "flipbook.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(CheckpointUnavailable, match=reason) as caught:
        describe(str(folder))
    assert str(folder / "flipbook.json") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_any_changed_weight_changes_the_fingerprint(folder):
    seen = {describe(str(folder)).fingerprint}
    for part in ("unet", "vae", "text_encoder"):
        weights = next((folder / part).glob("*.safetensors"))
        for position in (-1, weights.stat().st_size // 2):
            flip_byte(weights, position)
            seen.add(describe(str(folder)).fingerprint)
    edit(folder / "scheduler/scheduler_config.json", prediction_type="v_prediction")
    seen.add(describe(str(folder)).fingerprint)
    assert len(seen) == 8


def test_weights_changed_in_the_middle_of_a_large_file_change_the_fingerprint(folder):
    weights = folder / "unet/diffusion_pytorch_model.safetensors"
    layer = bytes(range(256)) * 4096
    weights.write_bytes(layer * 32)
    before = describe(str(folder)).fingerprint
    weights.write_bytes(layer * 15 + layer[::-1] + layer * 16)
    assert describe(str(folder)).fingerprint != before


def test_the_fingerprint_follows_neither_the_sidecar_nor_the_place(folder, tmp_path):
    before = describe(str(folder)).fingerprint
    edit(folder / "flipbook.json", examples=["a panda"])
    assert describe(str(folder)).fingerprint == before
    moved = folder.rename(tmp_path / "elsewhere")
    assert describe(str(moved)).fingerprint == before


@pytest.mark.parametrize(
    "name", ["/nowhere/model", "./nowhere", "~/nowhere-at-all", "~no-such-user/x", "nowhere", "a/b/c"]
)
def test_a_path_without_a_checkpoint_is_unavailable(name):
    with pytest.raises(CheckpointUnavailable, match="checkpoint"):
        describe(name)


def test_a_name_longer_than_any_path_is_unavailable():
    with pytest.raises(CheckpointUnavailable, match="too long"):
        describe("/" + "a" * 400)


def test_a_file_and_a_folder_that_is_no_checkpoint_are_told_apart(tmp_path):
    with pytest.raises(CheckpointUnavailable, match=r"model_index\.json"):
        describe(str(tmp_path))
    (tmp_path / "model.ckpt").touch()
    with pytest.raises(CheckpointUnavailable, match="is a file"):
        describe(str(tmp_path / "model.ckpt"))
    (tmp_path / "model.safetensors").touch()
    assert describe(str(tmp_path / "model.safetensors")).file == tmp_path / "model.safetensors"


def test_a_hub_id_is_described_without_the_network():
    card = describe("org/name")
    assert (card.name, card.folder, card.fingerprint) == ("org/name", None, "hub:org/name")
    assert card.defaults == Defaults(checkpoint="org/name")


def test_the_starters_card_is_complete_or_its_absence_is_explained():
    if not WEIGHTS.is_dir():
        with pytest.raises(CheckpointUnavailable, match="starter is missing"):
            describe(STARTER)
        return
    card = describe(STARTER)
    assert card.defaults.checkpoint == STARTER
    assert card.vocabulary.objects
    assert card.vocabulary.backgrounds
    assert card.examples
    for example in card.examples:
        reading = card.vocabulary.read(example)
        assert reading.is_drawable and reading.warning() is None, example
