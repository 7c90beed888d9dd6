"""Public notices with their frozen versions, and objections to them."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum
from scheduler.programmes.models import Category, Names, Programme
from scheduler.publicity.days import DayKind


class NoticeState(StrEnum):
    """Where a notice stands at a moment; computed, so that it ends without anybody's help."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ENDED = "ended"
    TAKEN_DOWN = "taken_down"


class LineChange(StrEnum):
    """How a line differs from the version before."""

    NEW = "new"
    CHANGED = "changed"


class ObjectionState(StrEnum):
    """An objection is open until a coordinator has answered it, one way or another."""

    OPEN = "open"
    ANSWERED = "answered"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


notice_category = Table(
    "notice_category",
    Model.metadata,
    Column("notice_id", ForeignKey("public_notice.id", ondelete="CASCADE"), primary_key=True),
    Column("category_id", ForeignKey("category.id"), primary_key=True, index=True),
)


class PublicNotice(Model):
    """A notice as its coordinator writes it. What the public reads are its versions.

    `number` is the version that stands, 0 before the first; `version` guards against stale pages.
    """

    __tablename__ = "public_notice"
    __table_args__ = (
        CheckConstraint("days BETWEEN 1 AND 60", name="days_within_limits"),
        CheckConstraint("(number = 0) = (published_at IS NULL)", name="published_has_number"),
        CheckConstraint("(ends_at IS NULL) = (published_at IS NULL)", name="published_has_end"),
        CheckConstraint("taken_down_at IS NULL OR number > 0", name="only_published_taken_down"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    titles: Mapped[Names] = mapped_column(JSON)
    texts: Mapped[Names] = mapped_column(JSON)
    days: Mapped[int] = mapped_column(default=7)
    day_kind: Mapped[DayKind] = mapped_column(
        stored_enum(DayKind, "day_kind"), default=DayKind.CALENDAR
    )
    days_off: Mapped[list[str]] = mapped_column(JSON, default=list)
    shows_pupils: Mapped[bool] = mapped_column(default=False)
    number: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime]
    published_at: Mapped[dt.datetime | None]
    ends_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    taken_down_at: Mapped[dt.datetime | None]
    taken_down_reason: Mapped[str | None] = mapped_column(String(1000))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    programme: Mapped[Programme] = relationship()
    categories: Mapped[list[Category]] = relationship(
        secondary=notice_category, order_by=Category.position
    )
    versions: Mapped[list["NoticeVersion"]] = relationship(
        back_populates="notice", order_by="NoticeVersion.number.desc()"
    )

    @property
    def subject(self) -> Subject:
        """A notice is reached by its programme's coordinators."""
        return Subject(programme_id=self.programme_id)

    def state_at(self, instant: dt.datetime) -> NoticeState:
        """Tell where the notice stands; the end itself is too late."""
        if self.ends_at is None:
            return NoticeState.DRAFT
        if self.taken_down_at is not None:
            return NoticeState.TAKEN_DOWN
        return NoticeState.PUBLISHED if instant < self.ends_at else NoticeState.ENDED


class NoticeVersion(Model):
    """What was published, word for word; a correction is the next number, with its reason."""

    __tablename__ = "notice_version"
    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        CheckConstraint("(number = 1) = (correction IS NULL)", name="correction_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("public_notice.id"))
    number: Mapped[int]
    titles: Mapped[Names] = mapped_column(JSON)
    texts: Mapped[Names] = mapped_column(JSON)
    shows_pupils: Mapped[bool]
    correction: Mapped[str | None] = mapped_column(String(1000))
    removed_count: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    publisher_name: Mapped[str] = mapped_column(String(120), default="")

    notice: Mapped[PublicNotice] = relationship(back_populates="versions")

    @property
    def subject(self) -> Subject:
        """A version is reached as its notice is."""
        return self.notice.subject


class NoticeLine(Model):
    """One group of a version, frozen: school, group, advisers, and perhaps how many pupils."""

    __tablename__ = "notice_line"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("notice_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    application_ref: Mapped[str] = mapped_column(String(16))
    category_names: Mapped[Names] = mapped_column(JSON)
    school_name: Mapped[str] = mapped_column(String(160))
    group_name: Mapped[str] = mapped_column(String(80))
    advisers: Mapped[str] = mapped_column(Text)
    pupils: Mapped[int | None]
    change: Mapped[LineChange | None] = mapped_column(stored_enum(LineChange, "change"))


class Objection(Model):
    """What somebody has against a notice. Name, contact and words are gone once it was erased."""

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("notice_id", "digest"),
        Index(None, "notice_id", "state", "received_at"),
        CheckConstraint("(state = 'open') = (handled_at IS NULL)", name="handled_has_time"),
        CheckConstraint(
            "erased_at IS NULL OR (name IS NULL AND email IS NULL AND phone IS NULL "
            "AND about IS NULL AND reason IS NULL AND answer IS NULL AND digest IS NULL)",
            name="erased_is_empty",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("public_notice.id"))
    notice_number: Mapped[int]
    name: Mapped[str | None] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    about: Mapped[str | None] = mapped_column(String(160))
    reason: Mapped[str | None] = mapped_column(String(2000))
    digest: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(16))
    state: Mapped[ObjectionState] = mapped_column(
        stored_enum(ObjectionState, "state"), default=ObjectionState.OPEN
    )
    version: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[dt.datetime]
    handled_at: Mapped[dt.datetime | None]
    handler_name: Mapped[str | None] = mapped_column(String(120))
    answer: Mapped[str | None] = mapped_column(String(2000))
    erased_at: Mapped[dt.datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    notice: Mapped[PublicNotice] = relationship()

    @property
    def subject(self) -> Subject:
        """An objection is reached as its notice is."""
        return self.notice.subject
