"""What is due when in a programme, in order of time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.database import db
from scheduler.programmes.kinds import DateKind, DayCount
from scheduler.programmes.local_times import wall_time
from scheduler.programmes.models import Programme, ProgrammeDate
from scheduler.workdays.counting import NOTHING_SPECIAL, Exceptions, WorkCalendar
from scheduler.workdays.services import calendars_for


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date with its code (`programmes.texts.MILESTONES`); `until` is the last day of a span.

    With `is_day` the time of day says nothing. `exceptions` are the days that the count of the
    span left out, by the calendar of `region`.
    """

    code: str
    at: dt.datetime
    until: dt.date | None = None
    is_day: bool = False
    exceptions: Exceptions = NOTHING_SPECIAL
    region: str = ""


def milestones_of(
    programme: Programme, dates: Iterable[ProgrammeDate], calendar: WorkCalendar
) -> list[Milestone]:
    """Return the entry window, the named dates and the days of the programme, in order.

    `calendar` tells which days offices work where the programme takes place.
    """
    zone = programme.timezone
    first = dt.datetime.combine(programme.starts_on, dt.time(12))
    found = [
        Milestone("entry_opens", programme.entry_opens_at),
        Milestone("entry_closes", programme.entry_closes_at),
        Milestone("starts", _noon(first, zone), programme.ends_on, is_day=True),
    ]
    for each in dates:
        is_notice = each.kind is DateKind.PUBLIC_NOTICE_FROM
        if not is_notice:
            found.append(Milestone(each.kind.value, each.at))
            continue
        until = public_notice_until(programme, each.at, calendar)
        exceptions = NOTHING_SPECIAL
        if programme.public_notice_counts is DayCount.WORKING:
            exceptions = calendar.exceptions(wall_time(each.at, zone).date(), until)
        found.append(
            Milestone(
                each.kind.value, each.at, until, exceptions=exceptions, region=calendar.region
            )
        )
    return sorted(found, key=lambda milestone: milestone.at)


def milestones_by_id(programmes: Collection[Programme]) -> dict[int, list[Milestone]]:
    """Return the milestones of each programme by its key, in three queries."""
    dates: defaultdict[int, list[ProgrammeDate]] = defaultdict(list)
    query = select(ProgrammeDate).where(
        ProgrammeDate.programme_id.in_([programme.id for programme in programmes])
    )
    for each in db.session.scalars(query):
        dates[each.programme_id].append(each)
    calendars = calendars_for({programme.timezone for programme in programmes})
    return {
        each.id: milestones_of(each, dates[each.id], calendars[each.timezone])
        for each in programmes
    }


def public_notice_until(
    programme: Programme, begins_at: dt.datetime, calendar: WorkCalendar
) -> dt.date:
    """Return the last day of the public notice; its first day counts if it is one that counts."""
    day = wall_time(begins_at, programme.timezone).date()
    left = programme.public_notice_days
    while True:
        counts_all = programme.public_notice_counts is DayCount.CALENDAR
        is_counted = counts_all or calendar.is_working(day)
        left -= is_counted
        if left <= 0:
            return day
        day += dt.timedelta(days=1)


def _noon(wall: dt.datetime, zone: str) -> dt.datetime:
    """No zone changes its clocks at noon."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
