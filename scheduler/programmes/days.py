"""Opening hours and closures of a venue as they are read: by local day."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from scheduler.programmes.local_times import wall_time
from scheduler.programmes.models import Venue


@dataclass(frozen=True)
class Span:
    """From a local time to a later one of the same day; a closure has a reason."""

    starts: dt.time
    ends: dt.time
    reason: str = ""

    def __str__(self) -> str:
        ends = "24:00" if self.ends == dt.time() else f"{self.ends:%H:%M}"
        return f"{self.starts:%H:%M}–{ends}"


@dataclass(frozen=True)
class Day:
    """What holds for a venue on one day."""

    date: dt.date
    hours: tuple[Span, ...]
    closures: tuple[Span, ...]


def days_of(venue: Venue, zone: str) -> list[Day]:
    """Return the days on which the venue is open or closed, in order; a night is split."""
    hours: defaultdict[dt.date, list[Span]] = defaultdict(list)
    closures: defaultdict[dt.date, list[Span]] = defaultdict(list)
    for each in venue.hours:
        _spread(hours, wall_time(each.opens_at, zone), wall_time(each.closes_at, zone), "")
    for shut in venue.closures:
        starts, ends = wall_time(shut.starts_at, zone), wall_time(shut.ends_at, zone)
        _spread(closures, starts, ends, shut.reason)
    return [
        Day(date, tuple(hours[date]), tuple(closures[date])) for date in sorted({*hours, *closures})
    ]


def _spread(
    days: defaultdict[dt.date, list[Span]], starts: dt.datetime, ends: dt.datetime, reason: str
) -> None:
    """Put a stretch of time under each day it touches; 00:00 as an end is midnight."""
    while starts < ends:
        midnight = dt.datetime.combine(starts.date() + dt.timedelta(days=1), dt.time())
        until = min(ends, midnight)
        days[starts.date()].append(Span(starts.time(), until.time(), reason))
        starts = until
