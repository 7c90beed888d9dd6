"""Jurors and other staff of a programme: what they attend, when they are there, their breaks."""

import datetime as dt
from enum import StrEnum
from functools import partial

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum
from scheduler.programmes.models import Category, Programme
from scheduler.references import new_reference
from scheduler.scheduling.parties.busy_models import BusyTime


class Duty(StrEnum):
    """What somebody is there for; accompanists warm up with the groups, the others do not."""

    JUROR = "juror"
    ACCOMPANIST = "accompanist"
    OTHER = "other"


class StaffMember(Model):
    """Somebody who attends every group of some categories, in person.

    Without hours they are there all the time. A break of `break_minutes` comes after at most
    `most_minutes` of work; both are given or neither.
    """

    __tablename__ = "staff_member"
    __table_args__ = (
        CheckConstraint("(most_minutes IS NULL) = (break_minutes IS NULL)", name="break_is_whole"),
        CheckConstraint("most_minutes > 0", name="most_minutes_positive"),
        CheckConstraint("break_minutes > 0", name="break_minutes_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "F", length=8)
    )
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    duty: Mapped[Duty] = mapped_column(stored_enum(Duty, "duty"))
    email: Mapped[str | None] = mapped_column(String(254))
    most_minutes: Mapped[int | None]
    break_minutes: Mapped[int | None]

    programme: Mapped[Programme] = relationship()
    categories: Mapped[list[Category]] = relationship(
        secondary="staff_category", order_by=Category.position
    )
    hours: Mapped[list["StaffHours"]] = relationship(
        order_by="StaffHours.starts_at", cascade="all, delete-orphan"
    )
    busy_times: Mapped[list[BusyTime]] = relationship(
        order_by=BusyTime.starts_at, cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> Subject:
        """Reached by the programme's coordinators."""
        return Subject(programme_id=self.programme_id)


class StaffCategory(Model):
    """A category whose groups somebody of the staff attends."""

    __tablename__ = "staff_category"

    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff_member.id", ondelete="CASCADE"), primary_key=True
    )
    category_id: Mapped[int] = mapped_column(
        ForeignKey("category.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class StaffHours(Model):
    """A stretch of time in which somebody of the staff is there."""

    __tablename__ = "staff_hours"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="hours_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff_member.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
