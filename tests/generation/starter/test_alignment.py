"""Guided attention: the UNet computes the same, is left as it was found, and learns where to look."""

import pytest

torch = pytest.importorskip("torch")

from generation.starter.alignment import answering, guided  # noqa: E402
from generation.starter.denoiser import REGIONS, Denoiser  # noqa: E402
from generation.starter.tokenizer import LENGTH  # noqa: E402


@pytest.fixture(scope="module")
def model() -> Denoiser:
    torch.manual_seed(0)
    return Denoiser(600, 16)


def _inputs() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    latents = torch.randn(2, 24, 16, 16, generator=generator)
    return latents, torch.tensor([5, 900]), torch.randn(2, LENGTH, 192, generator=generator)


def test_a_guided_unet_computes_the_same_and_is_left_as_it_was_found(model: Denoiser) -> None:
    found = dict(model.unet.attn_processors)
    with torch.no_grad():
        before = model(*_inputs())
        with guided(model.unet, REGIONS) as guide:
            within = model(*_inputs())
            assert float(guide.take()) > 1
    torch.testing.assert_close(within, before, rtol=0, atol=1e-4)
    assert model.unet.attn_processors == found
    with pytest.raises(RuntimeError), guided(model.unet, REGIONS):
        raise RuntimeError
    assert model.unet.attn_processors == found


def test_its_loss_teaches_attention_where_to_look() -> None:
    torch.manual_seed(0)
    model = Denoiser(600, 16)
    optimizer = torch.optim.AdamW(model.unet.parameters(), lr=2e-3)
    losses = []
    with guided(model.unet, REGIONS) as guide:
        for _ in range(12):
            model(*_inputs())
            loss = guide.take()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize("places", [16, 64, 256])
def test_every_place_has_its_tokens_and_every_token_its_places(places: int) -> None:
    wanted = answering(places, LENGTH, REGIONS)
    assert wanted.shape == (places, LENGTH)
    assert not wanted[:, : -(REGIONS**2)].any()
    assert (wanted.sum(1) == max(1, REGIONS**2 // places)).all()
    assert (wanted[:, -(REGIONS**2) :].sum(0) == max(1, places // REGIONS**2)).all()


def test_places_and_tokens_are_counted_row_by_row() -> None:
    first = LENGTH - REGIONS**2
    assert answering(256, LENGTH, 8)[17].nonzero().flatten().tolist() == [first]
    assert answering(64, LENGTH, 8)[9].nonzero().flatten().tolist() == [first + 9]
    assert answering(16, LENGTH, 8)[5].nonzero().flatten().tolist() == [first + 18, first + 19, first + 26, first + 27]
