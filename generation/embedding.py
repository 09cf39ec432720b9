"""Prompts become embeddings: of any length, by windows, with one text encoder or with SDXL's two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor


class Reader(NamedTuple):
    """A CLIP tokenizer and the text encoder that reads its tokens."""

    tokenizer: Any
    encoder: Any

    @property
    def window(self) -> int:
        """How many tokens are read at once, their begin and end included."""
        return min(int(self.tokenizer.model_max_length), int(self.encoder.config.max_position_embeddings))


@dataclass(frozen=True, slots=True)
class Embedded:
    """What the UNet is told of b prompts.

    Attributes:
        tokens: (b, n, d), for cross-attention.
        pooled: (b, p), each prompt as one vector; only SDXL has it.
    """

    tokens: Tensor
    pooled: Tensor | None = None

    def each(self, change: Callable[[Tensor], Tensor]) -> Embedded:
        """Both changed alike."""
        return Embedded(change(self.tokens), None if self.pooled is None else change(self.pooled))


def embed(prompts: Sequence[str], readers: Sequence[Reader], device: torch.device, *, windows: int = 1) -> Embedded:
    """Embed prompts with one reader (SD 1.x, 2.x), or with SDXL's two (Podell et al. 2023, section 2.1).

    A prompt longer than a window is read window by window, and the embeddings stand one after the other; shorter
    ones are filled up with empty windows. SDXL takes the last layer but one of both encoders, side by side, and the
    pooled vector of the second one's first window; an empty prompt is all zeros, as in its training.

    Args:
        windows: at least so many are read of each prompt.
    """
    pieces = [_pieces(prompts, reader) for reader in readers]
    count = max(windows, *(len(of_prompt) for of_reader in pieces for of_prompt in of_reader))
    read = [_read(of_reader, count, reader, device) for of_reader, reader in zip(pieces, readers, strict=True)]
    if len(readers) == 1:
        return Embedded(_side_by_side(read[0].last_hidden_state, count))
    tokens = torch.cat([_side_by_side(output.hidden_states[-2], count) for output in read], dim=-1)
    pooled: Tensor = read[-1].text_embeds[::count]
    said = torch.tensor([bool(prompt) for prompt in prompts], device=device)
    return Embedded(tokens * said[:, None, None], pooled * said[:, None])


def time_ids(height: int, width: int) -> list[float]:
    """SDXL's size conditioning: the original size, the crop's corner and the target size, in pixels (section 2.2)."""
    return [height, width, 0, 0, height, width]


def _pieces(prompts: Sequence[str], reader: Reader) -> list[list[list[int]]]:
    """Each prompt's tokens in pieces that leave room for begin and end; at least one."""
    spelt = [_spelt_out(prompt, reader.tokenizer) for prompt in prompts]
    read: list[list[int]] = reader.tokenizer(spelt, add_special_tokens=False, verbose=False).input_ids
    length = reader.window - 2
    return [[tokens[i : i + length] for i in range(0, max(1, len(tokens)), length)] for tokens in read]


def _spelt_out(prompt: str, tokenizer: Any) -> str:
    """A learnt word of several vectors is followed by its further tokens, word_1, word_2, ..."""
    added = tokenizer.get_added_vocab()
    for word in added:
        further = [f"{word}_{i}" for i in range(1, len(added)) if f"{word}_{i}" in added]
        if further:
            prompt = prompt.replace(word, " ".join([word, *further]))
    return prompt


def _read(pieces: list[list[list[int]]], count: int, reader: Reader, device: torch.device) -> Any:
    """The encoder's output for (b * count) windows, those of a prompt one after the other."""
    tokenizer = reader.tokenizer
    ids: list[list[int]] = []
    for windows in pieces:
        for piece in (*windows, *[list[int]()] * (count - len(windows))):
            whole = [tokenizer.bos_token_id, *piece, tokenizer.eos_token_id]
            ids.append(whole + [tokenizer.pad_token_id] * (reader.window - len(whole)))
    mask = None
    if getattr(reader.encoder.config, "use_attention_mask", False):
        lengths = [len(piece) + 2 for windows in pieces for piece in (*windows, *[[]] * (count - len(windows)))]
        mask = (torch.arange(reader.window)[None] < torch.tensor(lengths)[:, None]).long().to(device)
    return reader.encoder(torch.tensor(ids, device=device), attention_mask=mask, output_hidden_states=True)


def _side_by_side(windows: Tensor, count: int) -> Tensor:
    """(b * count, n, d) -> (b, count * n, d)."""
    return windows.reshape(-1, count * windows.shape[1], windows.shape[2])
