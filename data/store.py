"""The store: every promise to a member is committed here before it is spoken.

The states of a job, and the verbs of `Store` that lead from one to the next::

               claim             finish_render            mark_delivered
    QUEUED --------------> RUNNING ----------> RENDERED ------------------> DELIVERED
      | ^  requeue, recover |                     |    mark_undeliverable
      | +-------------------+                     +-----------------------> UNDELIVERABLE
      |                     |
      | cancel              | finish_cancel; requeue and recover where a cancel was requested
      +---------------------+---------------------------------------------> CANCELLED
      | fail                | fail; recover after too many attempts
      +---------------------+---------------------------------------------> FAILED

A job's hold on its member's quota opens with `submit` and settles once: spent with RENDERED, refunded with
FAILED and CANCELLED (where `finish_cancel` was not told otherwise), always into the day that it came from.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from types import EllipsisType
from typing import Any

from . import (
    admission,
    binding,
    budget,
    carried,
    copies,
    files,
    ledger,
    limits,
    moderation,
    preferences,
    privacy,
    prompts,
    queries,
    stats,
    transitions,
)
from .connection import Connection
from .models import (
    Artifact,
    Budget,
    CancelOutcome,
    Copy,
    Decisions,
    Erasure,
    Holdings,
    Job,
    LimitRule,
    Measured,
    MemberLimit,
    NewJob,
    Preference,
    Quota,
    Reason,
    Recovery,
    Remnant,
    Route,
    Stats,
    StoredFile,
)


class Store:
    """Jobs, quotas and history in one SQLite file.

    Each verb is one transaction that survives kill -9 and power loss once the verb has returned. A verb whose
    task is cancelled still happens whole or not at all. A verb that returns bool says whether the job was
    still where the verb moves it from; where it says False nothing was written, unless said otherwise.
    """

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, *, clock: Callable[[], float] = time.time) -> AsyncGenerator[Store, None]:
        """Open the database at `path`, with its folders and its schema made where they are missing.

        Raises DatabaseTooNew for the file of a newer release, and DatabaseUnusable for one that is damaged or
        not ours; such a file is left as it was. `clock` gives seconds UTC since the epoch.
        """
        async with Connection.open(path) as connection:
            yield cls(connection, clock)

    async def bind_application(self, application_id: int) -> None:
        """Tie the database to this Discord application; raises WrongApplication where it has another."""
        await self._connection.transaction(partial(binding.bind, application_id=application_id))

    async def submit(
        self, new: NewJob, *, daily_limit: int, max_active: int, guild_limit_s: float | None = None
    ) -> Job:
        """Insert the job and reserve its place in the member's quota of this UTC day, all or nothing.

        Its estimated cost is reserved of its server's GPU seconds of the day, of which there are `guild_limit_s`.

        Raises DuplicateJob where the key exists, or where the member pressed the same button within
        PRESS_WINDOW_S; then TooManyJobs where `max_active` jobs of the member are unfinished; then
        QuotaExceeded; then BudgetExceeded.
        """
        given = {"new": new, "daily_limit": daily_limit, "max_active": max_active, "guild_limit_s": guild_limit_s}
        return await self._connection.transaction(partial(admission.submit, **given, now=self._clock()))

    async def claim(self, job_id: int) -> Job | None:
        """Start a queued job; None where it is not queued any more."""
        return await self._connection.transaction(partial(transitions.claim, job_id=job_id, now=self._clock()))

    async def requeue(self, job: Job) -> bool:
        """Put a running job back in its old place without counting the attempt; True where it waits again.

        Where a cancel was requested meanwhile the job is cancelled and refunded instead (False), and is
        among the `untold` of the next recovery.
        """
        return await self._connection.transaction(partial(transitions.requeue, given=job, now=self._clock()))

    async def finish_render(self, job: Job, artifact: Artifact) -> bool:
        """Record the clip of a running job and spend its hold; False where a cancel was requested before."""
        return await self._connection.transaction(
            partial(transitions.finish_render, given=job, artifact=artifact, now=self._clock())
        )

    async def finish_cancel(self, job: Job, *, refund: bool, gpu_s: float = 0.0) -> bool:
        """End a running job without a clip, with its hold refunded, or spent with the GPU seconds that it took."""
        return await self._connection.transaction(
            partial(transitions.finish_cancel, given=job, refund=refund, gpu_s=gpu_s, now=self._clock())
        )

    async def fail(self, job: Job, reason: Reason) -> bool:
        """End a queued or running job that cannot become a clip, and refund it."""
        return await self._connection.transaction(
            partial(transitions.fail, given=job, reason=reason, now=self._clock())
        )

    async def mark_delivered(self, job: Job) -> bool:
        """The clip of a rendered job stands in its message; erases the token of its interaction."""
        return await self._connection.transaction(partial(transitions.mark_delivered, given=job, now=self._clock()))

    async def mark_undeliverable(self, job: Job, reason: Reason) -> bool:
        """The clip of a rendered job can reach no message but stays in the history; erases the token."""
        return await self._connection.transaction(
            partial(transitions.mark_undeliverable, given=job, reason=reason, now=self._clock())
        )

    async def mark_told(self, job: Job) -> bool:
        """The message of a failed or cancelled job says so, or can never say it; erases the token."""
        return await self._connection.transaction(partial(transitions.mark_told, given=job, now=self._clock()))

    async def mark_notified(self, job: Job) -> bool:
        """True exactly once in a job's life: whoever gets True may mention the member, nobody else."""
        return await self._connection.transaction(partial(transitions.mark_notified, given=job, now=self._clock()))

    async def cancel(self, job_id: int, *, user_id: int) -> CancelOutcome:
        """End the member's own job where it waits, or ask for its end where it runs.

        After REQUESTED the job can no longer become a clip: `finish_render` refuses it.
        """
        return await self._connection.transaction(
            partial(transitions.cancel, job_id=job_id, user_id=user_id, now=self._clock())
        )

    async def delete_clip(self, job_id: int) -> bool:
        """Take a posted clip out of the history and erase its words.

        Its file is among `files_of_deleted`, its copies are among the `doomed_copies`.
        """
        deleted = await self._connection.transaction(partial(transitions.delete_clip, job_id=job_id, now=self._clock()))
        await self._connection.empty_log()
        return deleted

    async def leave_guild(self, guild_id: int) -> list[Job]:
        """Cancel and refund what waits in a server whose channels the bot can no longer reach; nobody can be told.

        Jobs that an interaction answers are left, and private ones: they reach their members from elsewhere.
        """
        return await self._connection.transaction(
            partial(transitions.leave_guild, guild_id=guild_id, now=self._clock())
        )

    async def reroute(self, job_id: int, route: Route) -> Job:
        """Give another message to a job that is unfinished, or whose failure or cancel is still to be told.

        Raises NothingToRoute for any other job.
        """
        return await self._connection.transaction(partial(transitions.reroute, job_id=job_id, route=route))

    async def recover(self, *, max_attempts: int) -> Recovery:
        """Take stock at start-up, before anything runs: every running job is one that a crash interrupted.

        Such a job is queued again with its attempt counted; after `max_attempts` counted attempts it is
        failed and refunded. Where its member had asked to cancel it, it is cancelled and refunded.
        """
        return await self._connection.transaction(
            partial(transitions.recover, max_attempts=max_attempts, now=self._clock())
        )

    async def get(self, job_id: int) -> Job | None:
        """The job, or None where no job has this id."""
        return await self._connection.read(partial(queries.get, job_id=job_id))

    async def queued(self) -> list[Job]:
        """Every job that waits, oldest first."""
        return await self._connection.read(queries.queued)

    async def active(self, user_id: int) -> list[Job]:
        """The member's queued, running and rendered jobs, oldest first: those that `max_active` counts."""
        return await self._connection.read(partial(queries.active, user_id=user_id))

    async def history(
        self,
        user_id: int,
        *,
        before: int | None = None,
        limit: int = 5,
        guild_id: int | EllipsisType | None = ...,
        words: str = "",
    ) -> list[Job]:
        """The member's clips (rendered, delivered or undeliverable; not those deleted), newest first.

        The next page starts `before` the last id of this one. `guild_id` keeps those of one guild, None those
        of direct messages; leave it out for all. Of `words` each must stand in the prompt, in whatever case.
        """
        return await self._connection.read(
            partial(queries.history, user_id=user_id, before=before, limit=limit, guild_id=guild_id, words=words)
        )

    async def quota(self, user_id: int, *, limit: int) -> Quota:
        """The member's account of this UTC day."""
        return await self._connection.read(partial(ledger.quota, user_id=user_id, limit=limit, now=self._clock()))

    async def budget(self, guild_id: int, *, limit_s: float | None) -> Budget:
        """The server's account of GPU seconds of this UTC day."""
        return await self._connection.read(
            partial(budget.budget, guild_id=guild_id, limit_s=limit_s, now=self._clock())
        )

    async def limit_rules(self) -> list[LimitRule]:
        """What servers grant, each server's own rule and those of its roles."""
        return await self._connection.read(limits.rules)

    async def put_limit_rule(self, rule: LimitRule) -> None:
        """Replace the server's rule for this role; one that limits nothing is removed."""
        await self._connection.transaction(partial(limits.put, rule=rule))

    async def unwanted_words(self) -> dict[int, list[str]]:
        """The words that servers do not want, by server."""
        return await self._connection.read(prompts.unwanted_words)

    async def put_unwanted_words(self, guild_id: int, words: Sequence[str]) -> None:
        """Replace the words that a server does not want."""
        await self._connection.transaction(partial(prompts.put_unwanted_words, guild_id=guild_id, words=words))

    async def count_refusal(self, guild_id: int | None, category: str) -> None:
        """One more prompt of this UTC day was refused."""
        count = partial(prompts.count_refusal, guild_id=guild_id, category=category, now=self._clock())
        await self._connection.transaction(count)

    async def refusals(self, guild_id: int | None, *, days: int = 1) -> dict[str, int]:
        """How many prompts of this UTC day, or of this one and those before it, were refused, by category."""
        count = partial(prompts.refusals, guild_id=guild_id, days=days, now=self._clock())
        return await self._connection.read(count)

    async def decisions(self) -> Decisions:
        """What the moderators of all servers decided."""
        return await self._connection.read(moderation.decisions)

    async def pause(self, guild_id: int) -> list[Job]:
        """Remember that a server's jobs wait; those that cannot, as an interaction answers them, are cancelled.

        They are refunded and returned.
        """
        return await self._connection.transaction(partial(moderation.pause, guild_id=guild_id, now=self._clock()))

    async def resume(self, guild_id: int) -> None:
        """Remember that a server's jobs go on."""
        await self._connection.transaction(partial(moderation.resume, guild_id=guild_id))

    async def block(self, guild_id: int, user_id: int) -> list[Job]:
        """Keep a member out of a server's jobs; those that wait there are cancelled, refunded and returned."""
        return await self._connection.transaction(
            partial(moderation.block, guild_id=guild_id, user_id=user_id, now=self._clock())
        )

    async def unblock(self, guild_id: int, user_id: int) -> None:
        """Let a member in again."""
        await self._connection.transaction(partial(moderation.unblock, guild_id=guild_id, user_id=user_id))

    async def cancel_waiting(self, guild_id: int) -> list[Job]:
        """Cancel and refund all that waits of a server; these jobs are still to be told."""
        return await self._connection.transaction(
            partial(moderation.cancel_waiting, guild_id=guild_id, now=self._clock())
        )

    async def put_channels(self, guild_id: int, channel_ids: frozenset[int]) -> None:
        """Replace the channels in which a server wants answers; none means all."""
        await self._connection.transaction(partial(moderation.put_channels, guild_id=guild_id, channel_ids=channel_ids))

    async def member_limits(self) -> list[MemberLimit]:
        """What servers grant single members."""
        return await self._connection.read(moderation.member_limits)

    async def put_member_limit(self, limit: MemberLimit) -> None:
        """Replace the server's limit of this member; one that limits nothing is removed."""
        await self._connection.transaction(partial(moderation.put_member_limit, limit=limit))

    async def stats(self, guild_id: int, *, days: int) -> Stats:
        """How a server's jobs of the last days went."""
        return await self._connection.read(partial(stats.stats, guild_id=guild_id, days=days, now=self._clock()))

    async def render_seconds(self, fingerprint: str, *, limit: int = 20) -> list[Measured]:
        """The newest clips of a checkpoint, newest first."""
        return await self._connection.read(partial(queries.render_seconds, fingerprint=fingerprint, limit=limit))

    async def expendable_files(
        self, *, older_than: float | None, max_bytes: float | None, limit: int
    ) -> list[StoredFile]:
        """Files of posted or undeliverable clips, oldest first, that are too old or too much.

        A file is too old where its clip was rendered before `older_than`, and too much as long as the files of
        all clips take more than `max_bytes`; None keeps them. A clip not yet delivered is never among them.
        """
        find = partial(files.expendable, older_than=older_than, max_bytes=max_bytes, limit=limit)
        return await self._connection.read(find)

    async def needed_pictures(self, *, since: float) -> set[str]:
        """Digests of the first pictures of unfinished jobs, of clips whose files are kept, and of jobs over `since`."""
        return await self._connection.read(partial(files.needed_pictures, since=since))

    async def files_of_deleted(self) -> list[StoredFile]:
        """Files of deleted clips that are still to go."""
        return await self._connection.read(files.of_deleted)

    async def mark_files_deleted(self, job_ids: Sequence[int]) -> None:
        """These jobs' files are gone; the jobs stay in the history."""
        await self._connection.transaction(partial(files.mark_deleted, job_ids=job_ids, now=self._clock()))

    async def member_preferences(self) -> list[Preference]:
        """What members have chosen."""
        return await self._connection.read(preferences.of_members)

    async def guild_preferences(self) -> list[Preference]:
        """What servers have chosen."""
        return await self._connection.read(preferences.of_guilds)

    async def put_member_preference(self, preference: Preference) -> None:
        """Replace what a member has chosen."""
        await self._connection.transaction(partial(preferences.put_member, preference=preference))

    async def put_guild_preference(self, preference: Preference) -> None:
        """Replace what a server has chosen."""
        await self._connection.transaction(partial(preferences.put_guild, preference=preference))

    async def stored_about(self, user_id: int) -> dict[str, list[dict[str, Any]]]:
        """Every row that names the member, by table, without tokens."""
        return await self._connection.read(partial(privacy.stored, user_id=user_id, now=self._clock()))

    async def holdings(self, user_id: int) -> Holdings:
        """How much an erasure of this member would erase."""
        return await self._connection.read(partial(privacy.holdings, user_id=user_id))

    async def erase_member(self, user_id: int, *, max_messages: int) -> Erasure:
        """Erase what is stored about a member; what waits is given back to the day first.

        What they used of this day stays counted, under a keyed hash. Files, the messages of unfinished jobs and the
        newest `max_messages` others become remnants, to be removed outside.

        Unlike other verbs this is many transactions, between which others have their turn; each leaves every job whole
        or gone. Where it is cut short `finish_erasures` carries it on.
        """
        begin = partial(privacy.begin_erasure, user_id=user_id, max_messages=max_messages, now=self._clock())
        erased = await self._connection.transaction(begin)
        await self._finish_erasure(user_id)
        return erased

    async def finish_erasures(self) -> None:
        """Carry on whatever erasures were cut short."""
        for user_id in await self._connection.read(privacy.erasures):
            await self._finish_erasure(user_id)

    async def _finish_erasure(self, user_id: int) -> None:
        while await self._connection.transaction(partial(privacy.erase_slice, user_id=user_id, now=self._clock())):
            pass
        await self._connection.empty_log()

    async def put_copy(self, copy: Copy) -> bool:
        """Remember a message in which a clip is shown again; False where the clip is gone."""
        return await self._connection.transaction(partial(copies.put, copy=copy))

    async def doomed_copies(self, *, limit: int) -> list[Copy]:
        """Copies of clips that are gone, whose messages are still to be removed."""
        return await self._connection.read(partial(copies.doomed, limit=limit))

    async def mark_copy_removed(self, message_id: int) -> None:
        """This doomed copy is gone, or cannot be removed."""
        await self._connection.transaction(partial(copies.mark_removed, message_id=message_id))

    async def forget_copies(self) -> None:
        """The Discord that had them is no more (a simulated one)."""
        await self._connection.transaction(copies.forget)

    async def remnants_with_files(self, *, limit: int) -> list[Remnant]:
        """Erased jobs whose files are still to be removed."""
        return await self._connection.read(partial(privacy.remnants_with_files, limit=limit))

    async def remnants_with_message(self, *, limit: int) -> list[Remnant]:
        """Erased jobs without files whose message is still to be removed, newest first."""
        return await self._connection.read(partial(privacy.remnants_with_message, limit=limit))

    async def mark_files_removed(self, job_ids: Sequence[int]) -> None:
        """These erased jobs have no files any more."""
        await self._connection.transaction(partial(privacy.mark_files_removed, job_ids=job_ids))

    async def mark_message_removed(self, job_id: int) -> None:
        """This erased job has no message any more, or none that can be removed."""
        await self._connection.transaction(partial(privacy.mark_message_removed, job_id=job_id))

    async def forget_past_days(self) -> float | None:
        """Remove what is kept of erased members of days that are over; when there is more, None where there is none."""
        return await self._connection.transaction(partial(carried.forget_past, now=self._clock()))
