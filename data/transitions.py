"""Every change of a job's state, each fenced and each one part of a caller's transaction.

A fence names the job, the attempt that the caller believes in and the state that it moves from; where any of
them has changed meanwhile nothing is written. The hold settles in the same transaction as the state.
"""

from __future__ import annotations

import sqlite3

from . import copies, ledger
from .errors import NothingToRoute
from .models import Artifact, CancelOutcome, Job, Reason, Recovery, Route
from .queries import queued, rendered, untold
from .rows import changed, job, jobs, one, route_columns

NO_PROMPT = "-"
"""Stands for the prompt of a deleted clip, whose request is still read for the time that it took."""

_FENCE = "id = :id AND attempt = :attempt"


def claim(connection: sqlite3.Connection, job_id: int, *, now: float) -> Job | None:
    row = one(
        connection,
        """UPDATE jobs SET state = 'running', started_at = :now
           WHERE id = :id AND state = 'queued' RETURNING *""",
        {"id": job_id, "now": now},
    )
    return job(row) if row else None


def requeue(connection: sqlite3.Connection, given: Job, *, now: float) -> bool:
    waits = changed(
        connection,
        f"""UPDATE jobs SET state = 'queued', started_at = NULL
            WHERE {_FENCE} AND state = 'running' AND cancel_requested = 0""",
        {"id": given.id, "attempt": given.attempt},
    )
    if not waits:
        _cancel_where_asked(connection, given, now=now)
    return waits


def finish_render(connection: sqlite3.Connection, given: Job, artifact: Artifact, *, now: float) -> bool:
    rendered = changed(
        connection,
        f"""UPDATE jobs SET state = 'rendered', rendered_at = :now, clip_path = :path, clip_bytes = :bytes,
                render_s = :render_s, encode_s = :encode_s, device = :device
            WHERE {_FENCE} AND state = 'running' AND cancel_requested = 0""",
        {
            "id": given.id,
            "attempt": given.attempt,
            "now": now,
            "path": artifact.path,
            "bytes": artifact.bytes,
            "render_s": artifact.render_s,
            "encode_s": artifact.encode_s,
            "device": artifact.device,
        },
    )
    if rendered:
        gpu_s = artifact.render_s + artifact.encode_s
        ledger.settle(connection, job_id=given.id, settlement="spent", now=now, gpu_s=gpu_s)
    return rendered


def finish_cancel(connection: sqlite3.Connection, given: Job, *, refund: bool, gpu_s: float, now: float) -> bool:
    cancelled = changed(
        connection,
        f"""UPDATE jobs SET state = 'cancelled', settled_at = :now
            WHERE {_FENCE} AND state = 'running'""",
        {"id": given.id, "attempt": given.attempt, "now": now},
    )
    if cancelled:
        settlement = "refunded" if refund else "spent"
        ledger.settle(connection, job_id=given.id, settlement=settlement, now=now, gpu_s=0.0 if refund else gpu_s)
    return cancelled


def fail(connection: sqlite3.Connection, given: Job, reason: Reason, *, now: float) -> bool:
    failed = changed(
        connection,
        f"""UPDATE jobs SET state = 'failed', settled_at = :now, error = :reason
            WHERE {_FENCE} AND state IN ('queued', 'running')""",
        {"id": given.id, "attempt": given.attempt, "now": now, "reason": reason.to_text()},
    )
    if failed:
        ledger.settle(connection, job_id=given.id, settlement="refunded", now=now)
    return failed


def mark_delivered(connection: sqlite3.Connection, given: Job, *, now: float) -> bool:
    return changed(
        connection,
        f"""UPDATE jobs SET state = 'delivered', settled_at = :now, token = NULL
            WHERE {_FENCE} AND state = 'rendered'""",
        {"id": given.id, "attempt": given.attempt, "now": now},
    )


def mark_undeliverable(connection: sqlite3.Connection, given: Job, reason: Reason, *, now: float) -> bool:
    return changed(
        connection,
        f"""UPDATE jobs SET state = 'undeliverable', settled_at = :now, error = :reason, token = NULL
            WHERE {_FENCE} AND state = 'rendered'""",
        {"id": given.id, "attempt": given.attempt, "now": now, "reason": reason.to_text()},
    )


def mark_told(connection: sqlite3.Connection, given: Job, *, now: float) -> bool:
    return changed(
        connection,
        f"""UPDATE jobs SET told_at = :now, token = NULL
            WHERE {_FENCE} AND state IN ('cancelled', 'failed') AND told_at IS NULL""",
        {"id": given.id, "attempt": given.attempt, "now": now},
    )


def mark_notified(connection: sqlite3.Connection, given: Job, *, now: float) -> bool:
    return changed(
        connection,
        f"UPDATE jobs SET notified_at = :now WHERE {_FENCE} AND notified_at IS NULL",
        {"id": given.id, "attempt": given.attempt, "now": now},
    )


def delete_clip(connection: sqlite3.Connection, job_id: int, *, now: float) -> bool:
    is_deleted = changed(
        connection,
        """UPDATE jobs SET deleted_at = :now, request = json_set(
               request, '$.prompt', :nothing, '$.negative_prompt', '', '$.first_picture', NULL
           )
           WHERE id = :id AND state IN ('delivered', 'undeliverable') AND deleted_at IS NULL""",
        {"id": job_id, "now": now, "nothing": NO_PROMPT},
    )
    if is_deleted:
        copies.doom(connection, [job_id])
    return is_deleted


def cancel(connection: sqlite3.Connection, job_id: int, *, user_id: int, now: float) -> CancelOutcome:
    row = one(
        connection,
        "SELECT state FROM jobs WHERE id = :id AND user_id = :user_id",
        {"id": job_id, "user_id": user_id},
    )
    if row is None:
        return CancelOutcome.NOT_FOUND
    waiting = {"id": job_id, "now": now}
    if changed(
        connection,
        "UPDATE jobs SET state = 'cancelled', settled_at = :now WHERE id = :id AND state = 'queued'",
        waiting,
    ):
        ledger.settle(connection, job_id=job_id, settlement="refunded", now=now)
        return CancelOutcome.CANCELLED
    if changed(
        connection,
        "UPDATE jobs SET cancel_requested = 1 WHERE id = :id AND state = 'running'",
        {"id": job_id},
    ):
        return CancelOutcome.REQUESTED
    return CancelOutcome.TOO_LATE


def leave_guild(connection: sqlite3.Connection, guild_id: int, *, now: float) -> list[Job]:
    cancelled = jobs(
        connection,
        """UPDATE jobs SET state = 'cancelled', settled_at = :now, told_at = :now
           WHERE guild_id = :guild_id AND channel_id IS NOT NULL AND NOT private AND state = 'queued' RETURNING *""",
        {"guild_id": guild_id, "now": now},
    )
    for each in cancelled:
        ledger.settle(connection, job_id=each.id, settlement="refunded", now=now)
    return cancelled


def reroute(connection: sqlite3.Connection, job_id: int, route: Route) -> Job:
    row = one(
        connection,
        """UPDATE jobs SET message_id = :message_id, channel_id = :channel_id,
               application_id = :application_id, token = :token, token_expires_at = :token_expires_at
           WHERE id = :id AND (state IN ('queued', 'running', 'rendered')
               OR (told_at IS NULL AND state IN ('cancelled', 'failed')))
           RETURNING *""",
        {"id": job_id, **route_columns(route)},
    )
    if row is None:
        raise NothingToRoute(job_id)
    return job(row)


def recover(connection: sqlite3.Connection, *, max_attempts: int, now: float) -> Recovery:
    failed: list[int] = []
    for interrupted in jobs(connection, "SELECT * FROM jobs WHERE state = 'running' ORDER BY id"):
        if _cancel_where_asked(connection, interrupted, now=now):
            continue
        row = one(
            connection,
            f"""UPDATE jobs SET state = 'queued', started_at = NULL, attempt = attempt + 1
                WHERE {_FENCE} AND state = 'running' RETURNING *""",
            {"id": interrupted.id, "attempt": interrupted.attempt},
        )
        assert row is not None
        again = job(row)
        if again.attempt >= max_attempts:
            fail(connection, again, _given_up(again.attempt), now=now)
            failed.append(again.id)
    silent = untold(connection)
    return Recovery(
        queued=tuple(queued(connection)),
        failed=tuple(each for each in silent if each.id in failed),
        rendered=tuple(rendered(connection)),
        untold=tuple(silent),
    )


def _given_up(attempts: int) -> Reason:
    return Reason(f"The program stopped during each of {attempts} attempts.", "given-up", {"attempts": attempts})


def _cancel_where_asked(connection: sqlite3.Connection, given: Job, *, now: float) -> bool:
    """A running job that nobody runs any longer: where its member asked to cancel it, it is over."""
    cancelled = changed(
        connection,
        f"""UPDATE jobs SET state = 'cancelled', settled_at = :now
            WHERE {_FENCE} AND state = 'running' AND cancel_requested = 1""",
        {"id": given.id, "attempt": given.attempt, "now": now},
    )
    if cancelled:
        ledger.settle(connection, job_id=given.id, settlement="refunded", now=now)
    return cancelled
