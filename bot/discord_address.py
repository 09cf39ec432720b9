"""Which Discord is spoken to; discord.py keeps the addresses on its classes."""

from __future__ import annotations

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from .settings import Settings


def redirect(settings: Settings) -> None:
    """Point discord.py at another Discord where the settings name one."""
    if settings.discord_api_url is not None and settings.discord_gateway_url is not None:
        Route.BASE = settings.discord_api_url.rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.discord_gateway_url)
