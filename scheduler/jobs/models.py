"""A row per long piece of work. The row, not the queue, is the truth about it."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum


class JobState(StrEnum):
    """A job is queued until a worker takes it; `failed` is told to its owner."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


LIVE_STATES = (JobState.QUEUED, JobState.RUNNING)


class Job(Model):
    """Long work with its progress. `kind` names the function that a room registered for it.

    `arguments` are ids and small values (JSON); `progress` is what the page shows besides the
    bar (a plan's value and bound, say). `attempt` counts starts, so that a killed worker's job
    is taken up again a limited number of times.
    """

    __tablename__ = "job"
    __table_args__ = (Index(None, "state", "heartbeat_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(22), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(stored_enum(JobState, "state"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error_code: Mapped[str | None] = mapped_column(String(60))
    result_url: Mapped[str | None] = mapped_column(String(250))
    stop_requested_at: Mapped[dt.datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    heartbeat_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]

    @property
    def subject(self) -> Subject:
        """A job is shown to the account that started it."""
        return Subject(account_id=self.account_id)

    @property
    def is_live(self) -> bool:
        """Tell whether it still waits or runs."""
        return self.state in LIVE_STATES
