"""What members do: each action becomes one interaction as Discord's client would build it, or Refused.

Commands come from what the bot synced; a command, button or choice out of the member's reach is refused here.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from . import peer_rules as rules
from .peer_model import (
    DM,
    GROUP_DM,
    Attachment,
    Channel,
    Guild,
    Interaction,
    Message,
    Permission,
    User,
    channel_wire,
    member_wire,
)
from .peer_rules import Json
from .peer_world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
GUILD_INSTALL, USER_INSTALL = 0, 1
_PLAIN_TYPES: dict[int, type | tuple[type, ...]] = {3: str, 4: int, 5: bool, 10: (int, float)}


def _limit(owner: Json, key: str, default: int) -> Any:
    """A bound that may be absent or null."""
    return default if owner.get(key) is None else owner[key]


class Refused(Exception):
    """The member's own client would not let them do this; the bot hears nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who acts where, in which of the user's languages."""

    user: User
    channel: Channel
    guild: Guild | None
    locale: str


class Members:
    """The people of a world and their clients."""

    def __init__(self, world: World) -> None:
        self.world = world

    def place(self, user_id: int, channel_id: int, locale: str) -> Place:
        world = self.world
        if user_id not in world.users or channel_id not in world.channels:
            raise Refused(f"no such user {user_id} or channel {channel_id}")
        if locale not in rules.LOCALES:
            raise Refused(f"{locale} is not a Discord locale")
        channel = world.channels[channel_id]
        guild = world.guilds[channel.guild_id] if channel.guild_id is not None else None
        if guild is None and user_id not in channel.recipients:
            raise Refused("the user is not in this private channel")
        if guild is not None:
            if user_id not in guild.members:
                raise Refused(f"{world.users[user_id].name} is not a member of {guild.name}")
            held = guild.permissions(user_id, channel)
            if not held & Permission.VIEW_CHANNEL or not held & Permission.USE_APPLICATION_COMMANDS:
                raise Refused("the member cannot see this channel or may not use commands in it")
        return Place(world.users[user_id], channel, guild, locale)

    # Commands -------------------------------------------------------------------------------------------

    def slash(self, place: Place, name: str, options: Json) -> Interaction:
        """`/name` with `options`; a nested name is written with spaces, `"config quota"`."""
        data = self._command_data(place, name, options, focused=None)
        return self._create(place, COMMAND, data)

    def autocomplete(self, place: Place, name: str, focused: str, text: str, options: Json) -> Interaction:
        """The member has typed `text` into the option `focused`; required options may still be missing."""
        data = self._command_data(place, name, options | {focused: text}, focused=focused)
        data.pop("resolved", None)
        return self._create(place, AUTOCOMPLETE, data)

    def menu(self, place: Place, name: str, target_id: int) -> Interaction:
        """A context menu entry on a user or a message."""
        world = self.world
        message = world.messages.get(target_id)
        command = self._find(place, 3 if message else 2, name)
        data: Json = {
            "id": command["id"],
            "name": name,
            "type": command["type"],
            "target_id": str(target_id),
        }
        if message is not None:
            self._see(place, message)
            data["resolved"] = {"messages": {str(target_id): world.message_wire(message)}}
        else:
            data["resolved"] = self._resolve(place, 6, target_id)
        return self._create(place, COMMAND, data)

    def _find(self, place: Place, kind: int, name: str) -> Json:
        world = self.world
        scopes = [place.guild.id, None] if place.guild else [None]
        for scope in scopes:
            for command in world.commands.get(scope, []):
                if command["type"] == kind and command["name"] == name:
                    self._reachable(place, command)
                    return command
        known = [f"{one['name']} (type {one['type']})" for scope in scopes for one in world.commands.get(scope, [])]
        raise Refused(f"the bot has not synced '{name}' (type {kind}); synced: {known or 'nothing'}")

    def _reachable(self, place: Place, command: Json) -> None:
        context = self._context(place)
        if command.get("contexts") is not None and context not in command["contexts"]:
            raise Refused(f"'{command['name']}' is not offered in context {context}")
        installs: list[int] = command["integration_types"]
        bot_here = place.guild is None or self.world.bot.id in place.guild.members
        if not (bot_here and GUILD_INSTALL in installs) and USER_INSTALL not in installs:
            raise Refused(f"'{command['name']}' cannot be used where the bot is not installed")
        if command.get("nsfw") and place.guild and not place.channel.nsfw:
            raise Refused(f"'{command['name']}' is age-restricted and this channel is not")
        needed = command.get("default_member_permissions")
        if needed is not None and place.guild:
            held = place.guild.permissions(place.user.id, place.channel)
            if needed == "0" or held & int(needed) != int(needed):
                raise Refused(f"'{command['name']}' needs permissions {needed}")

    def _command_data(self, place: Place, name: str, values: Json, focused: str | None) -> Json:
        head, *path = name.split(" ")
        command = self._find(place, 1, head)
        data: Json = {"id": command["id"], "name": head, "type": 1}
        level, options = command, data
        for step in path:
            level = next(
                (one for one in level.get("options") or () if one["name"] == step and one["type"] in (1, 2)),
                None,
            )
            if level is None:
                raise Refused(f"'{name}' has no subcommand '{step}'")
            inner: Json = {"name": step, "type": level["type"]}
            options["options"] = [inner]
            options = inner
        wanted: list[Json] = level.get("options") or []
        if any(one["type"] in (1, 2) for one in wanted):
            raise Refused(f"'{name}' needs a subcommand: {[one['name'] for one in wanted]}")
        unknown = set(values) - {one["name"] for one in wanted}
        if unknown:
            raise Refused(f"'{name}' has no options {sorted(unknown)}; it has {[one['name'] for one in wanted]}")
        resolved: Json = {}
        chosen: list[Json] = []
        for option in wanted:
            if option["name"] not in values:
                if option.get("required") and focused is None:
                    raise Refused(f"the required option '{option['name']}' is missing")
                continue
            value = values[option["name"]]
            entry: Json = {"name": option["name"], "type": option["type"], "value": value}
            if option["name"] == focused:
                if not option.get("autocomplete"):
                    raise Refused(f"'{focused}' has no autocompletion")
                entry["focused"] = True
            else:
                entry["value"] = self._value(place, option, value, resolved)
            chosen.append(entry)
        if chosen:
            options["options"] = chosen
        if resolved:
            data["resolved"] = resolved
        return data

    def _value(self, place: Place, option: Json, value: Any, resolved: Json) -> Any:
        name, kind = option["name"], option["type"]
        if kind not in _PLAIN_TYPES:
            for key, found in self._resolve(place, kind, value).items():
                resolved.setdefault(key, {}).update(found)
            return str(value)
        if not isinstance(value, _PLAIN_TYPES[kind]) or (kind != 5 and isinstance(value, bool)):
            raise Refused(f"'{name}' is of option type {kind}, not {value!r}")
        choices = option.get("choices")
        if choices and value not in [choice["value"] for choice in choices]:
            raise Refused(f"{value!r} is not a choice of '{name}': {[choice['value'] for choice in choices]}")
        if kind == 3:
            if not _limit(option, "min_length", 0) <= len(value) <= _limit(option, "max_length", 6000):
                raise Refused(f"'{name}' is {len(value)} characters long, outside its limits")
        elif kind in (4, 10):
            low, high = _limit(option, "min_value", -(2**53)), _limit(option, "max_value", 2**53)
            if not low <= value <= high:
                raise Refused(f"'{name}'={value} is outside {low}..{high}")
        return value

    def _resolve(self, place: Place, kind: int, value: Any) -> Json:
        world, key = self.world, str(value)
        guild = place.guild
        if kind in (6, 9) and int(value) in world.users:
            answer: Json = {"users": {key: world.users[int(value)].wire()}}
            if guild and int(value) in guild.members:
                held = guild.permissions(int(value), place.channel)
                member = member_wire(guild, world.users[int(value)], permissions=held)
                answer["members"] = {key: {name: part for name, part in member.items() if name != "user"}}
            return answer
        if kind == 7 and int(value) in world.channels:
            return {"channels": {key: self._channel(place, world.channels[int(value)])}}
        if kind in (8, 9) and guild and int(value) in guild.roles:
            return {"roles": {key: guild.roles[int(value)].wire()}}
        if kind == 11 and int(value) in world.attachments:
            return {"attachments": {key: world.attachments[int(value)].wire(world.cdn)}}
        raise Refused(f"nothing with id {value} for option type {kind}")

    def upload(self, channel_id: int, filename: str, data: bytes, content_type: str) -> Attachment:
        """A file that the member attaches to a command or a modal."""
        world = self.world
        name = rules.safe_filename(filename)
        item = Attachment(world.ids.next(), channel_id, name, content_type, data, ephemeral=True)
        world.attachments[item.id] = item
        return item

    # Components and modals ------------------------------------------------------------------------------

    def _see(self, place: Place, message: Message) -> None:
        hidden = message.ephemeral and message.ephemeral_to != place.user.id
        if message.deleted_at is not None or hidden or message.channel_id != place.channel.id:
            raise Refused(f"{place.user.name} does not see message {message.id}")

    def use(self, place: Place, message: Message, custom_id: str, values: list[str] | None) -> Interaction:
        """A press of a button, or a choice in a select menu, that the member sees and that is enabled."""
        self._see(place, message)
        found = {one["custom_id"]: one for _, one in rules.walk(message.components) if one.get("custom_id") is not None}
        component = found.get(custom_id)
        if component is None:
            raise Refused(f"message {message.id} has no component '{custom_id}'; it has {list(found)}")
        if component.get("disabled"):
            raise Refused(f"'{custom_id}' is disabled")
        data: Json = {"custom_id": custom_id, "component_type": component["type"], "id": component["id"]}
        if component["type"] in rules.SELECTS:
            if component["type"] != rules.STRING_SELECT:
                raise Refused(f"the peer does not implement select menus of type {component['type']}")
            offered = [option["value"] for option in component["options"]]
            chosen = values or []
            low, high = _limit(component, "min_values", 1), _limit(component, "max_values", 1)
            if not low <= len(chosen) <= high or not set(chosen) <= set(offered):
                raise Refused(f"{chosen} is not a selection of {offered}")
            data["values"] = chosen
        return self._create(place, COMPONENT, data, message)

    def submit(self, place: Place, opened_by: Interaction, values: Json) -> Interaction:
        """Fills in the modal that `opened_by` was answered with; a modal is open for its member only."""
        if opened_by.modal is None or opened_by.user_id != place.user.id:
            raise Refused(f"interaction {opened_by.id} opened no modal for {place.user.name}")
        left = dict(values)
        resolved: Json = {}
        components = [self._field(place, one, left, resolved) for one in opened_by.modal["components"]]
        if left:
            raise Refused(f"the modal has no fields {sorted(left)}")
        data: Json = {"custom_id": opened_by.modal["custom_id"], "components": components}
        if resolved:
            data["resolved"] = resolved
        message = self.world.messages.get(opened_by.source_message_id or 0)
        interaction = self._create(place, MODAL, data, message)
        opened_by.modal = None
        return interaction

    def _field(self, place: Place, component: Json, left: Json, resolved: Json) -> Json:
        kind = component["type"]
        answer: Json = {"type": kind, "id": component.get("id", 0)}
        if kind == rules.ROW:
            return answer | {"components": [self._field(place, one, left, resolved) for one in component["components"]]}
        if kind == rules.LABEL:
            return answer | {"component": self._field(place, component["component"], left, resolved)}
        if kind == rules.TEXT:
            return answer | {"content": component["content"]}
        custom_id = component["custom_id"]
        given = left.pop(custom_id, None)
        answer["custom_id"] = custom_id
        required = component.get("required", True)
        if kind == rules.TEXT_INPUT:
            text = component.get("value", "") if given is None else given
            low, high = _limit(component, "min_length", 0), _limit(component, "max_length", 4000)
            if (required and not text) or (text and not low <= len(text) <= high):
                raise Refused(f"the field '{custom_id}' does not accept {text!r}")
            return answer | {"value": text}
        chosen: list[str] = [str(one) for one in given or []]
        low, high = _limit(component, "min_values", 1), _limit(component, "max_values", 1)
        if (required or chosen) and not low <= len(chosen) <= high:
            raise Refused(f"the field '{custom_id}' takes {low} to {high} values, not {len(chosen)}")
        if kind == rules.FILE_UPLOAD:
            for one in chosen:
                resolved.setdefault("attachments", {}).update(self._resolve(place, 11, one)["attachments"])
        elif kind == rules.STRING_SELECT:
            if not set(chosen) <= {option["value"] for option in component["options"]}:
                raise Refused(f"{chosen} is not a selection of '{custom_id}'")
        else:
            raise Refused(f"the peer does not implement modal fields of type {kind}")
        return answer | {"values": chosen}

    # The interaction ------------------------------------------------------------------------------------

    def _context(self, place: Place) -> int:
        """0 a guild, 1 the bot's own DM, 2 any other private channel."""
        if place.guild is not None:
            return 0
        return 1 if place.channel.type == DM and self.world.bot.id in place.channel.recipients else 2

    def _owners(self, place: Place) -> Json:
        """`authorizing_integration_owners`: a guild that installed the bot, "0" in its DM, else the user."""
        if place.guild is not None and self.world.bot.id in place.guild.members:
            return {"0": str(place.guild.id)}
        if self._context(place) == 1:
            return {"0": "0", "1": str(place.user.id)}
        return {"1": str(place.user.id)}

    def _channel(self, place: Place, channel: Channel) -> Json:
        held = place.guild.permissions(place.user.id, channel) if place.guild else 0
        return channel_wire(channel, self.world.users, permissions=str(held))

    def _create(self, place: Place, kind: int, data: Json, message: Message | None = None) -> Interaction:
        """The interaction object (Discord API docs, Receiving and Responding to Interactions), dispatched."""
        world = self.world
        owners = self._owners(place)
        interaction_id = world.ids.next()
        bot_here = place.guild is not None and world.bot.id in place.guild.members
        app = place.guild.permissions(world.bot.id, place.channel) if bot_here and place.guild else 0
        payload: Json = {
            "id": str(interaction_id),
            "application_id": str(world.application_id),
            "type": kind,
            "version": 1,
            "token": f"interaction:{interaction_id}:{secrets.token_urlsafe(48)}",
            "channel": self._channel(place, place.channel),
            "channel_id": str(place.channel.id),
            "locale": place.locale,
            "context": self._context(place),
            "authorizing_integration_owners": owners,
            "entitlements": [],
            "attachment_size_limit": world.announced_limit(place.channel.guild_id),
            "app_permissions": str(app),
            "data": data,
        }
        if place.guild is not None:
            held = place.guild.permissions(place.user.id, place.channel)
            payload |= {
                "guild_id": str(place.guild.id),
                "guild": place.guild.partial(),
                "guild_locale": place.guild.locale,
                "member": member_wire(place.guild, place.user, permissions=held),
            }
        else:
            payload["user"] = place.user.wire()
        if message is not None:
            payload["message"] = world.message_wire(message)
        interaction = Interaction(
            interaction_id,
            kind,
            payload["token"],
            place.user.id,
            place.channel.id,
            place.guild.id if place.guild else None,
            world.clock(),
            payload,
            owners,
            source_message_id=message.id if message else None,
        )
        world.interactions[interaction.id] = interaction
        guild_id = interaction.guild_id
        interaction.delivered = world.dispatch("INTERACTION_CREATE", payload, guild_id, 0)
        world.changed()
        return interaction


__all__ = ["DM", "GROUP_DM", "Members", "Place", "Refused"]
