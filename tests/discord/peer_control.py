"""The test's side of the peer: small JSON verbs to act as a member, to read the world and to make it fail."""

import asyncio
import base64
import inspect
import re
from typing import Any

from aiohttp import web

from .peer_gateway import Gateway
from .peer_members import Members, Place, Refused
from .peer_model import DM, GROUP_DM, Interaction, Message, Role, channel_wire, guild_wire, seen
from .peer_rest import Fault, Match, Rest
from .peer_rules import Json, walk
from .peer_world import World


class Control:
    """One public async method is one verb; a Refused or a bad argument answers 409 with the reason."""

    def __init__(self, world: World, rest: Rest, gateway: Gateway) -> None:
        self.world, self.rest, self.gateway = world, rest, gateway
        self.members = Members(world)
        self._revision = 0
        self._news = asyncio.Event()
        world.changed = self._changed

    def _changed(self) -> None:
        self._revision += 1
        self._news.set()
        self._news = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        verb = request.match_info["verb"]
        method = None if verb.startswith("_") or verb == "handle" else getattr(self, verb, None)
        if not inspect.iscoroutinefunction(method):
            return web.json_response({"error": f"the peer has no control '{verb}'"}, status=501)
        try:
            return web.json_response(await method(**await request.json()))
        except (Refused, KeyError, TypeError, ValueError, re.error) as error:
            return web.json_response({"error": f"{verb}: {type(error).__name__}: {error}"}, status=409)

    # Reading --------------------------------------------------------------------------------------------

    async def wait(self, since: int, timeout_s: float) -> Json:
        """Answers as soon as anything changed after revision `since`, or after the time."""
        news = self._news
        if self._revision <= since:
            try:
                async with asyncio.timeout(timeout_s):
                    await news.wait()
            except TimeoutError:
                pass
        return {"revision": self._revision}

    async def scene(self) -> Json:
        world = self.world
        return {
            "bot_id": world.bot.id,
            "application_id": world.application_id,
            "connected": self.gateway.connected(),
            "users": {user.name: user.id for user in world.users.values()},
            "guilds": {guild.name: guild.id for guild in world.guilds.values()},
            "channels": {channel.name: channel.id for channel in world.channels.values() if channel.guild_id},
        }

    async def messages(
        self, channel: int | None = None, viewer: int | None = None, deleted: bool = False
    ) -> list[Json]:
        """Oldest first. A `viewer` sees what their client shows; without one, ephemeral ones are included."""
        return [
            self._message(message)
            for message in sorted(self.world.messages.values(), key=lambda one: one.id)
            if (channel is None or message.channel_id == channel)
            and (deleted or message.deleted_at is None)
            and (viewer is None or self._visible(message, viewer))
        ]

    def _visible(self, message: Message, viewer: int) -> bool:
        channel = self.world.channels[message.channel_id]
        if message.ephemeral:
            return message.ephemeral_to == viewer
        if channel.guild_id is None:
            return viewer in channel.recipients
        guild = self.world.guilds[channel.guild_id]
        return viewer in guild.members and guild.permissions(viewer, channel) > 0

    def _message(self, message: Message) -> Json:
        buttons = [
            {
                "custom_id": one.get("custom_id"),
                "label": one.get("label"),
                "disabled": bool(one.get("disabled")),
                "url": one.get("url"),
                "emoji": (one.get("emoji") or {}).get("name"),
            }
            for _, one in walk(message.components)
            if one["type"] == 2
        ]
        return {
            "id": message.id,
            "channel_id": message.channel_id,
            "author_id": message.author_id,
            "created_at": message.created_at,
            "edited_at": message.edited_at,
            "deleted_at": message.deleted_at,
            "content": message.content,
            "text": message.text(),
            "flags": message.flags,
            "ephemeral_to": message.ephemeral_to,
            "interaction_id": message.interaction_id,
            "reference_id": message.reference_id,
            "nonce": message.nonce,
            "mentions": message.mentions,
            "pinged": message.pinged,
            "embeds": message.embeds,
            "components": message.components,
            "buttons": buttons,
            "attachments": [seen(one) | {"url": one.wire(self.world.cdn)["url"]} for one in message.attachments],
            "edits": message.edits,
        }

    async def interaction(self, id: int) -> Json:
        return self._interaction(self.world.interactions[id])

    async def interactions(self) -> list[Json]:
        return [self._interaction(one) for one in self.world.interactions.values()]

    def _interaction(self, one: Interaction) -> Json:
        age = self.world.clock() - one.created_at
        waiting = "failed" if one.expired or age > self.world.timing.ack_window_s else "pending"
        return {
            "id": one.id,
            "type": one.type,
            "state": "acknowledged" if one.acked_at is not None else waiting,
            "delivered": one.delivered,
            "created_at": one.created_at,
            "acked_at": one.acked_at,
            "callback_type": one.callback_type,
            "message_id": one.message_id,
            "follow_ups": one.follow_ups,
            "choices": one.choices,
            "modal": one.modal,
        }

    async def requests(self) -> list[Json]:
        return self.rest.requests

    async def commands(self, guild: int | None = None) -> Json:
        return {"commands": self.world.commands.get(guild, []), "syncs": self.world.command_syncs}

    async def heartbeats(self) -> Json:
        return self.gateway.report()

    async def typing(self) -> list[Json]:
        return self.world.typing

    # Acting as a member ---------------------------------------------------------------------------------

    def _place(self, user: int, channel: int, locale: str, offline: bool) -> Place:
        if not offline and not self.gateway.connected():
            raise Refused("the bot is not connected; pass offline=True to act while it is down")
        return self.members.place(user, channel, locale)

    async def slash(
        self, name: str, options: Json, user: int, channel: int, locale: str = "en-US", offline: bool = False
    ) -> Json:
        place = self._place(user, channel, locale, offline)
        return self._interaction(self.members.slash(place, name, options))

    async def autocomplete(
        self,
        name: str,
        focused: str,
        text: str,
        options: Json,
        user: int,
        channel: int,
        locale: str = "en-US",
    ) -> Json:
        place = self._place(user, channel, locale, False)
        return self._interaction(self.members.autocomplete(place, name, focused, text, options))

    async def menu(self, name: str, target: int, user: int, channel: int, locale: str = "en-US") -> Json:
        return self._interaction(self.members.menu(self._place(user, channel, locale, False), name, target))

    async def press(
        self,
        message: int,
        custom_id: str,
        user: int,
        values: list[str] | None = None,
        locale: str = "en-US",
        offline: bool = False,
    ) -> Json:
        target = self.world.messages[message]
        place = self._place(user, target.channel_id, locale, offline)
        return self._interaction(self.members.use(place, target, custom_id, values))

    async def modal_submit(self, interaction: int, values: Json, user: int, locale: str = "en-US") -> Json:
        opened_by = self.world.interactions[interaction]
        place = self._place(user, opened_by.channel_id, locale, False)
        return self._interaction(self.members.submit(place, opened_by, values))

    async def upload(self, channel: int, filename: str, data: str, content_type: str) -> Json:
        return seen(self.members.upload(channel, filename, base64.b64decode(data), content_type))

    # Changing the world ---------------------------------------------------------------------------------

    async def create_user(self, name: str, guild: int | None = None, admin: bool = False) -> Json:
        user = self.world.add_user(name)
        if guild is not None:
            home = self.world.guilds[guild]
            home.members[user.id] = []
            if admin:
                await self.give_role(guild, user.id, 1 << 3)
        return {"id": user.id}

    async def give_role(self, guild: int, user: int, permissions: int) -> Json:
        """A fresh role with these permissions, given to one member; the bot hears of both."""
        home = self.world.guilds[guild]
        role = Role(self.world.ids.next(), f"role-{len(home.roles)}", permissions)
        home.roles[role.id] = role
        home.members[user].append(role.id)
        self.world.dispatch("GUILD_ROLE_CREATE", {"guild_id": str(guild), "role": role.wire()}, guild, 1)
        return {"id": role.id}

    async def create_guild(
        self, name: str, owner: int, bot_present: bool = True, premium_tier: int = 0, locale: str = "en-US"
    ) -> Json:
        world = self.world
        guild = world.add_guild(name, owner=world.users[owner], bot_present=bot_present, premium_tier=premium_tier)
        guild.locale = locale
        channel = world.add_channel(guild, f"{name}-general")
        if bot_present:
            world.dispatch("GUILD_CREATE", guild_wire(guild, world.users, world.bot.id), guild.id, 1)
        return {"id": guild.id, "channel_id": channel.id}

    async def create_channel(self, guild: int, name: str, nsfw: bool = False) -> Json:
        home = self.world.guilds[guild]
        channel = self.world.add_channel(home, name, nsfw=nsfw)
        self.world.dispatch("CHANNEL_CREATE", channel_wire(channel, self.world.users), guild, 1)
        return {"id": channel.id}

    async def open_private(self, recipients: list[int], name: str = "") -> Json:
        """A DM between two, or a group DM; with the bot among two it is the bot's own DM."""
        kind = DM if len(recipients) == 2 else GROUP_DM
        return {"id": self.world.add_private_channel(kind, recipients, name).id}

    async def set_overwrite(self, channel: int, target: int, allow: int = 0, deny: int = 0) -> Json:
        """Permissions of one member or role in one channel."""
        place = self.world.channels[channel]
        place.overwrites[target] = (allow, deny)
        self.world.dispatch("CHANNEL_UPDATE", channel_wire(place, self.world.users), place.guild_id, 1)
        return {}

    async def set_dms(self, user: int, open: bool) -> Json:
        self.world.users[user].dms_open = open
        return {}

    async def set_upload_limit(self, limit_bytes: int | None) -> Json:
        """What is enforced from here on; what interactions announce stays."""
        self.world.upload_limit = limit_bytes
        return {}

    async def say(self, user: int, channel: int, content: str) -> Json:
        """A member writes an ordinary message."""
        self.members.place(user, channel, "en-US")
        message = Message(self.world.ids.next(), channel, user, self.world.clock(), content)
        message.write_down(message.created_at, "member")
        self.world.messages[message.id] = message
        self.world.changed()
        return {"id": message.id}

    async def delete_message(self, message: int) -> Json:
        self.world.remove(self.world.messages[message])
        return {}

    async def expire_token(self, interaction: int) -> Json:
        """The interaction's token dies at once, as Discord's sometimes do."""
        self.world.interactions[interaction].expired = True
        return {}

    # Making it fail -------------------------------------------------------------------------------------

    async def inject(
        self,
        method: str,
        path: str,
        status: int,
        code: int = 0,
        message: str = "injected by the test",
        body: Any = None,
        headers: dict[str, str] | None = None,
        count: int = 1,
        skip: int = 0,
        carried_out: bool = False,
    ) -> Json:
        """A 429 without a body is Discord's own: `retry_after` and the Via header that clients look for."""
        if status == 429 and body is None:
            body = {"message": "You are being rate limited.", "retry_after": 0.2, "global": False}
            headers = {"Via": "1.1 loopback", "Retry-After": "1"} | (headers or {})
        answer = {"message": message, "code": code} if body is None else body
        match = Match(method, re.compile(path), skip, count)
        self.rest.faults.append(Fault(match, status, answer, headers or {}, carried_out))
        return {}

    async def clear_faults(self) -> Json:
        """Returns how many injected answers were never used up, and forgets them."""
        left = sum(fault.match.left for fault in self.rest.faults)
        self.rest.faults.clear()
        return {"unused": left}

    async def hold(self, method: str, path: str, when: str, count: int = 1, skip: int = 0) -> Json:
        if when not in ("before", "after"):
            raise ValueError("when is 'before' or 'after' the request is carried out")
        return {"id": self.rest.add_hold(Match(method, re.compile(path), skip, count), when).id}

    async def held(self, hold: int) -> list[Json]:
        return [self.rest.requests[number - 1] for number in self.rest.holds[hold].held]

    async def release(self, hold: int, drop: bool = False) -> Json:
        """Opens the gate; with `drop` its requests are cut off: never carried out, or never answered."""
        gate = self.rest.holds.pop(hold)
        gate.dropped = drop
        gate.gate.set()
        return {}

    async def close_gateway(self, code: int = 4000, resumable: bool = True) -> Json:
        return {"closed": self.gateway.close_all(code, resumable=resumable)}

    async def ask_reconnect(self) -> Json:
        return {"asked": self.gateway.ask_reconnect()}
