"""Any length at constant memory: what a chunk may change (memory) and what it may not (the picture)."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from generation import InvalidRequest, OutOfMemory, Text2VideoZero, VideoRequest, load_checkpoint
from tests.live_bytes import LiveBytes
from tests.tiny import tiny_parts

QUICK = {"width": 64, "height": 64, "steps": 4, "guidance_scale": 2.0, "dx": 3.0, "dy": -2.0, "seed": 1}


def ask(**fields):
    return VideoRequest(prompt="a fox", **{**QUICK, **fields})


@pytest.fixture(scope="module")
def parts():
    return tiny_parts()


@pytest.mark.parametrize("guidance_scale", [1.0, 3.0])
@pytest.mark.parametrize("frame_noise", ["shared", "independent"])
def test_the_size_of_a_chunk_does_not_change_the_picture(parts, guidance_scale, frame_noise):
    request = ask(frames=10, guidance_scale=guidance_scale, frame_noise=frame_noise)
    whole = Text2VideoZero(**parts, chunk=10).render(request).frames
    assert np.abs(whole[0] - whole[9]).max() > 1e-3, "frames must differ for this to mean anything"
    for size in (1, 3, 8):
        np.testing.assert_allclose(Text2VideoZero(**parts, chunk=size).render(request).frames, whole, atol=1e-5)


def test_a_chunk_is_what_the_unet_sees_at_once_and_costs_no_sample_more(parts):
    seen = []
    hook = parts["unet"].register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    try:
        clip = Text2VideoZero(**parts, chunk=3).render(ask(frames=7, steps=2))
    finally:
        hook.remove()
    assert set(seen) == {2 * 1, 2 * 3}, "7 frames are 3, 3 and 1, twice with guidance"
    assert sum(seen) == clip.unet_samples == Text2VideoZero(**parts).render(ask(frames=7, steps=2)).unet_samples


@pytest.mark.parametrize("sampler", ["ddim", "dpmpp-2m", "unipc", "euler-a"])
def test_four_times_the_frames_need_no_more_memory(parts, sampler):
    peaks = {}
    for frames in (16, 64):
        with LiveBytes() as bytes_:
            Text2VideoZero(**parts, chunk=4).render(ask(frames=frames, sampler=sampler))
        peaks[frames] = bytes_.peak
    with LiveBytes() as unchunked:
        Text2VideoZero(**parts, chunk=64).render(ask(frames=64, sampler=sampler))
    assert peaks[64] <= 1.2 * peaks[16]
    assert unchunked.peak > 3 * peaks[64], "the count must see what a chunk saves"


@pytest.mark.parametrize("frame_noise", ["shared", "independent"])
def test_a_longer_clip_begins_with_the_frames_of_the_shorter_one(parts, frame_noise):
    model = Text2VideoZero(**parts)
    eight = model.render(ask(frames=8, frame_noise=frame_noise)).frames
    sixteen = model.render(ask(frames=16, frame_noise=frame_noise)).frames
    np.testing.assert_allclose(sixteen[:8], eight, atol=1e-5)


class ScarceMemory:
    """Stands before the UNet and fails as torch does when more latents come than fit."""

    def __init__(self, unet, *, room, error):
        self.room, self.error, self.failures = room, error, 0
        self.hook = unet.register_forward_pre_hook(self)

    def __call__(self, _, inputs):
        if len(inputs[0]) > self.room:
            self.failures += 1
            raise self.error


@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB)"),
    ],
    ids=["cuda", "python", "cpu", "mps"],
)
def test_out_of_memory_halves_the_chunk_and_goes_on_with_the_same_picture(parts, caplog, error):
    request = ask(frames=9)
    whole = Text2VideoZero(**parts).render(request).frames
    memory = ScarceMemory(parts["unet"], room=4, error=error)
    try:
        model = Text2VideoZero(**parts)
        clip = model.render(request)
    finally:
        memory.hook.remove()
    np.testing.assert_allclose(clip.frames, whole, atol=1e-5)
    assert memory.failures == 2, "8 frames, then 4 did not fit; 2 do, for all later steps"
    assert [record.args for record in caplog.records if record.name == "generation.chunks"] == [(8, 4), (4, 2)]
    assert model.chunk == 8, "another render tries its luck anew"


def test_memory_that_runs_out_between_two_chunks_keeps_the_anchor_of_the_step(parts):
    request = ask(frames=8, steps=2)
    whole = Text2VideoZero(**parts).render(request).frames
    seen = []

    def fail_on_the_second_chunk(_, inputs):
        seen.append(len(inputs[0]))
        if seen[-2:] == [8, 8]:
            raise MemoryError

    hook = parts["unet"].register_forward_pre_hook(fail_on_the_second_chunk)
    try:
        frames = Text2VideoZero(**parts, chunk=4).render(request).frames
    finally:
        hook.remove()
    assert [latents for latents in seen if latents > 2][:4] == [8, 8, 4, 4], (
        "two latents a frame; the step goes on where it was"
    )
    np.testing.assert_allclose(frames, whole, atol=1e-5)


def test_memory_for_not_even_one_frame_is_an_error_that_says_so_and_leaves_the_unet_as_it_was(parts):
    before = parts["unet"].attn_processors
    memory = ScarceMemory(parts["unet"], room=1, error=torch.cuda.OutOfMemoryError("CUDA out of memory"))
    try:
        with pytest.raises(OutOfMemory, match="one frame of 8 x 8 latent cells"):
            Text2VideoZero(**parts).render(ask(frames=3))
    finally:
        memory.hook.remove()
    assert all(parts["unet"].attn_processors[name] is before[name] for name in before)


def test_another_error_is_not_taken_for_scarce_memory(parts):
    memory = ScarceMemory(parts["unet"], room=1, error=RuntimeError("shapes do not match"))
    try:
        with pytest.raises(RuntimeError, match="shapes"):
            Text2VideoZero(**parts).render(ask(frames=3))
    finally:
        memory.hook.remove()
    assert memory.failures == 1


@pytest.mark.parametrize("size", [0, -1, 2.0, float("nan"), True, "8", None])
def test_a_chunk_is_a_whole_number_of_frames(parts, size):
    with pytest.raises(InvalidRequest, match="chunk"):
        Text2VideoZero(**parts, chunk=size)
    with pytest.raises(InvalidRequest, match="chunk"):
        load_checkpoint("/nowhere", chunk=size)
