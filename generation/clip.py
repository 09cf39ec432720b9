"""`Clip`: the frames of a finished render, decoded one by one when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from .encode import Written, write_clip
from .errors import InvalidRequest, RenderCancelled
from .finish import Finish
from .recipe import Recipe
from .request import FORMATS, ResolvedRequest

Frame = NDArray[np.float32]
"""(h, w, 3) float32 in [0, 1], RGB."""


class Clip:
    """The finished latents of all frames and the way to see them.

    Attributes:
        request: the resolved request; it makes the same clip again.
        latents: (f, c, h, w), the anchor frame first.
        fingerprint: identifies the checkpoint that drew it.
        unet_samples: how many latents went through the UNet, both halves of guidance counted.
    """

    def __init__(
        self,
        latents: Tensor,
        decode: Callable[[Tensor], Frame],
        *,
        request: ResolvedRequest,
        fingerprint: str,
        unet_samples: int,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self.latents = latents
        self.request = request
        self.fingerprint = fingerprint
        self.unet_samples = unet_samples
        self._decode = decode
        self._cancelled = cancelled or (lambda: False)
        self._decoded: list[Frame] = []

    def __len__(self) -> int:
        return len(self.latents)

    def __iter__(self) -> Iterator[Frame]:
        """Frames in order, (h, w, 3) float32 in [0, 1]; each is decoded once, when it is first reached.

        Raises:
            RenderCancelled: `cancelled` said so before a frame was decoded.
        """
        for index in range(len(self)):
            if index == len(self._decoded):
                if self._cancelled():
                    raise RenderCancelled(f"cancelled after {index} of {len(self)} frames were decoded")
                self._decoded.append(self._decode(self.latents[index : index + 1]))
            yield self._decoded[index]

    @property
    def recipe(self) -> Recipe:
        """Everything needed to make this clip again."""
        return Recipe(self.request, self.fingerprint)

    def played(self) -> Iterator[Frame]:
        """Frames in the order in which the file shows them: a boomerang comes back, its ends are shown once."""
        yield from self
        if self.request.playback == "boomerang":
            yield from self._decoded[-2:0:-1]

    def save(self, path: Path | str) -> Written:
        """Write the file that the request asks for, with the recipe inside; frames are encoded as they are decoded.

        Raises:
            InvalidRequest: the path ends in another format's suffix.
            EncodeError: see `generation.encode.write_clip`.
            RenderCancelled: see `__iter__`; nothing was written.
        """
        path = Path(path)
        if (told := FORMATS.get(path.suffix.lower())) not in (None, self.request.format):
            raise InvalidRequest(f"format: {path.name} would be a {told}; the request asks for {self.request.format}")
        return write_clip(self.played(), path, Finish.of(self.request), recipe=self.recipe)

    @property
    def frames(self) -> NDArray[np.float32]:
        """All frames, (f, h, w, 3) float32 in [0, 1]."""
        return np.stack(list(self))
