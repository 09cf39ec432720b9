"""Layers compiled by torch, for as long as it can; without a compiler on the machine they run as they are."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import torch
from torch import nn

from .chunks import is_out_of_memory
from .layers import Layer

log = logging.getLogger(__name__)


class Compiled:
    """What stands in for a UNet's residual blocks and feed-forward layers, whose small operations compiling fuses.

    Attention stays outside: its processors change from render to render. Each layer is compiled when it is first
    called; where that fails once, all run uncompiled from then on, and the log says why.

    Args:
        unet: UNet2DConditionModel.
    """

    def __init__(self, unet: Any) -> None:
        self._unet = unet
        self._failed = False

    @cached_property
    def layers(self) -> Mapping[nn.Module, Layer]:
        """The forward passes by module, the same for every render: what was compiled stays so."""
        from diffusers.models.attention import FeedForward
        from diffusers.models.resnet import ResnetBlock2D

        modules = self._unet.modules()
        return {
            module: self._layer(module.forward) for module in modules if type(module) in (ResnetBlock2D, FeedForward)
        }

    def _layer(self, own: Layer) -> Layer:
        library = cast("Any", torch)  # its types do not know the option
        compiled: Layer = library.compile(own, isolate_recompiles=True)  # else all layers share one limit of shapes

        def forward(*inputs: Any, **options: Any) -> Any:
            if self._failed:
                return own(*inputs, **options)
            try:
                return compiled(*inputs, **options)
            except Exception as error:
                if is_out_of_memory(error):
                    raise
                self._failed = True
                log.warning("going on without compiled layers: %s", " ".join(str(error).split())[:300])
                return own(*inputs, **options)

        return forward
