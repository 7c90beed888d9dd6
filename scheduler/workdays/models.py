"""Days that are not what their weekday says, and the years for which they are known for sure."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.database import Model, stored_enum


class DayType(StrEnum):
    """What a day is, whatever its weekday."""

    HOLIDAY = "holiday"
    MAKE_UP = "makeup_workday"


class CalendarYear(Model):
    """A year of a region; days without one are provisional. `version` rises with every change."""

    __tablename__ = "calendar_year"
    __table_args__ = (UniqueConstraint("region", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(2))
    year: Mapped[int]
    is_confirmed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class CalendarDay(Model):
    """A holiday, or a Saturday or Sunday that is worked; `source` says where that stands."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("region", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(2))
    day: Mapped[dt.date]
    kind: Mapped[DayType] = mapped_column(stored_enum(DayType, "kind"))
    name: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
