"""Rows to values and back; the only place that knows how a route lies in columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from .models import ChannelRoute, InteractionRoute, Job, JobState, Reason, Route

Parameters = Mapping[str, object]


def one(connection: sqlite3.Connection, sql: str, parameters: Parameters) -> sqlite3.Row | None:
    """The only row, or None. Reads to the end: a half-read UPDATE ... RETURNING would block the COMMIT."""
    rows: list[sqlite3.Row] = connection.execute(sql, parameters).fetchall()
    return rows[0] if rows else None


def changed(connection: sqlite3.Connection, sql: str, parameters: Parameters) -> bool:
    """Whether the UPDATE's fence let it through."""
    return connection.execute(sql, parameters).rowcount == 1


def jobs(connection: sqlite3.Connection, sql: str, parameters: Parameters | None = None) -> list[Job]:
    """Every job that the query returns, in its order."""
    return [job(row) for row in connection.execute(sql, parameters or {})]


def job(row: sqlite3.Row) -> Job:
    """One row of `jobs`."""
    return Job(
        id=row["id"],
        key=row["key"],
        user_id=row["user_id"],
        guild_id=row["guild_id"],
        route=_route(row),
        request=row["request"],
        fingerprint=row["fingerprint"],
        cost_s=row["cost_s"],
        press=row["press"],
        state=JobState(row["state"]),
        attempt=row["attempt"],
        cancel_requested=bool(row["cancel_requested"]),
        created_at=row["created_at"],
        started_at=row["started_at"],
        rendered_at=row["rendered_at"],
        settled_at=row["settled_at"],
        clip_path=row["clip_path"],
        clip_bytes=row["clip_bytes"],
        render_s=row["render_s"],
        encode_s=row["encode_s"],
        error=None if row["error"] is None else Reason.from_text(row["error"]),
        notified_at=row["notified_at"],
        told_at=row["told_at"],
        language=row["language"],
        age_restricted=bool(row["age_restricted"]),
        private=bool(row["private"]),
        file_limit=row["file_limit"],
        file_deleted_at=row["file_deleted_at"],
        deleted_at=row["deleted_at"],
    )


def route_columns(route: Route) -> dict[str, Any]:
    """The route as columns; those of the other kind are NULL."""
    columns: dict[str, Any] = dict.fromkeys(("channel_id", "application_id", "token", "token_expires_at"))
    columns["message_id"] = route.message_id
    match route:
        case ChannelRoute():
            columns["channel_id"] = route.channel_id
        case InteractionRoute():
            columns["application_id"] = route.application_id
            columns["token"] = route.token
            columns["token_expires_at"] = route.expires_at
    return columns


def _route(row: sqlite3.Row) -> Route | None:
    if row["channel_id"] is not None:
        return ChannelRoute(channel_id=row["channel_id"], message_id=row["message_id"])
    if row["token"] is None:
        return None
    return InteractionRoute(
        application_id=row["application_id"],
        token=row["token"],
        message_id=row["message_id"],
        expires_at=row["token_expires_at"],
    )
