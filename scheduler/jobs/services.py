"""Start, watch and stop long work; the rows behind every progress bar."""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from scheduler.database import after_commit, db
from scheduler.errors import NotFound
from scheduler.jobs.models import Job, JobState
from scheduler.task_queue import wake

LOST_AFTER = dt.timedelta(seconds=45)
"""A running job whose heartbeat is older has lost its worker (it beats every 5 seconds)."""

UNHEARD_AFTER = dt.timedelta(seconds=15)
"""A queued job that is older has perhaps lost its message; another one does no harm."""

MAX_ATTEMPTS = 3
"""After so many workers died over a job, it is given up: it may be what kills them."""

AtEnd = Callable[[Job], None]
_at_end_by_kind: dict[str, AtEnd] = {}


def at_end(kind: str) -> Callable[[AtEnd], AtEnd]:
    """Register what a room does when a job of the kind ends, however it does.

    It is called with the job's row in the transaction that closes it, so exactly once.
    """

    def register(function: AtEnd) -> AtEnd:
        _at_end_by_kind[kind] = function
        return function

    return register


def close(job: Job, state: JobState, *, now: dt.datetime, error_code: str | None = None) -> None:
    """End the job for good, within the caller's transaction."""
    job.state, job.error_code, job.finished_at = state, error_code, now
    db.session.flush()
    if job.kind in _at_end_by_kind:
        _at_end_by_kind[job.kind](job)


def start(
    kind: str,
    *,
    account_id: int | None,
    now: dt.datetime,
    total: int = 0,
    result_url: str | None = None,
    **arguments: Any,
) -> Job:
    """Add a job to the caller's transaction; the worker is woken once that is committed.

    `kind` is a name that a room registered with `jobs.running.work`; `arguments` (JSON) are
    handed to it. `result_url` is where the progress page leads when the job is done.
    """
    job = Job(
        ref=secrets.token_urlsafe(12),
        kind=kind,
        arguments=arguments,
        state=JobState.QUEUED,
        account_id=account_id,
        total=total,
        result_url=result_url,
        created_at=now,
    )
    db.session.add(job)
    db.session.flush()
    ref = job.ref
    after_commit(lambda: wake("job", ref))
    return job


def find(ref: str) -> Job:
    """Return the job; raises `NotFound`."""
    job = db.session.scalar(select(Job).where(Job.ref == ref))
    if job is None:
        raise NotFound
    return job


def request_stop(job: Job, *, now: dt.datetime) -> None:
    """Ask a live job to stop and keep what it has; it looks every second or so."""
    if job.is_live and job.stop_requested_at is None:
        job.stop_requested_at = now
        db.session.flush()


def requeue_lost(*, now: dt.datetime) -> list[str]:
    """Take up jobs whose worker or message was lost; return the refs that must be woken.

    A job that lost its worker `MAX_ATTEMPTS` times fails with `worker_lost`.
    """
    lost = (Job.state == JobState.RUNNING) & (Job.heartbeat_at < now - LOST_AFTER)
    given_up = select(Job).where(lost, Job.attempt >= MAX_ATTEMPTS).order_by(Job.id)
    for job in db.session.scalars(given_up.with_for_update()).all():
        close(job, JobState.FAILED, now=now, error_code="worker_lost")
    db.session.execute(update(Job).where(lost).values(state=JobState.QUEUED))
    unheard = select(Job.ref).where(
        Job.state == JobState.QUEUED, Job.created_at < now - UNHEARD_AFTER
    )
    return list(db.session.scalars(unheard))
