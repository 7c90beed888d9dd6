"""How long a public notice stands: calendar or working days of the programme's zone. Pure.

The day of publication is not counted, so that everybody has the stated number of whole days.
"""

import datetime as dt
import re
from collections.abc import Collection
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.workdays.counting import WorkCalendar

SEPARATORS = re.compile(r"[\s,;，；、]+")


class DayKind(StrEnum):
    """Which days are counted: all, or those on which offices work."""

    CALENDAR = "calendar"
    WORKING = "working"


def last_day(
    published_on: dt.date,
    count: int,
    kind: DayKind,
    days_off: Collection[dt.date],
    calendar: WorkCalendar,
) -> dt.date:
    """Return the last of so many days after the day of publication.

    Working days are those of the calendar that are not in `days_off` besides.
    """
    day, counted = published_on, 0
    while counted < count:
        day += dt.timedelta(days=1)
        counted += kind is DayKind.CALENDAR or calendar.is_working(day, days_off)
    return day


def end_of(
    published_at: dt.datetime,
    count: int,
    kind: DayKind,
    days_off: Collection[dt.date],
    zone: str,
    calendar: WorkCalendar,
) -> dt.datetime:
    """Return the instant at which the last day is over where the programme takes place (UTC)."""
    place = ZoneInfo(zone)
    last = last_day(published_at.astimezone(place).date(), count, kind, days_off, calendar)
    midnight = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), place)
    return midnight.astimezone(dt.UTC)


def read_days(text: str) -> tuple[list[dt.date], list[str]]:
    """Return the dates (such as 2027-05-01) in a text in order, and what is no date in it."""
    found, wrong = set(), []
    for word in filter(None, SEPARATORS.split(text)):
        try:
            found.add(dt.date.fromisoformat(word))
        except ValueError:
            wrong.append(word)
    return sorted(found), wrong
