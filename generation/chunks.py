"""Any length at constant memory: each step takes the frames in chunks, all against the anchor of that step.

A chunk is stepped on before the next one is predicted, so that no prediction is kept for all frames.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from .attention import Anchor
from .errors import InvalidRequest, OutOfMemory

CHUNK_FRAMES = 8
"""Frames that go through the UNet together: the paper's clip length. Twice as many latents with guidance."""

log = logging.getLogger(__name__)


class Chunks:
    """Predicts for all frames of a step. The prediction does not depend on the chunk's size.

    Where memory does not suffice the chunk is halved, the frames that failed are tried again, and the smaller chunk
    stays for the steps to come.

    Args:
        predict: (frames (n, c, h, w), timestep, index of their first) -> prediction of the same shape.
        anchor: holds the anchor's keys and values between the chunks of a step.
        size: frames in a chunk, at least 1.
        groups: of guidance at a timestep; the anchor's own number where none is given.
    """

    def __init__(
        self,
        predict: Callable[[Tensor, int, int], Tensor],
        anchor: Anchor,
        size: int,
        groups: Callable[[int], int] | None = None,
    ) -> None:
        self._predict = predict
        self.anchor = anchor
        self.size = checked_chunk(size)
        self._groups = groups

    def predict(self, x: Tensor, timestep: int) -> Iterator[tuple[int, Tensor]]:
        """The prediction for (f, c, h, w) frames of one step, the anchor first: chunk by chunk, and where each begins.

        Frames that were predicted may change before the next ones are.

        Raises:
            OutOfMemory: not even one frame fits.
        """
        if self._groups is not None:
            self.anchor.groups = self._groups(timestep)
        start = 0
        while start < len(x):
            chunk = x[start : start + self.size]
            self.anchor.expect(first=start, more=start + len(chunk) < len(x))
            prediction = self._attempt(chunk, timestep, start)
            if prediction is not None:
                yield start, prediction
                start += len(chunk)
            else:
                self._shrink(len(chunk), x)
        self.anchor.forget()

    def _attempt(self, chunk: Tensor, timestep: int, first: int) -> Tensor | None:
        """The prediction, or None where memory did not suffice; the error's hold on tensors ends here."""
        try:
            return self._predict(chunk, timestep, first)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            return None

    def _shrink(self, frames: int, x: Tensor) -> None:
        if frames == 1:
            raise OutOfMemory(
                f"there is not enough memory for one frame of {x.shape[-1]} x {x.shape[-2]} latent cells; "
                "ask for a smaller picture"
            )
        self.size = frames // 2
        log.warning("out of memory with %d frames at once; going on with %d", frames, self.size)
        if x.device.type == "cuda":
            torch.cuda.empty_cache()  # the halves need other block sizes than those that are cached


def checked_chunk(size: int) -> int:
    """The size of a chunk in frames, when it can be one.

    Raises:
        InvalidRequest: it is no whole number of at least 1.
    """
    if type(size) is not int or size < 1:
        raise InvalidRequest(f"chunk: must be a whole number of frames, at least 1, not {size!r}")
    return size


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a device or the host ran out of memory: torch has one type for CUDA, and messages for the rest."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    message = str(error).lower()
    return "out of memory" in message or "can't allocate memory" in message or "not enough memory" in message
