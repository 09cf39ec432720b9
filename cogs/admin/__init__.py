"""/admin: what the moderators of a server decide; for members who may manage the server, for their eyes only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .channels import Channels
from .group import Admin
from .jobs import ClearButton
from .limits import Limits
from .words import Words, WordsEditing

if TYPE_CHECKING:
    from bot.app import Flipbook


async def setup(bot: Flipbook) -> None:
    """Add the command with its groups, the button, and what answers the form."""
    admin = Admin()
    for group in (Limits(), Channels(), Words()):
        admin.add_command(group)
    bot.tree.add_command(admin)
    bot.add_dynamic_items(ClearButton)
    await bot.add_cog(WordsEditing(bot))
