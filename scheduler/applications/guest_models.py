"""A school's part in another school's entry: several schools form one group or delegation."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.applications.models import Application
from scheduler.database import Model, stored_enum
from scheduler.organisations.models import School


class PartState(StrEnum):
    """Where a school's part stands. A part that ended can be begun anew by another invitation."""

    INVITED = "invited"
    JOINED = "joined"
    READY = "ready"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


TAKES_PART = (PartState.JOINED, PartState.READY)


class GuestPart(Model):
    """A guest school in an entry of the lead school, and what the two have agreed on.

    Which pupils belong to the part needs no mark of its own: a person belongs to one school, and a
    pupil of another school than the entry's can only have come in by that school's part.
    """

    __tablename__ = "guest_part"
    __table_args__ = (
        UniqueConstraint("application_id", "school_id"),
        CheckConstraint("pupils_asked > 0", name="pupils_asked_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    state: Mapped[PartState] = mapped_column(
        stored_enum(PartState, "state"), default=PartState.INVITED
    )
    version: Mapped[int] = mapped_column(default=1)
    pupils_asked: Mapped[int | None]
    answer_by: Mapped[dt.date | None]
    message: Mapped[str] = mapped_column(String(1000), default="")
    reason: Mapped[str] = mapped_column(String(1000), default="")
    invited_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    application: Mapped[Application] = relationship()
    school: Mapped[School] = relationship()

    @property
    def takes_part(self) -> bool:
        """Tell whether the school has accepted and is still with the group."""
        return self.state in TAKES_PART

    @property
    def subject(self) -> Subject:
        """The guest's side of an entry is reached by the guest school's officers alone."""
        return Subject(school_id=self.school_id)
