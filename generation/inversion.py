"""Textual inversion: a word for prompts, with embeddings learnt for it (Gal et al. 2022, arXiv 2208.01618)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .errors import CheckpointUnavailable
from .weights import read_weights

_READERS = {"text_encoder": ("tokenizer", "clip_l"), "text_encoder_2": ("tokenizer_2", "clip_g")}


@torch.no_grad()
def teach_word(parts: Mapping[str, Any], word: str, path: Path) -> None:
    """Teach the text encoders a word; in a prompt it stands for all the vectors of the file.

    Args:
        parts: the checkpoint's parts by name, changed in place.
        word: how prompts write it.
        path: a .safetensors file with one tensor (n, d), or SDXL's two, clip_l and clip_g.

    Raises:
        CheckpointUnavailable: it cannot be read, holds something else, is for another family, or the word is taken.
    """
    state = read_weights(path)
    for encoder, (tokenizer, name) in _READERS.items():
        if encoder not in parts:
            continue
        vectors = state.get(name) if len(state) > 1 else next(iter(state.values()), None)
        width = parts[encoder].config.hidden_size
        if vectors is None or vectors.ndim > 2 or vectors.shape[-1] != width:
            raise CheckpointUnavailable(f"{path} holds no word for this checkpoint, whose {encoder} is {width} wide")
        _add(parts[tokenizer], parts[encoder], word, vectors.reshape(-1, width))


def _add(tokenizer: Any, encoder: Any, word: str, vectors: Tensor) -> None:
    tokens = [word, *(f"{word}_{i}" for i in range(1, len(vectors)))]
    if any(token in tokenizer.get_vocab() for token in tokens):
        raise CheckpointUnavailable(f"the word {word!r} is a token already; choose another for its embedding")
    tokenizer.add_tokens(tokens)
    encoder.resize_token_embeddings(max(len(tokenizer), encoder.config.vocab_size), mean_resizing=False)
    table = encoder.get_input_embeddings().weight
    table[tokenizer.convert_tokens_to_ids(tokens)] = vectors.to(table)
