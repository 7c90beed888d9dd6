"""Assignments of pupils, groups or staff to options, and what came out of the last search."""

import datetime as dt
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum
from scheduler.jobs.models import Job
from scheduler.programmes.models import Category, Programme
from scheduler.references import new_reference
from scheduler.scheduling.activities.models import PlannedActivity


class Takers(StrEnum):
    """Who is assigned: each pupil of accepted groups once, each accepted group, or the staff."""

    PUPILS = "pupils"
    GROUPS = "groups"
    STAFF = "staff"


class Goal(StrEnum):
    """What is best: the least sum of ranks, or as few people as possible far down their wishes."""

    MOST_WISHES = "most_wishes"
    WORST_OFF = "worst_off"


class Companionship(StrEnum):
    """What a set says: the same option for all of them, or a different one for each."""

    TOGETHER = "together"
    APART = "apart"


class WishAssignment(Model):
    """Options of a programme that are given to people by their wishes.

    `edition` rises with every change of what a search depends on; `solved_edition` is the one that
    the last search took. `result` is what `outcome` writes and reads, empty before the first one.
    """

    __tablename__ = "wish_assignment"
    __table_args__ = (CheckConstraint("school_most > 0", name="school_most_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "Z", length=8)
    )
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    takers: Mapped[Takers] = mapped_column(stored_enum(Takers, "takers"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    goal: Mapped[Goal] = mapped_column(stored_enum(Goal, "goal"), default=Goal.MOST_WISHES)
    gives_unwished: Mapped[bool] = mapped_column(default=True)
    leaves_out: Mapped[bool] = mapped_column(default=False)
    school_most: Mapped[int | None]
    edition: Mapped[int] = mapped_column(default=1)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    seed: Mapped[int] = mapped_column(default=1)
    solved_edition: Mapped[int | None]
    solved_revision: Mapped[int | None]
    solved_at: Mapped[dt.datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    programme: Mapped[Programme] = relationship()
    category: Mapped[Category | None] = relationship()
    job: Mapped[Job | None] = relationship()
    options: Mapped[list["AssignmentOption"]] = relationship(
        order_by="AssignmentOption.code", cascade="all, delete-orphan"
    )
    companies: Mapped[list["AssignmentCompany"]] = relationship(
        order_by="AssignmentCompany.id", cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> Subject:
        """Reached by the programme's coordinators."""
        return Subject(programme_id=self.programme_id)

    @property
    def is_running(self) -> bool:
        """Tell whether a search is under way."""
        return self.job is not None and self.job.is_live


class AssignmentOption(Model):
    """Something that `least` to `most` of those who take part get; perhaps an activity."""

    __tablename__ = "assignment_option"
    __table_args__ = (
        UniqueConstraint("assignment_id", "code"),
        CheckConstraint("least >= 0", name="least_not_negative"),
        CheckConstraint("most >= least", name="limits_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("wish_assignment.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120), default="")
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("planned_activity.id"), index=True)
    least: Mapped[int] = mapped_column(default=0)
    most: Mapped[int]

    activity: Mapped[PlannedActivity | None] = relationship(lazy="joined")


class AssignmentParticipant(Model):
    """What one of those who take part wishes, must not get, is locked to, and was given.

    `wishes` (the dearest first) and `barred` are keys of options; those that are gone are passed
    over. `given_rank` counts wishes from 1; 0 is an option that was not wished. `is_envious`: would
    rather have an option that somebody else was given.
    """

    __tablename__ = "assignment_participant"
    __table_args__ = (
        UniqueConstraint("assignment_id", "person_id"),
        UniqueConstraint("assignment_id", "application_id"),
        UniqueConstraint("assignment_id", "staff_id"),
        CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN application_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="of_one",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("wish_assignment.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_member.id", ondelete="CASCADE"), index=True
    )
    wishes: Mapped[list[int]] = mapped_column(JSON, default=list)
    barred: Mapped[list[int]] = mapped_column(JSON, default=list)
    locked_id: Mapped[int | None] = mapped_column(
        ForeignKey("assignment_option.id", ondelete="SET NULL"), index=True
    )
    given_id: Mapped[int | None] = mapped_column(
        ForeignKey("assignment_option.id", ondelete="SET NULL"), index=True
    )
    given_rank: Mapped[int | None]
    is_envious: Mapped[bool] = mapped_column(default=False)


class AssignmentCompany(Model):
    """Some who take part, by their references, who stay together or are kept apart."""

    __tablename__ = "assignment_company"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("wish_assignment.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[Companionship] = mapped_column(stored_enum(Companionship, "kind"))
    refs: Mapped[list[str]] = mapped_column(JSON)
