"""The cache of loaded checkpoints: bounded in bytes, the one used longest ago goes first."""

from __future__ import annotations

from types import SimpleNamespace

from generation import load_checkpoint
from generation.cache import CheckpointCache


def model(size):
    return SimpleNamespace(bytes=size)


def test_the_model_that_was_used_longest_ago_goes_first():
    cache = CheckpointCache(10)
    for name in "abc":
        cache.put(name, model(3))
    assert cache.get("a") is not None
    cache.put("d", model(3))
    assert [name in cache for name in "abcd"] == [True, False, True, True]
    assert cache.bytes == 9


def test_a_large_model_drives_out_as_many_as_it_must_and_stays_even_alone():
    cache = CheckpointCache(10)
    for name, size in (("a", 4), ("b", 4), ("large", 8)):
        cache.put(name, model(size))
    assert "b" not in cache and cache.get("large") is not None
    cache.put("huge", model(99))
    assert "large" not in cache and cache.get("huge") is not None
    assert cache.get("a") is None


def test_the_same_name_twice_counts_once():
    cache = CheckpointCache(10)
    cache.put("a", model(6))
    cache.put("a", model(7))
    assert cache.bytes == 7


def test_a_loaded_checkpoint_knows_its_bytes(tiny_checkpoint):
    loaded, half = (load_checkpoint(str(tiny_checkpoint), device="cpu", dtype=dtype) for dtype in ("auto", "float16"))
    count = sum(p.numel() for m in (loaded.unet, loaded.autoencoder.vae, loaded.text_encoder) for p in m.parameters())
    assert loaded.bytes == 4 * count == 2 * half.bytes
