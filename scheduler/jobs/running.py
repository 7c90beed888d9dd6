"""What the worker does with a job: claim it, beat its heart, run the room's function, close it."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, current_app
from sqlalchemy import select, update

from scheduler import clock
from scheduler.audit.request_id import set_request_id
from scheduler.database import db, held, transaction
from scheduler.errors import Refused, SchedulerError
from scheduler.jobs import services
from scheduler.jobs.models import Job, JobState

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
REPORT_SECONDS = 0.5

Work = Callable[..., dict[str, Any] | None]
_work_by_kind: dict[str, Work] = {}


def work(kind: str) -> Callable[[Work], Work]:
    """Register a function `(report, **arguments) -> result` as the work of a kind of job.

    It runs in an application context without a transaction, makes its own, and must be whole
    when it is run again from the start: a killed worker's job is repeated.
    """

    def register(function: Work) -> Work:
        _work_by_kind[kind] = function
        return function

    return register


class Claim(NamedTuple):
    """A job that this worker has taken."""

    job_id: int
    account_id: int | None
    kind: str
    arguments: dict[str, Any]
    created_at: dt.datetime
    attempt: int
    kept: dict[str, Any]


class TakenOver(Exception):  # noqa: N818 - said as it is read in a job
    """Another worker has the job now, because this one was silent for too long."""


class Report:
    """How a job tells where it is, from any thread. Never call it inside `transaction()`:
    it commits on a connection of its own, and SQLite has one writer.
    """

    def __init__(self, app: Flask, claim: Claim) -> None:
        self.account_id = claim.account_id
        self.created_at = claim.created_at
        self.kept = claim.kept
        """What a worker that was killed over this job has kept of it."""
        self._app = app
        self._job_id = claim.job_id
        self._attempt = claim.attempt
        self._written_at = 0.0
        self._should_stop = False

    def advance(self, done: int, total: int, **progress: Any) -> None:
        """Show `done` of `total` (any unit) and further facts; written at most twice a second."""
        if time.monotonic() - self._written_at < REPORT_SECONDS and done < total:
            return
        self._write({"done": done, "total": total, "progress": progress})
        self._written_at = time.monotonic()

    def keep(self, result: dict[str, Any]) -> None:
        """Note within the work's own transaction what it has done, so that both are one.

        Whoever takes the job up again finds it in `kept`. Raises `TakenOver` if somebody did while
        this worker was thought dead: its portion is then to be rolled back.
        """
        own = update(Job).where(Job.id == self._job_id, Job.attempt == self._attempt)
        if db.session.execute(own.values(result=result).returning(Job.id)).one_or_none() is None:
            raise TakenOver

    def beat(self) -> None:
        """Show that the worker lives."""
        self._write({})

    @property
    def should_stop(self) -> bool:
        """Tell whether somebody asked to stop, as of the last report or heartbeat."""
        return self._should_stop

    def _write(self, values: dict[str, Any]) -> None:
        with self._app.app_context():
            with transaction():
                db.session.execute(
                    update(Job)
                    .where(Job.id == self._job_id)
                    .values(heartbeat_at=clock.now(), **values)
                )
                asked = db.session.scalar(
                    select(Job.stop_requested_at).where(Job.id == self._job_id)
                )
            self._should_stop = asked is not None


def run(ref: str) -> None:
    """Run a queued job to its end; does nothing if another worker has it or had it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    claimed = _claim(ref)
    if claimed is None:
        return
    set_request_id(f"job-{ref}")
    report = Report(app, claimed)
    finished = threading.Event()
    heart = threading.Thread(target=_beat, args=(report, finished), daemon=True)
    heart.start()
    try:
        result = _work_by_kind[claimed.kind](report, **claimed.arguments)
        _close(claimed.job_id, JobState.DONE, result=result or {})
    except TakenOver:
        logger.warning("job taken over by another worker", extra={"job": ref})
    except SchedulerError as error:
        code = str(error.code) if isinstance(error, Refused) else type(error).__name__
        _close(claimed.job_id, JobState.FAILED, error_code=code)
    except Exception:
        logger.exception("job failed", extra={"job": ref, "kind": claimed.kind})
        _close(claimed.job_id, JobState.FAILED, error_code="unexpected")
    finally:
        finished.set()
        set_request_id(None)


def _claim(ref: str) -> Claim | None:
    now = clock.now()
    with transaction():
        taken = db.session.execute(
            update(Job)
            .where(Job.ref == ref, Job.state == JobState.QUEUED)
            .values(
                state=JobState.RUNNING,
                attempt=Job.attempt + 1,
                started_at=now,
                heartbeat_at=now,
            )
            .returning(
                Job.id,
                Job.account_id,
                Job.kind,
                Job.arguments,
                Job.created_at,
                Job.attempt,
                Job.result,
            )
        ).one_or_none()
    return None if taken is None else Claim(*taken)


def _close(
    job_id: int,
    state: JobState,
    *,
    result: dict[str, Any] | None = None,
    error_code: str | None = None,
) -> None:
    db.session.rollback()
    with transaction():
        job = held(Job, job_id)
        if result is not None:
            job.result = result
        services.close(job, state, now=clock.now(), error_code=error_code)


def _beat(report: Report, finished: threading.Event) -> None:
    while not finished.wait(HEARTBEAT_SECONDS):
        try:
            report.beat()
        except Exception:  # noqa: BLE001 - a missed beat is made up by the next one
            logger.warning("heartbeat missed")
