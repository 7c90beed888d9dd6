"""Dates moved to another year: days, and wall times kept over changes of the clock. Pure."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from scheduler.errors import Refused
from scheduler.programmes.ages import moved_by_years
from scheduler.programmes.local_times import Repeated, instant_of, wall_time, which_repeated
from scheduler.programmes.refusals import Refusal

WEEK = 7
ONE_MINUTE = dt.timedelta(minutes=1)


class Note(StrEnum):
    """Why a moved time is not simply the same wall time."""

    SKIPPED = "skipped"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Moved:
    """An instant moved to another day; `note` tells if clocks had a say in it."""

    at: dt.datetime
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much an edition's dates are moved.

    What happens on the days of the programme moves by `days`; the entry window and the named dates
    by `window_days`; birth dates and the day on which an age counts by whole `years`.
    """

    days: int
    window_days: int
    years: int
    zone: str

    def day(self, day: dt.date) -> dt.date:
        """Return where a day of the programme goes."""
        return day + dt.timedelta(days=self.days)

    def instant(self, instant: dt.datetime) -> Moved:
        """Return where a time on the programme's days goes."""
        return moved(instant, self.days, self.zone)

    def window(self, instant: dt.datetime) -> Moved:
        """Return where a date of the preparation goes: a window's end, a named date."""
        return moved(instant, self.window_days, self.zone)

    def yearly(self, day: dt.date | None) -> dt.date | None:
        """Return the day moved by whole years."""
        return None if day is None else moved_by_years(day, self.years)


def shift_between(
    starts_on: dt.date, first_day: dt.date, zone: str, *, keeps_weekday: bool
) -> Shift:
    """Return the shift from one first day to another.

    With `keeps_weekday` the dates of the preparation move by whole weeks, as near as can be.
    """
    days = (first_day - starts_on).days
    weeks = (days + WEEK // 2) // WEEK
    window_days = weeks * WEEK if keeps_weekday else days
    return Shift(days, window_days, first_day.year - starts_on.year, zone)


def moved(instant: dt.datetime, days: int, zone: str) -> Moved:
    """Return the instant at which clocks show the same time some days later (earlier).

    Where clocks skip that time, it is the first time after the gap; where they show it twice, the
    first of the two, unless the instant itself was the second of two.
    """
    wall = wall_time(instant, zone) + dt.timedelta(days=days)
    which = which_repeated(instant, zone)
    try:
        at = instant_of(wall, zone, repeated=which or Repeated.FIRST)
    except Refused as refusal:
        if refusal.code is not Refusal.TIME_SKIPPED:
            raise
        return Moved(_after_gap(wall, zone), Note.SKIPPED)
    return Moved(at, Note.REPEATED if which_repeated(at, zone) and which is None else None)


def _after_gap(wall: dt.datetime, zone: str) -> dt.datetime:
    wall = wall.replace(second=0, microsecond=0)
    while True:
        wall += ONE_MINUTE
        try:
            return instant_of(wall, zone, repeated=Repeated.FIRST)
        except Refused:
            continue
