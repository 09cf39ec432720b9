"""The training scripts: a whole tiny run, from archives to a checkpoint that draws, without the network."""

import json
import shutil
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from diffusers import AutoencoderTiny, StableDiffusionPipeline  # noqa: E402
from PIL import Image  # noqa: E402

from generation import VideoRequest, load_checkpoint  # noqa: E402
from generation.starter import WEIGHTS, gallery, train  # noqa: E402
from generation.starter.autoencoder import PATCH, SCALING, basis_of, build, fit_basis  # noqa: E402
from generation.starter.compositor import Compositor  # noqa: E402
from generation.starter.denoiser import Denoiser, TextSize, text_size  # noqa: E402
from generation.starter.evaluate import Evaluation, known_pairs  # noqa: E402
from generation.starter.evaluate import main as evaluate  # noqa: E402
from generation.starter.judge import Judge, Network  # noqa: E402
from generation.starter.libraries import BrokenState, average_gradients, in_processes, load_tensors  # noqa: E402
from generation.starter.run_folder import RunFolder  # noqa: E402
from generation.starter.train import main  # noqa: E402
from generation.starter.vocabulary import BACKDROPS, LAYOUTS, subjects  # noqa: E402


@pytest.fixture(scope="module")
def smoke(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training folder that a whole smoke run left."""
    out = tmp_path_factory.mktemp("smoke")
    assert main(["--data", str(archives), "--out", str(out), "--smoke"]) == 0
    return out


def test_smoke_run_makes_a_checkpoint_that_diffusers_draws_with(smoke: Path) -> None:
    pipeline = StableDiffusionPipeline.from_pretrained(smoke / "weights", dtype=torch.float32)
    assert isinstance(pipeline.vae, AutoencoderTiny)
    picture = pipeline("a red apple", num_inference_steps=2, output_type="np").images[0]
    assert picture.shape == (256, 256, 3)
    assert not list((smoke / "weights").rglob("*.bin"))


def test_the_checkpoint_says_what_it_was_trained_to_draw(smoke: Path) -> None:
    card = json.loads((smoke / "weights/flipbook.json").read_text())
    assert card["schema"] == 2
    objects = card["vocabulary"]["objects"]
    assert [o["name"] for o in objects] == [s.name for s in subjects()[:3]]
    assert objects[0]["words"]["ja"] and objects[0]["tags"] == ["thing"]
    assert load_checkpoint(str(smoke / "weights")).defaults.width == 256


def test_training_teaches_the_text_encoder_to_sketch_and_the_unet_to_denoise(smoke: Path) -> None:
    """A bit of training must beat none: the losses of the log fall."""
    lines = [line.split() for line in (smoke / "log.txt").read_text().splitlines()]
    assert {line[0] for line in lines} == {"reader", "denoiser", "decoder"}
    state = torch.load(smoke / "denoiser.pt", weights_only=True)
    start = torch.load(smoke / "reader.pt", weights_only=True)
    assert state["step"] == train.SMOKE.steps and start["step"] == 0
    assert not torch.equal(start["model"]["sketch.bias"], torch.zeros_like(start["model"]["sketch.bias"]))
    changed = {name.split(".")[0] for name, w in state["model"].items() if not torch.equal(w, start["model"][name])}
    assert changed == {"unet"}


def test_a_stopped_run_goes_on_where_it_was(archives: Path, smoke: Path, tmp_path: Path) -> None:
    shutil.copytree(smoke, tmp_path / "run")
    common = ["--data", str(archives), "--out", str(tmp_path / "run"), "--smoke", "--stage", "denoiser"]
    assert main([*common, "--resume", "--steps", "14"]) == 0
    assert torch.load(tmp_path / "run/denoiser.pt", weights_only=True)["step"] == 14
    assert main([*common, "--steps", "3"]) == 0, "without --resume the stage starts again"
    assert torch.load(tmp_path / "run/denoiser.pt", weights_only=True)["step"] == 3


def test_resuming_a_whole_run_keeps_what_is_there_and_goes_on(archives: Path, smoke: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(smoke, run)
    kept = {name: (run / name).read_bytes() for name in ("basis.safetensors", "tokenizer/tokenizer.json")}
    more = ["--steps", "13", "--decoder-steps", "21"]
    assert main(["--data", str(archives), "--out", str(run), "--smoke", "--resume", *more]) == 0
    assert kept == {name: (run / name).read_bytes() for name in kept}
    assert torch.load(run / "denoiser.pt", weights_only=True)["step"] == 13
    assert int(load_tensors(run / "decoder.safetensors")["step"]) == 21
    resumed = (run / "log.txt").read_text().splitlines()[len((smoke / "log.txt").read_text().splitlines()) :]
    assert [line.split()[1] for line in resumed] == ["13/13", "21/21"]


def test_a_run_of_so_many_minutes_stops_saved(
    archives: Path, smoke: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(smoke, tmp_path / "run")
    common = ["--data", str(archives), "--out", str(tmp_path / "run"), "--smoke", "--stage", "denoiser"]
    assert main([*common, "--steps", "100000", "--minutes", "0.02"]) == 0
    assert "go on with --resume" in capsys.readouterr().out
    assert 0 < torch.load(tmp_path / "run/denoiser.pt", weights_only=True)["step"] < 100_000


def test_two_processes_train_one_model(archives: Path, smoke: Path, tmp_path: Path) -> None:
    shutil.copytree(smoke, tmp_path / "run")
    common = ["--data", str(archives), "--out", str(tmp_path / "run"), "--smoke", "--stage", "denoiser"]
    assert main([*common, "--processes", "2", "--steps", "3"]) == 0
    assert torch.load(tmp_path / "run/denoiser.pt", weights_only=True)["step"] == 3


def test_processes_average_their_gradients(tmp_path: Path) -> None:
    in_processes(2, 1, _write_averaged_gradient, tmp_path)
    assert [float((tmp_path / f"{rank}").read_text()) for rank in (0, 1)] == [1.5, 1.5]


def _write_averaged_gradient(rank: int, folder: Path) -> None:
    layer = torch.nn.Linear(1, 1, bias=False)
    layer(torch.tensor([[1.0 + rank]])).sum().backward()
    average_gradients(layer)
    (folder / f"{rank}").write_text(str(float(layer.weight.grad)))


def test_a_folder_that_went_on_from_another_text_encoder_keeps_its_size(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.save_text_size(text_size(Denoiser(600, 16, TextSize(layers=1, hidden=32)).text_encoder))
    assert folder.text_size() == TextSize(1, 32)
    (tmp_path / "text.json").write_text("[]")
    with pytest.raises(BrokenState, match="run --stage prepare again"):
        folder.text_size()


def test_an_operator_fine_tunes_the_starter_on_a_captioned_folder(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for i, colour in enumerate(("red", "green", "blue", "gold")):
        Image.new("RGB", (300, 260), colour).save(pictures / f"{i}.png")
        (pictures / f"{i}.txt").write_text(f"a {colour} wall")
    out = tmp_path / "own"
    source = ["--source", f"pictures:{pictures}", "--out", str(out), "--smoke"]
    assert main([*source, "--init", str(WEIGHTS)]) == 0
    before, after = (torch_load(folder / "unet") for folder in (WEIGHTS, out / "weights"))
    assert any(not torch.equal(before[name], after[name]) for name in before)
    ours, theirs = (folder / "tokenizer/tokenizer.json" for folder in (out / "weights", WEIGHTS))
    assert ours.read_bytes() == theirs.read_bytes()
    assert "a red wall" in json.loads((out / "weights/flipbook.json").read_text())["examples"]
    clip = load_checkpoint(str(out / "weights")).render(VideoRequest(prompt="a red wall", frames=2, steps=2, seed=1))
    assert clip.frames.shape == (2, 256, 256, 3)


def test_a_folder_of_pictures_alone_makes_a_checkpoint(tmp_path: Path) -> None:
    for name in ("red fox", "blue_whale"):
        folder = tmp_path / "classes" / name
        folder.mkdir(parents=True)
        for i in range(3):
            Image.effect_noise((280, 280), 20 + 10 * i).convert("RGB").save(folder / f"{i}.png")
    common = ["--source", f"classes:{tmp_path / 'classes'}", "--out", str(tmp_path / "own"), "--smoke"]
    assert main(common) == 0
    assert (tmp_path / "own/weights/model_index.json").is_file()


def torch_load(folder: Path) -> dict[str, torch.Tensor]:
    return load_tensors(folder / "diffusion_pytorch_model.safetensors")


# The evaluation


def test_every_measure_of_the_evaluation_can_be_taken(archives: Path, smoke: Path, tmp_path: Path) -> None:
    names, places = tuple(s.name for s in subjects()[:3]), tuple(b.name for b in BACKDROPS)
    weights = smoke / "weights"
    evaluation = Evaluation(
        load_checkpoint(str(weights)),
        Judge(Network(len(names), len(places)), names, places, 0.0, {}),
        Compositor.load(archives, subjects()[:3], 1, 0),
        tmp_path,
        known_pairs(weights),
    )
    assert evaluation.held_out and len(evaluation.trained) > 30
    judged = evaluation.judged(evaluation.trained[:3], 0, "pairs.webp")
    assert (
        judged["pictures"] == judged["object"]["of"] == 3
        and sum(count for row in judged["confusions"].values() for count in row.values()) == 3
    )
    assert set(evaluation.layouts(1, 0)) == set(LAYOUTS)
    assert evaluation.paints(2, 0)["of"] == 2
    motion = evaluation.motion(2, 0)
    assert motion["clips"] == 2 and motion["path_error_px"]["mean"] >= 0 and motion["pixels_per_frame"] == 5
    assert {path.name for path in tmp_path.iterdir()} == {"pairs.webp", "layouts.webp", "strips.webp"}


def test_an_evaluation_without_a_judge_says_how_to_make_one(
    archives: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--data", str(archives), "--out", str(tmp_path / "out"), "--judge", str(tmp_path / "none")]
    assert evaluate(common) == 1
    assert "generation.starter.judge --data" in capsys.readouterr().err


def test_the_gallery_is_an_animation_and_a_picture_of_every_object(
    smoke: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "CLIPS", gallery.CLIPS[:1])
    assert gallery.main(["--weights", str(smoke / "weights"), "--out", str(tmp_path)]) == 0
    with Image.open(tmp_path / "clips.webp") as clips, Image.open(tmp_path / "objects.webp") as objects:
        assert getattr(clips, "n_frames", 1) == 8 and not getattr(objects, "is_animated", False)
        assert objects.width > 3 * 90


def test_a_gallery_needs_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gallery.main(["--weights", str(tmp_path / "none"), "--out", str(tmp_path)]) == 1
    assert "none" in capsys.readouterr().err


# Bad input


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--smoke"], "--data DIR"),
        (["--smoke", "--source", "pictures:/nowhere/at/all"], "/nowhere/at/all"),
        (["--smoke", "--source", "sounds:here"], "pictures:DIR"),
        (["--smoke", "--source", "classes:x", "--init", "/nowhere"], "name a folder that this script made"),
        (["--smoke", "--stage", "denoiser"], "--stage reader first"),
    ],
)
def test_bad_input_is_one_clear_line(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert words in error and error.startswith("error: ") and error.count("\n") == 1


def test_missing_archive_says_which_command_fetches_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "out"), "--smoke"]) == 1
    assert "npm pack @lobehub/fluent-emoji-3d@1.1.0" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"no state", b"PK\x03\x04 cut off"])
def test_a_broken_state_is_named_and_not_trained_over(
    content: bytes, archives: Path, smoke: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(smoke, tmp_path / "run")
    (tmp_path / "run/denoiser.pt").write_bytes(content)
    common = ["--data", str(archives), "--out", str(tmp_path / "run"), "--smoke", "--stage", "denoiser", "--resume"]
    assert main(common) == 1
    assert "denoiser.pt is damaged" in capsys.readouterr().err
    assert (tmp_path / "run/denoiser.pt").read_bytes() == content


def test_a_state_of_another_model_is_refused(
    archives: Path, smoke: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(smoke, tmp_path / "run")
    state = torch.load(smoke / "denoiser.pt", weights_only=True)
    state["model"].pop("sketch.bias")
    torch.save(state, tmp_path / "run/denoiser.pt")
    common = ["--data", str(archives), "--out", str(tmp_path / "run"), "--smoke", "--stage", "denoiser", "--resume"]
    assert main(common) == 1
    assert "another model (sketch.bias differs)" in capsys.readouterr().err


def test_a_state_of_another_optimizer_is_refused(
    archives: Path, smoke: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(smoke, tmp_path / "run")
    whole = torch.load(smoke / "denoiser.pt", weights_only=True)
    common = ["--data", str(archives), "--out", str(tmp_path / "run"), "--smoke", "--stage", "denoiser", "--resume"]
    for optimizers in (None, whole["optimizers"][:2], whole["optimizers"][::-1]):
        state = {**whole, "optimizers": optimizers}
        if optimizers is None:
            del state["optimizers"]
        torch.save(state, tmp_path / "run/denoiser.pt")
        assert main(common) == 1
        assert "denoiser.pt was written by another version" in capsys.readouterr().err


def test_a_broken_decoder_is_named(
    archives: Path, smoke: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(smoke, tmp_path / "run")
    common = ["--data", str(archives), "--out", str(tmp_path / "run"), "--smoke", "--stage", "decoder", "--resume"]
    for content, words in ((b"torn", "is damaged"), ((smoke / "basis.safetensors").read_bytes(), "another model")):
        (tmp_path / "run/decoder.safetensors").write_bytes(content)
        assert main(common) == 1
        assert f"decoder.safetensors {words}" in capsys.readouterr().err.replace("is of another", "another")


def test_a_full_disk_is_noticed_before_anything_is_trained(
    archives: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "_DISK_BYTES", 1 << 60)
    assert main(["--data", str(archives), "--out", str(tmp_path), "--smoke"]) == 1
    assert "MiB free" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_npm_fetches_what_is_missing_or_says_why_not(
    archives: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    common = ["--fetch", "--smoke", "--stage", "prepare", "--out", str(tmp_path / "out"), "--data"]
    assert main([*common, str(tmp_path / "data")]) == 1
    assert "npm is not installed" in capsys.readouterr().err
    assert main([*common, str(archives)]) == 0, "nothing is missing, so npm is not needed"


# The latents


def test_stock_encoder_computes_the_patch_pca_exactly() -> None:
    pictures = torch.rand(40, 3, 4 * PATCH, 4 * PATCH, generator=torch.Generator().manual_seed(0))
    basis = fit_basis(pictures)
    latents = build(basis).encode(pictures * 2 - 1).latents * SCALING
    assert torch.allclose(latents, basis.encode(pictures), atol=1e-4)
    assert latents.square().mean().sqrt().item() == pytest.approx(1, abs=0.02)


def test_the_patch_pca_can_be_read_out_of_a_checkpoint() -> None:
    pictures = torch.rand(40, 3, 4 * PATCH, 4 * PATCH, generator=torch.Generator().manual_seed(0))
    basis = fit_basis(pictures)
    found = basis_of(build(basis))
    assert torch.allclose(found.rows, basis.rows, atol=1e-4) and torch.allclose(found.bias, basis.bias, atol=1e-4)
    learnt = build(basis)
    learnt.encoder.layers[0].weight.data += 0.1
    with pytest.raises(ValueError, match="patch PCA"):
        basis_of(learnt)
