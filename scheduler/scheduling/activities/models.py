"""Activities beside the performances: what they are, who takes part, where and when they may be."""

import datetime as dt
from enum import StrEnum
from functools import partial

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    String,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from scheduler.access.permissions import Subject
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import Model, stored_enum
from scheduler.organisations.models import Names
from scheduler.programmes.models import Category, Programme, Venue
from scheduler.references import new_reference


class ActivityKind(StrEnum):
    """What an activity is; who rehearses or auditions needs a stage that is large enough."""

    REHEARSAL = "rehearsal"
    AUDITION = "audition"
    INTERVIEW = "interview"
    STATION = "station"
    COURSE = "course"
    MEETING = "meeting"
    CEREMONY = "ceremony"
    VISIT = "visit"


ON_STAGE = frozenset({ActivityKind.REHEARSAL, ActivityKind.AUDITION})


class Invited(StrEnum):
    """Which accepted groups take part."""

    ALL = "all"
    CATEGORY = "category"
    CHOSEN = "chosen"
    NONE = "none"


class Attendance(StrEnum):
    """Who of the groups takes part."""

    EVERYBODY = "everybody"
    LEADERS = "leaders"
    ACCOMPANISTS = "accompanists"


class StaffInvited(StrEnum):
    """Who of the staff takes part."""

    NONE = "none"
    JURORS = "jurors"
    ACCOMPANISTS = "accompanists"
    ALL = "all"


class Before(StrEnum):
    """How it lies to the performances of its groups."""

    ANY = "any"
    BEFORE = "before"
    AFTER = "after"


def takes_part(activity: type["PlannedActivity"]) -> ColumnElement[bool]:
    """Return the condition under which an accepted group takes part in an activity."""
    chosen = select(ActivityGroup.application_id).where(ActivityGroup.activity_id == activity.id)
    return and_(
        activity.programme_id == foreign(remote(Application.programme_id)),
        Application.state == State.ACCEPTED,
        or_(
            activity.invited == Invited.ALL,
            activity.category_id == Application.category_id,
            Application.id.in_(chosen.correlate(activity)),
        ),
    )


class PlannedActivity(Model):
    """Something that a programme's timetable has beside the performances.

    It takes place `times` times, for all of its groups together or, `for_each_group`, for one
    after another. `setup_minutes` before and `clear_minutes` after it the place is taken, but its
    people are free. Without venues it may be in any. A removed one is planned no more, but what
    was published of it keeps its name.
    """

    __tablename__ = "planned_activity"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("setup_minutes >= 0", name="setup_not_negative"),
        CheckConstraint("clear_minutes >= 0", name="clear_not_negative"),
        CheckConstraint("times > 0", name="times_positive"),
        CheckConstraint("latest_at > earliest_at", name="bounds_in_order"),
        CheckConstraint(
            "(invited = 'category') = (category_id IS NOT NULL)", name="category_if_invited"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "V", length=8)
    )
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ActivityKind] = mapped_column(stored_enum(ActivityKind, "kind"))
    name: Mapped[str] = mapped_column(String(120))
    # By language, where it is to be called otherwise than `name`.
    names: Mapped[Names] = mapped_column(JSON, default=dict)
    minutes: Mapped[int]
    setup_minutes: Mapped[int] = mapped_column(default=0)
    clear_minutes: Mapped[int] = mapped_column(default=0)
    invited: Mapped[Invited] = mapped_column(stored_enum(Invited, "invited"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    attendance: Mapped[Attendance] = mapped_column(
        stored_enum(Attendance, "attendance"), default=Attendance.EVERYBODY
    )
    staff: Mapped[StaffInvited] = mapped_column(
        stored_enum(StaffInvited, "staff"), default=StaffInvited.NONE
    )
    for_each_group: Mapped[bool] = mapped_column(default=False)
    times: Mapped[int] = mapped_column(default=1)
    on_other_days: Mapped[bool] = mapped_column(default=False)
    before: Mapped[Before] = mapped_column(stored_enum(Before, "before"), default=Before.ANY)
    earliest_at: Mapped[dt.datetime | None]
    latest_at: Mapped[dt.datetime | None]
    removed_at: Mapped[dt.datetime | None]

    programme: Mapped[Programme] = relationship()
    category: Mapped[Category | None] = relationship()
    chosen: Mapped[list[Application]] = relationship(
        secondary="activity_group", order_by=Application.ref
    )
    venues: Mapped[list[Venue]] = relationship(secondary="activity_venue", order_by=Venue.code)
    groups: Mapped[list[Application]] = relationship(
        primaryjoin=lambda: takes_part(PlannedActivity), order_by=Application.ref, viewonly=True
    )
    """The accepted groups that take part as things are now, whoever was accepted since."""

    @property
    def subject(self) -> Subject:
        """Reached by the programme's coordinators."""
        return Subject(programme_id=self.programme_id)

    @property
    def is_for_nobody(self) -> bool:
        """Tell whether no group and none of the staff takes part, as long as that is so."""
        return not self.groups and self.staff is StaffInvited.NONE


class ActivityGroup(Model):
    """A group that was chosen for an activity."""

    __tablename__ = "activity_group"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("planned_activity.id", ondelete="CASCADE"), primary_key=True
    )
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ActivityVenue(Model):
    """A venue in which an activity may be; it cannot be removed as long as that is so.

    Without its last venue an activity would be in any.
    """

    __tablename__ = "activity_venue"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("planned_activity.id", ondelete="CASCADE"), primary_key=True
    )
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), primary_key=True, index=True)
