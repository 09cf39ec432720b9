"""The buttons that make a clip from another's recipe, for whoever presses them and on their quota."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.buttons import Verb
from bot.variants import Variants
from generation.request import VideoRequest

from .buttons import JobButton
from .ordering import order

if TYPE_CHECKING:
    from bot.app import Flipbook


class VariantButton(JobButton):
    """Orders a clip; a subclass says which."""

    async def press(self, interaction: discord.Interaction[Any], bot: Flipbook) -> None:
        """Order it, in a message of its own."""
        request = await self.vary(bot.service.variants)
        message_id = interaction.message.id if interaction.message is not None else 0
        press = bot.key(f"{message_id}:{self.verb}:{self.job_id}")
        private = await bot.service.variants.is_private(self.job_id)
        await order(bot, interaction, request.model_dump(), press=press, private=private)

    async def vary(self, variants: Variants) -> VideoRequest:
        """What is ordered."""
        raise NotImplementedError


class AgainButton(VariantButton, verb=Verb.AGAIN):
    """The same clip once more; for one that failed or was cancelled, and in the history."""

    async def vary(self, variants: Variants) -> VideoRequest:
        """The same recipe."""
        return await variants.recipe(self.job_id)


class RerollButton(VariantButton, verb=Verb.REROLL):
    """The same prompt with another seed."""

    async def vary(self, variants: Variants) -> VideoRequest:
        """See `bot.variants.rerolled`."""
        return await variants.rerolled(self.job_id)


class ExtendButton(VariantButton, verb=Verb.EXTEND):
    """The same beginning, twice as long."""

    async def vary(self, variants: Variants) -> VideoRequest:
        """See `bot.variants.extended`."""
        return await variants.extended(self.job_id)


class ShorterButton(VariantButton, verb=Verb.SHORTER):
    """The same beginning, half as long; for one whose file is too large."""

    async def vary(self, variants: Variants) -> VideoRequest:
        """See `bot.variants.shorter`."""
        return await variants.shorter(self.job_id)


class SmootherButton(VariantButton, verb=Verb.SMOOTHER):
    """The same clip with frames between its frames."""

    async def vary(self, variants: Variants) -> VideoRequest:
        """See `bot.variants.smoother`."""
        return await variants.smoother(self.job_id)


class LargerButton(VariantButton, verb=Verb.LARGER):
    """The same clip at twice the size."""

    async def vary(self, variants: Variants) -> VideoRequest:
        """See `bot.variants.larger`."""
        return await variants.larger(self.job_id)


async def setup(bot: Flipbook) -> None:
    """Add the buttons."""
    bot.add_dynamic_items(AgainButton, RerollButton, ExtendButton, ShorterButton, SmootherButton, LargerButton)
