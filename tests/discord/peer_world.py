"""The peer's world: who is there, what was said, and what Discord allows a bot to do to it.

Every method either does the whole of what the bot asked or raises ApiError and changes nothing.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from . import peer_rules as rules
from .peer_compose import Composer, Draft
from .peer_model import (
    BOOST_LIMITS,
    DM,
    EVERYONE,
    Attachment,
    Cdn,
    Channel,
    Guild,
    Interaction,
    Message,
    Permission,
    Role,
    Snowflakes,
    User,
    timestamp,
)
from .peer_rules import COMPONENTS_V2, ApiError, Json, Upload, invalid

NONCE_WINDOW_S: Final = 300.0
INTENT_GUILDS, INTENT_GUILD_MESSAGES, INTENT_DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
_MENTION = re.compile(r"<@!?(\d+)>")

Dispatch = Callable[[str, Json, int | None, int], bool]
"""(event, data, guild id, intent needed or 0) -> whether a live connection of the bot took it."""


def _nobody_listens(_event: str, _data: Json, _guild: int | None, _intent: int) -> bool:
    return False


@dataclass(slots=True)
class Timing:
    """The two deadlines of an interaction; only a test of the deadlines themselves shortens them."""

    ack_window_s: float = rules.ACK_WINDOW_S
    token_lifetime_s: float = rules.TOKEN_LIFETIME_S


class World:
    """State and rules. `dispatch` and `changed` connect it to a transport; without them it stands alone."""

    def __init__(self, *, cdn_url: str, clock: Callable[[], float] | None = None, timing: Timing | None = None):
        self.clock = clock or time.time
        self.timing = timing or Timing()
        self.ids = Snowflakes()
        self.cdn = Cdn(cdn_url, lambda: self.clock())
        self.composer = Composer(self.ids, self.cdn, self.enforced_limit)
        self.dispatch: Dispatch = _nobody_listens
        self.changed: Callable[[], None] = lambda: None
        self.bot = User(self.ids.next(), "flipbook", bot=True)
        self.application_id = self.ids.next()
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.attachments: dict[int, Attachment] = {}
        self.interactions: dict[int, Interaction] = {}
        self.commands: dict[int | None, list[Json]] = {}  # scope (a guild id, or None for global) -> commands
        self.command_syncs: list[Json] = []
        self.typing: list[Json] = []
        self.upload_limit: int | None = None  # bytes; what is enforced, where it differs from what is announced

    # The scene -------------------------------------------------------------------------------------

    def add_user(self, name: str) -> User:
        user = User(self.ids.next(), name)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, owner: User, bot_present: bool = True, premium_tier: int = 0) -> Guild:
        guild_id = self.ids.next()
        roles = {guild_id: Role(guild_id, "@everyone", int(EVERYONE))}
        guild = Guild(guild_id, name, owner.id, roles, premium_tier=premium_tier)
        guild.members[owner.id] = []
        if bot_present:
            role = Role(self.ids.next(), self.bot.name, int(EVERYONE | Permission.MANAGE_MESSAGES))
            guild.roles[role.id] = role
            guild.members[self.bot.id] = [role.id]
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, guild: Guild, name: str, *, nsfw: bool = False) -> Channel:
        channel = Channel(self.ids.next(), name, guild_id=guild.id, nsfw=nsfw)
        guild.channels[channel.id] = self.channels[channel.id] = channel
        return channel

    def add_private_channel(self, kind: int, recipients: list[int], name: str = "") -> Channel:
        for channel in self.channels.values():
            if kind == DM and channel.type == DM and set(channel.recipients) == set(recipients):
                return channel
        channel = Channel(self.ids.next(), name, type=kind, recipients=list(recipients))
        self.channels[channel.id] = channel
        return channel

    def announced_limit(self, guild_id: int | None) -> int:
        """`attachment_size_limit` of an interaction: 10 MiB, or the guild's boost tier."""
        guild = self.guilds.get(guild_id) if guild_id is not None else None
        return BOOST_LIMITS[guild.premium_tier if guild else 0]

    def enforced_limit(self, channel: Channel) -> int:
        return self.announced_limit(channel.guild_id) if self.upload_limit is None else self.upload_limit

    # Changing messages -----------------------------------------------------------------------------

    def commit(self, message: Message, draft: Draft, via: str, *, fresh: bool) -> Message:
        now = self.clock()
        for gone in message.attachments:
            if gone not in draft.attachments:
                self.attachments.pop(gone.id, None)
        message.content, message.embeds, message.components = draft.content, draft.embeds, draft.components
        message.attachments, message.flags = draft.attachments, draft.flags
        for item in draft.added:
            self.attachments[item.id] = item
        message.mentions = [
            user
            for user in dict.fromkeys(int(found) for found in _MENTION.findall(message.text()))
            if user in self.users
        ]
        if not fresh:
            message.edited_at = now
        message.write_down(now, via)
        self.messages[message.id] = message
        self._announce("MESSAGE_CREATE" if fresh else "MESSAGE_UPDATE", message)
        return message

    def _announce(self, event: str, message: Message) -> None:
        channel = self.channels[message.channel_id]
        if not message.ephemeral:
            intent = INTENT_GUILD_MESSAGES if channel.guild_id else INTENT_DIRECT_MESSAGES
            data = self.message_wire(message)
            if event == "MESSAGE_DELETE":
                data = {"id": str(message.id), "channel_id": str(channel.id)}
            if channel.guild_id:
                data["guild_id"] = str(channel.guild_id)
            self.dispatch(event, data, channel.guild_id, intent)
        self.changed()

    def ping(self, message: Message, allowed: Json | None, replied_to: Message | None) -> None:
        """Who is notified (Discord API docs, Message resource, Allowed Mentions)."""
        everyone = allowed is None or "users" in (allowed.get("parse") or ())
        named = {int(user) for user in (allowed or {}).get("users") or ()}
        message.pinged = [user for user in message.mentions if everyone or user in named]
        wants_reply_ping = allowed is None or bool(allowed.get("replied_user"))
        if replied_to and wants_reply_ping and replied_to.author_id not in message.pinged:
            message.pinged.append(replied_to.author_id)

    # The bot's own routes (bot token) --------------------------------------------------------------

    def bot_channel(self, channel_id: int, *needed: Permission) -> Channel:
        """The channel, if the bot may do `needed` there; 10003, 50001 or 50013 otherwise."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if channel.guild_id is None:
            if self.bot.id not in channel.recipients:
                raise ApiError(403, 50001, "Missing Access")
            return channel
        guild = self.guilds[channel.guild_id]
        if self.bot.id not in guild.members:
            raise ApiError(403, 50001, "Missing Access")
        held = guild.permissions(self.bot.id, channel)
        if not held & Permission.VIEW_CHANNEL:
            raise ApiError(403, 50001, "Missing Access")
        if any(not held & permission for permission in needed):
            raise ApiError(403, 50013, "Missing Permissions")
        return channel

    def bot_message(self, channel_id: int, message_id: int) -> Message:
        """A message as the bot token sees it: ephemeral and deleted ones are 10008 Unknown Message."""
        message = self.messages.get(message_id)
        gone = message is None or message.deleted_at is not None or message.ephemeral
        if message is None or gone or message.channel_id != channel_id:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def send(self, channel_id: int, body: Json, uploads: list[Upload]) -> Message:
        """Create Message; a repeated nonce with enforce_nonce returns the first message and sends nothing."""
        needed = [Permission.SEND_MESSAGES] + ([Permission.ATTACH_FILES] if uploads else [])
        channel = self.bot_channel(channel_id, *needed)
        if channel.type == DM:
            other = next(user for user in channel.recipients if user != self.bot.id)
            if not self.users[other].dms_open:
                raise ApiError(403, 50007, "Cannot send messages to this user")
        nonce = body.get("nonce")
        if nonce is not None:
            rules.require_length("nonce", str(nonce), 0, 25)
            if body.get("enforce_nonce"):
                twin = self._same_nonce(channel, str(nonce))
                if twin is not None:
                    return twin
        replied_to = self._reference(channel, body.get("message_reference"))
        allowed = rules.SUPPRESS_EMBEDS | rules.SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
        draft = self.composer.draft(None, body, uploads, channel, allowed)
        message = Message(self.ids.next(), channel.id, self.bot.id, self.clock())
        message.nonce = None if nonce is None else str(nonce)
        message.reference_id = replied_to.id if replied_to else None
        self.commit(message, draft, "bot", fresh=True)
        self.ping(message, body.get("allowed_mentions"), replied_to)
        return message

    def _same_nonce(self, channel: Channel, nonce: str) -> Message | None:
        oldest = self.clock() - NONCE_WINDOW_S
        for message in self.messages.values():
            same = message.channel_id == channel.id and message.nonce == nonce
            if same and message.author_id == self.bot.id and message.created_at >= oldest:
                return message
        return None

    def _reference(self, channel: Channel, reference: Json | None) -> Message | None:
        if not reference:
            return None
        if reference.get("type"):
            raise rules.NotImplementedByPeer("forwarded messages")
        try:
            self.bot_channel(channel.id, Permission.READ_MESSAGE_HISTORY)
            return self.bot_message(channel.id, int(reference["message_id"]))
        except ApiError as error:
            if error.code == 10008 and not reference.get("fail_if_not_exists", True):
                return None
            raise invalid("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message") from error

    def edit(self, channel_id: int, message_id: int, body: Json, uploads: list[Upload]) -> Message:
        """Edit Message. ATTACH_FILES is asked of an edit that adds files, as it is of a new message."""
        channel = self.bot_channel(channel_id, *([Permission.ATTACH_FILES] if uploads else []))
        message = self.bot_message(channel_id, message_id)
        if message.author_id != self.bot.id:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        return self.commit(message, self.composer.draft(message, body, uploads, channel, 0), "bot", fresh=False)

    def delete(self, channel_id: int, message_id: int) -> None:
        self.bot_channel(channel_id)
        message = self.bot_message(channel_id, message_id)
        if message.author_id != self.bot.id:
            self.bot_channel(channel_id, Permission.MANAGE_MESSAGES)
        self.remove(message)

    def remove(self, message: Message) -> None:
        message.deleted_at = self.clock()
        for item in message.attachments:
            self.attachments.pop(item.id, None)
        self._announce("MESSAGE_DELETE", message)

    def history(self, channel_id: int, limit: int, before: int | None, after: int | None) -> list[Message]:
        """Get Channel Messages, newest first; without READ_MESSAGE_HISTORY the list is empty."""
        channel = self.bot_channel(channel_id)
        if channel.guild_id is not None:
            held = self.guilds[channel.guild_id].permissions(self.bot.id, channel)
            if not held & Permission.READ_MESSAGE_HISTORY:
                return []
        found = [
            message
            for message in self.messages.values()
            if message.channel_id == channel_id and message.deleted_at is None and not message.ephemeral
        ]
        if before is not None:
            found = [message for message in found if message.id < before]
        if after is not None:
            found = [message for message in found if message.id > after][:limit]
        return sorted(found, key=lambda message: message.id, reverse=True)[:limit]

    def open_dm(self, user_id: int) -> Channel:
        if user_id not in self.users:
            raise invalid("recipient_id", "USER_NOT_FOUND", "Unknown user")
        return self.add_private_channel(DM, [user_id, self.bot.id])

    def sync(self, scope: int | None, commands: Any) -> list[Json]:
        """Bulk Overwrite Application Commands: a command that keeps its name keeps its id."""
        old = {(one.get("type", 1), one["name"]): one["id"] for one in self.commands.get(scope, [])}
        stored: list[Json] = []
        for command in rules.check_commands(commands):
            fresh = {key: value for key, value in command.items() if value is not None}
            kind = command.get("type", 1)
            fresh |= {
                "id": old.get((kind, command["name"])) or str(self.ids.next()),
                "application_id": str(self.application_id),
                "type": kind,
                "version": str(self.ids.next()),
                "description": command.get("description") or "",
                "default_member_permissions": command.get("default_member_permissions"),
                "nsfw": bool(command.get("nsfw")),
                "integration_types": command.get("integration_types") or [0],
                "contexts": command.get("contexts"),
            }
            if scope is not None:
                fresh["guild_id"] = str(scope)
            stored.append(fresh)
        self.commands[scope] = stored
        self.command_syncs.append({"at": self.clock(), "scope": scope, "count": len(stored)})
        self.changed()
        return stored

    # Wire form -------------------------------------------------------------------------------------

    def message_wire(self, message: Message) -> Json:
        """The message object (Discord API docs, Message resource)."""
        author = self.users[message.author_id]
        answer: Json = {
            "id": str(message.id),
            "channel_id": str(message.channel_id),
            "type": 20 if message.interaction_id else (19 if message.reference_id else 0),
            "author": author.wire(),
            "content": message.content,
            "embeds": message.embeds,
            "components": message.components,
            "attachments": [item.wire(self.cdn) for item in message.attachments],
            "flags": message.flags,
            "timestamp": timestamp(message.created_at),
            "edited_timestamp": timestamp(message.edited_at),
            "mentions": [self.users[user].wire() for user in message.mentions],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
        }
        if message.nonce is not None:
            answer["nonce"] = message.nonce
        if author.bot:
            answer["application_id"] = str(self.application_id)
        if message.interaction_id is not None:
            answer["webhook_id"] = str(self.application_id)
            answer["interaction_metadata"] = message.interaction_metadata
        if message.reference_id is not None:
            answer["message_reference"] = {
                "type": 0,
                "message_id": str(message.reference_id),
                "channel_id": str(message.channel_id),
            }
            original = self.messages.get(message.reference_id)
            alive = original is not None and original.deleted_at is None
            answer["referenced_message"] = self.message_wire(original) if original and alive else None
        return answer
