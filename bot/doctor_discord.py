"""What `python -m bot doctor` asks Discord: the token, the intents, and the permissions in each server."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import aiohttp
import discord
from discord.http import Route

from .discord_address import redirect
from .finding import Finding
from .settings import Settings

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
"""What the bot needs in a channel to show a clip there; channels may take away what a server gives."""

MOST_GUILDS = 200
"""Servers that one request lists (docs: Get Current User Guilds)."""

TOKEN_REMEDY = "Developer Portal, page Bot: press Reset Token and put the new one after DISCORD_TOKEN= in .env."


async def check_discord(settings: Settings) -> list[Finding]:
    """Log in over REST, without the gateway: a bot that runs meanwhile is not disturbed."""
    if settings.discord_token is None:
        return [_check_local_page()]
    redirect(settings)
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        await client.login(settings.discord_token.get_secret_value())
        guilds: list[dict[str, Any]] = await client.http.request(
            Route("GET", "/users/@me/guilds"), params={"limit": MOST_GUILDS}
        )
    except discord.LoginFailure:
        return [Finding("Token", "Discord refuses it", TOKEN_REMEDY)]
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        mend = "Check this machine's network, proxy and clock, and https://discordstatus.com."
        return [Finding("Discord", f"cannot be reached ({type(error).__name__})", mend)]
    finally:
        await client.close()
    findings = [
        Finding("Token", f"it is that of {client.user}"),
        Finding("Intents", "only Guilds is used, which every bot has; nothing to switch on"),
    ]
    if not guilds:
        mend = "Developer Portal, page Installation: open the Install Link and add the bot to a server."
        return [*findings, Finding("Servers", "the bot is in none", mend)]
    return findings + [_check_permissions(guild) for guild in guilds]


def _check_permissions(guild: dict[str, Any]) -> Finding:
    granted = discord.Permissions(int(guild["permissions"]))
    missing = [name for name, needed in NEEDED if needed and not (granted.administrator or getattr(granted, name))]
    subject = f"Permissions in {guild['name']}"
    if not missing:
        return Finding(subject, "all that is needed; a channel may still take some away")
    names = ", ".join(name.replace("_", " ").title() for name in missing)
    return Finding(subject, f"missing: {names}", "Server Settings, Roles: give them to the bot's role.")


def _check_local_page() -> Finding:
    if find_spec("simcord") is None:
        return Finding(
            "Discord", "no DISCORD_TOKEN is set and the local page is not installed", 'pip install -e ".[local]"'
        )
    return Finding("Discord", "no DISCORD_TOKEN is set; the local page is served")
