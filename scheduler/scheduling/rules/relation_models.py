"""What coordinators state about two named groups of a timetable."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.applications.models import Application
from scheduler.database import Model, stored_enum


class RelationKind(StrEnum):
    """How two groups stand to each other in the timetable."""

    ONE_DAY = "one_day"
    OTHER_DAYS = "days_apart"
    ONE_VENUE = "one_venue"
    BEFORE = "in_order"


class GroupRelation(Model):
    """Two groups of one programme and what is to be true of them; BEFORE: `first` begins first.

    `weight` None: it must hold; otherwise what it costs when it does not.
    """

    __tablename__ = "group_relation"
    __table_args__ = (
        UniqueConstraint("programme_id", "kind", "first_id", "second_id"),
        CheckConstraint("weight > 0", name="weight_positive"),
        CheckConstraint("first_id <> second_id", name="two_groups"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    kind: Mapped[RelationKind] = mapped_column(stored_enum(RelationKind, "kind"))
    first_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    second_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    weight: Mapped[int | None]

    first: Mapped[Application] = relationship(foreign_keys=[first_id])
    second: Mapped[Application] = relationship(foreign_keys=[second_id])
