"""What happened to a published timetable, the times kept in reserve, and the repairs made of it."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.applications.models import Application
from scheduler.database import Model, stored_enum
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.models import Plan


class HappeningKind(StrEnum):
    """What fell out. The stretch of a happening is the time in which that is missing.

    A school that comes on one day only (`school_day`) is missing at all other times. A group that
    is suspended is not planned at all until that is over.
    """

    VENUE_OUT = "venue_out"
    PERSON_AWAY = "person_away"
    SCHOOL_AWAY = "school_away"
    SCHOOL_DAY = "school_day"
    SUSPENDED = "suspended"


class HappeningState(StrEnum):
    """A happening counts while it is in force, and up to its end when it ended; else never."""

    IN_FORCE = "in_force"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"


class Happening(Model):
    """Something that planning has to live with from now on, and who said so.

    A venue's is also a closure among the venue's own times. `version` guards against stale pages.
    """

    __tablename__ = "happening"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="stretch_in_order"),
        CheckConstraint("(state = 'in_force') = (over_at IS NULL)", name="over_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[HappeningKind] = mapped_column(stored_enum(HappeningKind, "kind"))
    state: Mapped[HappeningState] = mapped_column(
        stored_enum(HappeningState, "state"), default=HappeningState.IN_FORCE
    )
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE")
    )
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    note: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    reported_at: Mapped[dt.datetime]
    reporter_name: Mapped[str] = mapped_column(String(120), default="")
    over_at: Mapped[dt.datetime | None]
    over_name: Mapped[str] = mapped_column(String(120), default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    programme: Mapped[Programme] = relationship()
    venue: Mapped[Venue | None] = relationship()
    school: Mapped[School | None] = relationship()
    person: Mapped[Person | None] = relationship()
    application: Mapped[Application | None] = relationship()

    @property
    def subject(self) -> Subject:
        """A happening is reached by its programme's coordinators."""
        return Subject(programme_id=self.programme_id)


class ReserveTime(Model):
    """A stretch at a venue that no plan uses until it is opened, as after a typhoon."""

    __tablename__ = "reserve_time"
    __table_args__ = (
        UniqueConstraint("venue_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="stretch_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime | None]

    venue: Mapped[Venue] = relationship()


class Repair(Model):
    """What a draft repairs, and what came of it.

    `asked` says what the search had to keep to: minutes of notice, a delay, whether only reserve
    times are open; and, once it is done, whether it left the frozen zone alone (`zone`).
    `left_out` are the groups that it found no time for, `left_out_bound` how many at least are
    proven to have none, `reasons` why; `moves_bound` is the proven least number of moves. A repair
    in part had to tear blocks or set groups aside.
    """

    __tablename__ = "repair"

    plan_id: Mapped[int] = mapped_column(
        ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True
    )
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_in_part: Mapped[bool] = mapped_column(default=False)
    moves_bound: Mapped[int | None]
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)
    left_out_bound: Mapped[int | None]
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)

    plan: Mapped[Plan] = relationship()
