"""Times at which schools, people and staff cannot be at a programme."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import Model
from scheduler.organisations.models import School
from scheduler.people.models import Person


class BusyTime(Model):
    """A stretch of time in which a school, one person, or somebody of the staff is not free.

    It counts in the programme for which it was entered. Coordinators read the reason.
    """

    __tablename__ = "busy_time"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        CheckConstraint(
            "(CASE WHEN school_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="of_one",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_member.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")

    school: Mapped[School | None] = relationship()
    person: Mapped[Person | None] = relationship()


class ClassHours(Model):
    """From when until when a school's pupils are in class on a weekday that is a school day.

    School days are the working days of the place where the school is; weekdays count from 0 for
    Monday. A weekday without a row has no classes.
    """

    __tablename__ = "class_hours"
    __table_args__ = (
        CheckConstraint("ends > begins", name="hours_in_order"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_one"),
    )

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begins: Mapped[dt.time]
    ends: Mapped[dt.time]

    school: Mapped[School] = relationship()


class BusyEntry(Model):
    """Until when schools may enter their own busy times; without it while the programme is open."""

    __tablename__ = "busy_entry"

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    closes_at: Mapped[dt.datetime]
