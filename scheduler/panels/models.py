"""Panels: criteria, reviewers, which case goes to whom, the marks, and every change of them."""

import datetime as dt
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.accounts.models import Account
from scheduler.applications.models import Application
from scheduler.database import Model, stored_enum
from scheduler.programmes.approval import ApprovalLevel
from scheduler.programmes.models import Category, Names, Programme
from scheduler.references import new_reference


class Panel(Model):
    """Reviewers who judge the cases of some categories at one level of approval.

    Each case goes to `per_case` of them. Once it is closed, marks stand as they are. The level
    says whether the panel is blind. Schools read comments only after `comments_published_at`.
    """

    __tablename__ = "panel"
    __table_args__ = (CheckConstraint("per_case > 0", name="per_case_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "N", length=10)
    )
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    level_id: Mapped[int] = mapped_column(ForeignKey("approval_level.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    per_case: Mapped[int] = mapped_column(default=3)
    created_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    comments_published_at: Mapped[dt.datetime | None]

    programme: Mapped[Programme] = relationship()
    level: Mapped[ApprovalLevel] = relationship()
    shares: Mapped[list["PanelCategory"]] = relationship(
        back_populates="panel", cascade="all, delete-orphan"
    )
    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="panel", order_by="Criterion.number", cascade="all, delete-orphan"
    )
    reviewers: Mapped[list["PanelReviewer"]] = relationship(
        back_populates="panel", order_by="PanelReviewer.id", cascade="all, delete-orphan"
    )

    @property
    def is_blind(self) -> bool:
        """Tell whether its reviewers may not know whose entries they judge."""
        return self.level.is_blind

    @property
    def subject(self) -> Subject:
        """A panel is run by the programme's coordinators."""
        return Subject(programme_id=self.programme_id)


class PanelCategory(Model):
    """A category that a panel judges; at one level, no other panel judges it."""

    __tablename__ = "panel_category"
    __table_args__ = (UniqueConstraint("level_id", "category_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id", ondelete="CASCADE"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("approval_level.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"))

    panel: Mapped[Panel] = relationship(back_populates="shares")
    category: Mapped[Category] = relationship(lazy="joined")


class Criterion(Model):
    """What is marked: from 0 to `max_mark`, counted with its `weight`."""

    __tablename__ = "panel_criterion"
    __table_args__ = (
        UniqueConstraint("panel_id", "number"),
        CheckConstraint("weight > 0", name="weight_positive"),
        CheckConstraint("max_mark > 0", name="max_mark_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id", ondelete="CASCADE"))
    number: Mapped[int]
    names: Mapped[Names] = mapped_column(JSON)
    weight: Mapped[int] = mapped_column(default=1)
    max_mark: Mapped[int] = mapped_column(default=10)

    panel: Mapped[Panel] = relationship(back_populates="criteria")


class PanelReviewer(Model):
    """Somebody who judges on a panel; they need no role besides."""

    __tablename__ = "panel_reviewer"
    __table_args__ = (UniqueConstraint("panel_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)

    panel: Mapped[Panel] = relationship(back_populates="reviewers")
    account: Mapped[Account] = relationship(lazy="joined")


class Stage(StrEnum):
    """How far a reviewer has come with a case; a conflict of interest ends it."""

    OPEN = "to_judge"
    DRAFT = "draft_marks"
    JUDGED = "judged"
    CONFLICT = "conflict"


class Assignment(Model):
    """A case of one reviewer. `version` is what marks were given on."""

    __tablename__ = "panel_assignment"
    __table_args__ = (
        UniqueConstraint("reviewer_id", "application_id"),
        Index(None, "panel_id", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "J", length=10)
    )
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id", ondelete="CASCADE"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("panel_reviewer.id"))
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    stage: Mapped[Stage] = mapped_column(stored_enum(Stage, "stage"), default=Stage.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    comment: Mapped[str] = mapped_column(String(1000), default="")
    assigned_at: Mapped[dt.datetime]
    judged_at: Mapped[dt.datetime | None]

    panel: Mapped[Panel] = relationship()
    reviewer: Mapped[PanelReviewer] = relationship()
    application: Mapped[Application] = relationship()
    marks: Mapped[list["Mark"]] = relationship(
        back_populates="assignment", cascade="all, delete-orphan"
    )


class Mark(Model):
    """A mark for one criterion, in hundredths, so that 8.5 is exactly what was given."""

    __tablename__ = "panel_mark"
    __table_args__ = (
        UniqueConstraint("assignment_id", "criterion_id"),
        CheckConstraint("hundredths >= 0", name="hundredths_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("panel_assignment.id", ondelete="CASCADE")
    )
    criterion_id: Mapped[int] = mapped_column(ForeignKey("panel_criterion.id"), index=True)
    hundredths: Mapped[int]

    assignment: Mapped[Assignment] = relationship(back_populates="marks")


class Deed(StrEnum):
    """What happened to a reviewer's case."""

    ASSIGN = "assign"
    RELEASE = "release"
    DRAFT = "draft"
    SUBMIT = "submit"
    CONFLICT = "conflict"


class JudgementEntry(Model):
    """One step of a reviewer's case: never changed, never deleted.

    `marks` holds hundredths by the criterion's number, as they stand after the step.
    """

    __tablename__ = "judgement_entry"
    __table_args__ = (Index(None, "panel_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    reviewer_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[dt.datetime]
    deed: Mapped[Deed] = mapped_column(stored_enum(Deed, "deed"))
    marks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(String(1000), default="")

    reviewer: Mapped[Account] = relationship(foreign_keys=[reviewer_account_id])
