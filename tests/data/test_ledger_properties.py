"""Whatever members, the worker, crashes and midnights do in whatever order, the books balance."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from data import BudgetExceeded, CancelOutcome, DuplicateJob, JobState, QuotaExceeded, Reason, TooManyJobs
from data.periods import period

from .helpers import CLIP, DAY_S, audit, new_job
from .machine import StoreMachine

Result = TypeVar("Result")

DAILY_LIMIT = 3
MAX_ACTIVE = 2
GPU_SECONDS = 70.0
LIMITS = {"daily_limit": DAILY_LIMIT, "max_active": MAX_ACTIVE, "guild_limit_s": GPU_SECONDS}
MEMBERS = st.integers(1, 2)
PICK = st.integers(0, 9)


class Ledger(StoreMachine):
    """Random verbs on random jobs, with stale copies of jobs as often as fresh ones."""

    @rule(user_id=MEMBERS, key=st.integers(0, 60))
    def submit(self, user_id: int, key: int) -> None:
        new = new_job(f"interaction/{key}", user_id=user_id)
        free = self.run(self.store.quota(user_id, limit=DAILY_LIMIT)).left
        active = len(self.run(self.store.active(user_id)))
        try:
            self.seen.append(self.run(self.store.submit(new, **LIMITS)))
        except DuplicateJob as refusal:
            assert refusal.job.key == new.key
        except TooManyJobs:
            assert active == MAX_ACTIVE
        except QuotaExceeded:
            assert free == 0
        except BudgetExceeded as refusal:
            left_s = refusal.budget.left_s
            assert left_s is not None and left_s < new.cost_s
        else:
            assert free > 0 and active < MAX_ACTIVE

    @rule(number=PICK)
    def claim(self, number: int) -> None:
        if (job := self.pick(number)) and (claimed := self.run(self.store.claim(job.id))):
            self.seen.append(claimed)

    @rule(number=PICK)
    def requeue(self, number: int) -> None:
        if job := self.pick(number):
            self.run(self.store.requeue(job))

    @rule(number=PICK)
    def finish_render(self, number: int) -> None:
        if job := self.pick(number):
            self.run(self.store.finish_render(job, CLIP))

    @rule(number=PICK, refund=st.booleans())
    def finish_cancel(self, number: int, refund: bool) -> None:
        if job := self.pick(number):
            self.run(self.store.finish_cancel(job, refund=refund, gpu_s=3.3))

    @rule(number=PICK)
    def fail(self, number: int) -> None:
        if job := self.pick(number):
            self.run(self.store.fail(job, Reason("broken")))

    @rule(number=PICK, arrives=st.booleans())
    def deliver(self, number: int, arrives: bool) -> None:
        if job := self.pick(number):
            mark = self.store.mark_delivered(job) if arrives else self.store.mark_undeliverable(job, Reason("gone"))
            self.run(mark)

    @rule(number=PICK, user_id=MEMBERS)
    def cancel(self, number: int, user_id: int) -> None:
        if job := self.pick(number):
            is_theirs = job.user_id == user_id and self.run(self.store.get(job.id)) is not None
            outcome = self.run(self.store.cancel(job.id, user_id=user_id))
            assert (outcome is CancelOutcome.NOT_FOUND) is not is_theirs

    @rule(user_id=MEMBERS, max_messages=st.integers(0, 2))
    def erase(self, user_id: int, max_messages: int) -> None:
        before = self.run(self.store.quota(user_id, limit=DAILY_LIMIT))
        today = period(self.clock.now)
        erased = self.run(self.store.erase_member(user_id, max_messages=max_messages))
        after = self.run(self.store.quota(user_id, limit=DAILY_LIMIT))
        cut_short = [
            job for job in erased.unfinished if job.state is JobState.RUNNING and period(job.created_at) == today
        ]
        assert (after.used, after.reserved) == (before.used + len(cut_short), 0)
        about = self.run(self.store.stored_about(user_id))
        assert {table for table, rows in about.items() if rows} <= {"erased_quotas"}

    @rule()
    def forget_past_days(self) -> None:
        before = [self.run(self.store.quota(user_id, limit=DAILY_LIMIT)) for user_id in (1, 2)]
        self.run(self.store.forget_past_days())
        assert before == [self.run(self.store.quota(user_id, limit=DAILY_LIMIT)) for user_id in (1, 2)]

    @rule()
    def crash(self) -> None:
        self.reopen()
        recovery = self.run(self.store.recover(max_attempts=2))
        self.seen += recovery.queued
        assert all(job.attempt < 2 for job in recovery.queued)

    @rule(days=st.sampled_from([0.25, 0.5, -0.5]))
    def wait(self, days: float) -> None:
        self.clock.now += days * DAY_S

    @invariant()
    def books_balance(self) -> None:
        audit(self.path)
        for user_id in (1, 2):
            quota = self.run(self.store.quota(user_id, limit=DAILY_LIMIT))
            assert quota.used + quota.reserved <= DAILY_LIMIT


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
