"""Typed settings from the environment and `.env`; what cannot work is refused at start, with the name to fix."""

from __future__ import annotations

import json
from collections.abc import Hashable
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from generation.style import Checking, Dtype, Style

OUTSIDE = "outside"
"""The flow of all jobs that come from no guild, in the queue and among the weights."""

DATABASE = "flipbook.sqlite3"
"""The database's name in the data folder."""

ENV_FILE = Path(".env")

LOCAL_PACE_S = 0.3
"""Pace of the bar on the local page: a render of two seconds is seen to move."""


class SettingsError(Exception):
    """The environment or `.env` holds values that cannot work; the message names each and says why."""


def _blank_is_unset(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _weights(value: object) -> object:
    """Read "123=2, outside=0.5"."""
    if not isinstance(value, str):
        return value
    weights: dict[str, str] = {}
    for entry in filter(None, map(str.strip, value.split(","))):
        flow, equals, weight = map(str.strip, entry.partition("="))
        if not equals or not (flow == OUTSIDE or flow.isdecimal()) or flow in weights:
            raise ValueError(f"write each server once, as ID=WEIGHT or {OUTSIDE}=WEIGHT, separated by commas")
        weights[flow] = weight
    return weights


def _styles(value: object) -> object:
    """Read JSON; nothing is no style."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else {}
    except ValueError as error:
        raise ValueError(f"write the styles as one JSON object ({error})") from error


Name = Annotated[str | None, BeforeValidator(_blank_is_unset)]
Secret = Annotated[SecretStr | None, BeforeValidator(_blank_is_unset)]
Weights = Annotated[dict[str, Annotated[float, Field(ge=0.01, le=100)]], NoDecode, BeforeValidator(_weights)]

StyleKey = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^\w[\w .+-]*$")]
Styles = Annotated[dict[StyleKey, Style], NoDecode, BeforeValidator(_styles)]


class Settings(BaseSettings):
    """Everything an operator can set; the environment's name of a field is its name in capitals."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True, validate_default=True
    )

    discord_token: Secret = None
    """The bot's token; without one the local page is served instead."""

    data_dir: Path = Path("var")
    """Where the database and the clips lie."""

    checkpoint: str = Field(default="starter", min_length=1)
    """`starter`, a checkpoint folder, a hub id, or a single .safetensors file."""

    checkpoint_config: Name = None
    """Of a single file: a folder or hub id whose configs and tokenizer it takes; unset, the hub has its family's."""

    styles: Styles = Field(default_factory=dict)
    """What members can pick by name: `{"name": {"checkpoint": ..., "config": ..., "loras": {...}, "words": {...}}}`."""

    checkpoint_cache_gb: float = Field(default=8.0, ge=0, le=10_000)
    """How many gigabytes (10^9 bytes) of weights stay loaded; what was used longest ago goes first."""

    device: str = Field(default="auto", min_length=1)
    """`auto` (cuda, then mps, then cpu) or a torch device."""

    dtype: Dtype = "auto"
    """Of the weights; `auto` takes float16 on cuda, float32 elsewhere."""

    frame_check: Checking = "auto"
    """What looks at the frames of clips outside age-restricted channels: the checkpoint's `own` safety checker, the
    optional `classifier`, `auto` for the first of them that there is, or `off`."""

    local_port: int = Field(default=7860, ge=0, le=65535)
    """Loopback port of the local page; 0 takes any free one."""

    local_language: Name = None
    """Language of the local page, such as `de`; unset, that of this machine."""

    status_language: Name = None
    """Language of the bot's status line, which the members of all servers read, such as `de`; unset, English."""

    daily_clips: int = Field(default=20, ge=1, le=10_000)
    """Clips per member and UTC day."""

    max_active_jobs: int = Field(default=5, ge=1, le=1_000)
    """Unfinished jobs per member."""

    guild_gpu_seconds: float = Field(default=0, ge=0)
    """GPU seconds per server and UTC day where the server has no limit of its own; 0 sets none."""

    guild_weights: Weights = Field(default_factory=dict)
    """Shares of the GPU under load, relative to 1, by guild id or `outside`, such as `123=2,outside=0.5`."""

    max_frames: int = Field(default=32, ge=1, le=64)
    """Longest clip that a member may ask for."""

    max_steps: int = Field(default=50, ge=1, le=200)
    """Most denoising steps that a member may ask for."""

    progress_interval_s: float = Field(default=3.0, ge=0.2, le=60)
    """Shortest time between two edits of one message, in seconds."""

    notify_after_s: float = Field(default=60.0, ge=0)
    """A member who waited longer is told by one reply that mentions them."""

    stop_timeout_s: float = Field(default=20.0, ge=0, le=3600)
    """How long a stop waits for the running job before it goes back to the queue."""

    stall_timeout_s: float = Field(default=600.0, ge=1)
    """A job without a step or a decoded frame for so long ends the process, so that a supervisor starts it afresh."""

    max_attempts: int = Field(default=3, ge=1, le=100)
    """Counted attempts (ended by a crash) after which a job is given up."""

    clips_max_days: float = Field(default=0, ge=0, le=36_500)
    """Age in days at which the file of a clip that was posted is deleted; 0 keeps it whatever its age."""

    clips_max_mb: float = Field(default=10_240, ge=0)
    """Room for the files of all clips in MiB, beyond which the oldest posted ones are deleted; 0 sets no limit."""

    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    discord_api_url: Name = None
    """REST base of another Discord, such as `http://127.0.0.1:8080/api/v10`; for tests."""

    discord_gateway_url: Name = None
    """Gateway of that other Discord, such as `ws://127.0.0.1:8080/gateway`."""

    @model_validator(mode="after")
    def _api_and_gateway_belong_together(self) -> Self:
        if (self.discord_api_url is None) != (self.discord_gateway_url is None):
            raise ValueError(
                "DISCORD_API_URL and DISCORD_GATEWAY_URL belong together: set both or neither, "
                "or the token would go to two different Discords"
            )
        if self.discord_api_url is not None and not self.discord_api_url.startswith(("http://", "https://")):
            raise ValueError("DISCORD_API_URL must start with http:// or https://")
        if self.discord_gateway_url is not None and not self.discord_gateway_url.startswith(("ws://", "wss://")):
            raise ValueError("DISCORD_GATEWAY_URL must start with ws:// or wss://")
        return self

    def weight(self, flow: Hashable) -> float:
        """A flow's share of the GPU relative to the others'."""
        return self.guild_weights.get(str(flow), 1.0)

    @property
    def plain(self) -> Style:
        """The checkpoint without a style."""
        return Style(config=self.checkpoint_config)

    @property
    def is_local(self) -> bool:
        """Whether the bot is served on the local page instead of Discord."""
        return self.discord_token is None

    @property
    def pace_s(self) -> float:
        """Shortest time between two edits of one message here, in seconds; only Discord limits them."""
        return min(self.progress_interval_s, LOCAL_PACE_S) if self.is_local else self.progress_interval_s

    @property
    def store_dir(self) -> Path:
        """Where this mode keeps its data: local jobs never mix with those of a real Discord."""
        return self.data_dir / "local" if self.is_local else self.data_dir


def read_settings() -> Settings:
    """Settings from the environment and `.env`.

    Raises:
        SettingsError: with one line per bad value; the values themselves are not repeated (one is the token).
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            ": ".join(filter(None, [".".join(map(str, e["loc"])).upper(), e["msg"].removeprefix("Value error, ")]))
            for e in error.errors(include_url=False, include_input=False)
        ]
        raise SettingsError("\n".join(lines)) from None
