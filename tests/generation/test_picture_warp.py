"""The warp "picture": a scene moves as its pixels do, also where latents of large patches do not."""

from __future__ import annotations

import pytest
import torch

from generation import Text2VideoZero, VideoRequest, load_checkpoint
from generation.autoencoder import Autoencoder
from generation.camera import Pose
from generation.resample import move_scene
from tests.tiny import tiny_parts

SIZE = (256, 256)


def disc() -> torch.Tensor:
    """A reddish disc on light blue, (1, 3, 256, 256)."""
    axis = torch.arange(256) - 128.0
    inside = axis[:, None] ** 2 + axis[None, :] ** 2 < 50**2
    red, blue = torch.tensor([0.8, 0.3, 0.25]), torch.tensor([0.45, 0.65, 0.85])
    return torch.where(inside[..., None], red, blue).permute(2, 0, 1)[None]


@pytest.fixture(scope="module")
def starter() -> Text2VideoZero:
    return load_checkpoint(device="cpu")


def error(first: torch.Tensor, second: torch.Tensor) -> float:
    inner = (..., slice(48, -48), slice(48, -48))  # what came in at the border is another matter
    return float((first[inner] - second[inner]).square().mean())


@pytest.mark.parametrize("shift", [(8.0, 0.0), (0.0, -5.0), (21.0, 11.0)])
def test_a_scene_of_large_patches_moves_as_its_picture_does(starter, shift):
    pose = Pose(shift)
    latent = starter.encode(disc())
    shown = [
        torch.from_numpy(starter.decode(moved)).permute(2, 0, 1)[None]
        for moved in (latent, starter.moved_pictures(latent, [pose], SIZE), move_scene(latent, pose, SIZE))
    ]
    wanted = move_scene(shown[0], pose, SIZE)
    as_picture, as_latent = (error(found, wanted) for found in shown[1:])
    assert as_picture < 0.004
    assert as_picture < 0.5 * as_latent


def test_an_encoded_picture_is_decoded_again(starter):
    again = torch.from_numpy(starter.decode(starter.encode(disc()))).permute(2, 0, 1)[None]
    assert (again - disc()).square().mean() < 0.004


@torch.inference_mode()
def test_the_latent_of_a_picture_is_corrected_by_what_it_decodes_to(starter):
    def shown(latent: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(starter.decode(latent)).permute(2, 0, 1)[None]

    moved = move_scene(shown(starter.encode(disc())), Pose((5.0, 3.0)), SIZE)
    corrected, encoded = (error(shown(z), moved) for z in (starter.autoencoder.invert(moved), starter.encode(moved)))
    assert corrected < 0.7 * encoded


@torch.inference_mode()
def test_a_correction_that_leads_away_is_not_taken():
    autoencoder = Autoencoder(tiny_parts()["vae"])  # random: what it decodes to is anything
    picture = disc()[..., :64, :64]
    assert torch.equal(autoencoder.invert(picture), autoencoder.encode(picture))


def test_any_autoencoder_will_do_and_zoom_and_rotation_too():
    model = Text2VideoZero(**tiny_parts())
    request = VideoRequest(
        prompt="x", seed=1, steps=2, frames=3, width=64, height=64, warp="picture", zoom=1.1, rotation=5.0, dx=2.0
    )
    frames = model.render(request).frames
    assert frames.shape == (3, 64, 64, 3)
    assert abs(frames[1] - frames[0]).max() > 0


def test_without_motion_the_frames_only_go_through_the_autoencoder_once_more(starter):
    latent = starter.encode(disc())
    still = starter.moved_pictures(latent, [Pose((0.0, 0.0))], SIZE)
    assert (still - latent).square().mean().sqrt() < 0.2  # the latents' own rms is 1
