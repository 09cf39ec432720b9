"""What a bot may do with an interaction's token: answer once in 3 s, then edit and follow up for 15 minutes.

Discord API docs, Receiving and Responding to Interactions. No channel permission is needed on these routes.
"""

import secrets

from . import peer_rules as rules
from .peer_compose import Draft
from .peer_model import Interaction, Message
from .peer_rules import COMPONENTS_V2, EPHEMERAL, LOADING, ApiError, Json, Upload, invalid
from .peer_world import World


class Answers:
    """The interaction routes of one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def _by_token(self, token: str) -> Interaction | None:
        return next(
            (one for one in self.world.interactions.values() if secrets.compare_digest(one.token, token)),
            None,
        )

    def live_interaction(self, token: str) -> Interaction:
        """Webhook routes: 10015 before the acknowledgement, 50027 once the token's 15 minutes are over."""
        interaction = self._by_token(token)
        if interaction is None or interaction.acked_at is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        if interaction.expired or self.world.clock() - interaction.created_at > self.world.timing.token_lifetime_s:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def respond(self, interaction_id: int, token: str, body: Json, uploads: list[Upload]) -> Json:
        """Create Interaction Response: once, within 3 s; the answer is the callback response object."""
        interaction = self._by_token(token)
        if interaction is None or interaction.id != interaction_id:
            raise ApiError(404, 10062, "Unknown interaction")
        if interaction.acked_at is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if interaction.expired or self.world.clock() - interaction.created_at > self.world.timing.ack_window_s:
            raise ApiError(404, 10062, "Unknown interaction")
        kind = body.get("type")
        data: Json = body.get("data") or {}
        allowed = {2: {4, 5, 9}, 3: {4, 5, 6, 7, 9}, 4: {8}, 5: {4, 5, 6, 7}}[interaction.type]
        if kind in (1, 10, 12):
            raise rules.NotImplementedByPeer(f"interaction callback type {kind}")
        if kind not in allowed:
            raise invalid("type", "INTERACTION_TYPE_INVALID", f"Type {kind} cannot answer this interaction.")
        message: Message | None = None
        match kind:
            case 4:
                message = self._interaction_message(interaction, data, uploads)
            case 5:
                message = self._defer(interaction, data)
            case 6 | 7:
                message = self._source(interaction)
                if kind == 7:
                    message = self._edit_as_interaction(message, data, uploads)
            case 8:
                choices = rules.require_list("data.choices", data.get("choices"), 0, 25)
                for number, choice in enumerate(choices):
                    rules.check_choice(f"data.choices.{number}", choice)
                interaction.choices = choices
            case _:
                rules.check_modal(data)
                interaction.modal = data
        interaction.acked_at, interaction.callback_type = self.world.clock(), kind
        interaction.message_id = message.id if message else None
        self.world.changed()
        answer: Json = {"interaction": {"id": str(interaction.id), "type": interaction.type}}
        if message is not None:
            answer["interaction"] |= {
                "response_message_id": str(message.id),
                "response_message_loading": bool(message.flags & LOADING),
                "response_message_ephemeral": message.ephemeral,
            }
            if kind != 6:
                answer["resource"] = {"type": kind, "message": self.world.message_wire(message)}
        return answer

    def _source(self, interaction: Interaction) -> Message:
        message = self.world.messages.get(interaction.source_message_id or 0)
        if message is None or message.deleted_at is not None:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def _blank(self, interaction: Interaction) -> Message:
        message = Message(self.world.ids.next(), interaction.channel_id, self.world.bot.id, self.world.clock())
        message.interaction_id = interaction.id
        message.interaction_metadata = interaction.metadata(self.world.users[interaction.user_id])
        return message

    def _defer(self, interaction: Interaction, data: Json) -> Message:
        """Type 5: a message that shows "thinking"; only EPHEMERAL may be chosen, and chosen only here."""
        flags = int(data.get("flags") or 0)
        if flags & ~EPHEMERAL:
            raise invalid("data.flags", "BASE_TYPE_INVALID", "Only EPHEMERAL can be set while deferring.")
        message = self._blank(interaction)
        message.ephemeral_to = interaction.user_id if flags & EPHEMERAL else None
        return self.world.commit(message, Draft("", [], [], [], flags | LOADING), "interaction", fresh=True)

    def _interaction_message(self, interaction: Interaction, data: Json, uploads: list[Upload]) -> Message:
        channel = self.world.channels[interaction.channel_id]
        allowed = rules.SUPPRESS_EMBEDS | rules.SUPPRESS_NOTIFICATIONS | COMPONENTS_V2 | EPHEMERAL
        draft = self.world.composer.draft(None, data, uploads, channel, allowed)
        message = self._blank(interaction)
        message.ephemeral_to = interaction.user_id if draft.flags & EPHEMERAL else None
        self.world.commit(message, draft, "interaction", fresh=True)
        self.world.ping(message, data.get("allowed_mentions"), None)
        return message

    def _edit_as_interaction(self, message: Message, data: Json, uploads: list[Upload]) -> Message:
        channel = self.world.channels[message.channel_id]
        return self.world.commit(
            message, self.world.composer.draft(message, data, uploads, channel, 0), "interaction", fresh=False
        )

    def interaction_message(self, token: str, which: str) -> Message:
        """`@original`, or a message that belongs to the interaction; 10008 where it is gone."""
        interaction = self.live_interaction(token)
        wanted = interaction.message_id if which == "@original" else int(which)
        message = self.world.messages.get(wanted or 0)
        mine = (interaction.message_id, interaction.source_message_id, *interaction.follow_ups)
        if message is None or message.deleted_at is not None or wanted not in mine:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def edit_by_token(self, token: str, which: str, body: Json, uploads: list[Upload]) -> Message:
        return self._edit_as_interaction(self.interaction_message(token, which), body, uploads)

    def delete_by_token(self, token: str, which: str) -> None:
        self.world.remove(self.interaction_message(token, which))

    def follow_up(self, token: str, body: Json, uploads: list[Upload]) -> Message:
        """Create Followup Message: the first one after a defer edits the "thinking" message instead."""
        interaction = self.live_interaction(token)
        original = self.world.messages.get(interaction.message_id or 0)
        if original is not None and original.deleted_at is None and original.flags & LOADING:
            changes = dict(body)
            if "flags" in changes:
                changes["flags"] = int(changes["flags"] or 0) & ~EPHEMERAL
            return self._edit_as_interaction(original, changes, uploads)
        user_install_only = "0" not in interaction.owners
        if user_install_only and len(interaction.follow_ups) >= rules.USER_INSTALL_FOLLOW_UPS:
            raise ApiError(400, 40094, "This interaction has reached its maximum number of follow up messages")
        message = self._interaction_message(interaction, body, uploads)
        interaction.follow_ups.append(message.id)
        return message
