"""The table of other timetables that was worked out for a draft."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import Model
from scheduler.jobs.models import Job
from scheduler.scheduling.models import Plan


class TradeoffTable(Model):
    """What a draft could be exchanged for, as of one of its editions and one roster.

    `choices` and `floors` are what `contents` writes and reads; empty until the job ends, and
    where nothing was found.
    """

    __tablename__ = "tradeoff_table"

    plan_id: Mapped[int] = mapped_column(
        ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True
    )
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    edition: Mapped[int]
    roster_revision: Mapped[int]
    seed: Mapped[int]
    seconds: Mapped[int]
    is_repeatable: Mapped[bool]
    choices: Mapped[list[Any]] = mapped_column(JSON, default=list)
    floors: Mapped[list[Any]] = mapped_column(JSON, default=list)
    made_at: Mapped[dt.datetime | None]

    plan: Mapped[Plan] = relationship()
    job: Mapped[Job] = relationship()
