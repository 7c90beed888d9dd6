"""From when until when a school is in class, by weekday. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

Hours = tuple[dt.time, dt.time]
WEEK = range(7)
"""Weekdays from Monday, 0, to Sunday, which counts when it is a make-up workday."""


@dataclass(frozen=True)
class ClassTimes:
    """The hours of most school days, and weekdays with others; None is a day without classes."""

    usual: Hours | None = None
    otherwise: Mapping[int, Hours | None] = field(default_factory=dict)

    @classmethod
    def of_days(cls, by_weekday: Mapping[int, Hours]) -> Self:
        """Return the hours of a week, the most frequent ones as the usual ones."""
        hours = [by_weekday.get(weekday) for weekday in WEEK]
        (usual, _count), *_rest = Counter(hours).most_common()
        otherwise = {day: each for day, each in zip(WEEK, hours, strict=True) if each != usual}
        return cls(usual, otherwise)

    def on(self, weekday: int) -> Hours | None:
        """Return the hours of a weekday that is a school day."""
        return self.otherwise.get(weekday, self.usual)

    @property
    def by_weekday(self) -> dict[int, Hours]:
        """Return the hours of the weekdays that have any."""
        return {day: hours for day in WEEK if (hours := self.on(day)) is not None}
