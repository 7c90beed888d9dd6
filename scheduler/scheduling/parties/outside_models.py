"""Calendars that schools and venues keep elsewhere, and when they say that time is taken."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import Model
from scheduler.organisations.models import School
from scheduler.programmes.models import Programme, Venue


class OutsideCalendar(Model):
    """A school's or a venue's own calendar, whose times are kept free in one programme.

    It is read from an address again and again, or from a file once. The address is sealed: whoever
    has it can read all of the calendar. `host` says where it leads, `error` why reading it failed
    the last time; what was read before stands then.
    """

    __tablename__ = "outside_calendar"
    __table_args__ = (
        UniqueConstraint("programme_id", "school_id"),
        UniqueConstraint("venue_id"),
        CheckConstraint("(school_id IS NULL) <> (venue_id IS NULL)", name="of_one"),
        CheckConstraint("address IS NOT NULL OR file_name <> ''", name="from_somewhere"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    host: Mapped[str] = mapped_column(String(255), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    etag: Mapped[str] = mapped_column(String(200), default="")
    events: Mapped[int] = mapped_column(default=0)
    """How many it has in the programme's days."""
    read_at: Mapped[dt.datetime]
    tried_at: Mapped[dt.datetime] = mapped_column(index=True)
    error: Mapped[str] = mapped_column(String(40), default="")
    error_facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    programme: Mapped[Programme] = relationship()
    school: Mapped[School | None] = relationship()
    venue: Mapped[Venue | None] = relationship()
    times: Mapped[list["OutsideTime"]] = relationship(
        order_by="OutsideTime.starts_at", cascade="all, delete-orphan", passive_deletes=True
    )


class OutsideTime(Model):
    """A stretch of time that such a calendar says is taken; what by, is not kept."""

    __tablename__ = "outside_time"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="times_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(
        ForeignKey("outside_calendar.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
