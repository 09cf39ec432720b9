"""A CLIP-style byte-level BPE made for the starter's captions: short for known words, and any text encodes."""

import json
from collections.abc import Iterable
from typing import Final, cast

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

from .libraries import make_tokenizer

LENGTH: Final = 88  # tokens of a prompt, start and end included; the last 64 answer for parts of the picture
VOCABULARY: Final = 4096  # tokens

_START, _END = "<|startoftext|>", "<|endoftext|>"
_WORD = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
_SUFFIX = "</w>"


def train_tokenizer(texts: Iterable[str], size: int = VOCABULARY) -> CLIPTokenizer:
    """Return a tokenizer whose merges come from `texts`; the start token has id 0, end and padding id 1."""
    bpe = Tokenizer(models.BPE(end_of_word_suffix=_SUFFIX))
    bpe.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORD), "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(alphabet),
        special_tokens=[_START, _END],
        initial_alphabet=alphabet,
        end_of_word_suffix=_SUFFIX,
        show_progress=False,
    )
    bpe.train_from_iterator(texts, trainer)
    model = json.loads(bpe.to_str())["model"]
    vocabulary = cast(dict[str, int], model["vocab"])
    # A byte that ends a word is its own token; without all of them a rare prompt would not encode.
    for symbol in alphabet:
        vocabulary.setdefault(symbol + _SUFFIX, len(vocabulary))
    merges = [(str(left), str(right)) for left, right in model["merges"]]
    return make_tokenizer(
        vocab=vocabulary,
        merges=merges,
        model_max_length=LENGTH,
        bos_token=_START,
        eos_token=_END,
        unk_token=_END,
        pad_token=_END,
    )
