"""LoRA files and learnt words: merged exactly, in every way they are named, and refused where they do not fit."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import save_file

from generation import CheckpointUnavailable, VideoRequest, load_checkpoint
from generation.catalogue import describe
from generation.embedding import Reader, embed
from generation.inversion import teach_word
from generation.lora import merge_lora
from generation.style import Style
from tests.tiny import save_tiny_xl_checkpoint, tiny_parts, tiny_xl_parts

ASK = VideoRequest(prompt="a fox", seed=1, frames=1, steps=1, guidance_scale=1.0)
LINEAR = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
OUT = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0"
CONV = "mid_block.resnets.0.conv1"
TEXT = "encoder.layers.1.self_attn.q_proj"
KOHYA = {"unet": "lora_unet_", "text_encoder": "lora_te_text_model_", "text_encoder_2": "lora_te2_text_model_"}


@pytest.fixture
def parts():
    return tiny_parts()


def matrices(parts, part, layer, rank=2):
    """A random pair for a layer."""
    weight = parts[part].get_submodule(layer).weight
    generator = torch.Generator().manual_seed(len(layer))
    down = torch.randn(rank, *weight.shape[1:], generator=generator)
    up = torch.randn(weight.shape[0], rank, *(1,) * (weight.ndim - 2), generator=generator)
    return down, up


def product(down, up):
    return torch.einsum("or,r...->o...", up.flatten(1), down)


def kohya(parts, part, layer, alpha=None):
    down, up = matrices(parts, part, layer)
    name = KOHYA[part] + layer.replace(".", "_")
    state = {f"{name}.lora_down.weight": down, f"{name}.lora_up.weight": up}
    return state if alpha is None else {**state, f"{name}.alpha": torch.tensor(alpha)}


def write(path, state):
    save_file(state, path)
    return path


@pytest.mark.parametrize(("part", "layer"), [("unet", LINEAR), ("unet", OUT), ("unet", CONV), ("text_encoder", TEXT)])
@pytest.mark.parametrize(("alpha", "factor"), [(None, 1.0), (1.0, 0.5)])
def test_a_lora_adds_its_weight_times_its_product_to_its_layer(parts, tmp_path, part, layer, alpha, factor):
    before = parts[part].get_submodule(layer).weight.clone()
    merge_lora(parts, write(tmp_path / "a.safetensors", kohya(parts, part, layer, alpha)), 0.7)
    after = parts[part].get_submodule(layer).weight
    torch.testing.assert_close(after, before + 0.7 * factor * product(*matrices(parts, part, layer)))


@pytest.mark.parametrize(
    "names",
    [
        f"unet.{LINEAR}.lora_A.weight unet.{LINEAR}.lora_B.weight",
        f"base_model.model.unet.{LINEAR}.lora_A.weight base_model.model.unet.{LINEAR}.lora_B.weight",
        f"unet.{LINEAR}.lora.down.weight unet.{LINEAR}.lora.up.weight",
        " ".join(f"unet.{LINEAR.replace('.to_q', '.processor.to_q_lora')}.{way}.weight" for way in ("down", "up")),
        f"lora_unet_{LINEAR.replace('.', '_')}.lora_down.weight lora_unet_{LINEAR.replace('.', '_')}.lora_up.weight",
    ],
)
def test_a_lora_is_found_by_all_names_that_are_in_use(parts, tmp_path, names):
    layer = parts["unet"].get_submodule(LINEAR)
    before, pair = layer.weight.clone(), matrices(parts, "unet", LINEAR)
    merge_lora(parts, write(tmp_path / "a.safetensors", dict(zip(names.split(), pair, strict=True))), 1.0)
    torch.testing.assert_close(layer.weight, before + product(*pair))


def test_diffusers_names_reach_the_text_encoders(tmp_path):
    parts = tiny_xl_parts()
    for part, inner in (("text_encoder", ""), ("text_encoder_2", "text_model.")):
        layer = parts[part].get_submodule(inner + TEXT)
        before, (down, up) = layer.weight.clone(), matrices(parts, part, inner + TEXT)
        name = f"{part}.text_model.{TEXT}.lora_linear_layer"
        state = {f"{name}.down.weight": down, f"{name}.up.weight": up}
        merge_lora(parts, write(tmp_path / "a.safetensors", state), 1.0)
        torch.testing.assert_close(layer.weight, before + product(down, up))


def test_an_sdxl_lora_named_after_the_original_repository_finds_its_layer(tmp_path):
    parts = tiny_xl_parts()
    ours = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
    layer = parts["unet"].get_submodule(ours)
    before, (down, up) = layer.weight.clone(), matrices(parts, "unet", ours)
    name = "lora_unet_input_blocks_3_1_transformer_blocks_0_attn1_to_q"
    state = {f"{name}.lora_down.weight": down, f"{name}.lora_up.weight": up, f"{name}.alpha": torch.tensor(2.0)}
    merge_lora(parts, write(tmp_path / "a.safetensors", state), 1.0)
    torch.testing.assert_close(layer.weight, before + product(down, up))


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"something.weight": torch.zeros(2, 2)}, "no LoRA file"),
        ({"lora_unet_mid_x.lora_down.weight": torch.zeros(2, 2)}, "no LoRA file"),
        (
            {f"lora_unet_nowhere.lora_{way}.weight": torch.zeros(2, 2) for way in ("down", "up")},
            "no layer for lora_unet_nowhere",
        ),
        (
            {f"unet.{LINEAR}.lora_A.weight": torch.zeros(2, 99), f"unet.{LINEAR}.lora_B.weight": torch.zeros(32, 2)},
            "does not fit the checkpoint at",
        ),
    ],
)  # fmt: skip
def test_a_lora_that_does_not_fit_is_refused_and_nothing_is_merged(parts, tmp_path, state, reason):
    before = {name: weight.clone() for name, weight in parts["unet"].state_dict().items()}
    good = kohya(parts, "unet", CONV)
    path = write(tmp_path / "a.safetensors", {**good, **state})
    with pytest.raises(CheckpointUnavailable, match=reason):
        merge_lora(parts, path, 1.0)
    assert all(torch.equal(weight, before[name]) for name, weight in parts["unet"].state_dict().items())


def test_a_pickled_lora_and_a_broken_one_are_refused(parts, tmp_path):
    (tmp_path / "a.pt").write_bytes(b"\x80\x04.")
    (tmp_path / "b.safetensors").write_bytes(b"nonsense")
    with pytest.raises(CheckpointUnavailable, match="pickled weights"):
        merge_lora(parts, tmp_path / "a.pt", 1.0)
    with pytest.raises(CheckpointUnavailable, match="damaged or no safetensors file"):
        merge_lora(parts, tmp_path / "b.safetensors", 1.0)


# Learnt words


def test_a_learnt_word_stands_for_its_vectors(parts, tmp_path):
    vectors = torch.randn(2, 32, generator=torch.Generator().manual_seed(1))
    plain = embed(["a <cat> b"], [Reader(parts["tokenizer"], parts["text_encoder"])], torch.device("cpu")).tokens
    teach_word(parts, "<cat>", write(tmp_path / "cat.safetensors", {"emb_params": vectors}))
    tokenizer, encoder = parts["tokenizer"], parts["text_encoder"]
    seen = []
    hook = encoder.get_input_embeddings().register_forward_hook(lambda *of: seen.append(of[2]))
    taught = embed(["a <cat> b"], [Reader(tokenizer, encoder)], torch.device("cpu")).tokens
    hook.remove()
    torch.testing.assert_close(seen[0][0, 2:4], vectors, msg="begin, a, then the two vectors")
    assert taught.shape == plain.shape
    assert not torch.allclose(taught, plain)


def test_sdxl_learns_a_word_in_both_encoders(tmp_path):
    parts = tiny_xl_parts()
    state = {"clip_l": torch.ones(1, 32), "clip_g": torch.full((1, 48), 2.0)}
    teach_word(parts, "sks", write(tmp_path / "a.safetensors", state))
    for reader, value in (("", 1.0), ("_2", 2.0)):
        token = parts[f"tokenizer{reader}"].convert_tokens_to_ids("sks")
        row = parts[f"text_encoder{reader}"].get_input_embeddings().weight[token]
        assert torch.equal(row, torch.full_like(row, value))


@pytest.mark.parametrize(
    ("word", "state", "reason"),
    [
        ("<cat>", {"emb_params": torch.zeros(1, 48)}, "no word for this checkpoint, whose text_encoder is 32 wide"),
        ("<cat>", {"a": torch.zeros(1, 32), "b": torch.zeros(1, 32)}, "no word for this checkpoint"),
        ("a", {"emb_params": torch.zeros(1, 32)}, "a token already"),
    ],
)
def test_a_word_that_does_not_fit_is_refused(parts, tmp_path, word, state, reason):
    with pytest.raises(CheckpointUnavailable, match=reason):
        teach_word(parts, word, write(tmp_path / "a.safetensors", state))


# Styles


def test_a_style_changes_the_clip_and_the_fingerprint_and_weight_zero_changes_no_pixel(
    tiny_checkpoint, tmp_path, parts
):
    lora = write(tmp_path / "a.safetensors", kohya(parts, "unet", LINEAR))
    name = str(tiny_checkpoint)
    plain = load_checkpoint(name, device="cpu").render(ASK)
    none, some = (
        load_checkpoint(name, device="cpu", style=Style(loras={str(lora): weight})).render(ASK) for weight in (0.0, 1.0)
    )
    np.testing.assert_array_equal(none.frames, plain.frames)
    assert np.abs(some.frames - plain.frames).max() > 1e-4
    assert len({plain.fingerprint, none.fingerprint, some.fingerprint}) == 3
    assert some.fingerprint == describe(name, Style(loras={str(lora): 1.0})).fingerprint


def test_a_style_may_name_another_checkpoint_and_words(tiny_checkpoint, tmp_path):
    folder = save_tiny_xl_checkpoint(tmp_path / "xl")
    word = write(tmp_path / "w.safetensors", {"clip_l": torch.ones(1, 32), "clip_g": torch.ones(1, 48)})
    style = Style(checkpoint=str(folder), words={"sks": str(word)})
    model = load_checkpoint(str(tiny_checkpoint), device="cpu", style=style)
    assert model.defaults.checkpoint == str(folder)
    assert len(model.readers) == 2
    ask = ASK.change(prompt="a sks fox")
    taught, plain = model.render(ask), load_checkpoint(str(folder), device="cpu").render(ask)
    assert np.abs(taught.frames - plain.frames).max() > 1e-5


def test_a_missing_file_of_a_style_is_named_before_anything_is_loaded(tiny_checkpoint):
    for style in (Style(loras={"/nowhere/a.safetensors": 1.0}), Style(words={"x": "/nowhere/a.safetensors"})):
        with pytest.raises(CheckpointUnavailable, match=r"/nowhere/a\.safetensors cannot be read"):
            describe(str(tiny_checkpoint), style)


@pytest.mark.parametrize(
    "fields", [{"loras": {"a": float("nan")}}, {"loras": {"a": 5.0}}, {"words": {"two words": "a"}}]
)
def test_a_style_with_values_that_cannot_work_is_refused(fields):
    with pytest.raises(ValidationError):
        Style(**fields)


# Long prompts


def test_a_short_prompt_is_read_as_the_tokenizer_itself_would(parts):
    tokens = parts["tokenizer"](["", "a fox"], padding="max_length", max_length=16, return_tensors="pt").input_ids
    wanted = parts["text_encoder"](tokens)[0]
    read = embed(["", "a fox"], [Reader(parts["tokenizer"], parts["text_encoder"])], torch.device("cpu"))
    assert torch.equal(read.tokens, wanted)
    assert read.pooled is None


@pytest.mark.parametrize("family", ["SD", "SDXL"])
def test_a_long_prompt_is_read_to_its_end_window_by_window(family):
    parts = tiny_parts() if family == "SD" else tiny_xl_parts()
    readers = [Reader(parts["tokenizer"], parts["text_encoder"])]
    if family == "SDXL":
        readers.append(Reader(parts["tokenizer_2"], parts["text_encoder_2"]))

    def read(*prompts):
        return embed(prompts, readers, torch.device("cpu"))

    whole = read("abcdefghijklmn" + "opqrstz", "x")  # 14 letters fit between begin and end
    assert whole.tokens.shape[:2] == (2, 32)
    other = read("abcdefghijklmn" + "opqrsuz", "x").tokens
    assert torch.equal(whole.tokens[0, :16], other[0, :16])
    assert not torch.allclose(whole.tokens[0, 16:], other[0, 16:])
    torch.testing.assert_close(whole.tokens[1, :16], read("x").tokens[0])


def test_a_prompt_longer_than_the_window_renders(tiny_checkpoint):
    model = load_checkpoint(str(tiny_checkpoint), device="cpu")
    long = "a fox in the snow, " * 8
    first, second = (model.render(ASK.change(prompt=long + end, guidance_scale=2.0)).frames for end in ("day", "night"))
    assert np.abs(first - second).max() > 1e-5, "its last word counts"
