"""Read-only copies of what the peer's control surface tells a test."""

from dataclasses import dataclass, fields
from typing import Any, Self

from .peer_rules import LOADING, Json


@dataclass(frozen=True, slots=True)
class _View:
    """A read-only copy of what the control surface answered."""

    @classmethod
    def of(cls, data: Json) -> Self:
        return cls(**{one.name: data[one.name] for one in fields(cls)})


@dataclass(frozen=True, slots=True)
class PeerAttachment(_View):
    id: int
    filename: str
    size: int
    sha256: str
    content_type: str
    description: str | None
    url: str | None = None  # None in the edit history: Discord keeps no link to a former state

    @classmethod
    def of(cls, data: Json) -> Self:
        return cls(**data)


@dataclass(frozen=True, slots=True)
class PeerEdit(_View):
    """A message as it stood after one write; `via` is "bot" (bot token), "interaction" or "member"."""

    at: float
    via: str
    content: str
    text: str
    flags: int
    components: list[Json]
    attachments: tuple[PeerAttachment, ...]

    @classmethod
    def of(cls, data: Json) -> Self:
        files: Json = {"attachments": tuple(map(PeerAttachment.of, data["attachments"]))}
        return cls(**(data | files))


@dataclass(frozen=True, slots=True)
class PeerButton(_View):
    custom_id: str | None
    label: str | None
    disabled: bool
    url: str | None
    emoji: str | None


@dataclass(frozen=True, slots=True)
class PeerMessage(_View):
    """A message as it stands; `text` joins content and text displays, `pinged` lists who was notified."""

    id: int
    channel_id: int
    author_id: int
    created_at: float
    edited_at: float | None
    deleted_at: float | None
    content: str
    text: str
    flags: int
    ephemeral_to: int | None
    interaction_id: int | None
    reference_id: int | None
    nonce: str | None
    mentions: list[int]
    pinged: list[int]
    embeds: list[Json]
    components: list[Json]
    buttons: tuple[PeerButton, ...]
    attachments: tuple[PeerAttachment, ...]
    edits: tuple[PeerEdit, ...]

    @classmethod
    def of(cls, data: Json) -> Self:
        return cls(
            **data
            | {
                "buttons": tuple(map(PeerButton.of, data["buttons"])),
                "attachments": tuple(map(PeerAttachment.of, data["attachments"])),
                "edits": tuple(map(PeerEdit.of, data["edits"])),
            }
        )

    @property
    def thinking(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def clips(self) -> tuple[PeerAttachment, ...]:
        """The videos among its attachments; a rendering message has a picture."""
        return tuple(file for file in self.attachments if file.filename.endswith(".mp4"))


@dataclass(frozen=True, slots=True)
class PeerInteraction(_View):
    """`state` is "pending", "acknowledged", or "failed" (no acknowledgement within 3 s)."""

    id: int
    type: int
    state: str
    delivered: bool
    created_at: float
    acked_at: float | None
    callback_type: int | None
    message_id: int | None
    follow_ups: list[int]
    choices: list[Json] | None
    modal: Json | None


@dataclass(frozen=True, slots=True)
class PeerRequest(_View):
    """One HTTP request of the bot. `status` is None while unanswered and 0 when a test cut it off."""

    number: int
    method: str
    path: str
    query: dict[str, str]
    at: float
    carried_out_at: float | None
    answered_at: float | None
    status: int | None
    code: int | None
    held: str | None
    injected: bool
    body: Any
    files: list[Json]
    error: str | None  # why the peer could not carry it out, where that is not Discord's answer


@dataclass(frozen=True, slots=True)
class PeerConnection(_View):
    """One gateway connection and the times of its heartbeats."""

    number: int
    opened_at: float
    identified_at: float | None
    resumed_at: float | None
    closed_at: float | None
    close_code: int | None
    session_id: str | None
    heartbeats: list[float]
    gaps_s: list[float]
    since_last_s: float

    @property
    def longest_gap_s(self) -> float:
        """Between two heartbeats, or since the last one."""
        return max([*self.gaps_s, self.since_last_s])


@dataclass(frozen=True, slots=True)
class PeerFile:
    """A file that a member attaches to a command option or a modal."""

    filename: str
    data: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Where:
    """What the peer printed when it was ready."""

    api_url: str
    gateway_url: str
    control_url: str
    token: str
    application_id: int
    pid: int

    def environment(self) -> dict[str, str]:
        """The settings that point the shipped bot at this peer."""
        return {
            "DISCORD_TOKEN": self.token,
            "DISCORD_API_URL": self.api_url,
            "DISCORD_GATEWAY_URL": self.gateway_url,
        }
