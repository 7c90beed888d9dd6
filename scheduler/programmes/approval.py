"""The way of approval of a programme: its levels in order, and the quotas of each level.

A programme without levels is decided on by its coordinators alone. With levels, the school's own
is the submission, and the organiser's is the last (domain.md section 1.2).
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum
from scheduler.programmes.models import Category, Programme


class LevelKind(StrEnum):
    """Who decides at a level."""

    SCHOOL = "school"
    DISTRICT = "district"
    CITY = "city"
    ORGANISER = "organiser"


FIXED = frozenset({LevelKind.SCHOOL, LevelKind.ORGANISER})
"""The first and the last level: they neither move nor go while there are levels at all."""


class Concern(StrEnum):
    """What a level has checked, so that it approves a change of it."""

    PEOPLE = "people"
    WORKS = "works"
    GROUP = "group"
    ANSWERS = "answers"


class ApprovalLevel(Model):
    """One level of approval.

    After `closes_at` its reviewers are too late, and the organiser may decide for them. A blind
    level shows neither school, region, group name nor people. What it has passed on comes back
    to it only when a school changes one of its `concerns`.
    """

    __tablename__ = "approval_level"
    __table_args__ = (UniqueConstraint("programme_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    kind: Mapped[LevelKind] = mapped_column(stored_enum(LevelKind, "kind"))
    position: Mapped[int]
    closes_at: Mapped[dt.datetime | None]
    may_return: Mapped[bool] = mapped_column(default=True)
    is_blind: Mapped[bool] = mapped_column(default=False)
    concerns: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")

    programme: Mapped[Programme] = relationship()
    quotas: Mapped[list["Quota"]] = relationship(
        back_populates="level", order_by="Quota.position", cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> Subject:
        """A level is reached through its programme."""
        return Subject(programme_id=self.programme_id)


class Dimension(StrEnum):
    """By what a quota tells entries apart."""

    SCHOOL = "school"
    DISTRICT = "district"
    REGION = "region"
    STAGE = "stage"
    ANY = "any"


class Quota(Model):
    """How many entries of a kind a level passes on.

    Without a `key` it holds for each school (district, region, stage) by itself. An entry counts
    against the first quota that fits it, in the order of `position`; "any other" comes last.
    """

    __tablename__ = "approval_quota"
    __table_args__ = (
        CheckConstraint("places >= 0", name="places_not_negative"),
        CheckConstraint("dimension != 'any' OR key IS NULL", name="any_has_no_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(
        ForeignKey("approval_level.id", ondelete="CASCADE"), index=True
    )
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"))
    dimension: Mapped[Dimension] = mapped_column(stored_enum(Dimension, "dimension"))
    key: Mapped[str | None] = mapped_column(String(20))
    places: Mapped[int]
    position: Mapped[int]

    level: Mapped[ApprovalLevel] = relationship(back_populates="quotas")
    category: Mapped[Category | None] = relationship()


class WaitlistOrder(StrEnum):
    """Who comes first on a waiting list; published, and never changed for those who wait."""

    LISTED = "listed"
    SUBMITTED = "submitted"


class WaitlistPolicy(Model):
    """How a programme's waiting lists move on; without a row: in the order listed, by hand.

    An offer stands for `offer_hours`; 0 means that a place is given at once.
    """

    __tablename__ = "waitlist_policy"
    __table_args__ = (
        CheckConstraint("offer_hours >= 0", name="offer_hours_not_negative"),
        UniqueConstraint("programme_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    order: Mapped[WaitlistOrder] = mapped_column(
        stored_enum(WaitlistOrder, "order"), default=WaitlistOrder.LISTED
    )
    is_automatic: Mapped[bool] = mapped_column(default=False)
    offer_hours: Mapped[int] = mapped_column(default=72)
