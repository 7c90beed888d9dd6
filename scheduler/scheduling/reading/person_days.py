"""A day of people × time as its page shows it: performances, pauses, what cannot be."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.listing import Page
from scheduler.programmes.models import Venue
from scheduler.scheduling.releases.differences import Line

MINUTE = dt.timedelta(minutes=1)

Ways = Mapping[frozenset[int], int]
"""Minutes of the way between two venues, by their ids."""


class Whose(StrEnum):
    """Whose day is shown."""

    ALL = "all"
    ADULTS = "adults"
    PUPILS = "pupils"
    SCHOOLS = "schools"
    STAFF = "staff"


@dataclass(frozen=True)
class Stretch:
    """Minutes of the day's frame: `begin` counts from its first full hour."""

    kind: str
    begin: int
    length: int


@dataclass(frozen=True)
class Pause:
    """What lies between two performances of somebody; negative minutes overlap."""

    minutes: int
    way_minutes: int

    @property
    def waiting(self) -> int:
        """Return the minutes that are left beside the way."""
        return self.minutes - self.way_minutes


@dataclass(frozen=True)
class Appearance:
    """One performance, and the pause before it."""

    line: Line
    pause: Pause | None


@dataclass(frozen=True)
class Turn:
    """Groups that somebody of the staff attends one after the other at one venue."""

    begins_at: dt.datetime
    ends_at: dt.datetime
    venue: Venue | None
    count: int
    pause: Pause | None


@dataclass(frozen=True)
class PersonDay:
    """A person's or a school's day, with the sentences of the rules that it breaks.

    Of the staff it is told in turns, and `school` is their duty.
    """

    name: str
    school: str
    appearances: list[Appearance]
    bar: list[Stretch]
    problems: list[str] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)


@dataclass(frozen=True)
class Frame:
    """The hours that are shown of a day."""

    begin: dt.datetime
    hours: int
    labels: list[str]


@dataclass(frozen=True)
class DayPage:
    """A page of people of one day."""

    days: list[dt.date]
    day: dt.date | None
    frame: Frame | None
    page: Page[PersonDay]


@dataclass(frozen=True)
class Asked:
    """What somebody looks for."""

    day: str = ""
    whose: Whose = Whose.ALL
    text: str = ""


def pause_between(
    before: tuple[Venue | None, dt.datetime], after: tuple[Venue | None, dt.datetime], ways: Ways
) -> Pause:
    """Return what lies between the end at one venue and the beginning at the next."""
    ids = frozenset(venue.id for venue, _at in (before, after) if venue)
    way = ways.get(ids, 0) if len(ids) > 1 else 0
    return Pause((after[1] - before[1]) // MINUTE, way)


def stretch_of(kind: str, begin: dt.datetime, end: dt.datetime, frame: Frame) -> Stretch:
    """Return minutes of the day's frame."""
    return Stretch(kind, (begin - frame.begin) // MINUTE, (end - begin) // MINUTE)
