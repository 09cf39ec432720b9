"""What a member is told of the words of a prompt; nothing of it pings or formats."""

from __future__ import annotations

from collections.abc import Iterator

from generation.catalogue import CheckpointCard
from generation.request import VideoRequest
from generation.wording import Reading

from .orders import Refused
from .plain import cut, plain
from .speech import Voice

NAME_SHOWN = 60
SHOWN = 700
"""Characters of a word, typed or known, and of all that is said of a prompt's words."""


class NothingToDraw(Refused):
    """Nothing that one of the prompts names can be drawn; the words say what is near it and how to see what can."""

    def __init__(self, card: CheckpointCard, request: VideoRequest) -> None:
        super().__init__("remark-nothing")
        self._card = card
        self._vague = next(reading for reading in _readings(card, request) if not reading.is_drawable)

    def in_words(self, say: Voice) -> str:
        """See `Refused.in_words`."""
        reason = cut(" ".join(_sentences(self._vague, say)), SHOWN) or say(self.key)
        return f"{reason}\n{say('remark-try-help', count=count(self._card, say))}"


def is_vague(card: CheckpointCard, request: VideoRequest) -> bool:
    """Whether nothing in one of the prompts can be drawn, as far as the checkpoint says what can."""
    return bool(card.vocabulary) and not all(reading.is_drawable for reading in _readings(card, request))


def remark(card: CheckpointCard, request: VideoRequest, say: Voice) -> str | None:
    """Which words of a prompt will be ignored and what may have been meant; None when all are known."""
    sentences = (sentence for reading in _readings(card, request) for sentence in _sentences(reading, say))
    return cut(" ".join(dict.fromkeys(sentences)), SHOWN) or None


def count(card: CheckpointCard, say: Voice) -> str:
    """How much a checkpoint can draw: "24 objects on 12 backgrounds"."""
    vocabulary = card.vocabulary
    return say("remark-count", objects=len(vocabulary.objects), backgrounds=len(vocabulary.backgrounds))


def _readings(card: CheckpointCard, request: VideoRequest) -> Iterator[Reading]:
    return (card.vocabulary.read(prompt) for prompt in request.prompts)


def _sentences(reading: Reading, say: Voice) -> Iterator[str]:
    """The unknown words and what is near them; none when there are none."""
    strange: list[str] = []
    for unknown in reading.unknown:
        word = _quoted(unknown.word, say)
        if unknown.nearest:
            yield say(
                "remark-did-you-mean", word=word, known=say.either(_quoted(name, say) for name in unknown.nearest)
            )
        else:
            strange.append(word)
    if strange:
        yield say("remark-ignored" if reading.is_drawable else "remark-unknown", words=say.all(strange))


def _quoted(word: str, say: Voice) -> str:
    return say("remark-quoted", word=plain(word, NAME_SHOWN))
