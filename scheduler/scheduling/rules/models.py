"""What a programme's coordinators have chosen for the rules of its timetable."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.database import Model


class PlanningRule(Model):
    """A rule of one programme's timetable that is not as it is by default.

    `weight` None: it must hold; otherwise what one unit of it costs. `minutes` is the number that
    some rules have of their own.
    """

    __tablename__ = "planning_rule"
    __table_args__ = (
        UniqueConstraint("programme_id", "code"),
        CheckConstraint("weight > 0", name="weight_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))
    is_on: Mapped[bool]
    weight: Mapped[int | None]
    minutes: Mapped[int | None]
