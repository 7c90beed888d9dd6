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

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date with its code (`programmes.texts.MILESTONES`); `until` is the last day of a span.

    With `is_day` the time of day says nothing.
    """

    code: str
    at: dt.datetime
    until: dt.date | None = None
    is_day: bool = False


def milestones_of(programme: Programme, dates: Iterable[ProgrammeDate]) -> list[Milestone]:
    """Return the entry window, the named dates and the days of the programme, in order."""
    zone = programme.timezone
    first = dt.datetime.combine(programme.starts_on, dt.time(12))
    found = [
        Milestone("entry_opens", programme.entry_opens_at),
        Milestone("entry_closes", programme.entry_closes_at),
        Milestone("starts", _noon(first, zone), programme.ends_on, is_day=True),
    ]
    for each in dates:
        is_notice = each.kind is DateKind.PUBLIC_NOTICE_FROM
        until = public_notice_until(programme, each.at) if is_notice else None
        found.append(Milestone(each.kind.value, each.at, until))
    return sorted(found, key=lambda milestone: milestone.at)


def milestones_by_id(programmes: Collection[Programme]) -> dict[int, list[Milestone]]:
    """Return the milestones of each programme by its key, in one query."""
    dates: defaultdict[int, list[ProgrammeDate]] = defaultdict(list)
    query = select(ProgrammeDate).where(
        ProgrammeDate.programme_id.in_([programme.id for programme in programmes])
    )
    for each in db.session.scalars(query):
        dates[each.programme_id].append(each)
    return {each.id: milestones_of(each, dates[each.id]) for each in programmes}


def public_notice_until(programme: Programme, begins_at: dt.datetime) -> dt.date:
    """Return the last day of the public notice; its first day counts if it is one that counts.

    Working days are Monday to Friday: public holidays and their make-up days are not known here.
    """
    day = wall_time(begins_at, programme.timezone).date()
    left = programme.public_notice_days
    while True:
        is_counted = programme.public_notice_counts is DayCount.CALENDAR or (
            day.weekday() < SATURDAY
        )
        left -= is_counted
        if left <= 0:
            return day
        day += dt.timedelta(days=1)


def _noon(wall: dt.datetime, zone: str) -> dt.datetime:
    """No zone changes its clocks at noon."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
