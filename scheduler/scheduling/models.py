"""Plans (drafts), their slots, and releases: what was published, kept as it was."""

import datetime as dt
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.applications.models import Application
from scheduler.database import Model, stored_enum
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.activities.models import PlannedActivity
from scheduler.scheduling.items import Item, performance_of, turn


class PlanState(StrEnum):
    """A plan is being solved, a draft to edit, or was impossible (its reasons are kept)."""

    SOLVING = "solving"
    DRAFT = "draft"
    IMPOSSIBLE = "impossible"
    UNDECIDED = "undecided"


class PlanMethod(StrEnum):
    """What a search may change of the timetable that it begins from.

    `keep` places what is missing and moves as few groups as possible; `fill` moves none at all;
    `improve` may move all but the locked ones; `fresh` begins from nothing.
    """

    KEEP = "keep"
    FILL = "fill"
    IMPROVE = "improve"
    FRESH = "fresh"


class Plan(Model):
    """A draft timetable of one programme. `roster_revision` tells whether it is stale.

    `value`, `bound` and `history` are the solver's; moving an item by hand leaves them as they
    were solved. `edition` counts moves, so that two editors cannot overwrite each other unseen.
    `name` is a coordinator's, or "#" and a number until somebody gives one. `made_from` is the
    name of the draft, or "R" and the number of the release, that it was begun from or copied.
    `moved` counts the groups that the search moved against that; `is_fewest` says that fewer are
    proved impossible, and `locked_count` how many it had to leave alone. What `is_repeatable`
    counted work, not `seconds`: the same seed gives the same timetable.
    """

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    state: Mapped[PlanState] = mapped_column(stored_enum(PlanState, "state"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    roster_revision: Mapped[int]
    seed: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[int] = mapped_column(default=60)
    is_repeatable: Mapped[bool] = mapped_column(default=False)
    method: Mapped[PlanMethod] = mapped_column(
        stored_enum(PlanMethod, "method"), default=PlanMethod.FRESH
    )
    made_from: Mapped[str] = mapped_column(String(80), default="")
    locked_count: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int | None]
    is_fewest: Mapped[bool] = mapped_column(default=False)
    value: Mapped[int | None]
    bound: Mapped[int | None]
    is_optimal: Mapped[bool] = mapped_column(default=False)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    history: Mapped[list[Any]] = deferred(mapped_column(JSON, default=list))
    explanation: Mapped[list[Any]] = mapped_column(JSON, default=list)
    edition: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]

    # Counted by `touch`: a move changes slots only, and two moves may share their second.
    __mapper_args__ = {"version_id_col": edition, "version_id_generator": False}  # noqa: RUF012

    programme: Mapped[Programme] = relationship()
    slots: Mapped[list["Slot"]] = relationship(
        back_populates="plan", order_by="Slot.starts_at", cascade="all, delete-orphan"
    )

    def touch(self, now: dt.datetime) -> None:
        """Count a change, so that whoever saw the plan before it is refused."""
        self.edition += 1
        self.changed_at = now

    @property
    def subject(self) -> Subject:
        """A plan is reached by its programme's coordinators."""
        return Subject(programme_id=self.programme_id)


class Slot(Model):
    """A place in a plan: warm-up room and time, stage time, changeover after it.

    It is that of a group's performance, or of the turn `number` of an activity, which may be the
    turn of one group. What does not warm up has no room (0), and begins with its stage time.
    `allotted_minutes` is a group's time on stage where that is shorter than its category allows.
    """

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("plan_id", "activity_id", "application_id", "number"),
        # NULL is like no other NULL, so what lacks one of the two needs an index of its own.
        Index(
            "uq_slot_performance",
            "plan_id",
            "application_id",
            unique=True,
            sqlite_where=text("activity_id IS NULL"),
            postgresql_where=text("activity_id IS NULL"),
        ),
        Index(
            "uq_slot_together",
            "plan_id",
            "activity_id",
            "number",
            unique=True,
            sqlite_where=text("application_id IS NULL"),
            postgresql_where=text("application_id IS NULL"),
        ),
        CheckConstraint(
            "application_id IS NOT NULL OR activity_id IS NOT NULL", name="places_something"
        ),
        CheckConstraint("ends_at > starts_at", name="stage_time_in_order"),
        Index(None, "venue_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("planned_activity.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    warmup_room: Mapped[int]
    warmup_starts_at: Mapped[dt.datetime]
    warmup_ends_at: Mapped[dt.datetime]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    changeover_ends_at: Mapped[dt.datetime]
    is_locked: Mapped[bool] = mapped_column(default=False)
    allotted_minutes: Mapped[int | None]

    plan: Mapped[Plan] = relationship(back_populates="slots")
    application: Mapped[Application | None] = relationship()
    activity: Mapped[PlannedActivity | None] = relationship()
    venue: Mapped[Venue] = relationship()

    @classmethod
    def of(cls, item: Item, **values: Any) -> Self:
        """Return an unsaved slot that places something; where and when is yet to be said."""
        return cls(
            application=item.application, activity=item.activity, number=item.number, **values
        )

    @property
    def item(self) -> Item:
        """What it places."""
        if self.activity is not None:
            return turn(self.activity, self.application, self.number or 1)
        if self.application is None:
            raise ValueError("A slot places a performance or an activity.")
        return performance_of(self.application)


class Release(Model):
    """A published timetable, numbered within its programme; `slots` is kept as it was published.

    `slots` maps an item's ref to its times (UTC, ISO), venue code and allotted minutes, if any;
    that of an activity says also which one it is and the refs of the groups that took part.
    `difference` counts what is new, moved, and cancelled against the release before. Once
    `looked_after_at` is set, those have been told whose calendars were late with what was urgent.
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[int]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    notes: Mapped[str] = mapped_column(String(1000), default="")
    slots: Mapped[dict[str, Any]] = deferred(mapped_column(JSON))
    difference: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[dt.datetime]
    looked_after_at: Mapped[dt.datetime | None]

    programme: Mapped[Programme] = relationship()
    plan: Mapped[Plan] = relationship()

    @property
    def subject(self) -> Subject:
        """A release is reached by its programme's coordinators."""
        return Subject(programme_id=self.programme_id)
