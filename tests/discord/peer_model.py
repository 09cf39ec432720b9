"""The things in the peer's world and their wire form; no rules, no transport.

Ids are snowflakes drawn from one counter over the real clock: none is ever given twice in a world's life.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import Any, Final

from .peer_rules import EPHEMERAL, MIB, TEXT, Json, walk

DISCORD_EPOCH_MS: Final = 1_420_070_400_000
CDN_LINK_LIFETIME_S: Final = 24 * 3600
TEXT_CHANNEL, DM, GROUP_DM = 0, 1, 3
BOOST_LIMITS: Final = (10 * MIB, 10 * MIB, 50 * MIB, 100 * MIB)  # bytes per file, by premium tier


class Permission(IntFlag):
    """The permission bits that the peer's rules look at (Discord API docs, Permissions)."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31


ALL_PERMISSIONS: Final = (1 << 53) - 1
EVERYONE: Final = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
)


class Snowflakes:
    """Ids that carry their time and never repeat (Discord API docs, Reference, Snowflakes)."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        fresh = (int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(self._last + 1, fresh)
        return self._last


def timestamp(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()


@dataclass(slots=True)
class User:
    id: int
    name: str
    bot: bool = False
    dms_open: bool = True

    def wire(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(slots=True)
class Role:
    id: int
    name: str
    permissions: int

    def wire(self) -> Json:
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0 if self.name == "@everyone" else 1,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


@dataclass(slots=True)
class Channel:
    id: int
    name: str
    type: int = TEXT_CHANNEL
    guild_id: int | None = None
    nsfw: bool = False
    recipients: list[int] = field(default_factory=list)
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)  # member or role id -> (allow, deny)


@dataclass(slots=True)
class Guild:
    id: int
    name: str
    owner_id: int
    roles: dict[int, Role]
    members: dict[int, list[int]] = field(default_factory=dict)  # user id -> role ids
    channels: dict[int, Channel] = field(default_factory=dict)
    premium_tier: int = 0
    locale: str = "en-US"

    def permissions(self, user_id: int, channel: Channel | None) -> int:
        """Base permissions, then @everyone, role and member overwrites (Discord API docs, Permissions)."""
        if user_id == self.owner_id:
            return ALL_PERMISSIONS
        role_ids = [self.id, *self.members.get(user_id, [])]
        total = 0
        for role_id in role_ids:
            total |= self.roles[role_id].permissions
        if total & Permission.ADMINISTRATOR:
            return ALL_PERMISSIONS
        if channel is None:
            return total
        overwrites = channel.overwrites
        for group in ([self.id], self.members.get(user_id, []), [user_id]):
            allow = deny = 0
            for target in group:
                more_allow, more_deny = overwrites.get(target, (0, 0))
                allow, deny = allow | more_allow, deny | more_deny
            total = (total & ~deny) | allow
        return total if total & Permission.VIEW_CHANNEL else 0

    def partial(self) -> Json:
        return {"id": str(self.id), "locale": self.locale, "features": []}


@dataclass(slots=True)
class Attachment:
    id: int
    channel_id: int
    filename: str
    content_type: str
    data: bytes
    description: str | None = None
    ephemeral: bool = False
    sha256: str = ""

    def __post_init__(self) -> None:
        self.sha256 = hashlib.sha256(self.data).hexdigest()

    def wire(self, cdn: "Cdn") -> Json:
        url = cdn.sign(self)
        answer: Json = {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.data),
            "url": url,
            "proxy_url": url,
            "content_type": self.content_type,
        }
        if self.description is not None:
            answer["description"] = self.description
        if self.ephemeral:
            answer["ephemeral"] = True
        return answer


class Cdn:
    """Signed links that expire (Discord API docs, Reference, Signed Attachment CDN URLs)."""

    def __init__(self, base_url: str, clock: Callable[[], float]) -> None:
        self.base_url, self._clock = base_url, clock
        self._key = secrets.token_bytes(16)

    def sign(self, attachment: Attachment) -> str:
        path = f"/attachments/{attachment.channel_id}/{attachment.id}/{attachment.filename}"
        expires = f"{int(self._clock() + CDN_LINK_LIFETIME_S):x}"
        return f"{self.base_url}{path}?ex={expires}&hm={self._mac(path, expires)}&"

    def valid(self, path: str, expires: str, mac: str) -> bool:
        if not hmac.compare_digest(mac, self._mac(path, expires)):
            return False
        return int(expires, 16) > self._clock()

    def _mac(self, path: str, expires: str) -> str:
        return hmac.new(self._key, f"{path}?{expires}".encode(), "sha256").hexdigest()


@dataclass(slots=True)
class Message:
    id: int
    channel_id: int
    author_id: int
    created_at: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    edited_at: float | None = None
    deleted_at: float | None = None
    ephemeral_to: int | None = None
    interaction_id: int | None = None
    interaction_metadata: Json | None = None
    reference_id: int | None = None
    mentions: list[int] = field(default_factory=list)
    pinged: list[int] = field(default_factory=list)  # who was notified when it was sent; edits notify nobody
    edits: list[Json] = field(default_factory=list)  # the message as it stood after each write, the first one too

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    def text(self) -> str:
        """Content and every text display, in reading order."""
        shown = [self.content] if self.content else []
        shown += [component["content"] for _, component in walk(self.components) if component["type"] == TEXT]
        return "\n".join(shown)

    def write_down(self, at: float, via: str) -> None:
        self.edits.append(
            {
                "at": at,
                "via": via,
                "content": self.content,
                "text": self.text(),
                "flags": self.flags,
                "components": self.components,
                "attachments": [seen(attachment) for attachment in self.attachments],
            }
        )


def seen(attachment: Attachment) -> Json:
    """An attachment as the control surface shows it: the hash instead of the bytes."""
    return {
        "id": attachment.id,
        "filename": attachment.filename,
        "size": len(attachment.data),
        "sha256": attachment.sha256,
        "content_type": attachment.content_type,
        "description": attachment.description,
    }


@dataclass(slots=True)
class Interaction:
    """One interaction and what became of it (Discord API docs, Receiving and Responding to Interactions)."""

    id: int
    type: int
    token: str
    user_id: int
    channel_id: int
    guild_id: int | None
    created_at: float
    payload: Json
    owners: Json
    delivered: bool = False
    acked_at: float | None = None
    callback_type: int | None = None
    message_id: int | None = None  # what @original names
    source_message_id: int | None = None  # the message whose component was used
    follow_ups: list[int] = field(default_factory=list)
    choices: list[Json] | None = None
    modal: Json | None = None
    expired: bool = False  # killed early by a control

    def metadata(self, user: User) -> Json:
        return {
            "id": str(self.id),
            "type": self.type,
            "user": user.wire(),
            "authorizing_integration_owners": self.owners,
        }


def member_wire(guild: Guild, user: User, *, permissions: int | None = None) -> Json:
    answer: Json = {
        "user": user.wire(),
        "roles": [str(role) for role in guild.members.get(user.id, [])],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "nick": None,
        "avatar": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "premium_since": None,
        "communication_disabled_until": None,
    }
    if permissions is not None:
        answer["permissions"] = str(permissions)
    return answer


def channel_wire(channel: Channel, users: dict[int, User], **more: Any) -> Json:
    answer: Json = {"id": str(channel.id), "type": channel.type, "last_message_id": None, "flags": 0}
    if channel.type in (DM, GROUP_DM):
        answer["recipients"] = [users[user].wire() for user in channel.recipients]
        if channel.type == GROUP_DM:
            answer |= {"name": channel.name, "owner_id": str(channel.recipients[0]), "icon": None}
    else:
        answer |= {
            "guild_id": str(channel.guild_id),
            "name": channel.name,
            "position": 0,
            "nsfw": channel.nsfw,
            "topic": None,
            "parent_id": None,
            "rate_limit_per_user": 0,
            "permission_overwrites": [
                {
                    "id": str(target),
                    "type": 1 if target in users else 0,
                    "allow": str(allow),
                    "deny": str(deny),
                }
                for target, (allow, deny) in channel.overwrites.items()
            ],
        }
    return answer | more


def guild_wire(guild: Guild, users: dict[int, User], bot_id: int) -> Json:
    """The body of GUILD_CREATE; without the members intent only the bot's member is listed."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "vanity_url_code": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": guild.premium_tier,
        "premium_progress_bar_enabled": False,
        "preferred_locale": guild.locale,
        "application_id": None,
        "roles": [role.wire() for role in guild.roles.values()],
        "channels": [channel_wire(channel, users) for channel in guild.channels.values()],
        "members": [member_wire(guild, users[bot_id])],
        "emojis": [],
        "stickers": [],
        "features": [],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
    }
