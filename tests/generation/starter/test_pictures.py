"""Training pictures: sprites stand where the layout says, in the colour that was asked, and the same draws repeat."""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")


from generation.measures import correlation, locate, psnr  # noqa: E402
from generation.starter.backdrops import SIZE, backdrop  # noqa: E402
from generation.starter.batches import Batches, Composites  # noqa: E402
from generation.starter.compositor import REACH, STILL, Compositor, random_shift, spots  # noqa: E402
from generation.starter.denoiser import LAYOUT  # noqa: E402
from generation.starter.measures import confusions, mask_at, object_window, per_class  # noqa: E402
from generation.starter.sprites import paint  # noqa: E402
from generation.starter.vocabulary import BACKDROPS, LAYOUTS, PAINTS, Layout, Scene, is_held_out, subjects  # noqa: E402

APPLE, BACK = subjects()[0], {b.name: b for b in BACKDROPS}


def disc(size: int, colour: tuple[float, float, float]) -> np.ndarray:
    """A sprite (size, size, 4), premultiplied."""
    y, x = np.mgrid[:size, :size]
    alpha = (((x - size / 2) ** 2 + (y - size / 2) ** 2) < (0.45 * size) ** 2).astype(np.float32)
    return np.concatenate([alpha[..., None] * np.array(colour, np.float32), alpha[..., None]], -1)


@pytest.fixture(scope="module")
def compositor(archives: Path) -> Compositor:
    return Compositor.load(archives, subjects()[:3], 2, 0)


def compose(compositor: Compositor, scene: Scene, shift: tuple[int, int] = STILL, seed: int = 0) -> torch.Tensor:
    return compositor.compose([scene], [shift], random.Random(seed))[0]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sprites_stand_where_the_layout_says(compositor: Compositor, layout: Layout) -> None:
    picture = compose(compositor, Scene(APPLE, BACK["sea"], None, layout))
    for size, x, y in spots(layout):
        sprite = compositor.sprites[size][compositor.index["apple", None]].float() / 255
        found = locate(picture, sprite, near=(x, y))
        assert (found.x, found.y) == pytest.approx((x, y), abs=1)
        assert found.error < 3e-3


def test_a_shift_moves_the_object_and_not_the_backdrop(compositor: Compositor) -> None:
    sprite = compositor.sprites[172][compositor.index["apple", None]].float() / 255
    still, moved = (compose(compositor, Scene(APPLE, BACK["snow"]), shift) for shift in (STILL, (24, -12)))
    a, b = locate(still, sprite), locate(moved, sprite)
    assert (b.x - a.x, b.y - a.y) == pytest.approx((24, -12), abs=0.6)
    assert torch.equal(still[:, :, :16], moved[:, :, :16])


def test_an_object_may_leave_the_picture(compositor: Compositor) -> None:
    picture = compose(compositor, Scene(APPLE, BACK["white"], None, "large"), (120, 120))
    assert picture.shape == (3, SIZE, SIZE) and float(picture.min()) >= 0 and float(picture.max()) <= 1


def test_an_empty_scene_is_the_backdrop(compositor: Compositor) -> None:
    empty = compose(compositor, Scene(None, BACK["beach"]))
    assert any(torch.equal(empty, version.float() / 255) for version in compositor.backdrops[10])


def test_the_same_draws_make_the_same_pictures(compositor: Compositor) -> None:
    scenes = [Scene(subjects()[i % 3], b) for i, b in enumerate(BACKDROPS)]
    once, again, other = (compositor.compose(scenes, [STILL] * len(scenes), random.Random(seed)) for seed in (1, 1, 2))
    assert torch.equal(once, again) and not torch.equal(once, other)


@pytest.mark.parametrize("name", [b.name for b in BACKDROPS])
def test_backdrops_are_pictures_that_a_seed_repeats(name: str) -> None:
    once, again = (backdrop(name, np.random.default_rng(3)) for _ in range(2))
    assert once.shape == (SIZE, SIZE, 3) and once.dtype == np.float32
    assert np.array_equal(once, again) and once.min() >= 0 and once.max() <= 1


def test_backdrops_can_be_told_apart() -> None:
    rng = np.random.default_rng(0)
    means = {b.name: np.mean([backdrop(b.name, rng) for _ in range(4)], axis=0) for b in BACKDROPS}
    for name in means:
        fresh = backdrop(name, rng)
        assert min(means, key=lambda other: float(np.abs(means[other] - fresh).mean())) == name


@pytest.mark.parametrize("colour", PAINTS)
def test_paint_turns_the_main_hue_and_leaves_white_and_other_hues(colour: str) -> None:
    sprite = disc(64, (0.9, 0.15, 0.2))
    sprite[30:34, 20:30] = (1, 1, 1, 1)
    sprite[40:44, 20:30] = (0.1, 0.7, 0.2, 1)
    painted = paint(sprite, colour)
    assert np.allclose(painted[31, 25], (1, 1, 1, 1), atol=0.02)
    assert np.allclose(painted[41, 25], (0.1, 0.7, 0.2, 1), atol=0.02)
    assert np.array_equal(painted[..., 3], sprite[..., 3])
    red, green, blue = painted[20, 32, :3]
    order = {
        "red": red > max(green, blue) + 0.4,
        "orange": red > green + 0.2 > blue,
        "yellow": min(red, green) > blue + 0.3,
        "green": green > max(red, blue) + 0.2,
        "blue": blue > max(red, green) + 0.2,
        "purple": min(red, blue) > green + 0.2 and blue > red,
        "pink": red > blue > green,
    }
    assert order[colour]


# What a batch holds


@pytest.fixture(scope="module")
def source(compositor: Compositor) -> Composites:
    return Composites(compositor, subjects()[:3], ["gadget"])


def test_held_out_pairs_and_clashes_never_come(source: Composites) -> None:
    rng = random.Random(0)
    scenes = [source.scene(1.0, rng) for _ in range(3_000)]
    assert not any(is_held_out(scene) for scene in scenes)
    assert not any(s.subject and s.backdrop.name in s.subject.clashes and not s.paint for s in scenes)
    assert {scene.layout for scene in scenes} == set(LAYOUTS)
    assert any(scene.paint for scene in scenes) and any(scene.subject is None for scene in scenes)


def test_a_run_begins_with_objects_in_the_middle(source: Composites) -> None:
    rng = random.Random(0)
    assert {source.scene(0.1, rng).layout for _ in range(300)} == {"centre"}


class Recorded:
    """A source that tells which pictures were asked to be settled."""

    def __init__(self) -> None:
        self.settled: list[bool] = []

    def captions(self, rng: random.Random) -> list[str]:
        return []

    def draw(self, settled: list[bool], progress: float, rng: random.Random) -> tuple[torch.Tensor, list[str]]:
        self.settled = list(settled)
        return torch.rand(len(settled), 3, SIZE, SIZE), ["a fox"] * len(settled)


def test_only_high_noise_levels_see_settled_pictures(basis_and_tokenizer) -> None:
    basis, tokenizer = basis_and_tokenizer
    recorded = Recorded()
    batches = Batches(recorded, basis, tokenizer, 10, 0)
    batch = batches(0, torch.tensor([0, LAYOUT - 1, LAYOUT, 999]))
    assert recorded.settled == [False, False, True, True]
    assert batch.latents.shape == (4, 24, 16, 16) and batch.tokens.shape == (4, tokenizer.model_max_length)


def test_processes_see_different_batches_and_a_seed_repeats_them(source: Composites, basis_and_tokenizer) -> None:
    basis, tokenizer = basis_and_tokenizer
    levels = torch.tensor([900, 300])
    first, again = (Batches(source, basis, tokenizer, 10, 0, rank=0)(3, levels).latents for _ in range(2))
    other = Batches(source, basis, tokenizer, 10, 0, rank=1)(3, levels).latents
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_shifts_are_what_a_clip_passes_through() -> None:
    rng = random.Random(0)
    shifts = {random_shift(rng) for _ in range(3_000)}
    assert all(abs(x) <= REACH and abs(y) <= REACH and (x == 0 or y == 0 or abs(x) == abs(y)) for x, y in shifts)
    assert (REACH, 0) in shifts and (0, -REACH) in shifts


@pytest.fixture(scope="module")
def basis_and_tokenizer() -> Iterator[object]:
    from generation.starter.autoencoder import fit_basis
    from generation.starter.tokenizer import train_tokenizer

    pictures = torch.rand(8, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    yield fit_basis(pictures), train_tokenizer(["a fox"] * 3, size=600)


# The measures


def test_a_sprite_is_found_to_a_fraction_of_a_pixel_on_any_background() -> None:
    sprite = torch.from_numpy(disc(80, (0.9, 0.5, 0.1))).permute(2, 0, 1)
    generator = torch.Generator().manual_seed(0)
    for left, top in ((20, 100), (151, 33), (90, 91)):
        picture = torch.rand(3, SIZE, SIZE, generator=generator) * 0.3
        area = picture[:, top : top + 80, left : left + 80]
        area.mul_(1 - sprite[3:]).add_(sprite[:3])
        found = locate(picture, sprite)
        assert (found.x, found.y) == pytest.approx((left + 40, top + 40), abs=0.6)
        covered = mask_at(sprite, found)
        assert covered[top + 40, left + 40] and covered.float().mean() < 0.2
        assert psnr(object_window(picture, sprite, found), sprite[:3], float(3 * sprite[3].sum())) > 20


def test_correlation_and_classes_by_hand() -> None:
    assert correlation([0, 1, 2], [0, 2, 4]) == pytest.approx(1)
    assert correlation([0, 1, 2], [2, 1, 0]) == pytest.approx(-1)
    assert correlation([1, 1, 1], [0, 1, 2]) == 0
    asked, drawn = ["fox", "fox", "cat", "cat"], ["fox", "cat", "cat", None]
    table = per_class(asked, drawn)
    assert table["fox"] == {"asked": 2, "precision": 1.0, "recall": 0.5, "f1": 0.667}
    assert table["cat"] == {"asked": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert confusions(asked, drawn) == {"fox": {"fox": 1, "cat": 1}, "cat": {"cat": 1, "(rejected)": 1}}
