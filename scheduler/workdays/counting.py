"""Working days of a region, counted. Pure."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

SATURDAY = 5


class Doubt(StrEnum):
    """Why a count within a year may still change; words in `workdays.texts`."""

    UNKNOWN = "unknown"
    MAKE_UP_OPEN = "make_up_open"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A region's holidays and make-up days; `confirmed` are the years that somebody vouches for.

    Without a region (a zone that belongs to none) working days are Monday to Friday.
    """

    region: str = ""
    holidays: frozenset[dt.date] = frozenset()
    make_up: frozenset[dt.date] = frozenset()
    confirmed: frozenset[int] = field(default=frozenset())

    def is_working(self, day: dt.date, days_off: Collection[dt.date] = ()) -> bool:
        """Tell whether offices work on the day; `days_off` are free besides the holidays."""
        if day in days_off or day in self.holidays:
            return False
        return day in self.make_up or day.weekday() < SATURDAY

    def exceptions(self, first: dt.date, last: dt.date) -> "Exceptions":
        """Return what differs from Monday to Friday between two days, both included."""
        days = list(_days(first, last))
        return Exceptions(
            without=tuple(self._free_spans(days)),
            worked=tuple(day for day in days if day in self.make_up and day.weekday() >= SATURDAY),
            doubts=tuple(
                (year, doubt)
                for year in range(first.year, last.year + 1)
                if (doubt := self.doubt_of(year)) is not None
            ),
        )

    def _free_spans(self, days: list[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
        """Return holidays in spans; those that are Saturdays and Sundays only are left out.

        A weekend between two holidays belongs to their span.
        """
        span: list[dt.date] = []
        for day in [*days, None]:
            if day is not None and not self.is_working(day):
                span.append(day)
                continue
            free = [each for each in span if each in self.holidays]
            if any(each.weekday() < SATURDAY for each in free):
                yield free[0], free[-1]
            span = []

    def doubt_of(self, year: int) -> Doubt | None:
        """Return why a count in this year may change, None if it is vouched for."""
        if year in self.confirmed:
            return None
        if not any(day.year == year for day in self.holidays):
            return Doubt.UNKNOWN
        has_make_up = any(day.year == year for day in self.make_up)
        return Doubt.MAKE_UP_OPEN if self.region == "CN" and not has_make_up else Doubt.UNCONFIRMED


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What a span of time does not share with others of its length: said beside its end."""

    without: tuple[tuple[dt.date, dt.date], ...] = ()
    worked: tuple[dt.date, ...] = ()
    doubts: tuple[tuple[int, Doubt], ...] = ()


NOTHING_SPECIAL = Exceptions()


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)
