"""What the store takes and gives: frozen values, times as float seconds UTC since the epoch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self, cast


class JobState(StrEnum):
    """Where a job stands; `data.store` draws how one state leads to another."""

    QUEUED = "queued"
    RUNNING = "running"
    RENDERED = "rendered"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no clip: `message` in English; `code` and `values` for a text in another language, "" for none."""

    message: str
    code: str = ""
    values: Mapping[str, str | int | float] = field(default_factory=dict[str, str | int | float], hash=False)

    def to_text(self) -> str:
        """As it is stored."""
        return json.dumps({"code": self.code, "values": dict(self.values), "message": self.message})

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote; anything else is the message of an older release."""
        try:
            stored: object = json.loads(text)
        except ValueError:
            return cls(text)
        if not isinstance(stored, dict) or stored.keys() != {"code", "values", "message"}:  # pyright: ignore[reportUnknownMemberType]
            return cls(text)
        return cls(**cast("dict[str, Any]", stored))


@dataclass(frozen=True, slots=True)
class ChannelRoute:
    """A message in a channel, edited with the bot's token at any time later."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class InteractionRoute:
    """A message that only the interaction's token can edit, until `expires_at`."""

    application_id: int
    token: str = field(repr=False)  # a credential: whoever has it can edit the message, so no log shows it
    message_id: int
    expires_at: float


Route = ChannelRoute | InteractionRoute


@dataclass(frozen=True, slots=True)
class NewJob:
    """A resolved request and the way its clip reaches the member.

    `key` names the interaction and is unique for ever; `press` names a button on a message.
    """

    key: str
    user_id: int
    guild_id: int | None
    route: Route
    request: str  # JSON text
    fingerprint: str
    cost_s: float
    press: str | None = None
    language: str = "en"  # of its public message
    age_restricted: bool = False  # whether only adults see its channel
    private: bool = False  # whether only its member sees the clip, in direct messages or an ephemeral answer
    file_limit: int | None = None  # bytes that Discord takes in its message, where that is known


@dataclass(frozen=True, slots=True)
class Job:
    """One request's life as it stood when it was read."""

    id: int
    key: str
    user_id: int
    guild_id: int | None
    route: Route | None  # None once an interaction's token was erased
    request: str  # JSON text
    fingerprint: str
    cost_s: float
    press: str | None
    state: JobState
    attempt: int  # counted attempts that a crash ended
    cancel_requested: bool
    created_at: float
    started_at: float | None
    rendered_at: float | None
    settled_at: float | None
    clip_path: str | None  # relative to DATA_DIR
    clip_bytes: int | None
    render_s: float | None
    encode_s: float | None
    error: Reason | None
    notified_at: float | None
    told_at: float | None
    language: str
    age_restricted: bool
    private: bool
    file_limit: int | None
    file_deleted_at: float | None
    deleted_at: float | None  # its request is not what was asked for any more

    @property
    def message_guild_id(self) -> int | None:
        """The server in which its message stands, if it does in one."""
        return None if self.private else self.guild_id


@dataclass(frozen=True, slots=True)
class Artifact:
    """A clip that lies safely on the disk: `path` is relative to DATA_DIR."""

    path: str
    bytes: int
    render_s: float
    encode_s: float
    device: str = ""  # that rendered it


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a clip's render and encode took, and where."""

    request: str  # JSON text
    seconds: float
    device: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The file of a clip that was posted: `clip_path` is relative to DATA_DIR."""

    job_id: int
    clip_path: str


@dataclass(frozen=True, slots=True)
class Quota:
    """A member's clips of one UTC day: made, under way, allowed; `resets_at` is the next UTC midnight."""

    used: int
    reserved: int
    limit: int
    resets_at: float

    @property
    def left(self) -> int:
        """Clips that can still be asked for; 0 where the limit was lowered below what is taken."""
        return max(0, self.limit - self.used - self.reserved)


@dataclass(frozen=True, slots=True)
class Budget:
    """A server's GPU seconds of one UTC day: used, reserved by estimates, allowed (None: without a limit)."""

    used_s: float
    reserved_s: float
    limit_s: float | None
    resets_at: float

    @property
    def left_s(self) -> float | None:
        """What can still be reserved."""
        return None if self.limit_s is None else max(0.0, self.limit_s - self.used_s - self.reserved_s)


@dataclass(frozen=True, slots=True)
class LimitRule:
    """What a server grants the members with one role; None where it says nothing of it.

    The server's own rule has the id of the server in place of a role's, as Discord's role @everyone has.
    """

    guild_id: int
    role_id: int
    daily_clips: int | None = None
    max_active: int | None = None
    gpu_seconds: float | None = None

    @property
    def is_servers(self) -> bool:
        """Whether this holds for all members, roles aside."""
        return self.role_id == self.guild_id

    @property
    def limits_something(self) -> bool:
        """Whether anything would be lost without it."""
        return (self.daily_clips, self.max_active, self.gpu_seconds) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Preference:
    """What a member or a server has chosen: `choices` is JSON text, `language` a tag or None."""

    owner_id: int
    choices: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much is stored about a member: clips made, jobs unfinished, messages of jobs in channels."""

    clips: int
    unfinished: int
    messages: int


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased of a member: jobs that were unfinished, and how many clips.

    Of the messages of their jobs `messages_removed` are to be removed from their channels after it, those of the
    unfinished jobs among them; `messages_kept` stay.
    """

    unfinished: tuple[Job, ...]
    clips: int
    messages_removed: int
    messages_kept: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A message in which the clip of a job was shown again."""

    job_id: int
    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Remnant:
    """A job that is erased but for its files or its message."""

    job_id: int
    channel_id: int | None
    message_id: int | None


@dataclass(frozen=True, slots=True)
class MemberLimit:
    """What a server grants one member, whatever their roles; None where it says nothing of it."""

    guild_id: int
    user_id: int
    daily_clips: int | None = None
    max_active: int | None = None

    @property
    def limits_something(self) -> bool:
        """Whether anything would be lost without it."""
        return (self.daily_clips, self.max_active) != (None, None)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What moderators decided: servers whose jobs wait, and by server its blocked members and allowed channels."""

    paused: frozenset[int]
    blocked: dict[int, frozenset[int]]
    channels: dict[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds that half of all, and nineteen of twenty, did not exceed."""

    p50_s: float
    p95_s: float


@dataclass(frozen=True, slots=True)
class Failure:
    """Why so many jobs came to a bad end."""

    reason: Reason
    times: int


@dataclass(frozen=True, slots=True)
class Stats:
    """How a server's jobs of the last `days` went; those that wait or run are counted too."""

    days: int
    jobs: dict[JobState, int]
    wait: Spread | None
    """From the order to the start of the render, of the clips that were made."""
    render: Spread | None
    failures: tuple[Failure, ...]
    """The most frequent ones."""
    refused: dict[str, int]
    """Prompts by the category of the rule."""


class CancelOutcome(StrEnum):
    """What a member's cancel achieved."""

    CANCELLED = "cancelled"
    """The job was waiting: it is over and refunded."""
    REQUESTED = "requested"
    """The job runs: it can no longer become a clip, and stops at the next step."""
    TOO_LATE = "too_late"
    """The clip exists already, or the job is over."""
    NOT_FOUND = "not_found"
    """The member has no such job."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a start-up finds to do, each oldest first."""

    queued: tuple[Job, ...]
    """Every job that waits."""
    failed: tuple[Job, ...]
    """Given up by this recovery after too many counted attempts, refunded."""
    rendered: tuple[Job, ...]
    """Clips that are not delivered."""
    untold: tuple[Job, ...]
    """Failed and cancelled jobs whose message does not say so; includes `failed`."""
